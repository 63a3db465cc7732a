"""One endpoint, spoken to under the limits that hold for all questions at once.

What concerns one question alone is `assistant.llm.client`'s. Invariants:
- Never more than ``endpoint.max_concurrency`` requests at once; a wait that the endpoint asks for
  holds for all of them.
- After a fault that every request would meet, nothing more is sent.
- The key stays in the SDK's client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from assistant.errors import BugError, ProviderError
from assistant.llm.endpoint import Endpoint, Redactor
from assistant.llm.listing import model_names, models_hint
from assistant.llm.problems import FatalProviderError, Problem
from assistant.llm.retry import Clock, RetryPolicy, with_retries
from assistant.llm.transport import Call, exchange, open_sdk
from assistant.llm.wire import Exchange

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["Connection"]

T = TypeVar("T")

_LOST = 3
"""So many questions in a row without any answer, after all retries: the endpoint is gone."""


class Connection:
    """Belongs to one event loop from the first `open` to `close`."""

    def __init__(self, endpoint: Endpoint, retry: RetryPolicy, clock: Clock) -> None:
        endpoint.check()
        self.endpoint = endpoint
        self.slots = asyncio.Semaphore(endpoint.max_concurrency)
        self._retry = retry
        self._clock = clock
        self._sdk: AsyncOpenAI | None = None
        self._redact = Redactor("")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._not_before = 0.0
        self._reached = False
        self._lost_in_a_row = 0
        self._fatal: FatalProviderError | None = None

    def open(self) -> AsyncOpenAI:
        loop = asyncio.get_running_loop()
        if self._sdk is None:
            key = self.endpoint.key()
            if (
                not key
                and self.endpoint.api_key_env
                and self.endpoint.base_url.startswith("https:")
            ):
                raise FatalProviderError(
                    "There is no key for this endpoint. Nothing was sent.",
                    where=self.endpoint.base_url,
                    hint=f'{self.endpoint.key_hint} Set it, or write api_key_env = "" into '
                    "study.toml if the endpoint needs no key.",
                )
            self._redact = Redactor(key)
            self._sdk = open_sdk(self.endpoint, key)
            self._loop = loop
        elif self._loop is not loop:
            raise BugError("A ChatClient was used in a second event loop without closing it.")
        return self._sdk

    async def close(self) -> None:
        sdk, self._sdk, self._loop = self._sdk, None, None
        if sdk is not None:
            await sdk.close()

    async def get(
        self,
        call: Call,
        model: str,
        *,
        before: Callable[[], Awaitable[None]] | None = None,
        seen: Callable[[Exchange], None] | None = None,
    ) -> Exchange:
        """A request other than a chat question; raises `ProviderError` when it fails.

        ``before`` is awaited before each attempt, and ``seen`` gets what came of it.
        """

        async def attempt() -> Exchange:
            if before is not None:
                await before()
            result = await self.exchange(call, model)
            if seen is not None:
                seen(result)
            return result

        self.open()
        self.raise_if_ended()
        async with self.slots:
            result = await self.with_retries(attempt, lambda result: result.problem)
        if result.problem is not None:
            await self.raise_if_fatal(result.problem, model)
            raise ProviderError(
                result.problem.message, where=self.endpoint.base_url, hint=result.problem.hint
            )
        return result

    async def with_retries(
        self, attempt: Callable[[], Awaitable[T]], problem_of: Callable[[T], Problem | None]
    ) -> T:
        return await with_retries(
            attempt,
            problem_of,
            self._retry,
            self._clock,
            reached=lambda: self._reached,
            rate_limited=self.wait_all,
        )

    def wait_all(self, seconds: float) -> None:
        """The endpoint's limit holds for the other questions as well."""
        self._not_before = max(self._not_before, self._clock.now() + seconds)

    async def exchange(self, call: Call, model: str) -> Exchange:
        while (wait := self._not_before - self._clock.now()) > 0:
            await self._clock.sleep(wait)
        self.raise_if_ended()
        result = await exchange(self.open(), self.endpoint, self._redact, model, call)
        if result.status is not None:
            self._reached = True
            self._lost_in_a_row = 0
        return result

    def raise_if_ended(self) -> None:
        if self._fatal is not None:
            # A new one each time: an exception that is raised twice collects tracebacks.
            raise FatalProviderError(
                self._fatal.what, where=self._fatal.where, hint=self._fatal.hint
            )

    async def raise_if_fatal(self, problem: Problem, model: str) -> None:
        fatal = problem.fatal
        hint = problem.hint
        if problem.kind == "unreachable":
            self._lost_in_a_row += 1
            fatal = not self._reached or self._lost_in_a_row >= _LOST
        elif problem.kind == "format":
            fatal = True
        elif problem.kind == "rate":
            asked = problem.retry_after or 0.0
            fatal = asked > self._retry.longest_retry_after
            hint = (
                f"It asks to wait {asked / 60:.0f} minutes. Run again after that: what was "
                "answered so far is kept."
            )
        if not fatal:
            return
        if problem.kind == "model":
            hint = await self._models_hint(model) or hint
        self._fatal = FatalProviderError(problem.message, where=self.endpoint.base_url, hint=hint)
        self.raise_if_ended()

    async def _models_hint(self, model: str) -> str:
        result = await exchange(
            self.open(),
            self.endpoint,
            self._redact,
            model,
            lambda sdk: sdk.models.with_raw_response.list(),
        )
        return models_hint(model, model_names(result))
