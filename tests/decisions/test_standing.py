"""Suggestions that the evidence speaks against are out of sight on the command line too."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.decisions.standing import lanes_if_measured
from assistant.store.database import open_store
from assistant.store.model.runs import run
from assistant.study import open_study
from tests.cli.command import secondcoder
from tests.review.studies import add_verdicts, shed


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """36 suggestions, 12 of each code; `weather` is withheld."""
    made = shed(tmp_path)
    store, _ = open_store(made.database)
    with store:
        add_verdicts(store, made, 1, tools="accept", weather="withhold")
    return tmp_path


def _codes(out: str) -> list[str]:
    words = (line.split() for line in out.splitlines())
    return [w[4] for w in words if len(w) > 5 and w[0].isdigit() and w[1:3] == ["Shed", "1"]]


def test_withheld_ones_are_counted_and_not_listed(study: Path) -> None:
    out = secondcoder(study, "runs", "1", "--suggestions").out
    assert set(_codes(out)) == {"tools", "sharing"}
    assert len(_codes(out)) == 24
    assert "Not listed: 12 suggestions of codes in the lane withhold" in out
    assert "secondcoder runs 1 --suggestions --withheld" in out


def test_they_are_listed_when_asked_for(study: Path) -> None:
    out = secondcoder(study, "runs", "1", "--suggestions", "--withheld").out
    assert len(_codes(out)) == 36
    assert "Not listed" not in out
    lane_of = {w[4]: w[5] for w in (line.split() for line in out.splitlines()) if len(w) > 6}
    assert (lane_of["tools"], lane_of["weather"], lane_of["sharing"]) == ("accept", "withhold", "–")


def test_json_says_the_same(study: Path) -> None:
    hidden = secondcoder(study, "runs", "1", "--json").json
    assert (len(hidden["suggestions"]), hidden["withheld"]) == (24, 12)
    everything = secondcoder(study, "runs", "1", "--withheld", "--json").json
    assert (len(everything["suggestions"]), everything["withheld"]) == (36, 0)
    assert {(s["code"], s["lane"]) for s in everything["suggestions"]} == {
        ("tools", "accept"),
        ("weather", "withhold"),
        ("sharing", ""),
    }


def test_without_a_policy_no_lane_counts_and_nothing_is_hidden(study: Path) -> None:
    (study / "eval" / "policy.toml").unlink()
    out = secondcoder(study, "runs", "1", "--suggestions").out
    assert len(_codes(out)) == 36
    opened = open_study(study)
    store, _ = open_store(opened.database)
    with store:
        assert lanes_if_measured(opened, store, run(store, 1)) == {}
