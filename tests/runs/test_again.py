"""Running again: nothing is asked twice, limits can be raised, repeats are asked anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.store.model.runs import run
from tests.cli.command import secondcoder
from tests.fakes.replies import Reply, error
from tests.fakes.server import FakeLLM
from tests.runs.studies import (
    GARDEN,
    by_words,
    calls,
    dump,
    long_interview,
    make_study,
    opened,
    run_study,
    says,
    segments,
)

SMALL = {"chunk_tokens": 100, "context_segments": 0}


def test_the_same_run_again_makes_no_call_and_no_change(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, {"A": GARDEN, "B": long_interview(6)})
    first = run_study(study)
    before, asked = dump(study), len(fake_llm.chats)
    again = run_study(study)
    assert not first.unchanged
    assert again.unchanged
    assert (again.run_id, again.sent, again.reused) == (first.run_id, 0, 0)
    assert len(fake_llm.chats) == asked
    assert dump(study) == before


def test_the_command_says_that_nothing_was_to_do(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    assert secondcoder(tmp_path, "code").code == 0
    before = dump(study)
    done = secondcoder(tmp_path, "code")
    assert done.code == 0
    assert "Run 1 was complete already: no call was made, nothing changed." in done.out
    assert len(fake_llm.chats) == 1
    assert dump(study) == before


def test_the_endpoint_need_not_be_there_for_what_is_there(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    fake_llm.answer = by_words
    make_study(tmp_path, fake_llm.base_url)
    assert secondcoder(tmp_path, "code").code == 0
    fake_llm.stop()
    assert secondcoder(tmp_path, "code").code == 0


def test_another_run_over_some_of_the_same_uses_replies_again(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, {"A": GARDEN[:2], "B": GARDEN[2:]})
    assert run_study(study, "A").sent == 1
    both = run_study(study, "A", "B")
    assert (both.run_id, both.sent, both.reused) == (2, 1, 1)
    assert len(fake_llm.chats) == 2
    assert segments(study, 2) == ["coded", "coded", "coded", "coded-empty"]
    assert calls(study, "reused_call_id") in ([None, 1, None], [None, None, 1])


@pytest.mark.slow
def test_a_repeat_is_asked_anew(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    run_study(study)
    second = run_study(study, repeat=2)
    assert (second.run_id, second.sent, second.reused) == (2, 1, 0)
    assert len(fake_llm.chats) == 2
    assert run_study(study, repeat=2).unchanged
    with opened(study) as store:
        assert run(store, 1).coder == run(store, 2).coder


@pytest.mark.slow
def test_the_same_words_in_two_chunks_are_asked_once_and_both_coded(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    """Also while the first question is still on its way."""
    fake_llm.default = Reply(says((1, "weather", "It rained")), delay=0.1)
    passage = "It rained and it rained, " + "and we sat there and we waited for it to stop, " * 5
    study = make_study(tmp_path, fake_llm.base_url, {"A": [passage] * 4}, coding=SMALL)
    with_speakers = run_study(study)
    assert with_speakers.status == "complete"
    assert segments(study) == ["coded"] * 4
    # Two speakers take turns, so there are two questions.
    assert len(fake_llm.chats) == 2
    assert (with_speakers.sent, with_speakers.reused) == (2, 2)


@pytest.mark.slow
def test_a_corrected_language_is_another_run(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """The language stands in the question."""
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    run_study(study)
    assert secondcoder(tmp_path, "transcripts", "Garden", "--set-language", "fr").code == 0
    again = run_study(study)
    assert (again.run_id, again.sent) == (2, 1)


def test_another_order_of_codes_is_another_recipe(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    run_study(study)
    book = study.codebook_file.read_text(encoding="utf-8")
    head, *codes = book.split("  - id: ")
    study.codebook_file.write_text(
        head + "".join("  - id: " + code for code in reversed(codes)), encoding="utf-8"
    )
    run_study(study)
    with opened(study) as store:
        assert run(store, 1).recipe_sha256 != run(store, 2).recipe_sha256


def test_max_calls_stops_and_going_on_finishes(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    fake_llm.delay = 0.05
    study = make_study(tmp_path, fake_llm.base_url, {"A": long_interview(10)}, coding=SMALL)
    stopped = secondcoder(tmp_path, "code", "--max-calls", "4")
    assert stopped.code == 3
    assert len(fake_llm.chats) == 4
    # What was on its way when the limit was met is kept.
    assert calls(study) == ["ok"] * 4
    assert "Run 1: partial. 4 calls sent" in stopped.out
    assert "6 chunks not asked yet (A)." in stopped.out
    assert "The limit of 4 calls is reached" in stopped.out
    assert "Run the same command again to go on." in stopped.out
    done = secondcoder(tmp_path, "code")
    assert done.code == 0, done.err
    assert "Run 1: complete. 6 calls sent" in done.out
    assert len(fake_llm.chats) == 10
    assert len({request.user for request in fake_llm.chats}) == 10


def test_max_calls_counts_what_is_sent_once_more(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue(error(500, "Down."), error(500, "Down."))
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, {"A": long_interview(10)}, coding=SMALL)
    stopped = run_study(study, max_calls=2)
    assert len(fake_llm.chats) == 2
    assert stopped.status == "partial"
    assert calls(study) == ["failed", "failed"]
    assert run_study(study).status == "complete"
    assert len(fake_llm.chats) == 12


def test_replies_used_again_name_their_model(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, {"A": GARDEN, "B": long_interview(6)})
    run_study(study)
    asked = len(fake_llm.chats)
    part = run_study(study, "A")
    assert len(fake_llm.chats) == asked
    with opened(study) as store:
        assert run(store, part.run_id).header["models_answered"] == ["fake-model"]


def test_a_limit_of_nothing_sends_nothing(tmp_path: Path, fake_llm: FakeLLM) -> None:
    make_study(tmp_path, fake_llm.base_url)
    stopped = secondcoder(tmp_path, "code", "--max-calls", "0")
    assert stopped.code == 3
    assert fake_llm.history == []


@pytest.mark.slow
def test_max_cost_is_never_passed(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """What questions in flight may cost at most is set aside; what they really cost is less, and
    the run goes on with the rest."""
    fake_llm.answer = by_words
    fake_llm.delay = 0.02
    study = make_study(
        tmp_path,
        fake_llm.base_url,
        {"A": long_interview(12)},
        coding={**SMALL, "max_output_tokens": 200},
        price_in=1000.0,
        price_out=1000.0,
    )
    dry = json.loads(secondcoder(tmp_path, "code", "--dry-run", "--json").out)
    run_study(study)
    real = sum(calls(study, "cost"))
    assert real < dry["max_cost"]
    limit = 0.6 * real
    result = run_study(study, repeat=2, max_cost=limit)
    spent = sum(calls(study, "cost")) - real
    assert result.status == "partial"
    assert result.stopped_by is not None
    assert "limit of" in result.stopped_by.what
    assert limit - dry["max_cost"] / 12 * 1.2 < spent <= limit
    assert run_study(study, repeat=2).status == "complete"


@pytest.mark.parametrize("limit", ["--max-calls", "--max-cost"])
def test_limits_as_json(tmp_path: Path, fake_llm: FakeLLM, limit: str) -> None:
    make_study(tmp_path, fake_llm.base_url, price_in=1.0, price_out=1.0)
    stopped = secondcoder(tmp_path, "code", "--json", limit, "0")
    assert stopped.code == 3
    assert stopped.json["status"] == "partial"
    assert "limit" in stopped.json["stopped_by"]["what"]
