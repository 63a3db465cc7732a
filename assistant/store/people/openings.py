"""What a person has been shown of a transcript, so that exposure is known and not claimed.

Rows are only ever added: one for each coder whose codes a page showed, once a day and place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.store.database import Store, now

__all__ = ["Opening", "Shown", "openings", "record_openings"]

Shown = Literal["model", "people"]


@dataclass(frozen=True)
class Opening:
    """One person was shown one coder's codes of one transcript."""

    id: int
    who: str
    transcript_id: int
    shown: Shown
    coder: str
    """Name of the coder whose codes were shown; empty when the page did not say whose."""
    place: str
    """Where: ``"transcript page"``."""
    opened_at: str


def record_openings(
    store: Store,
    who: str,
    transcript_id: int,
    *,
    model: Iterable[int] = (),
    people: Iterable[int | None] = (),
    place: str,
) -> int:
    """Record that ``who`` is shown the codes of these coders (ids); how many rows are new.

    None stands for people of whom it is not known who they were. ``who``'s own codes are hers: she
    is left out where her name is a coder's.
    """
    at = now()
    new = 0
    wanted: list[tuple[Shown, int | None]] = [("model", key) for key in model]
    wanted += [("people", key) for key in people]
    known = {
        (r["shown"], r["coder_id"])
        for r in store.rows(
            "SELECT shown, coder_id FROM openings WHERE who = ? AND transcript_id = ? "
            "AND place = ? AND substr(opened_at, 1, 10) = substr(?, 1, 10)",
            (who, transcript_id, place, at),
        )
    }
    wanted = [one for one in wanted if one not in known]
    if not wanted:
        return 0  # whoever reads a page again waits for nobody who writes
    with store.transaction():
        for shown, coder_id in wanted:
            new += len(
                store.rows(
                    "INSERT INTO openings (who, transcript_id, shown, coder_id, place, opened_at) "
                    "SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM openings "
                    "WHERE who = ?1 AND transcript_id = ?2 AND shown = ?3 AND coder_id IS ?4 "
                    "AND place = ?5 AND substr(opened_at, 1, 10) = substr(?6, 1, 10)) "
                    "AND NOT EXISTS (SELECT 1 FROM coders WHERE id = ?4 AND kind = 'human' "
                    "AND name = ?1) RETURNING id",
                    (who, transcript_id, shown, coder_id, place, at),
                )
            )
    return new


def openings(store: Store, who: str = "", transcript_id: int | None = None) -> tuple[Opening, ...]:
    """What was shown, oldest first; of everybody and of all transcripts unless said."""
    rows = store.rows(
        "SELECT o.*, coalesce(c.name, '') AS coder FROM openings o "
        "LEFT JOIN coders c ON c.id = o.coder_id "
        "WHERE ? IN ('', o.who) AND (? IS NULL OR o.transcript_id = ?) ORDER BY o.id",
        (who, transcript_id, transcript_id),
    )
    return tuple(
        Opening(
            r["id"],
            r["who"],
            r["transcript_id"],
            r["shown"],
            r["coder"],
            r["place"],
            r["opened_at"],
        )
        for r in rows
    )
