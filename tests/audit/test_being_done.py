"""An audit's sample counts once whoever coded it has said that she is done, as the pages say."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.decisions.blind import finish, record_blind_coding
from assistant.decisions.kept_back import audit_waits, kept_back
from assistant.errors import UserError
from assistant.store.database import open_store
from assistant.store.measured.audits import record_audit, set_audit_result
from eval.audit.drawing import Drawn, Plan
from eval.audit.said import coders_of
from tests.review.studies import shed


def test_what_is_coded_and_may_still_change_is_not_judged(tmp_path: Path) -> None:
    study = shed(tmp_path)
    sample = tuple(Drawn(transcript_id=1, segment=n, stratum=0) for n in (5, 9))
    plan = Plan(seed=1, segments=2, codes=("tools",), strata=(), sample=sample)
    with open_store(study.database)[0] as store:
        number = record_audit(store, 1, [1], plan.model_dump(mode="json"))
        record_blind_coding(store, number, 1, 5, ["weather"], "Eva")
        with pytest.raises(UserError, match="1 of the 2 sampled passages are not coded yet"):
            coders_of(store, number, plan, [1])
        record_blind_coding(store, number, 1, 9, [], "Eva")
        with pytest.raises(UserError) as refused:
            coders_of(store, number, plan, [1])
        assert "nobody has said that she is done with Shed 1 (Eva)" in refused.value.what
        assert f"opens audit {number} in the browser" in refused.value.hint
        finish(store, number, 1, "Eva")
        assert coders_of(store, number, plan, [1]) == {1: ["Eva"]}


def _plan(*segments: int) -> dict[str, object]:
    sample = tuple(Drawn(transcript_id=1, segment=n, stratum=0) for n in segments)
    plan = Plan(seed=1, segments=2, codes=("tools",), strata=(), sample=sample)
    return plan.model_dump(mode="json")


def test_a_second_sample_is_kept_back_though_the_first_is_done(tmp_path: Path) -> None:
    study = shed(tmp_path)
    with open_store(study.database)[0] as store:
        first = record_audit(store, 1, [1], _plan(5, 9))
        assert kept_back(store, "Zoe") == {1}
        for segment in (5, 9):
            record_blind_coding(store, first, 1, segment, [], "Eva")
        finish(store, first, 1, "Eva")
        assert kept_back(store, "Zoe") == set()
        second = record_audit(store, 1, [1], _plan(6, 7))
        assert kept_back(store, "Zoe") == kept_back(store, "Eva") == {1}
        assert audit_waits(store, "Zoe", 1) == second
        for segment in (6, 7):
            record_blind_coding(store, second, 1, segment, [], "Eva")
        finish(store, second, 1, "Eva")
        assert kept_back(store, "Zoe") == set()
        set_audit_result(store, second, {"sentence": "x"}, False)
        assert kept_back(store, "Zoe") == set()


def test_a_sample_that_a_newer_one_replaced_keeps_nothing_back(tmp_path: Path) -> None:
    study = shed(tmp_path)
    with open_store(study.database)[0] as store:
        record_audit(store, 1, [1], _plan(5, 9))
        second = record_audit(store, 1, [1], _plan(6, 7))
        for segment in (6, 7):
            record_blind_coding(store, second, 1, segment, [], "Eva")
        finish(store, second, 1, "Eva")
        set_audit_result(store, second, {"sentence": "x"}, False)
        assert kept_back(store, "Zoe") == set()
        assert audit_waits(store, "Zoe", 1) == 0
