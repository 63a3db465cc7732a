"""Runs, their chunks and calls.

The order is law: request, hash, look up, send, `record_call` with the raw reply, and only then
parse. Each of these writes is its own transaction, so that a process killed at any moment loses no
reply that had arrived.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from assistant.llm.records import ChatReply
from assistant.store.coders import coder_from
from assistant.store.database import Row, Store, now
from assistant.store.records import CallRow, ChunkRow, Coder, RunRow, SegmentOutcome

__all__ = [
    "add_chunk",
    "add_chunks",
    "call",
    "calls_gone_wrong",
    "calls_of_chunk",
    "chunk_by_id",
    "chunks",
    "count_outcomes",
    "finish_run",
    "open_run",
    "record_call",
    "record_request",
    "record_requests",
    "request_body",
    "reusable_call",
    "run",
    "runs",
    "segment_outcomes",
    "set_call_outcome",
    "set_chunk",
    "set_run_fit",
    "set_segment_outcomes",
    "single_segment_status",
    "usage",
]

_RUN = """
    SELECT r.*, c.id AS c_id, c.name AS c_name, c.kind AS c_kind,
           (SELECT json_group_array(json_array(x.transcript_id, x.fit_sha256))
            FROM run_transcripts x WHERE x.run_id = r.id) AS covered
    FROM runs r JOIN coders c ON c.id = r.coder_id
