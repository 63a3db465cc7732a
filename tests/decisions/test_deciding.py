"""What people decide: singly on anything, in bulk only on evidence, never silently undone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.decisions import deciding, in_bulk
from assistant.decisions.explaining import explain
from assistant.errors import ThresholdError, UserError
from assistant.store.database import Store, open_store
from assistant.store.decided.decisions import bulk_decisions, decisions, decisions_in_force
from assistant.store.measured.evidence import record_audit, set_audit_result
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestion
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import events
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


def test_bulk_with_verdict_and_audit_names_both(store: Store, filled: Filled) -> None:
    bulk = in_bulk.accept_bulk(
        store, filled.run_id, "tools", POLICY, reviewer="Ana", because="not needed"
    )
    assert (bulk.accepted, bulk.because) == (2, "")
    (row,) = bulk_decisions(store)
    assert (row["verdict_id"], row["audit_id"], row["because"]) == (1, 1, "")
    assert row["suggestions"] == 2
    assert all(suggestion(store, n).decision == "accept" for n in filled.suggestions)
    assert not events(store, "override")
    assert verify(store).ok


@pytest.mark.parametrize("lane", ["unproven", "withhold", "vague", "review"])
def test_bulk_is_refused_in_every_other_lane(store: Store, filled: Filled, lane: str) -> None:
    store.write(
        "UPDATE verdicts SET lane = ?, reasons = ?", (lane, json.dumps(["too few transcripts"]))
    )
    with pytest.raises(ThresholdError) as refused:
        in_bulk.accept_bulk(store, filled.run_id, "tools", POLICY)
    assert f"lane “{lane}”: too few transcripts" in refused.value.what
    assert "--because" in refused.value.hint
    assert refused.value.exit_code == 4
    assert not bulk_decisions(store)
    assert not decisions(store)


def test_every_reason_is_said_at_once(store: Store, filled: Filled) -> None:
    with pytest.raises(ThresholdError) as refused:
        in_bulk.accept_bulk(store, filled.run_id, "tools", "sha256:another policy")
    assert "no verdict under the policy in force" in refused.value.what
    assert "was changed since evaluation 1" in refused.value.what
    set_audit_result(store, 1, {}, False)
    with pytest.raises(ThresholdError) as refused:
        in_bulk.accept_bulk(store, filled.run_id, "tools", "sha256:another policy")
    assert refused.value.what.count("\n- ") == 2
    assert "No audit of these transcripts has been passed" in refused.value.what


def test_a_verdict_of_another_recipe_does_not_count(store: Store, filled: Filled) -> None:
    store.write("UPDATE verdicts SET code_recipe_sha256 = 'sha256:other'")
    allowed = in_bulk.bulk_allowed(store, run(store, filled.run_id), "tools", POLICY)
    assert not allowed.allowed
    assert allowed.verdict is None


def test_the_newest_verdict_counts(store: Store, filled: Filled) -> None:
    store.write(
        "INSERT INTO verdicts (evaluation_id, run_id, recipe_sha256, code_recipe_sha256, code, "
        "lane, reasons, evidence, policy_sha256, decided_at) SELECT evaluation_id, run_id, "
        "recipe_sha256, code_recipe_sha256, code, 'withhold', '[]', evidence, policy_sha256, '' "
        "FROM verdicts"
    )
    allowed = in_bulk.bulk_allowed(store, run(store, filled.run_id), "tools", POLICY)
    assert allowed.verdict is not None
    assert allowed.verdict.lane == "withhold"


def test_an_audit_of_other_transcripts_does_not_count(store: Store, filled: Filled) -> None:
    store.write("DELETE FROM audits")
    other = add_interview(store, "Other", [("A", "Something else."), ("B", "Quite.")])
    set_audit_result(store, record_audit(store, filled.run_id, [other], {}), {}, True)
    allowed = in_bulk.bulk_allowed(store, run(store, filled.run_id), "tools", POLICY)
    assert not allowed.allowed
    assert len(allowed.why_not) == 1


def test_a_later_audit_that_failed_takes_the_permission_back(store: Store, filled: Filled) -> None:
    assert in_bulk.bulk_allowed(store, run(store, filled.run_id), "tools", POLICY).allowed
    again = record_audit(store, filled.run_id, [filled.transcript_id], {})
    # Drawn and not coded yet: the one before still counts.
    assert in_bulk.bulk_allowed(store, run(store, filled.run_id), "tools", POLICY).allowed
    set_audit_result(store, again, {}, False)
    allowed = in_bulk.bulk_allowed(store, run(store, filled.run_id), "tools", POLICY)
    assert not allowed.allowed
    assert allowed.audit_id is None


def test_an_audit_judged_by_another_policy_does_not_count(store: Store, filled: Filled) -> None:
    """Else a lenient policy could be put in for the audit, and taken out again."""
    for kept in ({"standards": "sha256:lenient", "codes": ["tools"]}, {"codes": ["tools"]}):
        set_audit_result(store, 1, kept, True)
        allowed = in_bulk.bulk_allowed(store, run(store, filled.run_id), "tools", POLICY)
        (why,) = allowed.why_not
        assert "judged by another eval/policy.toml" in why


def test_a_run_that_was_carried_on_needs_a_new_audit(store: Store, filled: Filled) -> None:
    """The passed audit's sample is of what was suggested then."""
    store.write("UPDATE runs SET ended_at = '2999-01-01T00:00:00.000+00:00'")
    allowed = in_bulk.bulk_allowed(store, run(store, filled.run_id), "tools", POLICY)
    (why,) = allowed.why_not
    assert "was carried on after audit" in why
    with pytest.raises(ThresholdError, match="Draw a new one"):
        in_bulk.accept_bulk(store, filled.run_id, "tools", POLICY)


