"""Examples that name a transcript follow its name, and nothing else of the file changes."""

from __future__ import annotations

import pytest

from assistant.codebook.example_names import with_transcript_called
from assistant.codebook.loading import parse_codebook
from assistant.errors import UserError

BOOK = """# Notes on Rosa Brill stay here.
name: Beds
codes:
  - id: tools   # Rosa Brill said this
    definition: What one works with, as Rosa Brill does.
    examples:
      - text: The spade was mine.
        transcript: Rosa Brill   # from her
      - {text: "No fork, Rosa Brill.", transcript: 'rosa  brill.txt', applies: false}
      - text: It rained.
        transcript: Rosa Brill 2
      - A sentence without a transcript.
"""


def test_only_the_names_change() -> None:
    text, count = with_transcript_called(BOOK, "Rosa Brill", "P07", "codebook.yaml")
    assert count == 2
    assert text == BOOK.replace("transcript: Rosa Brill   #", "transcript: P07   #").replace(
        "'rosa  brill.txt'", "P07"
    )


@pytest.mark.parametrize("name", ["P07", "12", "no", "a: b", "“Ö” # 1", 'x "y"', "null"])
def test_any_name_is_read_back_as_it_is(name: str) -> None:
    text, _ = with_transcript_called(BOOK, "Rosa Brill", name, "codebook.yaml")
    examples = parse_codebook(text, "codebook.yaml").codes[0].examples
    assert [e.transcript for e in examples] == [name, name, "Rosa Brill 2", ""]


def test_a_file_that_names_it_nowhere_is_the_same() -> None:
    assert with_transcript_called(BOOK, "Somebody", "P07", "codebook.yaml") == (BOOK, 0)


def test_what_stands_in_many_places_at_once_is_refused() -> None:
    book = BOOK.replace("transcript: Rosa Brill   #", "transcript: &her Rosa Brill   #")
    book = book.replace("transcript: Rosa Brill 2", "transcript: *her")
    with pytest.raises(UserError):
        with_transcript_called(book, "Rosa Brill", "P07", "codebook.yaml")
