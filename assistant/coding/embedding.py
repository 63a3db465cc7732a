"""Vectors from an endpoint for the shortlist of `judge`, under the rules of every other request.

Passages leave the computer for it, so consent is checked and names are replaced before; each
request has its row (`assistant.store.model.embedding_calls`), and limits on calls and cost hold.
Planning sends nothing: an embedder without a sender raises `NotSent` where it would have to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.coding.asking import Limits
from assistant.coding.opening import CodeOptions
from assistant.coding.settings import Settings
from assistant.llm.bridge import run_async
from assistant.llm.client import EMBED_BATCH, ChatClient
from assistant.llm.embedded.embeddings import EndpointEmbedder
from assistant.llm.endpoint import Endpoint
from assistant.llm.prices import Prices, cost_of
from assistant.llm.records import EmbeddingReply, EmbeddingRequest
from assistant.llm.tokens import TokenCounter
from assistant.store.database import Store
from assistant.store.model.embedding_calls import name_run, record_embedding_call
from assistant.study import Study

__all__ = ["EmbeddingSender", "NotSent", "ToEmbed", "embedding_prices", "endpoint_embedder"]


class NotSent(Exception):
    """A vector is wanted that is not in the study, and nothing may be sent now."""


@dataclass(frozen=True)
class ToEmbed:
    """What a run will send for embedding before it knows its questions."""

    endpoint: str
    model: str
    texts: tuple[str, ...]
    """As they will be sent, in their order."""
    tokens: int
    """Over-estimated where the model's own table is not here."""
    first: tuple[str, ...]
    """The texts of the first request; passages of one transcript alone."""
    cost: float | None
    """At most; None where no price is known."""
    about: dict[int, tuple[EmbeddingRequest, ...]] = field(default_factory=dict)
    """Transcript to be coded -> the requests with its passages, then with the codes, as a run about
    it alone will send them. Empty where all of them have been sent before."""

    @property
    def requests(self) -> int:
        return -(-len(self.texts) // EMBED_BATCH)


class EmbeddingSender:
    """Sends texts and brings vectors; raises `LimitReached` and what `ChatClient.embed` raises."""

    def __init__(
        self, study: Study, store: Store, settings: Settings, options: CodeOptions
    ) -> None:
        config = study.config.endpoint
        self._endpoint = Endpoint(
            base_url=settings.embedding_url,
            model=settings.embedding_model,
            api_key_env=config.api_key_env,
            api_version=config.api_version,
            timeout_seconds=config.timeout_seconds,
            max_concurrency=config.max_concurrency,
        )
        self._store = store
        self._retry = options.retry
        self._prices = embedding_prices(settings)
        self._counter = TokenCounter(settings.embedding_model)
        self._run_id: int | None = None
        self._calls: list[int] = []
        self.limits = Limits(options.max_calls, options.max_cost, options.deadline(), self._prices)

    def for_run(self, run_id: int) -> None:
        """What was sent so far was for this run, and what follows is."""
        name_run(self._store, self._calls, run_id)
        self._calls = []
        self._run_id = run_id

    def __call__(self, texts: list[str]) -> list[tuple[float, ...]]:
        under_way: dict[str, float] = {}

        async def before(request: EmbeddingRequest) -> None:
            tokens = sum(self._counter.count(text) for text in request.texts)
            under_way[request.sha256] = await self.limits.reserve(tokens, 0)

        def keep(reply: EmbeddingReply) -> None:
            used = reply.input_tokens
            cost = None if used is None else cost_of(self._prices, used, 0)
            status = reply.http_status or 0
            turned_away = cost is None and 400 <= status < 500 and status != 408
            self.limits.settle(under_way.pop(reply.request.sha256), 0.0 if turned_away else cost)
            self._calls.append(
                record_embedding_call(self._store, reply, run_id=self._run_id, cost=cost)
            )

        async def work() -> list[tuple[float, ...]]:
            async with ChatClient(self._endpoint, retry=self._retry) as client:
                return await client.embed(texts, before_each=before, on_attempt=keep)

        try:
            return run_async(work())
        finally:
            for most in under_way.values():
                self.limits.settle(most, None)


def endpoint_embedder(
    study: Study, settings: Settings, send: EmbeddingSender | None
) -> EndpointEmbedder:
    """The endpoint's embedding; without ``send`` it raises `NotSent` when asked for anything."""

    def refuse(texts: list[str]) -> Sequence[Sequence[float]]:
        raise NotSent

    config = study.config.endpoint
    return EndpointEmbedder(
        settings.embedding_model,
        refuse if send is None else send,
        address=settings.embedding_url,
        query_prefix=config.embedding_query_prefix,
        passage_prefix=config.embedding_passage_prefix,
        # So many at once that the endpoint is kept busy, and few enough to lose at a fault.
        batch=EMBED_BATCH * config.max_concurrency,
    )


def embedding_prices(settings: Settings) -> Prices:
    """Only what is sent costs something."""
    return Prices(input=settings.embedding_price, output=0.0, currency=settings.prices.currency)
