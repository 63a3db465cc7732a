"""Checks against drowsiness are mixed in, told, and never decisions."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.loading import load_codebook
from assistant.decisions import deciding
from assistant.decisions.alert import give_answer, pace, prepare_checks
from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.decided.checks import Check
from assistant.store.decided.decisions import decisions
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript
from assistant.store.verify import verify
from assistant.study import Study
from tests.review.studies import shed


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return shed(tmp_path / "s")


@pytest.fixture
def store(study: Study) -> Store:
    return open_store(study.database)[0]


def made(store: Store, study: Study, who: str = "Ana") -> tuple[Check, ...]:
    return prepare_checks(store, run(store, 1), 1, load_codebook(study.codebook_file), who)


def test_planted_codes_are_given_by_nobody_there(store: Store, study: Study) -> None:
    found = made(store, study)
    planted = [c for c in found if c.kind == "planted"]
    assert len(planted) == 3, "36 suggestions, one in twelve"
    text = transcript(store, 1).text
    for check in planted:
        assert text[check.start : check.end].strip() == text[check.start : check.end]
        assert all(
            s.code != check.code
            for s in suggestions(store, 1)
            if abs(s.segment - check.segment) <= 1
        )
        assert all(
            c.code != check.code
            for c in codings(store, 1)
            if c.start < check.end and check.start < c.end
        )


def test_they_stay_the_same_and_are_each_ones_own(store: Store, study: Study) -> None:
    assert made(store, study) == made(store, study)
    mine = {c.id for c in made(store, study)}
    assert not mine & {c.id for c in made(store, study, "Ben")}
    with pytest.raises(UserError, match="no such check"):
        give_answer(store, min(mine), "Ben", "accept")


def test_an_answer_is_told_and_is_no_decision(store: Store, study: Study) -> None:
    one, two, *_ = [c for c in made(store, study) if c.kind == "planted"]
    assert "it was wrong" in give_answer(store, one.id, "Ana", "accept", 1.0)
    assert "you caught it" in give_answer(store, two.id, "Ana", "reject", 4.0)
    assert "already" in give_answer(store, one.id, "Ana", "reject")
    assert decisions(store) == ()
    found = pace(store, "Ana")
    assert (found.planted, found.caught, found.decided) == (2, 1, 0)
    assert pace(store, "Ben").planted == 0
    assert verify(store).ok


def test_runs_of_fast_accepts_are_counted(store: Store) -> None:
    ids = [s.id for s in suggestions(store, 1)]
    for number in ids[:6]:
        deciding.accept(store, number, reviewer="Ana", seconds=0.8)
    deciding.reject(store, ids[6], reviewer="Ana", seconds=0.8)
    for number in ids[7:11]:
        deciding.accept(store, number, reviewer="Ana", seconds=0.8)
    deciding.accept(store, ids[11], reviewer="Ana", seconds=30.0)
    found = pace(store, "Ana")
    assert (found.fast_runs, found.longest_fast_run) == (1, 6)
    assert (found.decided, found.accepted, found.median_seconds) == (12, 11, 0.8)


def test_what_stands_again_after_undoing_is_not_decided_twice(store: Store) -> None:
    ids = [s.id for s in suggestions(store, 1)]
    deciding.accept(store, ids[0], reviewer="Ana", seconds=9.0)
    deciding.reject(store, ids[0], reviewer="Ana", seconds=5.0)
    deciding.take_back(store, ids[0], reviewer="Ana")
    assert [d.decision for d in decisions(store, ids[0])] == ["accept", "reject", "undo"]
    found = pace(store, "Ana")
    assert (found.decided, found.accepted, found.median_seconds) == (2, 1, 7.0)
    # Another undoes hers, which had replaced his: his stands again, and he did nothing anew.
    deciding.accept(store, ids[1], reviewer="Ben", seconds=4.0)
    deciding.reject(store, ids[1], reviewer="Ana", seconds=3.0)
    deciding.take_back(store, ids[1], reviewer="Ana")
    assert pace(store, "Ben").decided == 1
    # Undone, with nothing before it, and decided once more: that is twice.
    deciding.accept(store, ids[2], reviewer="Cleo")
    deciding.take_back(store, ids[2], reviewer="Cleo")
    deciding.accept(store, ids[2], reviewer="Cleo")
    assert pace(store, "Cleo").decided == 2
