"""Whole runs of `judge`: every question once, calibration on other transcripts only, no guessing.

The shortlist is made by word statistics, so that no embedding model is needed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.store.model.chunks import chunks
from assistant.store.model.outcomes import segment_outcomes
from assistant.store.model.runs import run
from assistant.store.model.suggestions import judgements, suggestions
from assistant.store.texts.transcripts import transcript
from assistant.store.verify import verify
from assistant.store.versions import fit
from assistant.study import Study
from tests.conftest import REPOSITORY
from tests.fakes.replies import Reply, Supports, error
from tests.fakes.server import FakeLLM, FakeRequest
from tests.runs.interviews import CODES, asked_about, interviews, knows, truth
from tests.runs.studies import calls, dump, make_study, opened, people, run_study, segments
from tests.waiting import until

NAMES = "ABCD"
QUESTIONS = 18 * len(CODES)
"""About one interview: every code is on the shortlist of every passage."""


def _study(folder: Path, server: FakeLLM, *, coded: str = "BCD", **coding: Any) -> Study:
    study = make_study(
        folder,
        server.base_url,
        interviews(NAMES),
        coding={"strategy": "judge", "shortlist": 3, "calibrate_on": 3, **coding},
    )
    for coder in ("Ana", "Ben"):
        if coded:
            people(study, coder, {name: truth(name, NAMES) for name in coded})
    return study


def _judge(study: Study, *names: str, **options: Any) -> Any:
    return run_study(study, *names, words_only=True, **options)


def _asked(server: FakeLLM) -> Counter[tuple[str, str]]:
    return Counter(asked_about(request) for request in server.chats)


def _suggested(study: Study) -> list[tuple[int, str, str]]:
    with opened(study) as store:
        return [(s.segment, s.code, s.quote) for s in suggestions(store, 1)]


@pytest.mark.slow
def test_asks_each_question_once_and_suggests_what_fits(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = knows
    study = _study(tmp_path, fake_llm)
    result = _judge(study, "A")
    assert (result.status, result.sent) == ("complete", 4 * QUESTIONS)
    assert set(_asked(fake_llm).values()) == {1}
    assert set(calls(study)) == {"ok"}
    expected = truth("A", NAMES)
    with opened(study) as store:
        found = suggestions(store, 1)
        text = transcript(store, run(store, 1).transcripts[0])
    # The threshold is learned from others, so a few may stay below it; nothing false is above.
    right = {(n, c) for n, c in enumerate(expected) if c}
    assert {(s.segment, s.code) for s in found} <= right
    assert len(found) >= 0.7 * len(right)
    for one in found:
        assert one.anchoring == "cut"
        assert one.quote == text.text[one.start : one.end]
        assert one.probability is not None
    coded = {s.segment for s in found}
    assert segments(study) == ["coded" if n in coded else "coded-empty" for n in range(18)]
    counted = result.outcomes["segments"]
    assert counted == {"coded": len(coded), "coded-empty": 18 - len(coded)}


@pytest.mark.slow
def test_a_fit_never_saw_the_transcript_that_it_decides(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """Also when all of them are coded in one run."""
    fake_llm.answer = knows
    study = _study(tmp_path, fake_llm, coded=NAMES)
    _judge(study)
    with opened(study) as store:
        row = run(store, 1)
        texts = {key: transcript(store, key) for key in row.transcripts}
        assert set(row.fits) == set(texts)
        for key, sha256 in row.fits.items():
            _, saw = fit(store, sha256)
            assert set(saw) == {t.sha256 for k, t in texts.items() if k != key}


@pytest.mark.slow
@pytest.mark.parametrize("coded", ["", "B"])
def test_without_enough_human_codes_it_ranks_and_says_so(
    tmp_path: Path, fake_llm: FakeLLM, coded: str
) -> None:
    fake_llm.answer = knows
    study = _study(tmp_path, fake_llm, coded=coded)
    result = _judge(study, "A")
    assert result.status == "complete"
    with opened(study) as store:
        row = run(store, 1)
        assert suggestions(store, 1) == ()
        ranked = judgements(store, 1, row.transcripts[0])
    assert len(ranked) == QUESTIONS
    assert all(one.probability is None and not one.suggested for one in ranked)
    assert any("Not calibrated, so nothing is suggested" in note for note in row.header["notes"])
    assert row.fits == {}


@pytest.mark.slow
def test_a_missing_answer_is_a_failed_question_and_never_no(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    def answer(request: FakeRequest) -> Any:
        passage, code = asked_about(request)
        if "On day 6 of the A story" in passage and code == "tools":
            return Reply("Yes", logprobs=[])
        if "On day 8 of the A story" in passage and code == "weather":
            return error(400, "The prompt could not be tokenized.")
        return knows(request)

    fake_llm.answer = answer
    study = _study(tmp_path, fake_llm)
    result = _judge(study, "A")
    assert result.status == "partial"
    assert "2 chunks failed (A)" in result.why
    with opened(study) as store:
        key = run(store, 1).transcripts[0]
        outcomes = {o.segment: o for o in segment_outcomes(store, 1)}
        assert [n for n, o in outcomes.items() if o.status == "failed"] == [6, 8]
        assert "no log-probabilities" in outcomes[6].why
        assert "could not be tokenized" in outcomes[8].why
        missing = {(j.segment, j.code) for j in judgements(store, 1, key) if j.log_odds is None}
        assert missing == {(6, "tools"), (8, "weather")}
    # Asked again, and then they are there; nothing else is asked.
    fake_llm.answer = knows
    before = len(fake_llm.chats)
    again = _judge(study, "A")
    assert (again.status, again.sent) == ("complete", 2)
    assert len(fake_llm.chats) == before + 2
    assert "failed" not in segments(study)
    with opened(study) as store:
        assert (6, "tools") in {(s.segment, s.code) for s in suggestions(store, 1)}


@pytest.mark.slow
@pytest.mark.parametrize("silent", [False, True])
def test_an_endpoint_without_log_probabilities_is_told_at_once(
    tmp_path: Path, fake_llm: FakeLLM, silent: bool
) -> None:
    fake_llm.answer = knows
    fake_llm.supports = Supports(logprobs=False, silent=silent)
    study = _study(tmp_path, fake_llm)
    result = _judge(study, "A")
    assert result.status == "partial"
    assert "gives no log-probabilities" in result.why
    assert len(fake_llm.chats) < 30
    with opened(study) as store:
        assert suggestions(store, 1) == ()
        assert segment_outcomes(store, 1) == ()


@pytest.mark.slow
def test_the_same_run_again_asks_nothing_and_changes_nothing(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    fake_llm.answer = knows
    study = _study(tmp_path, fake_llm)
    _judge(study, "A")
    before, asked = dump(study), len(fake_llm.chats)
    again = _judge(study, "A")
    assert again.unchanged
    assert len(fake_llm.chats) == asked
    assert dump(study) == before


@pytest.mark.slow
def test_more_human_codes_make_another_run_and_ask_nothing_again(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    fake_llm.answer = knows
    study = _study(tmp_path, fake_llm)
    _judge(study, "A")
    asked = len(fake_llm.chats)
    people(study, "Cleo", {"B": truth("B", NAMES)})
    again = _judge(study, "A")
    assert (again.run_id, again.status, again.sent) == (2, "complete", 0)
    assert len(fake_llm.chats) == asked


@pytest.mark.slow
def test_a_changed_entry_asks_only_about_that_code_again(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = knows
    study = _study(tmp_path, fake_llm)
    _judge(study, "A")
    asked = len(fake_llm.chats)
    book = study.codebook_file.read_text(encoding="utf-8")
    study.codebook_file.write_text(
        book.replace("What the sky did, such as rain or sun.", "Rain, sun and wind."),
        encoding="utf-8",
    )
    again = _judge(study, "A")
    assert again.status == "complete"
    new = fake_llm.chats[asked:]
    assert {asked_about(request)[1] for request in new} == {"weather"}
    assert len(new) == again.sent == 4 * 18
    assert again.reused == 4 * 18 * 2


@pytest.mark.slow
def test_limits_stop_and_going_on_finishes(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = knows
    study = _study(tmp_path, fake_llm)
    stopped = _judge(study, "A", max_calls=50)
    assert (stopped.status, len(fake_llm.chats)) == ("partial", 50)
    assert calls(study) == ["ok"] * 50
    with opened(study) as store:
        assert suggestions(store, 1) == ()
    done = _judge(study, "A")
    assert (done.status, done.sent) == ("complete", 4 * QUESTIONS - 50)
    assert set(_asked(fake_llm).values()) == {1}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_killed_and_gone_on_with(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = knows
    fake_llm.delay = 0.02
    study = _study(tmp_path, fake_llm, calibrate_on=2)
    script = (
        "import sys; from pathlib import Path; from tests.runs.studies import *;"
        "from assistant.study import open_study;"
        "print(run_study(open_study(Path(sys.argv[1])), 'A', words_only=True).status)"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", script, str(study.folder)]
    kills = 0
    for wanted in (20, 60, 61):
        fake_llm.hold_after(wanted + 8)
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)

        def asked(process: subprocess.Popen[bytes] = process, wanted: int = wanted) -> bool:
            assert process.poll() is None
            return len(fake_llm.chats) >= wanted

        until(asked, f"{wanted} questions were asked", every=0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        with opened(study) as store:
            assert verify(store).ok
    fake_llm.hold_after(None)
    done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "complete"
    stored = Counter(calls(study, "request_sha256"))
    assert len(stored) == 3 * QUESTIONS
    assert set(stored.values()) == {1}, "a question that had its answer was asked again"
    # At each kill at most the questions on their way were lost.
    assert sum(count - 1 for count in _asked(fake_llm).values()) <= 8 * kills
    with opened(study) as store:
        assert {chunk.status for chunk in chunks(store, 1)} == {"done"}
    whole = _study(tmp_path / "whole", fake_llm, calibrate_on=2)
    _judge(whole, "A")
    assert _suggested(study) == _suggested(whole) != []


@pytest.mark.slow
def test_the_header_says_how_it_was_calibrated(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = knows
    study = _study(tmp_path, fake_llm)
    _judge(study, "A")
    with opened(study) as store:
        header = run(store, 1).header
    assert header["recipe"]["calibration"]
    assert header["capabilities"]["logprobs"] is True
    assert any("calibrated on the model's answers" in note for note in header["notes"])
    assert "word-statistics-1" in json.dumps(header["recipe"])
