"""When to ask again and how long to wait: limits, waiting with jitter, Retry-After.

Invariant: an endpoint that asks for time gets it, and no question is asked more often or longer
than the policy allows.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar

from pydantic import Field

from assistant.llm.problems import Problem
from assistant.transcripts.records import Frozen

__all__ = ["Clock", "RetryPolicy", "retry_after_seconds", "with_retries"]

T = TypeVar("T")


class Clock:
    """Time as the client sees it; tests put their own in its place."""

    def now(self) -> float:
        """Seconds, monotonic."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class RetryPolicy(Frozen):
    """Limits for one question. Waiting doubles from ``first_wait`` to ``longest_wait`` seconds."""

    attempts: int = Field(6, ge=1)
    attempts_unreached: int = Field(3, ge=1)
    """Limit while the endpoint has never answered: most likely the address is wrong."""
    total_seconds: float = Field(600.0, gt=0)
    """No attempt starts later than this after the first."""
    first_wait: float = Field(0.5, gt=0)
    longest_wait: float = Field(30.0, gt=0)
    longest_retry_after: float = Field(300.0, gt=0)
    """A server that asks for more waiting than this is not waited for."""

    def wait(self, attempt: int, asked: float | None) -> float:
        """Seconds to wait after attempt number ``attempt`` (from 1).

        What the server asked for, with up to a tenth on top so that the requests that were turned
        away together do not come back together; otherwise between half and all of the doubled wait.
        """
        if asked is not None:
            return asked + random.uniform(0.0, min(2.0, 0.1 * asked))
        most = min(self.longest_wait, self.first_wait * 2.0 ** (attempt - 1))
        return most * random.uniform(0.5, 1.0)


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds from ``retry-after-ms`` or ``Retry-After`` (seconds or an HTTP date), or None.

    ``headers`` finds names in any case. A date is measured against the answer's own ``Date`` where
    it has one, so that a clock that is wrong here does not matter.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
        if seconds == seconds:  # not NaN
            return max(0.0, seconds)
    due = _timestamp(headers.get("retry-after", ""))
    if due is None:
        return None
    now = _timestamp(headers.get("date", ""))
    return max(0.0, due - (time.time() if now is None else now))


def _timestamp(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


async def with_retries(
    attempt: Callable[[], Awaitable[T]],
    problem_of: Callable[[T], Problem | None],
    policy: RetryPolicy,
    clock: Clock,
    *,
    reached: Callable[[], bool],
    rate_limited: Callable[[float], None],
) -> T:
    """Attempt until there is no problem, one that asking again does not mend, or a limit is met.

    Returns the last attempt's result. An attempt reports problems in its result; what it raises
    goes through. ``reached()`` says whether the endpoint has ever answered; ``rate_limited`` is
    told how many seconds it asks everybody to stay away.
    """
    started = clock.now()
    first = await attempt()

    def again(outcome: T) -> bool:
        found = problem_of(outcome)
        return found is not None and found.retried

    if not again(first):
        return first  # nearly always: what follows costs more than asking did
    from tenacity import AsyncRetrying, RetryCallState, retry_if_result

    def problem(state: RetryCallState) -> Problem | None:
        assert state.outcome is not None
        return problem_of(state.outcome.result())

    def wait(state: RetryCallState) -> float:
        found = problem(state)
        asked = found.retry_after if found else None
        if asked is not None and asked > policy.longest_retry_after:
            return 0.0  # `stop` ends it
        if found and found.kind == "rate" and asked:
            rate_limited(asked)
        return policy.wait(state.attempt_number, asked)

    def stop(state: RetryCallState) -> bool:
        found = problem(state)
        assert found is not None
        if (found.retry_after or 0.0) > policy.longest_retry_after:
            return True
        limit = policy.attempts
        if found.kind == "unreachable" and not reached():
            limit = min(limit, policy.attempts_unreached)
        passed = clock.now() - started + state.upcoming_sleep
        return state.attempt_number >= limit or passed > policy.total_seconds

    def last(state: RetryCallState) -> T:
        assert state.outcome is not None
        result: T = state.outcome.result()
        return result

    had = [first]

    async def once() -> T:
        return had.pop() if had else await attempt()

    retrying = AsyncRetrying(
        retry=retry_if_result(again),
        wait=wait,
        stop=stop,
        sleep=clock.sleep,
        retry_error_callback=last,
    )
    return await retrying(once)
