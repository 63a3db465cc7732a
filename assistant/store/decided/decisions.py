"""What people decided on suggestions, one by one and many at once.

Decisions are appended. What holds of a suggestion is its latest decision that nobody took back.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.store.database import Row, Store, now
from assistant.store.records import Decision, DecisionKind

__all__ = [
    "add_bulk",
    "add_decision",
    "bulk_decisions",
    "decisions",
    "decisions_in_force",
    "has_decided",
    "undo_bulk",
]


def add_decision(
    store: Store,
    suggestion_id: int,
    decision: DecisionKind,
    reviewer: str,
    *,
    reason: str = "",
    seconds: float | None = None,
    bulk_id: int | None = None,
    coding_id: int | None = None,
) -> int:
    """Append a decision; its number. An undoing takes back the one that holds now, whosever it is;
    what had held before that holds again, as it was said."""
    undoes = "NULL"
    if decision == "undo":
        undoes = "(SELECT c.guid FROM current_decisions c WHERE c.suggestion_id = ?1)"
    return store.write(
        "INSERT INTO decisions (suggestion_id, decision, reviewer, decided_at, reason, seconds, "
        f"bulk_id, coding_id, undoes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, {undoes})",
        (suggestion_id, decision, reviewer, now(), reason, seconds, bulk_id, coding_id),
    )


def decisions(store: Store, suggestion_id: int | None = None) -> tuple[Decision, ...]:
    """Every decision ever made, also what was taken back and the taking back, oldest first."""
    return tuple(map(_decision, store.rows(_DECISIONS.format("decisions"), (suggestion_id,))))


def decisions_in_force(store: Store, suggestion_id: int | None = None) -> dict[int, Decision]:
    """Suggestion -> the decision that holds; those that are open are not in it."""
    rows = store.rows(_DECISIONS.format("current_decisions"), (suggestion_id,))
    return {r["suggestion_id"]: _decision(r) for r in rows}


_DECISIONS = (
    "SELECT d.*, o.id AS undone_id FROM {} d LEFT JOIN decisions o ON o.guid = d.undoes "
    "WHERE ?1 IS NULL OR d.suggestion_id = ?1 ORDER BY d.decided_at, d.id"
)


def _decision(r: Row) -> Decision:
    return Decision(
        r["id"],
        r["suggestion_id"],
        r["decision"],
        r["reviewer"],
        r["decided_at"],
        r["reason"],
        r["seconds"],
        r["bulk_id"],
        r["coding_id"],
        r["undone_id"],
    )


def add_bulk(
    store: Store,
    run_id: int,
    code: str,
    reviewer: str,
    suggestion_ids: Sequence[int],
    *,
    verdict_id: int | None,
    audit_id: int | None,
    because: str,
) -> int:
    """Accept many at once; the id of the bulk decision. The caller has checked that it may."""
    with store.transaction():
        bulk = store.write(
            "INSERT INTO bulk_decisions (made_at, reviewer, run_id, code, verdict_id, audit_id, "
            "because) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (now(), reviewer, run_id, code, verdict_id, audit_id, because),
        )
        for suggestion_id in suggestion_ids:
            add_decision(store, suggestion_id, "accept", reviewer, bulk_id=bulk)
    return bulk


def undo_bulk(store: Store, bulk_id: int, reviewer: str) -> int:
    """Undo a bulk decision as one: decisions that were made on single ones since then stay.

    Returns how many suggestions are open again. Raises KeyError when there is no such decision.
    """
    with store.transaction():
        row = store.row("SELECT * FROM bulk_decisions WHERE id = ?", (bulk_id,))
        if row is None:
            raise KeyError(bulk_id)
        current = store.rows(
            "SELECT suggestion_id FROM current_decisions WHERE bulk_id = ?", (bulk_id,)
        )
        for one in current:
            add_decision(store, one["suggestion_id"], "undo", reviewer, bulk_id=bulk_id)
        # Those that a later decision covers count no more either, should that be taken back.
        store.write("UPDATE bulk_decisions SET undone_at = ? WHERE id = ?", (now(), bulk_id))
    return len(current)


def bulk_decisions(store: Store) -> tuple[dict[str, object], ...]:
    """Bulk decisions with their evidence or their ``because``, for reports, oldest first."""
    return tuple(
        dict(row)
        for row in store.rows(
            "SELECT b.*, (SELECT count(DISTINCT d.suggestion_id) FROM decisions d "
            "WHERE d.bulk_id = b.id "
            "AND d.decision = 'accept') AS suggestions FROM bulk_decisions b ORDER BY b.id"
        )
    )


def has_decided(store: Store, reviewer: str) -> bool:
    """Whether a decision of this name is stored, of this study or of one that was merged in."""
    found = store.value("SELECT EXISTS (SELECT 1 FROM decisions WHERE reviewer = ?)", (reviewer,))
    return bool(found)
