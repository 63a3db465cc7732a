"""Deciding in bulk: only on evidence, or with a reason that is kept, and undone as one."""

from __future__ import annotations

import json

import pytest

from assistant.decisions import deciding, in_bulk
from assistant.errors import ThresholdError, UserError
from assistant.store.database import Store, open_store
from assistant.store.decided.decisions import bulk_decisions, decisions
from assistant.store.measured.evidence import record_audit, set_audit_result
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestion
from assistant.store.trail.events import events
from assistant.store.verify import verify
from tests.decisions.test_deciding import made
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
