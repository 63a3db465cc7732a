"""One more name that leads to a code, in a file that people edit: nothing else of it changes."""

from __future__ import annotations

import pytest

from assistant.codebook.loading import parse_codebook
from assistant.codebook.rules import with_alias
from assistant.errors import UserError

HEAD = 'name: Garden  # ours\nversion: "1"\ncodes:\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "  - id: tools\n    definition: Things.\n  - id: bees\n",
            "  - id: tools\n    definition: Things.\n    aliases: [Tool kit]\n  - id: bees\n",
        ),
        (
            "  - id: tools\n    aliases: [toolz]   \n    definition: Things.\n",
            "  - id: tools\n    aliases: [toolz, Tool kit]\n    definition: Things.\n",
        ),
        (
            "  - id: tools\n    aliases:\n      - toolz\n    definition: Things.  # still\n",
            "  - id: tools\n    aliases: [toolz, Tool kit]\n    definition: Things.  # still\n",
        ),
    ],
)
def test_nothing_else_changes(before: str, after: str) -> None:
    text = with_alias(HEAD + before, "tools", "Tool kit", "book")
    assert text == HEAD + after
    assert parse_codebook(text, "book").resolve("Tool kit") == "tools"


def test_a_comment_among_aliases_is_not_lost() -> None:
    source = HEAD + "  - id: tools\n    aliases:\n      # from May\n      - toolz\n"
    with pytest.raises(UserError, match="without touching other lines"):
        with_alias(source, "tools", "Tool kit", "book")
    with pytest.raises(UserError, match="no code “bees”"):
        with_alias(source, "bees", "x", "book")
