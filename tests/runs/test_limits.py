"""A limit of cost is hard: no price is guessed, and what is not known counts with the most."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.coding.coding import CodeOptions, plan_run
from assistant.errors import UserError
from assistant.store.model.runs import run
from assistant.study import Study
from tests.cli.command import secondcoder
from tests.fakes.replies import Reply, broken, error, too_many
from tests.fakes.server import FakeLLM, FakeRequest
from tests.runs.interviews import interviews, knows
from tests.runs.studies import by_words, calls, long_interview, make_study, opened, run_study

SMALL = {"chunk_tokens": 100, "context_segments": 0, "max_output_tokens": 200}
PASSAGES = 12


def _study(folder: Path, server: FakeLLM) -> tuple[Study, float]:
    """Twelve questions of about the same size, and the most that all of them cost."""
    study = make_study(
        folder,
        server.base_url,
        {"A": long_interview(PASSAGES)},
        coding=SMALL,
        price_in=1000.0,
        price_out=1000.0,
    )
    most = json.loads(secondcoder(folder, "code", "--dry-run", "--json").out)["max_cost"]
    return study, float(most)


@pytest.mark.parametrize("prices", [{}, {"price_in": 1.0}, {"price_out": 1.0}])
def test_without_both_prices_there_is_no_limit_of_cost(
    tmp_path: Path, fake_llm: FakeLLM, prices: dict[str, Any]
) -> None:
    make_study(tmp_path, fake_llm.base_url, **prices)
    refused = secondcoder(tmp_path, "code", "--max-cost", "1")
    assert refused.code not in (0, 3)
    assert "does not say what the model costs" in refused.err
    missing = [name for name in ("price_in", "price_out") if name not in prices]
    assert f"Write {' and '.join(missing)} there" in refused.err
    assert fake_llm.history == []


def test_a_page_that_plans_a_run_is_told_the_same(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study = make_study(tmp_path, fake_llm.base_url)
    with opened(study) as store, pytest.raises(UserError, match="does not say what the model"):
        plan_run(study, store, CodeOptions((1,), max_cost=2.0))


def test_what_costs_nothing_needs_no_price(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study = make_study(tmp_path, fake_llm.base_url, interviews("AB"))
    result = run_study(study, "A", model="none", words_only=True, max_cost=0.0)
    assert (result.status, result.sent) == ("complete", 0)


def test_replies_without_a_count_of_tokens_count_with_the_most(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    fake_llm.answer = lambda request: Reply(by_words(request), usage={})
    study, most = _study(tmp_path, fake_llm)
    result = run_study(study, max_cost=most / 2)
    assert result.status == "partial"
    assert PASSAGES / 3 < len(fake_llm.chats) <= PASSAGES / 2
    assert set(calls(study, "cost")) == {None}
    sent = len(fake_llm.chats)
    assert result.stopped_by is not None
    assert "calls of unknown use can have cost" in result.stopped_by.what
    with opened(study) as store:
        notes = run(store, 1).header["notes"]
    assert any(f"did not say what {sent} calls used" in note for note in notes)


def test_broken_attempts_count_with_the_most(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = lambda request: broken()
    study, most = _study(tmp_path, fake_llm)
    result = run_study(study, max_cost=most / 2)
    assert result.status == "partial"
    assert 0 < len(fake_llm.chats) <= PASSAGES / 2
    assert set(calls(study)) == {"failed"}


def test_an_attempt_that_is_repeated_needs_room_too(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """Room for one attempt and a half: the second one is not sent."""
    fake_llm.answer = lambda request: error(500, "Down.")
    study, most = _study(tmp_path, fake_llm)
    result = run_study(study, max_cost=1.5 * most / PASSAGES)
    assert len(fake_llm.chats) == 1
    assert result.status == "partial"
    assert result.stopped_by is not None
    assert "as the most that 1 call of unknown use" in result.stopped_by.what


def test_being_turned_away_costs_nothing(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """Every question is turned away once: with that counted, half of them would find no room."""
    turned_away: set[str] = set()

    def answer(request: FakeRequest) -> Any:
        if request.user not in turned_away:
            turned_away.add(request.user)
            return too_many(0.01)
        return by_words(request)

    fake_llm.answer = answer
    study, most = _study(tmp_path, fake_llm)
    result = run_study(study, max_cost=1.05 * most)
    assert (result.status, result.stopped_by) == ("complete", None)
    assert len(turned_away) == PASSAGES
    assert len(fake_llm.chats) == 2 * PASSAGES
    known = [cost for cost in calls(study, "cost") if cost is not None]
    assert len(known) == PASSAGES
    assert 0.05 * most < sum(known) < most


def test_a_repair_is_set_aside_with_the_reply_that_it_repeats(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    """The second question of a repair is longer than the first, so it needs more room."""
    fake_llm.answer = lambda request: "This is no JSON. " * 200
    study, most = _study(tmp_path, fake_llm)
    one = most / PASSAGES
    run_study(study, max_cost=2.0 * one)
    known = sum(calls(study, "cost"))
    assert known <= 2.0 * one


def test_yes_or_no_is_limited_by_the_whole_question(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """With `judge` the instructions and the code stand in every question and count as well."""

    def counted(request: FakeRequest) -> Reply:
        words = len((request.system + request.user).split())
        made = knows(request)
        assert isinstance(made, Reply)
        return Reply(
            made.text,
            logprobs=made.logprobs,
            usage={"prompt_tokens": words, "completion_tokens": 1, "total_tokens": words + 1},
        )

    fake_llm.answer = counted
    study = make_study(
        tmp_path,
        fake_llm.base_url,
        interviews("AB"),
        coding={"strategy": "judge", "shortlist": 3},
        price_in=1000.0,
        price_out=1000.0,
    )
    limit = 2.0
    result = run_study(study, "A", words_only=True, max_cost=limit)
    assert result.status == "partial"
    spent = sum(calls(study, "cost"))
    assert 0 < spent <= limit