def test_an_override_is_stored_with_its_reason_and_all_that_spoke_against_it(
    store: Store, filled: Filled
) -> None:
    store.write("UPDATE verdicts SET lane = 'vague', reasons = '[\"people disagree\"]'")
    for empty in ("", "   "):
        with pytest.raises(ThresholdError):
            in_bulk.accept_bulk(store, filled.run_id, "tools", POLICY, because=empty)
    bulk = in_bulk.accept_bulk(
        store, filled.run_id, "tools", POLICY, because=" a pilot ", reviewer="Ana"
    )
    assert bulk.because == "a pilot"
    (row,) = bulk_decisions(store)
    assert (row["because"], row["reviewer"]) == ("a pilot", "Ana")
    (event,) = events(store, "override")
    assert "2 suggestions of “tools” accepted at once against the evidence" in event.what
    assert "because: a pilot" in event.what
    assert event.who == "Ana"
    assert any("people disagree" in why for why in event.details["why_not"])
    assert verify(store).ok


def test_only_open_suggestions_are_accepted_and_some_must_be_there(
    store: Store, filled: Filled
) -> None:
    one, two = filled.suggestions
    deciding.reject(store, one, reviewer="Ana")
    bulk = in_bulk.accept_bulk(store, filled.run_id, "tools", POLICY)
    assert bulk.accepted == 1
    assert suggestion(store, one).decision == "reject"
    assert suggestion(store, two).decision == "accept"
    with pytest.raises(UserError, match="no open suggestion with the code “tools”"):
        in_bulk.accept_bulk(store, filled.run_id, "tools", POLICY)
    with pytest.raises(UserError, match="no open suggestion with the code “weather”"):
        in_bulk.accept_bulk(store, filled.run_id, "weather", POLICY)
    with pytest.raises(UserError, match="There is no run 7"):
        in_bulk.accept_bulk(store, 7, "tools", POLICY)


def test_a_bulk_decision_is_undone_as_one_and_later_single_ones_stay(
    store: Store, filled: Filled
) -> None:
    one, two = filled.suggestions
    bulk = in_bulk.accept_bulk(store, filled.run_id, "tools", POLICY, reviewer="Ana")
    deciding.reject(store, two, reviewer="Ben", reason="wrong")
    assert in_bulk.undo(store, bulk.bulk_id, "Ben") == 1
    assert suggestion(store, one).decision == "open"
    assert suggestion(store, two).decision == "reject"
    assert made(store, one) == [("accept", "Ana", ""), ("undo", "Ben", "")]
    (row,) = bulk_decisions(store)
    assert row["undone_at"]
    with pytest.raises(UserError, match="undone already"):
        in_bulk.undo(store, bulk.bulk_id)
    with pytest.raises(UserError, match="There is no bulk decision 9"):
        in_bulk.undo(store, 9)
    # Ben takes his back: the bulk decision that it had covered was undone since, and stays so.
    assert deciding.take_back(store, two, reviewer="Ben").decision == "open"
    deciding.reject(store, two, reviewer="Ben", reason="wrong")
    again = in_bulk.accept_bulk(store, filled.run_id, "tools", POLICY)
    assert again.accepted == 1
    assert verify(store).ok


def test_a_bulk_decision_that_breaks_in_the_middle_leaves_nothing(
    store: Store, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write("UPDATE verdicts SET lane = 'vague'")

    def breaks(*args: object, **details: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(in_bulk, "record_event", breaks)
    with pytest.raises(KeyboardInterrupt):
        in_bulk.accept_bulk(store, filled.run_id, "tools", POLICY, because="a pilot")
    assert not bulk_decisions(store)
    assert not decisions(store)


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
