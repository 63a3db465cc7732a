"""A run that is killed at any moment: nothing lost, nothing twice, and running again finishes it.

The command is a process of its own and really killed (SIGKILL), at moments that the test chooses by
how much the server has answered, and at random ones in between.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.store.model.chunks import chunks
from assistant.store.verify import verify
from assistant.study import Study
from tests.cli.command import secondcoder
from tests.conftest import REPOSITORY
from tests.fakes.replies import cut_off
from tests.fakes.server import FakeLLM, FakeRequest
from tests.runs.studies import (
    by_words,
    calls,
    dump,
    long_interview,
    make_study,
    opened,
    segments,
)
from tests.waiting import LIMIT, until

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")

PASSAGES = 48
SMALL = {"chunk_tokens": 100, "context_segments": 0}


def _start(study: Study, *options: str) -> subprocess.Popen[bytes]:
    # A suite that was started in the background passes "ignore Control-C" on to its children.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    heard += "from assistant.cli.main import run; run()"
    command = [sys.executable, "-c", heard, "--study", str(study.folder), "code"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(
        [*command, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def _finish(process: subprocess.Popen[bytes]) -> str:
    out, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, out.decode()
    return out.decode()


def _kill_when(process: subprocess.Popen[bytes], due: Callable[[], bool]) -> None:
    def ended_or_due() -> bool:
        assert process.poll() is None, process.communicate()[0].decode()
        return due()

    until(ended_or_due, "so many questions were asked", every=0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def _sound(study: Study) -> None:
    with opened(study) as store:
        found = verify(store)
        assert found.ok, found.findings


def _asked(server: FakeLLM) -> Counter[str]:
    return Counter(request.user for request in server.chats)


@pytest.mark.slow
def test_killed_in_the_middle(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, {"A": long_interview(PASSAGES)}, coding=SMALL)
    fake_llm.hold_after(PASSAGES // 2)
    first = _start(study)
    _kill_when(first, lambda: len(fake_llm.chats) > PASSAGES // 2)
    fake_llm.hold_after(None)
    _sound(study)
    kept = Counter(calls(study, "request_sha256"))
    assert PASSAGES // 4 < len(kept) < PASSAGES
    assert set(calls(study)) == {"ok"}
    asked_before = _asked(fake_llm)
    told = secondcoder(study.folder, "runs", "1").out
    assert "Run 1: running. It is running, or cut off in the middle" in told
    assert "cut off in the middle" in secondcoder(study.folder, "status").out

    said = _finish(_start(study))
    assert "Run 1: complete." in said
    _sound(study)
    assert set(kept) <= set(calls(study, "request_sha256"))  # nothing lost
    assert len(calls(study)) == PASSAGES  # nothing twice
    assert len(set(calls(study, "request_sha256"))) == PASSAGES
    assert segments(study) == ["coded"] * PASSAGES
    # Asked twice was only what was on its way when the process died.
    again = [user for user, count in _asked(fake_llm).items() if count > 1]
    assert len(again) == sum(asked_before.values()) - len(kept) <= 8
    with opened(study) as store:
        assert {chunk.status for chunk in chunks(store, 1)} == {"done"}


@pytest.mark.slow
def test_the_end_is_the_same_as_without_a_kill(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    fake_llm.delay = 0.05
    interviews = {"A": long_interview(24)}
    whole = make_study(tmp_path / "whole", fake_llm.base_url, interviews, coding=SMALL)
    _finish(_start(whole))
    asked = len(fake_llm.chats)
    broken = make_study(tmp_path / "broken", fake_llm.base_url, interviews, coding=SMALL)
    fake_llm.hold_after(asked + 16)
    _kill_when(_start(broken), lambda: len(fake_llm.chats) >= asked + 12)
    fake_llm.hold_after(None)
    _finish(_start(broken))
    for table, columns in (
        ("suggestions", (5, 6, 7, 8, 9, 10, 11)),
        ("segment_outcomes", (1, 2, 3, 4)),
        ("chunks", (3, 4, 5, 7, 9)),
        ("requests", (0, 1)),
    ):
        one, other = (
            sorted(tuple(row[c] for c in columns) for row in dump(study)[table])
            for study in (whole, broken)
        )
        assert one == other, table


@pytest.mark.slow
def test_killed_again_and_again_at_random(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """Also between a reply that was cut off and its halves, and before a repair."""
    answered: Counter[str] = Counter()

    def answer(request: FakeRequest) -> object:
        answered[request.user] += 1
        if "You have answered this already" in request.user:
            return by_words(request)
        if "number 3 " in request.user or "number 9 " in request.user:
            return "This is not what was asked for."
        passages = request.user.split("<passages>")[1]
        if passages.count("\n[") > 1 and ("number 6 " in passages or "number 12 " in passages):
            return cut_off()
        return by_words(request)

    fake_llm.answer = answer
    fake_llm.delay = 0.03
    study = make_study(
        tmp_path,
        fake_llm.base_url,
        {"A": long_interview(PASSAGES)},
        coding={"chunk_tokens": 160, "context_segments": 0},
        max_concurrency=2,
    )
    random_ = random.Random(11)
    kills = 0
    for _ in range(6):
        wanted = len(fake_llm.chats) + random_.randint(1, 6)
        fake_llm.hold_after(wanted + 2)
        process = _start(study)
        try:
            _kill_when(process, lambda wanted=wanted: len(fake_llm.chats) >= wanted)  # type: ignore[misc]
        except AssertionError:
            if process.returncode == 0:
                break  # done before the moment came
            raise
        kills += 1
        _sound(study)
    fake_llm.hold_after(None)
    assert kills >= 3
    _finish(_start(study))
    _sound(study)
    assert segments(study) == ["coded"] * PASSAGES
    stored = Counter(calls(study, "request_sha256"))
    assert set(stored.values()) == {1}, "a request that had its answer was sent again"
    # At each kill at most the questions on their way were lost.
    assert sum(count - 1 for count in answered.values()) <= 2 * kills
    assert "invalid" in calls(study)
    assert "cut-off" in calls(study)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Control-C", "a time limit"])
def test_stopped_by_the_user(tmp_path: Path, fake_llm: FakeLLM, sent: signal.Signals) -> None:
    """It says how to go on, and the run says what is open."""
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, {"A": long_interview(PASSAGES)}, coding=SMALL)
    fake_llm.hold_after(20)
    process = _start(study)
    until(lambda: len(fake_llm.chats) >= 10, "ten questions were asked")
    process.send_signal(sent)
    out, _ = process.communicate(timeout=LIMIT)
    fake_llm.hold_after(None)
    assert process.returncode == 3
    assert "the same command goes on from there" in out.decode()
    assert "Traceback" not in out.decode()
    with opened(study) as store:
        assert store.value("SELECT status FROM runs") == "partial"
    _finish(_start(study))
    assert len(calls(study)) == PASSAGES
