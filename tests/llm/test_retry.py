"""What is asked again, how often, and how long it waits before."""

from __future__ import annotations

import asyncio
import time
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.llm.endpoint import Endpoint
from assistant.llm.problems import FatalProviderError
from assistant.llm.records import ChatReply
from assistant.llm.retry import RetryPolicy, retry_after_seconds
from tests.fakes.replies import Reply, broken, error, hang, not_json, too_many
from tests.fakes.server import FakeLLM
from tests.llm.support import Asked, FakeClock, ask, endpoint, request

GOOD = '{"codes": []}'


@pytest.mark.parametrize(
    "trouble",
    [
        error(500),
        error(502),
        error(503, "Loading model"),
        error(504),
        error(529),
        error(408),
        too_many(),
        broken(),
        broken(after=0),
        broken(after=-1),
        not_json(),
        not_json(b""),
        Reply(status=503, body=b"<html>upstream</html>", content_type="text/html"),
    ],
    ids=lambda reply: f"{reply.status}-{reply.break_after}-{(reply.body or b'')[:9]!r}",
)
def test_trouble_that_passes_is_asked_again(fake_llm: FakeLLM, trouble: Reply) -> None:
    fake_llm.queue(trouble, trouble, GOOD)
    asked = ask(fake_llm)
    assert asked.outcomes == ["failed", "failed", "ok"]
    assert [attempt.attempts for attempt in asked.attempts] == [1, 2, 3]
    assert asked.attempts[-1] == asked.reply
    assert all(attempt.error for attempt in asked.attempts[:2])
    assert len(fake_llm.chats) == 3
    # Doubled, between half and all of it.
    assert 0.25 <= asked.waits[0] <= 0.5
    assert 0.5 <= asked.waits[1] <= 1.0


