"""What became of each segment of a run, and how often each outcome occurred.

A segment that failed stays apart from one in which nothing was found: it is missing, not "no".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from assistant.store.database import Store
from assistant.store.records import SegmentOutcome

__all__ = [
    "count_outcomes",
    "segment_outcomes",
    "set_segment_outcomes",
    "single_segment_status",
]


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
