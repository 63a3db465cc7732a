"""The benches work and their table says what was met; their figures are looked at by people."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.files import help_seconds, import_pdfs
from bench.measured import Measured, table
from bench.whole_run import measure_run, rows


@pytest.mark.slow
def test_a_whole_run() -> None:
    found = measure_run(calls=24, delay=0.02, in_flight=8)
    assert found.calls == 24
    assert found.ratio > 1.0
    assert found.again_calls == 0
    assert [row.target for row in rows(found) if isinstance(row, Measured)] == [1.10, 2.5, 5.0]


def test_help() -> None:
    assert 0 < help_seconds(1).value < 30


def test_an_import_that_cannot_be_measured_is_said(tmp_path: Path) -> None:
    (said,) = import_pdfs(tmp_path / "not there")
    assert isinstance(said, str)
    assert "left out" in said


def test_the_table_tells_what_was_met() -> None:
    made = table(
        [Measured("one", 1.0, "s", 2.0), "left out: two", Measured("three", 3.0, "s", 2.0, "n")]
    )
    one, left, three = made.splitlines()[2:]
    assert one.split() == ["one", "1.000", "s", "2", "met"]
    assert left == "left out: two"
    assert three.split() == ["three", "3.000", "s", "2", "MISSED", "n"]
