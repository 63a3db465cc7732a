"""What leaves the study beside people's codings: suggestions with what was decided about them.

Read transcript by transcript, so that a study of any size leaves in bounded memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.store.database import Store
from assistant.store.people.coders import coder_from
from assistant.store.records import Coder

__all__ = ["DecidedSuggestion", "decided_suggestions"]


@dataclass(frozen=True)
class DecidedSuggestion:
    """A suggestion with its coder and what holds now; ``decision`` is ``open`` before any."""

    guid: str
    run_id: int
    recipe_sha256: str
    coder: Coder
    code: str
    start: int
    end: int
    quote: str
    rationale: str
    confidence: float | None
    probability: float | None
    made_at: str
    decision: str
    reviewer: str = ""
    decided_at: str = ""
    reason: str = ""
    because: str = ""
    """Why a bulk decision was made against the evidence."""


def decided_suggestions(store: Store, transcript_id: int) -> tuple[DecidedSuggestion, ...]:
    """All suggestions of a transcript, of every run, in the order of the text."""
    rows = store.rows(
        """
        SELECT s.*, r.recipe_sha256, c.id AS c_id, c.name AS c_name, c.kind AS c_kind,
               c.recipe_sha256 AS c_recipe, coalesce(d.decision, 'open') AS decision,
               coalesce(d.reviewer, '') AS reviewer, coalesce(d.decided_at, '') AS decided_at,
               coalesce(d.reason, '') AS reason, coalesce(b.because, '') AS because
        FROM suggestions s
        JOIN runs r ON r.id = s.run_id
        JOIN coders c ON c.id = r.coder_id
        LEFT JOIN current_decisions d ON d.suggestion_id = s.id
        LEFT JOIN bulk_decisions b ON b.id = d.bulk_id
        WHERE s.transcript_id = ?
        ORDER BY s.start_char, s.end_char, s.code, s.id""",
        (transcript_id,),
    )
    found = []
    for r in rows:
        plain = coder_from(r, "c_")
        found.append(
            DecidedSuggestion(
                r["guid"],
                r["run_id"],
                r["recipe_sha256"],
                Coder(plain.id, plain.name, plain.kind, r["c_recipe"] or r["recipe_sha256"]),
                r["code"],
                r["start_char"],
                r["end_char"],
                r["quote"],
                r["rationale"],
                r["confidence"],
                r["probability"],
                r["created_at"],
                r["decision"],
                r["reviewer"],
                r["decided_at"],
                r["reason"],
                r["because"],
            )
        )
    return tuple(found)
