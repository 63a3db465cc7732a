"""What becomes of a run for everything that a model or an endpoint can do (design, steps 3 and 4).

Each test goes the whole way: study, request, a real HTTP answer, stored rows.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from assistant.llm.retry import RetryPolicy
from assistant.store.model.calls import request_body
from assistant.store.model.outcomes import segment_outcomes
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestions, uncoded
from eval.units.building import build_units
from eval.units.loading import load
from eval.units.records import UnitPlan
from tests.fakes.replies import (
    Supports,
    broken,
    cut_off,
    error,
    filtered,
    hang,
    not_json,
    refusal,
    too_many,
)
from tests.fakes.server import FakeLLM, FakeRequest
from tests.runs.studies import (
    GARDEN,
    by_words,
    calls,
    make_study,
    opened,
    people,
    run_study,
    says,
    segments,
)

ONE = {"Garden": GARDEN[:1]}
NOTHING = says()
PER_PASSAGE = {"chunk_tokens": 100, "context_segments": 0}


def _why(study: Any, segment: int = 0) -> str:
    with opened(study) as store:
        return segment_outcomes(store, 1)[segment].why


def test_ok(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    result = run_study(study)
    assert (result.status, result.why, result.sent) == ("complete", "", 1)
    assert segments(study) == ["coded", "coded", "coded", "coded-empty"]
    with opened(study) as store:
        assert [s.code for s in suggestions(store, 1)] == ["tools", "weather", "company"]
        assert run(store, 1).header["models_answered"] == ["fake-model"]


def test_nothing_applies_is_an_answer(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue(NOTHING)
    study = make_study(tmp_path, fake_llm.base_url)
    result = run_study(study)
    assert result.status == "complete"
    assert segments(study) == ["coded-empty"] * 4


def test_something_is_here_and_no_code_fits(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue(says(uncoded=[(4, "we only waited", "About waiting.")]))
    study = make_study(tmp_path, fake_llm.base_url)
    result = run_study(study)
    assert result.outcomes["uncoded"] == {"no code fits": 1}
    with opened(study) as store:
        (kept,) = uncoded(store, 1)
        assert (kept.segment, kept.quote, kept.note) == (3, "we only waited", "About waiting.")


@pytest.mark.parametrize("reply", [refusal("I will not read this."), filtered()])
def test_refused(tmp_path: Path, fake_llm: FakeLLM, reply: Any) -> None:
    fake_llm.queue(reply)
    study = make_study(tmp_path, fake_llm.base_url)
    result = run_study(study)
    assert result.status == "partial"
    assert calls(study) == ["refused"]
    assert segments(study) == ["failed"] * 4
    assert "refused" in _why(study)


def test_cut_off_is_halved_and_asked_again(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue(cut_off())
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    result = run_study(study)
    assert result.status == "complete"
    assert calls(study) == ["cut-off", "ok", "ok"]
    assert segments(study) == ["coded", "coded", "coded", "coded-empty"]
    asked = [request.user.split("<passages>")[1] for request in fake_llm.chats[1:]]
    assert [GARDEN[0] in one for one in asked] == [True, False]


def test_json_that_stops_in_the_middle_is_cut_off_too(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """Some servers cut off and say that they stopped."""
    fake_llm.queue('{"applications": [{"segment": 1, "code": "too')
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    assert run_study(study).status == "complete"
    assert calls(study) == ["cut-off", "ok", "ok"]


def test_a_single_passage_cut_off_has_failed(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue(cut_off())
    study = make_study(tmp_path, fake_llm.base_url, ONE)
    result = run_study(study)
    assert result.status == "partial"
    assert "1 chunk failed (Garden)" in result.why
    assert segments(study) == ["failed"]
    assert "cut off" in _why(study)


@pytest.mark.slow
def test_too_long_for_the_model_is_halved(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, coding={"context_segments": 0})
    run_study(study)
    whole = sum(len(m["content"].split()) for m in fake_llm.chats[0].json["messages"])
    fake_llm.context_words = whole - 1
    result = run_study(study, repeat=2)
    assert result.status == "complete"
    assert result.outcomes["calls"] == {"failed": 1, "ok": 2}
    assert segments(study, 2) == ["coded", "coded", "coded", "coded-empty"]


@pytest.mark.slow
def test_too_long_with_its_context_is_asked_without(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """A half that kept the other half as context would be as long as the whole."""
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, coding={"context_segments": 4})
    run_study(study)
    whole = sum(len(m["content"].split()) for m in fake_llm.chats[0].json["messages"])
    shortest = min(len(passage.split()) for passage in GARDEN)
    fake_llm.context_words = whole - shortest
    result = run_study(study, repeat=2)
    assert result.status == "complete"
    assert result.outcomes["calls"] == {"failed": 1, "ok": 2}


@pytest.mark.slow
@pytest.mark.parametrize("bad", ["Well, let me see.", '{"applications": []}', "[]", ""])
def test_invalid_is_repaired_once(tmp_path: Path, fake_llm: FakeLLM, bad: str) -> None:
    fake_llm.queue(bad, says((1, "tools", "a spade")))
    study = make_study(tmp_path, fake_llm.base_url, ONE)
    result = run_study(study)
    assert result.status == "complete"
    assert calls(study) == ["invalid", "ok"]
    assert segments(study) == ["coded"]
    assert "What is wrong: " in fake_llm.chats[1].user


def test_invalid_also_after_the_repair_has_failed(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue("Well.", "Still well.")
    study = make_study(tmp_path, fake_llm.base_url, ONE)
    result = run_study(study)
    assert (result.status, calls(study)) == ("partial", ["invalid", "invalid"])
    assert segments(study) == ["failed"]
    assert "also after a repair" in _why(study)
    assert len(fake_llm.chats) == 2


def test_faults_to_the_end(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.default = error(500)
    study = make_study(tmp_path, fake_llm.base_url)
    result = run_study(study)
    assert result.status == "partial"
    assert "1 chunk failed (Garden)" in result.why
    assert "fault of its own (500)" in result.why
    assert calls(study) == ["failed"] * 3
    assert calls(study, "attempt") == [1, 2, 3]
    assert segments(study) == ["failed"] * 4


@pytest.mark.slow
@pytest.mark.parametrize("fault", [error(503), broken(), broken(after=-1), not_json()])
def test_a_fault_that_passes(tmp_path: Path, fake_llm: FakeLLM, fault: Any) -> None:
    fake_llm.queue(fault)
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    assert run_study(study).status == "complete"
    assert calls(study) == ["failed", "ok"]


def test_retry_after_is_honoured(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue(too_many(0.6))
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    begun = time.monotonic()
    assert run_study(study).status == "complete"
    assert time.monotonic() - begun >= 0.6
    assert calls(study) == ["failed", "ok"]
    assert calls(study, "http_status") == [429, 200]


def test_no_answer_in_time(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue(NOTHING, hang(20))
    fake_llm.answer = by_words
    study = make_study(
        tmp_path, fake_llm.base_url, {"A": GARDEN[:2], "B": GARDEN[2:]}, timeout_seconds=0.5
    )
    result = run_study(study)
    assert result.status == "complete"
    # On a busy machine one more may come too late; each is asked until it has its answer.
    assert calls(study).count("ok") == 2
    assert set(calls(study)) == {"failed", "ok"}
    assert "No answer within 0.5 seconds." in calls(study, "error")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("supports", "mode"),
    [
        (Supports(json_schema=False), "json"),
        (Supports(json_schema=False, json_object=False), "text"),
    ],
)
def test_how_to_ask_is_found_out_once_and_remembered(
    tmp_path: Path, fake_llm: FakeLLM, supports: Supports, mode: str
) -> None:
    fake_llm.supports = supports
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, {name: (*GARDEN[:2], name) for name in "ABC"})
    assert run_study(study).status == "complete"
    with opened(study) as store:
        assert run(store, 1).header["capabilities"]["structured"] == mode
    steps = {"json": 1, "text": 2}[mode]
    assert calls(study) == ["failed"] * steps + ["ok"] * 3
    assert set(calls(study, "structured_mode")[steps:]) == {mode}


def test_all_failing_is_never_no_codes(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.default = error(500)
    study = make_study(tmp_path, fake_llm.base_url, {"A": GARDEN[:2], "B": GARDEN[2:]})
    result = run_study(study)
    assert result.why.startswith("All 2 chunks failed (A, B).")
    assert result.outcomes["segments"] == {"failed": 4}


def test_what_had_failed_is_asked_again(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue(refusal())
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    assert run_study(study).status == "partial"
    result = run_study(study)
    assert (result.run_id, result.status, result.sent) == (1, "complete", 1)
    assert segments(study) == ["coded", "coded", "coded", "coded-empty"]


def test_a_failed_segment_is_missing_data_and_not_no(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """In evaluation the model has said nothing about it: neither yes nor no."""

    def answer(request: FakeRequest) -> Any:
        return refusal() if "rained" in request.user else by_words(request)

    fake_llm.answer = answer
    passages = [
        f"{text} {'And so it went on and on for a good long while. ' * 4}" for text in GARDEN
    ]
    study = make_study(tmp_path, fake_llm.base_url, {"Garden": passages}, coding=PER_PASSAGE)
    people(study, "Ana", {"Garden": ["tools", "weather", "company", ""]})
    result = run_study(study)
    assert segments(study) == ["coded", "failed", "coded", "coded-empty"]
    assert result.status == "partial"
    assert "1 chunk failed (Garden)" in result.why
    with opened(study) as store:
        from assistant.codebook.loading import load_codebook

        loaded = load(store, load_codebook(study.codebook_file), (), run=run(store, 1))
    matrix = build_units(loaded.transcripts, UnitPlan(loaded.codes, (*loaded.coders, loaded.model)))
    model = matrix.coder(loaded.model)
    assert not matrix.scope[model, 1].any()
    assert matrix.scope[model, [0, 2, 3]].all()
    # 3 passages x 3 codes were compared; all agree, and the one that failed is no "missed".
    assert matrix.pair("Ana", loaded.model).cells.sum() == 9
    assert matrix.pair("Ana", loaded.model).cells[..., 1].sum() == 0


def test_long_waits_end(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """An endpoint that asks for an hour is not waited for: the run says so and stops."""
    fake_llm.default = too_many(3600)
    study = make_study(tmp_path, fake_llm.base_url)
    result = run_study(study, retry=RetryPolicy())
    assert result.status == "partial"
    assert result.stopped_by is not None
    assert "60 minutes" in result.stopped_by.hint


def test_every_request_is_stored_under_its_own_hash(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """Also the repair, which is made from the request before it."""
    fake_llm.queue("Well.", says((1, "tools", "a spade")))
    study = make_study(tmp_path, fake_llm.base_url, ONE)
    run_study(study)
    first, repair = calls(study, "request_sha256")
    assert first != repair
    with opened(study) as store:
        body = request_body(store, repair)
    assert "What is wrong: " in body
