"""One client for every OpenAI-compatible endpoint.

`ChatClient.ask` puts one question and brings one reply, whatever has to happen in between: waiting
for a place, asking again after a fault that may pass, finding out how the endpoint wants to be
asked. Every attempt is handed to ``on_attempt`` as soon as it is over, before the next begins and
before `ask` returns, so that the caller can store it first.

Invariants:
- What concerns one question is a `ChatReply` with an outcome; what would fail for every question is
  a `FatalProviderError`, and after one the client asks nothing more.
- Never more than ``endpoint.max_concurrency`` questions at once.
- The key stays in the SDK's client; it is in no message, record or ``repr``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.errors import BugError, ProviderError
from assistant.llm.endpoint import Endpoint, Redactor
from assistant.llm.listing import model_names, models_hint, vectors
from assistant.llm.payload import Capabilities, mode_of, payload, step_down
from assistant.llm.problems import ContextTooLongError, FatalProviderError, Problem
from assistant.llm.records import ChatReply, ChatRequest, Schema
from assistant.llm.retry import Clock, RetryPolicy, with_retries
from assistant.llm.transport import Call, exchange, open_sdk
from assistant.llm.wire import Exchange, read_chat

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["ChatClient", "OnAttempt"]

OnAttempt = Callable[[ChatReply], None]
T = TypeVar("T")

_LOST = 3
"""So many questions in a row without any answer, after all retries: the endpoint is gone."""
_EMBED_BATCH = 64


class ChatClient:
    """Use it as ``async with ChatClient(endpoint) as client:``, within one event loop.

    ``capabilities`` are those of an earlier run's header, so that nothing is found out twice.
    ``on_attempt`` of the constructor sees every attempt; the one given to `ask`, those of that
    question. If it raises (a full disk), the question ends with that error.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        retry: RetryPolicy | None = None,
        capabilities: Capabilities | None = None,
        on_attempt: OnAttempt | None = None,
        clock: Clock | None = None,
    ) -> None:
        endpoint.check()
        self.endpoint = endpoint
        self._retry = retry or RetryPolicy()
        self._capabilities = capabilities or Capabilities()
        self._on_attempt = on_attempt
        self._clock = clock or Clock()
        self._sdk: AsyncOpenAI | None = None
        self._redact = Redactor("")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._slots = asyncio.Semaphore(endpoint.max_concurrency)
        self._exploring = asyncio.Lock()
        self._explored: set[tuple[bool, bool, bool]] = set()
        self._not_before = 0.0
        self._reached = False
        self._lost_in_a_row = 0
        self._fatal: FatalProviderError | None = None

    def __repr__(self) -> str:
        return f"ChatClient({self.endpoint.base_url!r}, model={self.endpoint.model!r})"

    async def __aenter__(self) -> ChatClient:
        self._open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        sdk, self._sdk, self._loop = self._sdk, None, None
        if sdk is not None:
            await sdk.close()

    @property
    def capabilities(self) -> Capabilities:
        """What is known about the endpoint by now."""
        return self._capabilities

    async def ask(
        self,
        request: ChatRequest,
        *,
        on_attempt: OnAttempt | None = None,
        before_again: Callable[[], None] | None = None,
    ) -> ChatReply:
        """Put one question. ``before_again`` is called before it is sent once more; what it raises
        ends the question.

        Returns the last attempt's reply. Its outcome is ``failed`` when all attempts failed or the
        endpoint refused this request; ``error`` says why. Raises `ContextTooLongError` when the
        request is too long for the model (a shorter one may work) and `FatalProviderError` when no
        other question would fare better: wrong key, unknown model, wrong address, no credit,
        endpoint not there.
        """
        self._open()
        self._raise_if_ended()
        async with self._slots:
            self._raise_if_ended()
            features = (
                request.json_schema is not None,
                request.top_logprobs > 0,
                request.seed is not None,
            )
            if features not in self._explored:
                # The first question of its kind goes alone and finds out how to ask; the others
                # would run into the same refusals.
                async with self._exploring:
                    if features not in self._explored:
                        try:
                            return await self._question(request, on_attempt, before_again)
                        finally:
                            self._explored.add(features)
                self._raise_if_ended()
            return await self._question(request, on_attempt, before_again)

    async def probe(self, model: str = "", *, logprobs: bool = False) -> Capabilities:
        """Find out with one short question what the endpoint can do; holds no study's words.

        Raises as `ask`, and `ProviderError` when the question failed for another reason.
        """
        schema = {
            "type": "object",
            "properties": {"ready": {"type": "boolean"}},
            "required": ["ready"],
            "additionalProperties": False,
        }
        reply = await self.ask(
            ChatRequest(
                model=model or self.endpoint.model,
                system="You answer in JSON.",
                user='Answer with {"ready": true}.',
                max_output_tokens=64,
                json_schema=Schema(name="probe", body=schema),
                top_logprobs=1 if logprobs else 0,
                endpoint=self.endpoint.base_url,
            )
        )
        if reply.outcome == "failed":
            raise ProviderError(reply.error, where=self.endpoint.base_url)
        return self._capabilities

    async def models(self) -> list[str]:
        """Names of the models that the endpoint offers. Raises `ProviderError`."""
        result = await self._get(lambda sdk: sdk.models.with_raw_response.list(), "")
        return model_names(result)

    async def embed(self, texts: Sequence[str], *, model: str = "") -> list[tuple[float, ...]]:
        """One vector for each text, in their order, from ``/embeddings``.

        Raises `ProviderError` when any part could not be had.
        """
        model = model or self.endpoint.model
        batches = [texts[i : i + _EMBED_BATCH] for i in range(0, len(texts), _EMBED_BATCH)]
        parts = await asyncio.gather(*(self._embed_batch(list(part), model) for part in batches))
        return [vector for part in parts for vector in part]

    async def _embed_batch(self, texts: list[str], model: str) -> list[tuple[float, ...]]:
        result = await self._get(
            lambda sdk: sdk.embeddings.with_raw_response.create(
                model=model, input=texts, encoding_format="float"
            ),
            model,
        )
        found = vectors(result, len(texts))
        if found is None:
            raise ProviderError(
                f"The endpoint did not give {len(texts)} vectors for {len(texts)} texts.",
                where=self.endpoint.base_url,
                hint="Choose a model for embeddings.",
            )
        return found

    # -- one question ---------------------------------------------------------------------------

    async def _question(
        self,
        request: ChatRequest,
        on_attempt: OnAttempt | None,
        before_again: Callable[[], None] | None,
    ) -> ChatReply:
        count = 0

        async def attempt() -> tuple[Exchange, ChatReply]:
            """One attempt, with as many exchanges as it takes to find out how to ask."""
            nonlocal count
            trial: Capabilities | None = None
            first: tuple[Exchange, ChatReply] | None = None
            while True:
                capabilities = trial or self._capabilities
                if count and before_again is not None:
                    before_again()
                count += 1
                body = payload(request, capabilities)
                result = await self._exchange(_chat_call(body), request.model)
                reply = read_chat(result, mode_of(request, capabilities), count)
                self._report(reply, on_attempt)
                problem = result.problem
                if problem is None:
                    self._learn(request, capabilities, reply)
                    return result, reply
                if problem.kind == "parameter":
                    lower = step_down(request, capabilities, problem.said)
                    if lower is not None:
                        if trial is None:
                            self._capabilities = lower
                        else:
                            trial = lower
                        continue
                elif problem.kind == "request" and not self._capabilities.structured_seen:
                    # A refusal that names no field: try the simpler ways of asking, but remember
                    # one only if it works, since the reason may be another.
                    first = first or (result, reply)
                    lower = step_down(request, capabilities, None)
                    if lower is not None:
                        trial = lower
                        continue
                return first or (result, reply)

        result, reply = await self._with_retries(attempt, lambda pair: pair[0].problem)
        problem = result.problem
        if problem is not None:
            await self._raise_if_fatal(problem, request.model)
            if problem.kind == "context":
                error = ContextTooLongError(
                    problem.message, where=self.endpoint.base_url, hint=problem.hint
                )
                error.reply = reply
                raise error
        return reply

    def _report(self, reply: ChatReply, on_attempt: OnAttempt | None) -> None:
        for callback in (self._on_attempt, on_attempt):
            if callback is not None:
                callback(reply)

    def _learn(self, request: ChatRequest, used: Capabilities, reply: ChatReply) -> None:
        known = self._capabilities
        update: dict[str, Any] = {}
        if used is not known and not known.structured_seen:
            update["structured"] = used.structured
        if reply.model:
            update["model_reported"] = reply.model
        if request.top_logprobs > 0 and reply.text and known.logprobs is not False:
            # Some servers accept the field and ignore it.
            update["logprobs"] = bool(reply.logprobs) or known.logprobs is True
        if request.json_schema and reply.outcome == "ok" and not known.structured_seen:
            if _is_json(reply.text) or used.structured == "text":
                update["structured_seen"] = True
            else:
                # Accepted and ignored: from now on the schema is stated in words as well.
                update["structured"] = "text"
        if any(getattr(known, name) != value for name, value in update.items()):
            self._capabilities = known.model_copy(update=update)

    # -- what all requests share ----------------------------------------------------------------

    async def _get(self, call: Call, model: str) -> Exchange:
        """A request other than a chat question; raises `ProviderError` when it fails."""
        self._open()
        self._raise_if_ended()
        async with self._slots:
            result = await self._with_retries(
                lambda: self._exchange(call, model), lambda result: result.problem
            )
        if result.problem is not None:
            await self._raise_if_fatal(result.problem, model)
            raise ProviderError(
                result.problem.message, where=self.endpoint.base_url, hint=result.problem.hint
            )
        return result

    async def _with_retries(
        self, attempt: Callable[[], Awaitable[T]], problem_of: Callable[[T], Problem | None]
    ) -> T:
        return await with_retries(
            attempt,
            problem_of,
            self._retry,
            self._clock,
            reached=lambda: self._reached,
            rate_limited=self._wait_all,
        )

    def _wait_all(self, seconds: float) -> None:
        """The endpoint's limit holds for the other questions as well."""
        self._not_before = max(self._not_before, self._clock.now() + seconds)

    async def _exchange(self, call: Call, model: str) -> Exchange:
        while (wait := self._not_before - self._clock.now()) > 0:
            await self._clock.sleep(wait)
        self._raise_if_ended()
        result = await exchange(self._open(), self.endpoint, self._redact, model, call)
        if result.status is not None:
            self._reached = True
            self._lost_in_a_row = 0
        return result

    def _open(self) -> AsyncOpenAI:
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

    # -- errors that end everything -------------------------------------------------------------

    def _raise_if_ended(self) -> None:
        if self._fatal is not None:
            # A new one each time: an exception that is raised twice collects tracebacks.
            raise FatalProviderError(
                self._fatal.what, where=self._fatal.where, hint=self._fatal.hint
            )

    async def _raise_if_fatal(self, problem: Problem, model: str) -> None:
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
        self._raise_if_ended()

    async def _models_hint(self, model: str) -> str:
        result = await exchange(
            self._open(),
            self.endpoint,
            self._redact,
            model,
            lambda sdk: sdk.models.with_raw_response.list(),
        )
        return models_hint(model, model_names(result))


def _chat_call(body: dict[str, Any]) -> Call:
    """``chat.completions.create`` checks and copies each argument by its type, which took a third
    of a call's time with long messages (measured). The SDK's documented way for any path sends the
    body as it is; keys, errors and Azure's paths stay the SDK's matter."""

    async def post(sdk: AsyncOpenAI) -> Any:
        import httpx2

        return await sdk.post("/chat/completions", body=body, cast_to=httpx2.Response)

    return post


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