def test_a_question_that_is_answered_at_once_needs_nothing_that_asks_again(
    fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_needed(**_: object) -> None:
        raise AssertionError("made ready to ask again")

    monkeypatch.setattr("tenacity.AsyncRetrying", not_needed)
    fake_llm.queue(GOOD)
    assert ask(fake_llm).outcomes == ["ok"]


def test_time_out_is_asked_again(fake_llm: FakeLLM) -> None:
    fake_llm.queue(hang(60))
    fake_llm.default = GOOD
    asked = ask(fake_llm, timeout_seconds=0.3)
    # On a busy machine the next answer may come too late as well.
    assert set(asked.outcomes[:-1]) == {"failed"}
    assert asked.outcomes[-1] == "ok"
    assert asked.attempts[0].error == "No answer within 0.3 seconds."
    assert asked.attempts[0].http_status is None
    assert 290 <= asked.attempts[0].latency_ms < 50_000, "it did not wait for the answer"


def test_all_attempts_fail(fake_llm: FakeLLM) -> None:
    fake_llm.default = error(500, "out of order")
    asked = ask(fake_llm, retry=RetryPolicy(attempts=4))
    assert asked.reply.outcome == "failed"
    assert asked.reply.text == ""
    assert asked.reply.attempts == 4
    assert "out of order" in asked.reply.error
    assert len(fake_llm.chats) == 4
    assert len(asked.waits) == 3


def test_time_limit_for_one_question(fake_llm: FakeLLM) -> None:
    fake_llm.default = too_many(40)
    asked = ask(fake_llm, retry=RetryPolicy(attempts=50, total_seconds=100))
    assert asked.reply.outcome == "failed"
    assert len(fake_llm.chats) == 3  # at 0, 40 and 80 seconds


@pytest.mark.parametrize("status", [400, 418, 422, 501])
def test_what_asking_again_does_not_mend_is_not_asked_again(fake_llm: FakeLLM, status: int) -> None:
    fake_llm.queue(error(status, "no"))
    fake_llm.default = error(500)
    asked = ask(fake_llm, request(json_schema=None))
    assert asked.reply.outcome == "failed"
    assert asked.waits == []
    assert len(fake_llm.chats) == 1


@pytest.mark.parametrize("form", ["{:.0f}", "{:.1f}", "date"])
def test_retry_after(fake_llm: FakeLLM, form: str) -> None:
    date = formatdate(time.time() + 7, usegmt=True)
    retry_after = date if form == "date" else form.format(7)
    fake_llm.queue(too_many(retry_after), GOOD)
    asked = ask(fake_llm)
    assert asked.outcomes == ["failed", "ok"]
    assert sum(asked.waits) >= 5  # a date has whole seconds, and some have passed
    assert sum(asked.waits) <= 7 * 1.1


def test_retry_after_on_503_and_in_milliseconds(fake_llm: FakeLLM) -> None:
    fake_llm.queue(error(503, headers={"Retry-After": "12"}), GOOD)
    assert 12 <= sum(ask(fake_llm).waits) <= 13.2
    fake_llm.queue(error(429, headers={"retry-after-ms": "1500", "Retry-After": "9"}), GOOD)
    assert 1.5 <= sum(ask(fake_llm).waits) <= 1.65


def test_a_server_that_asks_for_hours_ends_the_run(fake_llm: FakeLLM) -> None:
    fake_llm.queue(too_many(7200))
    asked = Asked()
    with pytest.raises(FatalProviderError, match="too many requests") as caught:
        ask(fake_llm, asked=asked)
    assert "wait 120 minutes" in caught.value.hint
    assert asked.outcomes == ["failed"]
    assert asked.waits == []


def test_a_rate_limit_holds_for_the_other_questions_too(fake_llm: FakeLLM) -> None:
    fake_llm.queue(GOOD, too_many(30))
    fake_llm.default = GOOD
    clock = FakeClock()

    async def go() -> None:
        async with ChatClient(endpoint(fake_llm, max_concurrency=1), clock=clock) as client:
            await client.ask(request())
            await client.ask(request(user="limited"), on_attempt=lambda reply: None)
            assert clock.time >= 1030
            client._connection.wait_all(20)
            before = clock.time
            await client.ask(request(user="the next"))
            assert clock.time >= before + 20

    run_async(go())


def test_dates_are_read_against_the_server_s_own_clock() -> None:
    headers = {
        "retry-after": "Wed, 01 Jan 2020 00:00:09 GMT",
        "date": "Wed, 01 Jan 2020 00:00:04 GMT",
    }
    assert retry_after_seconds(headers) == 5.0
    assert retry_after_seconds({"retry-after": "Wed, 01 Jan 2020 00:00:09 GMT"}) == 0.0


@given(st.text(max_size=30))
def test_no_retry_after_breaks_anything(value: str) -> None:
    seconds = retry_after_seconds({"retry-after": value, "date": value})
    assert seconds is None or seconds >= 0


@given(st.integers(1, 40), st.none() | st.floats(0, 300))
def test_waits_keep_their_bounds(attempt: int, asked: float | None) -> None:
    wait = RetryPolicy().wait(attempt, asked)
    if asked is None:
        assert 0 < wait <= 30
    else:
        assert asked <= wait <= asked + 2


def test_never_more_in_flight_than_allowed(fake_llm: FakeLLM) -> None:
    fake_llm.default = GOOD
    fake_llm.delay = 0.02
    outcomes: list[str] = []

    async def go() -> None:
        async with ChatClient(endpoint(fake_llm, max_concurrency=5)) as client:
            asked = (client.ask(request(user=str(number))) for number in range(40))
            outcomes.extend(reply.outcome for reply in await asyncio.gather(*asked))

    run_async(go())
    assert outcomes == ["ok"] * 40
    assert fake_llm.max_in_flight == 5
    assert fake_llm.connections <= 5


def test_the_caller_sees_each_attempt_before_the_next(fake_llm: FakeLLM) -> None:
    fake_llm.queue(error(500), error(500), GOOD)
    seen: list[tuple[int, int]] = []

    def store(reply: ChatReply) -> None:
        seen.append((reply.attempts, len(fake_llm.chats)))

    async def go() -> None:
        client = ChatClient(endpoint(fake_llm), clock=FakeClock(), on_attempt=store)
        async with client:
            await client.ask(request())

    run_async(go())
    assert seen == [(1, 1), (2, 2), (3, 3)]


def test_what_storing_raises_ends_the_question(fake_llm: FakeLLM) -> None:
    fake_llm.default = error(500)

    def disk_full(reply: ChatReply) -> None:
        raise OSError(28, "No space left on device")

    async def go() -> None:
        async with ChatClient(endpoint(fake_llm), clock=FakeClock()) as client:
            await client.ask(request(), on_attempt=disk_full)

    with pytest.raises(OSError, match="No space left"):
        run_async(go())
    assert len(fake_llm.chats) == 1


def test_endpoint_that_was_never_there_ends_the_run(fake_llm: FakeLLM) -> None:
    gone = Endpoint(base_url=fake_llm.base_url, model="fake-model")
    fake_llm.stop()
    clock = FakeClock()
    attempts: list[ChatReply] = []

    async def go() -> None:
        async with ChatClient(gone, clock=clock, on_attempt=attempts.append) as client:
            await client.ask(request())

    with pytest.raises(FatalProviderError, match="Nothing answers at http://127") as caught:
        run_async(go())
    assert "server is running" in caught.value.hint
    assert caught.value.where == gone.base_url
    assert [attempt.outcome for attempt in attempts] == ["failed"] * 3


def test_endpoint_that_goes_away_ends_the_run_after_some_questions(fake_llm: FakeLLM) -> None:
    fake_llm.default = GOOD
    outcomes: list[str] = []

    async def go() -> None:
        async with ChatClient(endpoint(fake_llm), clock=FakeClock()) as client:
            outcomes.append((await client.ask(request())).outcome)
            fake_llm.stop()
            for number in range(10):
                outcomes.append((await client.ask(request(user=str(number)))).outcome)

    with pytest.raises(FatalProviderError, match="Nothing answers"):
        run_async(go())
    assert outcomes == ["ok", "failed", "failed"]
