"""What a table has in place of a position is said as it stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.interchange.readers.tables import read_project
from tests.readers.test_tables import options, said, write

NEITHER = "it has neither words nor a position"


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("4", "-9", "its position, “4” to “-9”, cannot be read, and it has no words"),
        ("4", "", "its position, “4” to nothing, cannot be read, and it has no words"),
        ("here", "there", "its position, “here” to “there”, cannot be read, and it has no words"),
        ("", "", NEITHER),
    ],
)
def test_a_position_that_is_none(tmp_path: Path, start: str, end: str, why: str) -> None:
    rows: list[list[object]] = [
        ["transcript", "quote", "start", "end", "code", "coder"],
        ["Talk 1", "", start, end, "fear", "Ana"],
        ["Talk 1", "My sister", start, end, "fear", "Ana"],
    ]
    found = read_project(write(tmp_path / "t.csv", rows), options())
    assert [(skip.where, skip.why) for skip in found.skipped] == [("row 2", why)]
    assert said(found) == [("Ana", "fear", "My sister")]
