"""Checks against drowsiness: planted wrong suggestions and passages without one, for one reviewer.

They are no suggestions and never become decisions: a table of their own, which nothing else reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.store.database import Row, Store, now

__all__ = ["Answer", "Check", "NewCheck", "add_checks", "answer_check", "check", "checks"]

CheckKind = Literal["planted", "empty"]
Answer = Literal["accept", "reject", "amend", "added", "nothing"]


@dataclass(frozen=True)
class NewCheck:
    kind: CheckKind
    segment: int
    start: int
    end: int
    code: str
    """Planted: the wrong code. Empty: none."""


@dataclass(frozen=True)
class Check(NewCheck):
    id: int
    who: str
    run_id: int
    transcript_id: int
    answer: Answer | None
    seconds: float | None


def add_checks(
    store: Store, who: str, run_id: int, transcript_id: int, new: Sequence[NewCheck]
) -> None:
    """Store them once: a segment that has a check of this person keeps it."""
    store.write_many(
        "INSERT INTO checks (who, run_id, transcript_id, kind, segment, start_char, end_char, "
        "code, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (who, run_id, transcript_id, c.kind, c.segment, c.start, c.end, c.code, now())
            for c in new
        ],
    )


def checks(
    store: Store, who: str, run_id: int | None = None, transcript_id: int | None = None
) -> tuple[Check, ...]:
    """One person's checks, in the order of the text. Nobody else's are ever given."""
    rows = store.rows(
        "SELECT * FROM checks WHERE who = ?1 AND (?2 IS NULL OR run_id = ?2) "
        "AND (?3 IS NULL OR transcript_id = ?3) ORDER BY run_id, transcript_id, start_char",
        (who, run_id, transcript_id),
    )
    return tuple(_check(r) for r in rows)


def check(store: Store, check_id: int, who: str) -> Check | None:
    """None when there is none of this number for this person."""
    row = store.row("SELECT * FROM checks WHERE id = ? AND who = ?", (check_id, who))
    return None if row is None else _check(row)


def answer_check(store: Store, check_id: int, answer: Answer, seconds: float | None) -> bool:
    """Keep the first answer; False when there is one already."""
    with store.transaction():
        open_ = store.value("SELECT 1 FROM checks WHERE id = ? AND answer IS NULL", (check_id,))
        if open_:
            store.write(
                "UPDATE checks SET answer = ?, seconds = ?, answered_at = ? WHERE id = ?",
                (answer, seconds, now(), check_id),
            )
    return bool(open_)


def _check(r: Row) -> Check:
    return Check(
        r["kind"],
        r["segment"],
        r["start_char"],
        r["end_char"],
        r["code"],
        r["id"],
        r["who"],
        r["run_id"],
        r["transcript_id"],
        r["answer"],
        r["seconds"],
    )
