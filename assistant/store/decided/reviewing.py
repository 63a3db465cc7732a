"""What the pages need to know of decisions and of codings made while reading.

The last row about a suggestion is what two windows compare before either adds another.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.store.database import Row, Store
from assistant.store.people.codings import codings
from assistant.store.people.memos import Memo, memos
from assistant.store.records import Coding, DecisionKind

__all__ = [
    "Standing",
    "coding_by_id",
    "delete_own_coding",
    "hold",
    "is_unfinished_blind",
    "last_standing",
    "reviewers",
    "shown_codings",
    "shown_memos",
    "standings",
    "unfinished_blind",
]


@dataclass(frozen=True)
class Standing:
    """What was done last about a suggestion, and what holds of it since: after an undoing that is
    an older decision, or none."""

    decision_id: int
    """Number of the newest row."""
    suggestion_id: int
    done: DecisionKind
    done_by: str
    done_at: str
    decision: str
    """What holds: ``accept``, ``reject``, ``amend``, and who said it when and why; or ``open``."""
    who: str
    at: str
    reason: str
    bulk_id: int | None
    coding_id: int | None


_NEWEST = """
    SELECT d.id, d.suggestion_id, d.decision AS done, d.reviewer AS done_by,
           d.decided_at AS done_at, coalesce(c.decision, 'open') AS decision,
           coalesce(c.reviewer, '') AS who, coalesce(c.decided_at, '') AS at,
           coalesce(c.reason, '') AS reason, c.bulk_id, c.coding_id
    FROM decisions d LEFT JOIN current_decisions c ON c.suggestion_id = d.suggestion_id
    WHERE d.id = (SELECT later.id FROM decisions later
                  WHERE later.suggestion_id = d.suggestion_id
                  ORDER BY later.decided_at DESC, later.id DESC LIMIT 1)
"""


def hold(store: Store) -> None:
    """Within a transaction: let no other program write until it ends, so that what is read next
    is still so when something is written after it."""
    store.write("DELETE FROM decisions WHERE 0")


def standings(store: Store, run_id: int, transcript_id: int) -> dict[int, Standing]:
    """By suggestion; those that were never decided on are not in it."""
    rows = store.rows(
        _NEWEST + "AND d.suggestion_id IN "
        "(SELECT id FROM suggestions WHERE run_id = ? AND transcript_id = ?)",
        (run_id, transcript_id),
    )
    return {r["suggestion_id"]: _standing(r) for r in rows}


def last_standing(store: Store, suggestion_id: int) -> Standing | None:
    row = store.row(_NEWEST + "AND d.suggestion_id = ?", (suggestion_id,))
    return None if row is None else _standing(row)


def _standing(r: Row) -> Standing:
    return Standing(
        r["id"],
        r["suggestion_id"],
        r["done"],
        r["done_by"],
        r["done_at"],
        r["decision"],
        r["who"],
        r["at"],
        r["reason"],
        r["bulk_id"],
        r["coding_id"],
    )


def reviewers(store: Store, transcript_id: int) -> tuple[tuple[str, str, str], ...]:
    """(reviewer, model coder, time of the first decision) of all who decided on suggestions of this
    transcript: one by one, since for a bulk decision nobody looks at each passage."""
    rows = store.rows(
        "SELECT d.reviewer, c.name, min(d.decided_at) AS at FROM decisions d "
        "JOIN suggestions s ON s.id = d.suggestion_id JOIN runs r ON r.id = s.run_id "
        "JOIN coders c ON c.id = r.coder_id WHERE s.transcript_id = ? AND d.bulk_id IS NULL "
        "GROUP BY d.reviewer, c.name",
        (transcript_id,),
    )
    return tuple((r["reviewer"], r["name"], r["at"]) for r in rows)


# --- codings made in the program -----------------------------------------------------------------


def coding_by_id(store: Store, coding_id: int) -> Coding | None:
    """A coding that counts; None when it is not there, or its decision was undone."""
    key = store.value("SELECT transcript_id FROM codings WHERE id = ?", (coding_id,))
    if key is None:
        return None
    return next((c for c in codings(store, int(key)) if c.id == coding_id), None)


def delete_own_coding(store: Store, coding_id: int) -> bool:
    """Take away a coding made in the program; False when it was imported, belongs to a decision,
    or is not there."""
    with store.transaction():
        there = store.value(
            "SELECT 1 FROM codings k WHERE k.id = ? AND k.origin <> 'import' AND NOT EXISTS "
            "(SELECT 1 FROM decisions d WHERE d.coding_id = k.id) AND NOT EXISTS "
            "(SELECT 1 FROM adjudications a WHERE a.coding_id = k.id)",
            (coding_id,),
        )
        if there:
            store.write("DELETE FROM codings WHERE id = ?", (coding_id,))
    return bool(there)


def unfinished_blind(store: Store, transcript_id: int | None = None) -> frozenset[tuple[str, int]]:
    """(person, transcript) of whoever has begun to code blind and has not said that she is done."""
    rows = store.rows(
        "SELECT DISTINCT c.name, k.transcript_id AS t FROM codings k "
        "JOIN coders c ON c.id = k.coder_id WHERE k.origin = 'blind' "
        "AND (?1 IS NULL OR k.transcript_id = ?1) AND NOT EXISTS (SELECT 1 FROM scopes p "
        "WHERE p.coder_id = k.coder_id AND p.transcript_id = k.transcript_id "
        "AND p.finished_at IS NOT NULL) "
        "UNION SELECT e.who, json_extract(e.details, '$.transcript') FROM events e "
        "WHERE e.kind = 'blind-begun' "
        "AND (?1 IS NULL OR json_extract(e.details, '$.transcript') = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM scopes p JOIN coders c ON c.id = p.coder_id "
        "WHERE c.name = e.who AND c.kind = 'human' "
        "AND p.transcript_id = json_extract(e.details, '$.transcript') "
        "AND p.finished_at IS NOT NULL) "
        "AND NOT EXISTS (SELECT 1 FROM events q WHERE q.kind = 'blind-given-up' "
        "AND q.id > e.id AND q.who = e.who "
        "AND json_extract(q.details, '$.transcript') = json_extract(e.details, '$.transcript'))",
        (transcript_id,),
    )
    return frozenset((r["name"], int(r["t"])) for r in rows)


def is_unfinished_blind(store: Store, who: str, transcript_id: int) -> bool:
    return (who, transcript_id) in unfinished_blind(store, transcript_id)


def shown_codings(store: Store, transcript_id: int | None = None) -> tuple[Coding, ...]:
    """People's codings that anybody may see and count: `codings` without those of whoever codes
    blind and has not said that she is done.

    Whatever lists or counts people's codes for others asks this. Her number alone would say how
    many codes a colleague finds.
    """
    hidden = unfinished_blind(store, transcript_id)
    return tuple(
        c
        for c in codings(store, transcript_id)
        if c.origin != "blind" or (c.coder.name, c.transcript_id) not in hidden
    )


def shown_memos(store: Store, who: str, transcript_id: int | None = None) -> tuple[Memo, ...]:
    """Memos that a person may see: `memos` without those of others on what they code blind and
    have not finished."""
    hidden = unfinished_blind(store, transcript_id)
    return tuple(
        m
        for m in memos(store, transcript_id)
        if m.who == who or (m.who, m.transcript_id) not in hidden
    )
