"""Connections: each question has one of its own, and the next question takes it over."""

from __future__ import annotations

import asyncio

import pytest

from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from tests.fakes.replies import Reply, broken, hang
from tests.fakes.server import FakeLLM
from tests.llm.support import ask, endpoint, request

GOOD = '{"codes": []}'


def test_one_after_the_other_uses_one_connection(fake_llm: FakeLLM) -> None:
    fake_llm.queue(GOOD, GOOD, GOOD)
    asked = ask(fake_llm, *(request(user=f"{n}") for n in range(3)))
    assert [reply.outcome for reply in asked.replies] == ["ok"] * 3
    assert fake_llm.connections == 1


def test_at_once_they_use_as_many_as_there_are_questions_and_use_them_again(
    fake_llm: FakeLLM,
) -> None:
    async def go() -> list[str]:
        async with ChatClient(endpoint(fake_llm, max_concurrency=3)) as client:
            replies = await asyncio.gather(
                *(client.ask(request(user=f"question {n}")) for n in range(12))
            )
            return [reply.outcome for reply in replies]

    fake_llm.default = Reply(GOOD, delay=0.02)
    assert run_async(go()) == ["ok"] * 12
    assert (fake_llm.max_in_flight, fake_llm.connections) == (3, 3)


@pytest.mark.parametrize(
    ("trouble", "seconds"),
    [(broken(), 30.0), (broken(after=0), 30.0), (hang(30), 2.0)],
    ids=["cut", "none", "hang"],
)
def test_after_a_broken_connection_the_next_question_gets_a_new_one(
    fake_llm: FakeLLM, trouble: Reply, seconds: float
) -> None:
    fake_llm.queue(trouble, GOOD, GOOD)
    asked = ask(fake_llm, request(user="1"), request(user="2"), timeout_seconds=seconds)
    assert [reply.outcome for reply in asked.replies] == ["ok", "ok"]
    assert asked.outcomes == ["failed", "ok", "ok"]
    assert fake_llm.connections == 2
