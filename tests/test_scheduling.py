"""Tests that share what takes long to make are one group, and are where the list says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browsing import mark
from tests.scheduling import TOGETHER, group_of, scheduler

TOP = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("beginning", [one for every in TOGETHER.values() for one in every])
def test_each_is_there(beginning: str) -> None:
    path, _, name = beginning.partition("::")
    assert (TOP / path).exists()
    if name:
        assert f"def {name}" in (TOP / path).read_text(encoding="utf-8")


def test_a_group_is_handed_out_whole_and_all_else_one_by_one(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xdist")
    monkeypatch.setattr("xdist.scheduler.loadscope.parse_tx_spec_config", lambda _: ["a", "b"])
    made = scheduler(pytestconfig, None)
    one, other = (f"tests/review/browser/{name}.py::test_a" for name in ("test_x", "test_y"))
    assert made._split_scope(one) == made._split_scope(other) == "browser"
    assert made._split_scope("tests/test_dates.py::test_a[b]") == "tests/test_dates.py::test_a[b]"
    assert group_of("tests/review/test_seen.py::test_a") is None


def test_who_asks_for_the_browser_and_is_not_named_is_refused(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request.node, "fixturenames", ["browser"])
    with pytest.raises(pytest.UsageError, match="asks for a browser"):
        mark(request.node)