"""


def open_run(
    store: Store,
    run_key: str,
    *,
    recipe_sha256: str,
    repeat: int,
    coder: Coder,
    strategy: str,
    codebook_sha256: str,
    prompt_sha256: str,
    header: Mapping[str, Any],
    transcripts: Sequence[tuple[int, str]],
) -> tuple[RunRow, bool]:
    """The run with this key, made when new: (run, whether it was there).

    ``transcripts`` are (transcript id, hash of its fit or ``""``). A run that is reopened keeps its
    first header; what is different now is for the caller to add with `finish_run`.
    """
    with store.transaction():
        found = store.row(_RUN + "WHERE r.run_key = ?", (run_key,))
        if found is not None:
            store.write("UPDATE runs SET status = 'running' WHERE id = ?", (found["id"],))
            return run(store, found["id"]), True
        key = store.write(
            "INSERT INTO runs (run_key, recipe_sha256, repeat, coder_id, strategy, "
            "codebook_sha256, prompt_sha256, status, header, started_at) "
            "VALUES (?, ?, ?, ?, ?, ?, nullif(?, ''), 'running', ?, ?)",
            (
                run_key,
                recipe_sha256,
                repeat,
                coder.id,
                strategy,
                codebook_sha256,
                prompt_sha256,
                json.dumps(header, ensure_ascii=False),
                now(),
            ),
        )
        store.write_many(
            "INSERT INTO run_transcripts (run_id, transcript_id, fit_sha256) "
            "VALUES (?, ?, nullif(?, ''))",
            [(key, transcript_id, fit) for transcript_id, fit in transcripts],
        )
    return run(store, key), False


def set_run_fit(store: Store, run_id: int, transcript_id: int, fit_sha256: str) -> None:
    """Record which calibration a transcript of a run was decided with."""
    store.write(
        "UPDATE run_transcripts SET fit_sha256 = ? WHERE run_id = ? AND transcript_id = ?",
        (fit_sha256, run_id, transcript_id),
    )


def finish_run(
    store: Store,
    run_id: int,
    status: str,
    why: str,
    header: Mapping[str, Any] | None = None,
    *,
    ended_at: str = "",
) -> None:
    """Set how a run stands: ``complete`` or ``partial`` with a sentence that says which is open.

    ``ended_at`` keeps an earlier time for a run that was only looked at again.
    """
    with store.transaction():
        store.write(
            "UPDATE runs SET status = ?, why = ?, ended_at = ? WHERE id = ?",
            (status, why, ended_at or now(), run_id),
        )
        if header is not None:
            store.write(
                "UPDATE runs SET header = ? WHERE id = ?",
                (json.dumps(header, ensure_ascii=False), run_id),
            )


def run(store: Store, run_id: int) -> RunRow:
    """Raises KeyError when there is no such run."""
    row = store.row(_RUN + "WHERE r.id = ?", (run_id,))
    if row is None:
        raise KeyError(run_id)
    return _run(row)


def runs(store: Store) -> tuple[RunRow, ...]:
    """All runs, oldest first."""
    return tuple(_run(row) for row in store.rows(_RUN + "ORDER BY r.id"))


def _run(r: Row) -> RunRow:
    covered = sorted(json.loads(r["covered"]))
    return RunRow(
        id=r["id"],
        run_key=r["run_key"],
        recipe_sha256=r["recipe_sha256"],
        repeat=r["repeat"],
        coder=coder_from(r, "c_"),
        strategy=r["strategy"],
        codebook_sha256=r["codebook_sha256"],
        prompt_sha256=r["prompt_sha256"] or "",
        status=r["status"],
        why=r["why"],
        header=json.loads(r["header"]),
        started_at=r["started_at"],
        ended_at=r["ended_at"] or "",
        transcripts=tuple(item[0] for item in covered),
        fits={item[0]: item[1] for item in covered if item[1]},
    )


# --- requests, chunks, calls -----------------------------------------------------------------


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


def add_chunk(
    store: Store,
    run_id: int,
    transcript_id: int,
    chunk_key: str,
    first_segment: int,
    last_segment: int,
    request_sha256: str,
    *,
    code: str = "",
    parent_id: int | None = None,
) -> ChunkRow:
    """The chunk of a run with this key, made when new."""
    store.write(
        "INSERT INTO chunks (run_id, transcript_id, chunk_key, first_segment, last_segment, code, "
        "request_sha256, parent_id, status) VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?, 'open') "
        "ON CONFLICT (run_id, chunk_key) DO NOTHING",
        (
            run_id,
            transcript_id,
            chunk_key,
            first_segment,
            last_segment,
            code,
            request_sha256,
            parent_id,
        ),
    )
    row = store.row("SELECT * FROM chunks WHERE run_id = ? AND chunk_key = ?", (run_id, chunk_key))
    assert row is not None
    return _chunk(row)


def add_chunks(
    store: Store,
    run_id: int,
    planned: Sequence[tuple[int, str, int, int, str, str]],
) -> None:
    """Many chunks at once, as (transcript id, key, first and last segment, code or "", request).

    Requests must be recorded before. Chunks that are there stay as they are.
    """
    store.write_many(
        "INSERT INTO chunks (run_id, transcript_id, chunk_key, first_segment, last_segment, code, "
        "request_sha256, status) VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, 'open') "
        "ON CONFLICT (run_id, chunk_key) DO NOTHING",
        [(run_id, *row) for row in planned],
    )


def set_chunk(store: Store, chunk_id: int, status: str, why: str = "") -> None:
    store.write("UPDATE chunks SET status = ?, why = ? WHERE id = ?", (status, why, chunk_id))


def chunk_by_id(store: Store, chunk_id: int) -> ChunkRow:
    row = store.row("SELECT * FROM chunks WHERE id = ?", (chunk_id,))
    if row is None:
        raise KeyError(chunk_id)
    return _chunk(row)


def chunks(store: Store, run_id: int) -> tuple[ChunkRow, ...]:
    rows = store.rows("SELECT * FROM chunks WHERE run_id = ? ORDER BY id", (run_id,))
    return tuple(_chunk(row) for row in rows)


def _chunk(r: Row) -> ChunkRow:
    return ChunkRow(
        r["id"],
        r["run_id"],
        r["transcript_id"],
        r["chunk_key"],
        r["first_segment"],
        r["last_segment"],
        r["code"] or "",
        r["request_sha256"],
        r["parent_id"],
        r["status"],
        r["why"],
    )


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
    """Store one attempt, raw reply first of all; its id."""
    return store.write(
        """
        INSERT INTO calls (run_id, chunk_id, request_sha256, repeat, attempt, outcome, reply_text,
            raw, error, http_status, finish_reason, response_model, structured_mode, input_tokens,
            output_tokens, cached_tokens, cost, latency_ms, received_at, reused_call_id)
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
    store.write("UPDATE calls SET outcome = ?, error = ? WHERE id = ?", (outcome, error, call_id))


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


