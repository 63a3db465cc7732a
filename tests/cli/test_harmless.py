"""Names from other people's files cannot command the terminal in which they are printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.cli.harmless import harmless
from tests.cli.command import secondcoder

NAME = "fe\x9b31mar \u202eeno\u2069"
SHOWN = "fe\\u009b31mar \\u202eeno\\u2069"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_every_harmful_character_is_shown_by_its_number() -> None:
    assert harmless(NAME) == SHOWN
    assert harmless("\x1b[2J\a\r\x7f") == "\\u001b[2J\\u0007\\u000d\\u007f"
    assert harmless("tab\tline\nمرحبا é 😀 \u200f") == "tab\tline\nمرحبا é 😀 \u200f"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    assert secondcoder(folder, "init", str(folder)).code == 0
    (tmp_path / "Talk 1.txt").write_text(
        "Rosa: I was cold.\n\nBo: My sister took me.\n", encoding="utf-8"
    )
    (tmp_path / "codes.csv").write_text(
        f"Document,Quotation,Code,Coder\nTalk 1,My sister took me,{NAME},A{NAME}na\n",
        encoding="utf-8",
    )
    for name in ("Talk 1.txt", "codes.csv"):
        done = secondcoder(folder, "import", str(tmp_path / name))
        assert done.code == 0, done.err
        assert not HARMFUL.search(done.out + done.err)
    assert f"A{SHOWN}na" in done.out
    return folder


def test_tables_json_and_messages_show_it_and_keep_it(study: Path) -> None:
    listed = secondcoder(study, "transcripts", "Talk 1")
    asked = secondcoder(study, "transcripts", "Talk 1", "--json")
    wrong = secondcoder(study, "export", "csv", "--coder", f"\aA{NAME}n")
    for done in (listed, asked, wrong):
        assert done.out + done.err
        assert not HARMFUL.search(done.out + done.err)
    assert f"A{SHOWN}na" in listed.out
    assert "\\u0007A" in wrong.err
    assert f"A{NAME}na" in _words(asked.json)


def _words(value: object) -> str:
    """All text in a JSON value, as it is."""
    if isinstance(value, dict):
        return " ".join(_words(one) for one in value.values())
    if isinstance(value, list):
        return " ".join(map(_words, value))
    return str(value)
