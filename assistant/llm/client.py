"""One client for every OpenAI-compatible endpoint.

`ChatClient.ask` puts one question and brings one reply, whatever has to happen in between: waiting
for a place, asking again after a fault that may pass, finding out how the endpoint wants to be
asked. Every attempt is handed to ``on_attempt`` as soon as it is over, before the next begins and
before `ask` returns, so that the caller can store it first.

Invariants:
- What concerns one question is a `ChatReply` with an outcome; what would fail for every question is
  a `FatalProviderError`, and after one the client asks nothing more.
- What holds for all questions at once (places, waits, faults that end everything, the key) is
  `assistant.llm.connection`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from assistant.errors import ProviderError
from assistant.llm.connection import Connection
from assistant.llm.endpoint import Endpoint
from assistant.llm.learning import learned
from assistant.llm.listing import model_names, read_embedding, vectors
from assistant.llm.payload import Capabilities, mode_of, payload, step_down
from assistant.llm.problems import ContextTooLongError
from assistant.llm.records import ChatReply, ChatRequest, EmbeddingReply, EmbeddingRequest
from assistant.llm.retry import Clock, RetryPolicy
from assistant.llm.transport import chat_call
from assistant.llm.wire import Exchange, read_chat

__all__ = ["EMBED_BATCH", "ChatClient", "OnAttempt"]

OnAttempt = Callable[[ChatReply], None]

EMBED_BATCH = 64
"""Texts in one request for vectors."""


class ChatClient:
    """Use it as ``async with ChatClient(endpoint) as client:``, within one event loop.

    ``capabilities`` are what is known of the endpoint already, so that nothing is found out twice.
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
        self.endpoint = endpoint
        self._connection = Connection(endpoint, retry or RetryPolicy(), clock or Clock())
        self._capabilities = capabilities or Capabilities()
        self._on_attempt = on_attempt
        self._exploring = asyncio.Lock()
        self._explored: set[tuple[bool, bool, bool]] = set()

    def __repr__(self) -> str:
        return f"ChatClient({self.endpoint.base_url!r}, model={self.endpoint.model!r})"

    async def __aenter__(self) -> ChatClient:
        self._connection.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._connection.close()

    @property
    def capabilities(self) -> Capabilities:
        """What is known about the endpoint by now."""
        return self._capabilities

    async def ask(
        self,
        request: ChatRequest,
        *,
        on_attempt: OnAttempt | None = None,
        before_each: Callable[[], Awaitable[None]] | None = None,
    ) -> ChatReply:
        """Put one question. ``before_each`` is awaited before each time it is sent, when there is a
        place for it; what it raises ends the question.

        Returns the last attempt's reply. Its outcome is ``failed`` when all attempts failed or the
        endpoint refused this request; ``error`` says why. Raises `ContextTooLongError` when the
        request is too long for the model (a shorter one may work) and `FatalProviderError` when no
        other question would fare better: wrong key, unknown model, wrong address, no credit,
        endpoint not there.
        """
        self._connection.open()
        self._connection.raise_if_ended()
        async with self._connection.slots:
            self._connection.raise_if_ended()
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
                            return await self._question(request, on_attempt, before_each)
                        finally:
                            self._explored.add(features)
                self._connection.raise_if_ended()
            return await self._question(request, on_attempt, before_each)

    async def models(self) -> list[str]:
        """Names of the models that the endpoint offers. Raises `ProviderError`."""
        result = await self._connection.get(lambda sdk: sdk.models.with_raw_response.list(), "")
        return model_names(result)

    async def embed(
        self,
        texts: Sequence[str],
        *,
        model: str = "",
        before_each: Callable[[EmbeddingRequest], Awaitable[None]] | None = None,
        on_attempt: Callable[[EmbeddingReply], None] | None = None,
    ) -> list[tuple[float, ...]]:
        """One vector for each text, in their order, from ``/embeddings``.

        ``before_each`` is awaited before each attempt at each request; what it raises ends all.
        ``on_attempt`` gets what came of it. Raises `ProviderError` when any part could not be had;
        what was on its way is waited for.
        """
        model = model or self.endpoint.model
        requests = [
            EmbeddingRequest(
                endpoint=self.endpoint.base_url,
                model=model,
                texts=tuple(texts[i : i + EMBED_BATCH]),
            )
            for i in range(0, len(texts), EMBED_BATCH)
        ]
        parts = await asyncio.gather(
            *(self._embed_batch(request, before_each, on_attempt) for request in requests),
            return_exceptions=True,
        )
        found: list[tuple[float, ...]] = []
        for part in parts:
            if isinstance(part, BaseException):
                raise part
            found.extend(part)
        return found

    async def _embed_batch(
        self,
        request: EmbeddingRequest,
        before_each: Callable[[EmbeddingRequest], Awaitable[None]] | None,
        on_attempt: Callable[[EmbeddingReply], None] | None,
    ) -> list[tuple[float, ...]]:
        model, texts = request.model, list(request.texts)

        async def before() -> None:
            if before_each is not None:
                await before_each(request)

        def seen(result: Exchange) -> None:
            if on_attempt is not None:
                on_attempt(read_embedding(result, request))

        result = await self._connection.get(
            lambda sdk: sdk.embeddings.with_raw_response.create(
                model=model, input=texts, encoding_format="float"
            ),
            model,
            before=before,
            seen=seen,
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
        before_each: Callable[[], Awaitable[None]] | None,
    ) -> ChatReply:
        count = 0

        async def attempt() -> tuple[Exchange, ChatReply]:
            """One attempt, with as many exchanges as it takes to find out how to ask."""
            nonlocal count
            trial: Capabilities | None = None
            first: tuple[Exchange, ChatReply] | None = None
            while True:
                capabilities = trial or self._capabilities
                if before_each is not None:
                    await before_each()
                count += 1
                body = payload(request, capabilities)
                result = await self._connection.exchange(chat_call(body), request.model)
                reply = read_chat(result, mode_of(request, capabilities), count)
                self._report(reply, on_attempt)
                problem = result.problem
                if problem is None:
                    self._capabilities = learned(self._capabilities, request, capabilities, reply)
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

        result, reply = await self._connection.with_retries(attempt, lambda pair: pair[0].problem)
        problem = result.problem
        if problem is not None:
            await self._connection.raise_if_fatal(problem, request.model)
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
