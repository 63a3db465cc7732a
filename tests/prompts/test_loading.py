"""A prompt file loads, or says in which line it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.prompts.layout import part_line
from assistant.prompts.loading import list_prompts, load_prompt, parse_prompt
from assistant.shipped import prompts

GOOD = """\
---
id: short-1
purpose: "To test: nothing else."
strategy: list
---

## system

Codes of {{ codebook.name }}.

## Rules
None.

## user

{{ segments }}
"""


def test_a_prompt_is_read() -> None:
    prompt = parse_prompt(GOOD, "short.md")
    assert (prompt.id, prompt.purpose, prompt.strategy) == (
        "short-1",
        "To test: nothing else.",
        "list",
    )
    assert prompt.system == "Codes of {{ codebook.name }}.\n\n## Rules\nNone."
    assert prompt.user == "{{ segments }}"
    assert (part_line(prompt, "system"), part_line(prompt, "user")) == (9, 16)


def test_line_ends_do_not_change_the_hash_and_words_do() -> None:
    prompt = parse_prompt(GOOD, "a")
    assert parse_prompt("\ufeff" + GOOD.replace("\n", "\r\n"), "b").sha256 == prompt.sha256
    assert parse_prompt(GOOD.replace("None.", "Few."), "a").sha256 != prompt.sha256
    assert parse_prompt(GOOD.replace("short-1", "short-2"), "a").sha256 != prompt.sha256
    assert prompt.sha256.startswith("sha256:")


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        (("---\nid", "id"), "line 1", "no front matter"),
        (("list\n---", "list\n"), "line 1", "not closed"),
        (("id: short-1\n", ""), "line 1, id", "no “id”"),
        (("id: short-1", "id:"), "line 2, id", "must stand here"),
        (("id: short-1", "id: short one"), "line 2, id", "spaces"),
        (("strategy: list", "strategy: lst"), "line 4, strategy", "list, judge"),
        (("strategy: list", "stratgy: list"), "line 1, strategy", "not known"),
        (("purpose: ", "purpose: a: "), "line 3", "quotation marks"),
        (("## system\n", "Hello\n\n## system\n"), "line 7", "before “## system”"),
        (("## system\n", "# system\n"), "line 7", "before “## system”"),
        (("## user", "## User 1"), "line 5", "no line “## user”"),
        (("## Rules", "## system"), "line 11", "twice"),
        (("{{ segments }}", ""), "line 14", "no text"),
        (("{{ codebook.name }}", "{{ codebook.name }"), "line 9 (## system)", "curly"),
        (("{{ segments }}", "{% for a in segments %}"), "line 16 (## user)", "curly"),
        (("None.", "{% include 'x' %}\n{% bogus %}"), "line 13 (## system)", "bogus"),
        (("None.", "{{ segments }}"), "line 12 (## system)", "differs from request to request"),
    ],
)
def test_a_mistake_is_named_by_its_line(change: tuple[str, str], place: str, said: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(UserError) as caught:
        parse_prompt(GOOD.replace(*change, 1), "short.md")
    assert caught.value.where == f"short.md, {place}"
    assert said in str(caught.value)
    assert caught.value.hint


def test_user_before_system_is_refused() -> None:
    with pytest.raises(UserError, match="comes first"):
        parse_prompt("---\nid: a\n---\n## user\nb\n## system\nc\n", "x")


def test_a_judge_prompt_may_say_what_it_likes_in_its_system_text() -> None:
    text = GOOD.replace("strategy: list", "strategy: judge").replace("None.", "{{ segments }}")
    assert parse_prompt(text, "x").strategy == "judge"


def test_a_folder_of_prompts(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a.md").write_text(GOOD.replace("short-1", "short-2"), encoding="utf-8")
    (tmp_path / "README.md").write_text("no prompt", encoding="utf-8")
    assert [prompt.id for prompt in list_prompts(tmp_path)] == ["short-2", "short-1"]
    (tmp_path / "c.md").write_text(GOOD, encoding="utf-8")
    with pytest.raises(UserError, match="Two prompts have the id “short-1”"):
        list_prompts(tmp_path)
    with pytest.raises(UserError, match="no such prompt"):
        load_prompt(tmp_path / "d.md")


def test_the_shipped_prompts_load_and_are_called_as_their_files() -> None:
    shipped = list_prompts(prompts())
    assert {"list-v1", "list-v2"} <= {prompt.id for prompt in shipped}
    for prompt in shipped:
        assert load_prompt(prompts() / f"{prompt.id}.md") == prompt