def calls_of_chunk(store: Store, chunk_id: int) -> tuple[CallRow, ...]:
    rows = store.rows(_CALL + "WHERE chunk_id = ? ORDER BY id", (chunk_id,))
    return tuple(CallRow(*row) for row in rows)


def calls_gone_wrong(store: Store, run_id: int) -> tuple[CallRow, ...]:
    """Calls of a run that were not answered as asked, in the order of its chunks."""
    rows = store.rows(
        _CALL + "WHERE run_id = ? AND outcome != 'ok' ORDER BY chunk_id, id", (run_id,)
    )
    return tuple(CallRow(*row) for row in rows)


def usage(store: Store, run_id: int) -> dict[str, float | int | None]:
    """Calls made (not reused), tokens and cost of a run so far. Cost is None when not known."""
    row = store.row(
        "SELECT count(*) AS calls, sum(input_tokens) AS tokens_in, "
        "sum(output_tokens) AS tokens_out, sum(cached_tokens) AS tokens_cached, "
        "sum(cost) AS cost, sum(latency_ms) AS latency_ms FROM calls "
        "WHERE run_id = ? AND reused_call_id IS NULL",
        (run_id,),
    )
    return {} if row is None else dict(row)


# --- what became of each segment ---------------------------------------------------------------


def set_segment_outcomes(store: Store, run_id: int, outcomes: Iterable[SegmentOutcome]) -> None:
    store.write_many(
        "INSERT INTO segment_outcomes (run_id, transcript_id, segment, status, why) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (run_id, transcript_id, segment) "
        "DO UPDATE SET status = excluded.status, why = excluded.why",
        [(run_id, o.transcript_id, o.segment, o.status, o.why) for o in outcomes],
    )


def segment_outcomes(
    store: Store, run_id: int, transcript_id: int | None = None
) -> tuple[SegmentOutcome, ...]:
    rows = store.rows(
        "SELECT transcript_id, segment, status, why FROM segment_outcomes "
        "WHERE run_id = ? AND (? IS NULL OR transcript_id = ?) ORDER BY transcript_id, segment",
        (run_id, transcript_id, transcript_id),
    )
    return tuple(SegmentOutcome(*row) for row in rows)


def single_segment_status(
    store: Store, run_id: int, transcript_id: int, segment: int
) -> Literal["coded", "coded-empty", "failed"] | None:
    """Outcome of a segment that several chunks share; None while one of them is open."""
    statuses = {
        r["status"]
        for r in store.rows(
            "SELECT status FROM chunks WHERE run_id = ? AND transcript_id = ? "
            "AND first_segment <= ? AND last_segment >= ? AND status <> 'halved'",
            (run_id, transcript_id, segment, segment),
        )
    }
    if "failed" in statuses:
        return "failed"
    if "open" in statuses:
        return None
    found = store.value(
        "SELECT EXISTS (SELECT 1 FROM suggestions WHERE run_id = ? AND transcript_id = ? "
        "AND segment = ?)",
        (run_id, transcript_id, segment),
    )
    return "coded" if found else "coded-empty"


def count_outcomes(store: Store, run_id: int) -> dict[str, dict[str, int]]:
    """How often each outcome occurred: ``calls``, ``segments``, ``suggestions``, ``unplaced``."""
    counts: dict[str, dict[str, int]] = {}
    for name, column, table in (
        ("calls", "outcome", "calls"),
        ("segments", "status", "segment_outcomes"),
        ("chunks", "status", "chunks"),
        ("suggestions", "anchoring", "suggestions"),
        ("unplaced", "status", "unplaced"),
    ):
        rows = store.rows(
            f"SELECT {column} AS kind, count(*) AS n FROM {table} WHERE run_id = ? "
            f"GROUP BY {column} ORDER BY {column}",
            (run_id,),
        )
        counts[name] = {r["kind"]: r["n"] for r in rows}
    counts["uncoded"] = {
        "no code fits": store.value("SELECT count(*) FROM uncoded WHERE run_id = ?", (run_id,))
    }
    return counts
