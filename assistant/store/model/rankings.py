"""Codes as `judge` ranked them for each passage."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.store.database import Store

__all__ = ["Ranked", "rankings"]


@dataclass(frozen=True)
class Ranked:
    """One code on the shortlist of one passage. A rank is no suggestion."""

    transcript_id: int
    transcript: str
    segment: int
    speaker: str
    passage: str
    code: str
    score: float
    """By the shortlist: the higher, the more alike passage and code are."""
    log_odds: float | None
    """The model's answer, where one was asked: above 0 is yes."""
    calibrated: bool
    """Whether the run could suggest anything for this transcript."""


def rankings(store: Store, run_id: int) -> tuple[Ranked, ...]:
    """All of a run's, the best first; empty for a run of another strategy than `judge`."""
    rows = store.rows(
        "SELECT t.id AS transcript_id, v.* FROM view_rankings v "
        "JOIN transcripts t ON t.name = v.transcript "
        "JOIN run_transcripts x ON x.run_id = v.run AND x.transcript_id = t.id "
        "WHERE v.run = ? ORDER BY v.score DESC, t.id, v.segment, v.code",
        (run_id,),
    )
    return tuple(
        Ranked(
            r["transcript_id"],
            r["transcript"],
            r["segment"],
            r["speaker"] or "",
            r["passage"] or "",
            r["code"],
            r["score"],
            r["log_odds"],
            bool(r["calibrated"]),
        )
        for r in rows
    )
