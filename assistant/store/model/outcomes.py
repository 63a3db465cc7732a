"""What became of each segment of a run, and how often each outcome occurred.

A segment that failed stays apart from one in which nothing was found: it is missing, not "no". What
`judge` stores as found empty is told apart when shown: it may never have been asked about, or only
have been ranked, because nothing could be calibrated. Figures know this too: one that was only
ranked is no "no" (`eval.units.loading`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from assistant.store.database import Store
from assistant.store.model.reply_records import SegmentOutcome

__all__ = [
    "NOT_ASKED",
    "count_outcomes",
    "segment_outcomes",
    "set_segment_outcomes",
    "shown_outcomes",
    "single_segment_status",
]

NOT_ASKED = "ranked, not asked about: "
"""What ``why`` begins with where `judge` passed a segment over."""

_SHOWN = f"""
    SELECT o.transcript_id, o.segment,
        CASE WHEN o.status <> 'coded-empty' OR r.strategy <> 'judge' THEN o.status
             WHEN o.why LIKE '{NOT_ASKED}%' THEN 'not-asked'
             WHEN x.fit_sha256 IS NULL THEN 'ranked'
             ELSE o.status END AS status,
        o.why
    FROM segment_outcomes o
    JOIN runs r ON r.id = o.run_id
    JOIN run_transcripts x ON x.run_id = o.run_id AND x.transcript_id = o.transcript_id
    WHERE o.run_id = ?"""


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


def shown_outcomes(store: Store, run_id: int) -> tuple[tuple[int, int, str, str], ...]:
    """(transcript id, segment, status, why) as people are told.

    Besides the stored ones there are ``not-asked`` (`judge` passed it over) and ``ranked`` (nothing
    could be calibrated, so nothing is suggested and nothing was found empty).
    """
    rows = store.rows(f"{_SHOWN} ORDER BY o.transcript_id, o.segment", (run_id,))
    return tuple(
        (r["transcript_id"], r["segment"], r["status"], r["why"].removeprefix(NOT_ASKED))
        for r in rows
    )


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
    """How often each outcome occurred: ``calls``, ``segments``, ``suggestions``, ``unplaced``.

    Segments are counted as `shown_outcomes` tells them.
    """
    counts: dict[str, dict[str, int]] = {}
    for name, column, table in (
        ("calls", "outcome", "calls"),
        ("segments", "status", ""),
        ("chunks", "status", "chunks"),
        ("suggestions", "anchoring", "suggestions"),
        ("unplaced", "status", "unplaced"),
    ):
        source = f"({_SHOWN})" if name == "segments" else f"{table} WHERE run_id = ?"
        rows = store.rows(
            f"SELECT {column} AS kind, count(*) AS n FROM {source} "
            f"GROUP BY {column} ORDER BY {column}",
            (run_id,),
        )
        counts[name] = {r["kind"]: r["n"] for r in rows}
    counts["uncoded"] = {
        "no code fits": store.value("SELECT count(*) FROM uncoded WHERE run_id = ?", (run_id,))
    }
    return counts
