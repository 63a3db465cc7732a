"""The examples of the task pages are what the program reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.codebook.history import parse_operation
from assistant.codebook.loading import parse_codebook
from assistant.codebook.records import Code
from assistant.prompts.loading import parse_prompt
from assistant.prompts.rendering import render
from tests.prompts.mini import variables

DOCS = Path(__file__).resolve().parents[2] / "docs"


def page(name: str) -> str:
    if not DOCS.is_dir():
        pytest.skip("the task pages are not beside the tests")
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_code_on_the_page_about_codebooks() -> None:
    text = page("codebook.md")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    (code,) = parse_codebook("name: x\n" + example, "codebook.md").codes
    assert len(code.examples) == 2
    for field in Code.model_fields:
        assert f"`{field}`" in text, f"docs/codebook.md does not explain {field}"
    for line in re.findall(r"^    ((?:rename|merge|split) .*)$", text, flags=re.MULTILINE):
        assert parse_operation(line).into


def test_the_prompt_on_the_page_about_prompts() -> None:
    text = page("prompts.md")
    example = re.findall(r"```\n(---\n.*?)```", text, flags=re.DOTALL)[0]
    rendered = render(parse_prompt(example, "prompts.md"), variables())
    assert "- `weather`: What the weather did to the plot." in rendered.system
    assert '[2] "Clay, all of it."' in rendered.user
    for name in variables():
        assert f"`{name}" in text, f"docs/prompts.md does not explain {name}"
