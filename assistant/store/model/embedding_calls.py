"""Requests for vectors to an endpoint: what was asked for, by hash, and what came of it.

The texts are not kept, and the vectors stand in ``vectors``, where the same text is found again.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.llm.records import EmbeddingReply
from assistant.store.database import Store, now

__all__ = ["embedded_at", "name_run", "record_embedding_call"]


def record_embedding_call(
    store: Store, reply: EmbeddingReply, *, run_id: int | None, cost: float | None
) -> int:
    """Store one attempt; its id. ``run_id`` is None while a run is being prepared."""
    request = reply.request
    return store.write(
        "INSERT INTO embedding_calls (run_id, request_sha256, endpoint, model, response_model, "
        "texts, dimensions, outcome, error, http_status, input_tokens, cost, latency_ms, "
        "received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run_id,
            request.sha256,
            request.endpoint,
            request.model,
            reply.model,
            len(request.texts),
            reply.dimensions,
            reply.outcome,
            reply.error,
            reply.http_status,
            reply.input_tokens,
            cost,
            reply.latency_ms,
            now(),
        ),
    )


def name_run(store: Store, calls: Sequence[int], run_id: int) -> None:
    """The run that calls were made for, which is known once everything is prepared."""
    store.write_many(
        "UPDATE embedding_calls SET run_id = ? WHERE id = ?", [(run_id, key) for key in calls]
    )


def embedded_at(store: Store, endpoint: str) -> bool:
    """Whether texts have been sent to this address for vectors before."""
    found = store.value(
        "SELECT EXISTS (SELECT 1 FROM embedding_calls WHERE endpoint = ?)", (endpoint,)
    )
    return bool(found)
