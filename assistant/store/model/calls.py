"""Requests, and the calls that put them to a model.

The order is law: request, hash, look up, send, `record_call` with the raw reply, and only then
parse. Each of these writes is its own transaction, so that a process killed at any moment loses no
reply that had arrived.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.llm.records import ChatReply
from assistant.store.database import Store, now
from assistant.store.model.reply_records import CallRow
from assistant.store.model.words_kept import check_chunk_not_withdrawn

__all__ = [
    "call",
    "calls_gone_wrong",
    "record_call",
    "record_request",
    "record_requests",
    "request_body",
    "reusable_call",
    "set_call_outcome",
    "usage",
]


def record_requests(store: Store, requests: Sequence[tuple[str, str]]) -> None:
    """(hash, body) of many requests in one transaction."""
    store.write_many(
        "INSERT INTO requests (sha256, body, recorded_at) VALUES (?, ?, ?) "
        "ON CONFLICT (sha256) DO NOTHING",
        [(sha256, body, now()) for sha256, body in requests],
    )


def record_request(store: Store, sha256: str, body: str) -> None:
    store.write(
        "INSERT INTO requests (sha256, body, recorded_at) VALUES (?, ?, ?) "
        "ON CONFLICT (sha256) DO NOTHING",
        (sha256, body, now()),
    )


def request_body(store: Store, sha256: str) -> str:
    """The request as JSON text; empty after a withdrawal. Raises KeyError."""
    body = store.value("SELECT body FROM requests WHERE sha256 = ?", (sha256,))
    if body is None:
        raise KeyError(sha256)
    return str(body)


def record_call(
    store: Store,
    run_id: int,
    chunk_id: int,
    request_sha256: str,
    repeat: int,
    attempt: int,
    reply: ChatReply,
    *,
    cost: float | None = None,
    reused_call_id: int | None = None,
) -> int:
    """Store one attempt, raw reply first of all; its id.

    Raises `UserError` where its transcript was withdrawn since it was asked.
    """
    with store.transaction():
        check_chunk_not_withdrawn(store, chunk_id)
        return store.write(
            """
            INSERT INTO calls (run_id, chunk_id, request_sha256, repeat, attempt, outcome,
                reply_text, raw, error, http_status, finish_reason, response_model,
                structured_mode, input_tokens, output_tokens, cached_tokens, cost, latency_ms,
                received_at, reused_call_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                run_id,
                chunk_id,
                request_sha256,
                repeat,
                attempt,
                reply.outcome,
                reply.text or reply.refusal,
                reply.raw,
                reply.error,
                reply.http_status,
                reply.finish_reason,
                reply.model,
                reply.mode,
                reply.input_tokens,
                reply.output_tokens,
                reply.cached_tokens,
                cost,
                reply.latency_ms,
                now(),
                reused_call_id,
            ),
        )


def set_call_outcome(store: Store, call_id: int, outcome: str, error: str) -> None:
    """After parsing: a reply that arrived well and is not what was asked for is ``invalid``."""
    store.write(
        "UPDATE calls SET outcome = ?, error = CASE WHEN EXISTS (SELECT 1 FROM chunks c "
        "JOIN transcripts t ON t.id = c.transcript_id WHERE c.id = calls.chunk_id "
        "AND t.withdrawn_at IS NOT NULL) THEN '' ELSE ? END WHERE id = ?",
        (outcome, error, call_id),
    )


_CALL = (
    "SELECT id, run_id, chunk_id, request_sha256, repeat, attempt, outcome, reply_text, raw, "
    "error, http_status, finish_reason, response_model, structured_mode, input_tokens, "
    "output_tokens, cached_tokens, cost, latency_ms, received_at, reused_call_id FROM calls "
)


def reusable_call(
    store: Store, request_sha256: str, repeat: int, *, open_chunk_id: int | None = None
) -> CallRow | None:
    """The first good reply to this very request and repeat number, in whatever run.

    With ``open_chunk_id``, also the last reply of any kind that came for that chunk: the program
    ended before it was dealt with. A withdrawn reply is not reused: its text is gone.
    """
    row = store.row(
        _CALL + "WHERE request_sha256 = ? AND repeat = ? AND raw <> '' AND (outcome = 'ok' OR "
        "(chunk_id = ? AND outcome <> 'failed' AND http_status < 300)) "
        "ORDER BY chunk_id IS NOT ?, outcome <> 'ok', reused_call_id IS NOT NULL, "
        "CASE outcome WHEN 'ok' THEN id ELSE -id END LIMIT 1",
        (request_sha256, repeat, open_chunk_id, open_chunk_id),
    )
    return None if row is None else CallRow(*row)


def call(store: Store, call_id: int) -> CallRow:
    row = store.row(_CALL + "WHERE id = ?", (call_id,))
    if row is None:
        raise KeyError(call_id)
    return CallRow(*row)


def calls_gone_wrong(store: Store, run_id: int) -> tuple[CallRow, ...]:
    """Calls of a run that were not answered as asked, in the order of its chunks."""
    rows = store.rows(
        _CALL + "WHERE run_id = ? AND outcome != 'ok' ORDER BY chunk_id, id", (run_id,)
    )
    return tuple(CallRow(*row) for row in rows)


def usage(store: Store, run_id: int) -> dict[str, float | int | None]:
    """Calls made (not reused), tokens and cost of a run so far. Cost is None when not known.

    Requests for vectors are among them, and are also given by themselves (``embedding_…``).
    """
    row = store.row(
        "SELECT count(*) AS calls, sum(input_tokens) AS tokens_in, "
        "sum(output_tokens) AS tokens_out, sum(cached_tokens) AS tokens_cached, "
        "sum(cost) AS cost, sum(latency_ms) AS latency_ms, "
        "sum(embedding) AS embedding_calls, sum(texts) AS embedding_texts FROM ("
        "SELECT input_tokens, output_tokens, cached_tokens, cost, latency_ms, 0 AS embedding, "
        "0 AS texts FROM calls WHERE run_id = ? AND reused_call_id IS NULL UNION ALL "
        "SELECT input_tokens, NULL, NULL, cost, latency_ms, 1, texts FROM embedding_calls "
        "WHERE run_id = ?)",
        (run_id, run_id),
    )
    return {} if row is None else dict(row)
