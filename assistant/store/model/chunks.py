"""The chunks of a run: what is asked about at once, and how far each is.

A chunk is known within its run by its key, so that a run that is opened again finds its chunks as
it left them.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.store.database import Row, Store
from assistant.store.model.reply_records import ChunkRow

__all__ = [
    "add_chunk",
    "add_chunks",
    "chunk_by_id",
    "chunks",
    "is_settled",
    "set_chunk",
]


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


def is_settled(store: Store, chunk_id: int) -> bool:
    """Whether a chunk has its results, or its halves have: one program more in the same run may
    have been quicker. What the other reply says is kept with its call, and makes nothing twice."""
    status = store.value("SELECT status FROM chunks WHERE id = ?", (chunk_id,))
    return status in ("done", "halved")


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
