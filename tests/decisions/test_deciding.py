"""What people decide: singly on anything, in bulk only on evidence, never silently undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.decisions import deciding, in_bulk
from assistant.decisions.explaining import explain
from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.decided.decisions import decisions, decisions_in_force
from assistant.store.model.suggestions import suggestion
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript
from assistant.store.verify import verify
from assistant.store.withdrawal.withdrawal import withdraw
from tests.store.filled import Filled, add_interview, fill
from tests.store.test_schema import TALK

POLICY = "sha256:policy"


@pytest.fixture
def store() -> Store:
    return open_store()[0]


@pytest.fixture
def filled(store: Store) -> Filled:
    """A run with two suggestions of “tools”: lane accept, audit passed."""
    return fill(store, add_interview(store, "Spades", TALK))


def made(store: Store, number: int) -> list[tuple[str, str, str]]:
    return [(d.decision, d.reviewer, d.reason) for d in decisions(store, number)]


def test_accept_reject_and_undo_are_appended(store: Store, filled: Filled) -> None:
    one, two = filled.suggestions
    assert suggestion(store, one).decision == "open"
    assert deciding.accept(store, one, reviewer="Ana", seconds=2.5).decision == "accept"
    assert deciding.reject(store, one, reviewer="Ben", reason="irony").decision == "reject"
    # What Ben's decision replaced holds again, as Ana said it; before that there was none.
    assert deciding.take_back(store, one, reviewer="Ben").decision == "accept"
    assert decisions_in_force(store)[one] == decisions(store, one)[0]
    assert deciding.take_back(store, one, reviewer="Cleo").decision == "open"
    # Each act is the act of whoever did it: nobody is said to have decided anew.
    assert made(store, one) == [
        ("accept", "Ana", ""),
        ("reject", "Ben", "irony"),
        ("undo", "Ben", ""),
        ("undo", "Cleo", ""),
    ]
    first, second, *undone = decisions(store, one)
    assert [d.undoes for d in undone] == [second.id, first.id]
    assert first.seconds == 2.5
    told = explain(store, one)
    assert (told.now, told.decided[2:]) == (
        "open",
        ("took back their own decision (rejected)", "took back Ana's decision (accepted)"),
    )
    assert suggestion(store, two).decision == "open"
    assert verify(store).ok


def test_nothing_to_undo(store: Store, filled: Filled) -> None:
    with pytest.raises(UserError, match="nothing to undo"):
        deciding.take_back(store, filled.suggestions[0])


def test_a_number_that_is_not_there(store: Store, filled: Filled) -> None:
    for act in (deciding.accept, deciding.reject, deciding.take_back, deciding.amend):
        with pytest.raises(UserError, match="There is no suggestion 99"):
            act(store, 99)


def test_without_a_name_the_person_at_the_computer_decides(store: Store, filled: Filled) -> None:
    deciding.accept(store, filled.suggestions[0])
    assert made(store, filled.suggestions[0])[0][1]


def test_amending_rejects_and_adds_an_own_coding_that_is_never_reference(
    store: Store, filled: Filled
) -> None:
    one = filled.suggestions[0]
    found = suggestion(store, one)
    own = deciding.amend(
        store, one, code="weather", start=found.start + 3, reviewer="Ana", reason="too wide"
    )
    text = transcript(store, filled.transcript_id).text
    assert own.quote == text[found.start + 3 : found.end]
    assert suggestion(store, one).decision == "amend"
    (decision,) = decisions(store, one)
    (kept,) = [c for c in codings(store) if c.origin == "review"]
    assert decision.coding_id == kept.id
    assert (kept.code, kept.coder.name, kept.coder.kind) == ("weather", "Ana", "human")
    # Ana coded this transcript independently before; what she codes now is not that.
    assert kept.exposure == "after-model"
    assert {c.exposure for c in codings(store) if c.origin == "import"} == {"independent"}
    assert verify(store).ok


def test_an_undone_amendment_leaves_no_coding_behind(store: Store, filled: Filled) -> None:
    one = filled.suggestions[0]
    before = codings(store)
    deciding.amend(store, one, code="weather", reviewer="Ben")
    assert len(codings(store)) == len(before) + 1
    deciding.take_back(store, one, reviewer="Ben")
    assert codings(store) == before
    deciding.amend(store, one, code="weather", reviewer="Ben")
    assert len(codings(store)) == len(before) + 1


def test_undoing_goes_back_through_reject_with_its_reason_and_change(
    store: Store, filled: Filled
) -> None:
    one = filled.suggestions[0]
    deciding.reject(store, one, reviewer="Ana", reason="irony")
    deciding.amend(store, one, code="weather", reviewer="Ana")
    changed = codings(store)
    deciding.accept(store, one, reviewer="Ben")
    assert len(codings(store)) == len(changed) - 1
    assert deciding.take_back(store, one, reviewer="Ben").decision == "amend"
    assert codings(store) == changed
    deciding.accept(store, one, reviewer="Ben")
    assert deciding.take_back(store, one, reviewer="Ana").decision == "amend"
    assert deciding.take_back(store, one, reviewer="Ana").decision == "reject"
    holds = decisions_in_force(store, one)[one]
    assert (holds.reviewer, holds.reason) == ("Ana", "irony")
    assert explain(store, one).now == "rejected"
    assert deciding.take_back(store, one, reviewer="Ana").decision == "open"
    assert verify(store).ok


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "sunshine"}, "no code “sunshine”"),
        ({"start": 50, "end": 50}, "no text at 50–50"),
        ({"start": 0, "end": 99999}, "no text at 0–99999"),
        ({"start": -4}, "no text at -4"),
    ],
)
def test_an_amendment_that_cannot_be(
    store: Store, filled: Filled, change: dict[str, object], said: str
) -> None:
    one = filled.suggestions[0]
    before = codings(store)
    with pytest.raises(UserError, match=said):
        deciding.amend(store, one, **change)  # type: ignore[arg-type]
    assert suggestion(store, one).decision == "open"
    assert codings(store) == before


def test_a_withdrawn_transcript_cannot_be_decided_on(store: Store, filled: Filled) -> None:
    withdraw(store, filled.transcript_id, "asked")
    with pytest.raises(UserError, match="withdrawn"):
        deciding.accept(store, filled.suggestions[0])
    with pytest.raises(UserError, match="no open suggestion"):
        in_bulk.accept_bulk(store, filled.run_id, "tools", POLICY, because="x")


# --- in bulk


# --- why is this code here


def test_an_explanation_holds_everything_behind_a_suggestion(store: Store, filled: Filled) -> None:
    one = filled.suggestions[0]
    deciding.reject(store, one, reviewer="Ana", reason="irony")
    found = explain(store, one, POLICY, context=10)
    text = transcript(store, filled.transcript_id).text
    place = found.suggestion
    assert found.before + place.quote + found.after == text[place.start - 10 : place.end + 10]
    assert found.speaker == "Gardener"
    assert found.definition == "Something to work with."
    assert found.prompt_source == "src"
    assert TALK[0][1] in found.request
    assert found.call is not None
    assert found.call.attempt == 2
    assert [d.reason for d in found.decisions] == ["irony"]
    assert found.verdict is not None
    assert found.verdict.lane == "accept"
    with pytest.raises(UserError, match="There is no suggestion 99"):
        explain(store, 99)


def test_decisions_survive_the_program(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    store, _ = open_store(path)
    with store:
        filled = fill(store, add_interview(store, "Spades", TALK))
        deciding.accept(store, filled.suggestions[0], reviewer="Ana")
    store, _ = open_store(path)
    with store:
        assert suggestion(store, filled.suggestions[0]).decision == "accept"
