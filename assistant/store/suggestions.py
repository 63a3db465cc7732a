"""What a model suggested, what of it could not be placed, and what people decided.

Decisions are appended. What holds of a suggestion is its latest decision that nobody took back.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from assistant.store.database import Row, Store, now
from assistant.store.records import (
    Decision,
    DecisionKind,
    Judgement,
    NewSuggestion,
    NewUncoded,
    NewUnplaced,
    Suggestion,
    Unplaced,
)

__all__ = [
    "add_bulk",
    "add_decision",
    "bulk_decisions",
    "decisions",
    "decisions_in_force",
    "judgements",
    "record_results",
    "replace_judgements",
    "replace_transcript_suggestions",
    "suggestion",
    "suggestions",
    "transcript_of",
    "uncoded",
    "undo_bulk",
    "unplaced",
]


def record_results(
    store: Store,
    run_id: int,
    call_id: int,
    suggestions: Sequence[NewSuggestion],
    unplaced: Sequence[NewUnplaced],
    uncoded: Sequence[NewUncoded],
) -> None:
    """Store all that one reply said. Done once a call: again changes nothing.

    For use within a transaction, so that it is all or nothing together with the chunk's status.
    """
    there = store.value(
        "SELECT EXISTS (SELECT 1 FROM suggestions WHERE call_id = :c) OR "
        "EXISTS (SELECT 1 FROM unplaced WHERE call_id = :c) OR "
        "EXISTS (SELECT 1 FROM uncoded WHERE call_id = :c)",
        {"c": call_id},  # type: ignore[arg-type]
    )
    if there:
        return
    _insert(store, run_id, call_id, suggestions)
    store.write_many(
        "INSERT INTO unplaced (run_id, call_id, transcript_id, segment, code_written, "
        "reply_quote, status, why, nearest_start, nearest_end, similarity, rationale, "
        "confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                run_id,
                call_id,
                u.transcript_id,
                u.segment,
                u.code_written,
                u.reply_quote,
                u.status,
                u.why,
                u.nearest_start,
                u.nearest_end,
                u.similarity,
                u.rationale,
                u.confidence,
            )
            for u in unplaced
        ],
    )
    store.write_many(
        "INSERT INTO uncoded (run_id, call_id, transcript_id, segment, quote, note) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(run_id, call_id, u.transcript_id, u.segment, u.quote, u.note) for u in uncoded],
    )


def _insert(
    store: Store, run_id: int, call_id: int | None, suggestions: Sequence[NewSuggestion]
) -> None:
    store.write_many(
        "INSERT INTO suggestions (guid, run_id, call_id, transcript_id, segment, code, "
        "start_char, end_char, quote, reply_quote, anchoring, rationale, confidence, probability, "
        "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                str(uuid.uuid4()),
                run_id,
                call_id,
                s.transcript_id,
                s.segment,
                s.code,
                s.start,
                s.end,
                s.quote,
                s.reply_quote,
                s.anchoring,
                s.rationale,
                s.confidence,
                s.probability,
                now(),
            )
            for s in suggestions
        ],
    )


def replace_transcript_suggestions(
    store: Store,
    run_id: int,
    transcript_id: int,
    suggestions: Sequence[tuple[int | None, NewSuggestion]],
) -> int:
    """Set the suggestions of one transcript in a judge run, from (call id, suggestion).

    What is there already stays with its decisions. What is no longer suggested goes if nobody ever
    decided on it: when a run goes on, more answers make another calibration. Returns how many are
    new.
    """
    with store.transaction():
        there = {
            (r["segment"], r["code"])
            for r in store.rows(
                "SELECT segment, code FROM suggestions WHERE run_id = ? AND transcript_id = ?",
                (run_id, transcript_id),
            )
        }
        wanted = {(s.segment, s.code): s for _, s in suggestions}
        for segment, code in there - set(wanted):
            store.write(
                "DELETE FROM suggestions WHERE run_id = ? AND transcript_id = ? AND segment = ? "
                "AND code = ? AND id NOT IN (SELECT suggestion_id FROM decisions)",
                (run_id, transcript_id, segment, code),
            )
        for segment, code in there & set(wanted):
            store.write(
                "UPDATE suggestions SET probability = ? WHERE run_id = ? AND transcript_id = ? "
                "AND segment = ? AND code = ? AND id NOT IN (SELECT suggestion_id FROM decisions)",
                (wanted[segment, code].probability, run_id, transcript_id, segment, code),
            )
        new = [(c, s) for c, s in suggestions if (s.segment, s.code) not in there]
        for call_id, one in new:
            _insert(store, run_id, call_id, [one])
    return len(new)


def replace_judgements(store: Store, run_id: int, judgements: Sequence[Judgement]) -> None:
    store.write_many(
        "INSERT OR REPLACE INTO judgements (run_id, transcript_id, segment, code, call_id, "
        "log_odds, score, probability, suggested) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                run_id,
                j.transcript_id,
                j.segment,
                j.code,
                j.call_id,
                j.log_odds,
                j.score,
                j.probability,
                int(j.suggested),
            )
            for j in judgements
        ],
    )


def judgements(store: Store, run_id: int, transcript_id: int) -> tuple[Judgement, ...]:
    rows = store.rows(
        "SELECT * FROM judgements WHERE run_id = ? AND transcript_id = ? ORDER BY segment, code",
        (run_id, transcript_id),
    )
    return tuple(
        Judgement(
            r["transcript_id"],
            r["segment"],
            r["code"],
            r["score"],
            r["log_odds"],
            r["probability"],
            bool(r["suggested"]),
            r["call_id"],
        )
        for r in rows
    )


_SUGGESTION = """
    SELECT s.*, t.name AS transcript, coalesce(d.decision, 'open') AS decision
    FROM suggestions s JOIN transcripts t ON t.id = s.transcript_id
    LEFT JOIN current_decisions d ON d.suggestion_id = s.id
"""


def suggestions(
    store: Store, run_id: int, transcript_id: int | None = None, code: str = ""
) -> tuple[Suggestion, ...]:
    """Suggestions of a run in the order of the text, each with its current decision."""
    rows = store.rows(
        _SUGGESTION + "WHERE s.run_id = ? AND (? IS NULL OR s.transcript_id = ?) "
        "AND ? IN ('', s.code) ORDER BY s.transcript_id, s.start_char, s.end_char, s.code, s.id",
        (run_id, transcript_id, transcript_id, code),
    )
    return tuple(_suggestion(r) for r in rows)


def transcript_of(store: Store, suggestion_id: int) -> int | None:
    """The transcript that a suggestion is about; None when there is no such suggestion."""
    key = store.value("SELECT transcript_id FROM suggestions WHERE id = ?", (suggestion_id,))
    return None if key is None else int(key)


def suggestion(store: Store, suggestion_id: int) -> Suggestion:
    """Raises KeyError when there is no such suggestion."""
    row = store.row(_SUGGESTION + "WHERE s.id = ?", (suggestion_id,))
    if row is None:
        raise KeyError(suggestion_id)
    return _suggestion(row)


def _suggestion(r: Row) -> Suggestion:
    return Suggestion(
        r["id"],
        r["guid"],
        r["run_id"],
        r["call_id"],
        r["transcript_id"],
        r["transcript"],
        r["segment"],
        r["code"],
        r["start_char"],
        r["end_char"],
        r["quote"],
        r["reply_quote"],
        r["anchoring"],
        r["rationale"],
        r["confidence"],
        r["probability"],
        r["decision"],
    )


def unplaced(store: Store, run_id: int) -> tuple[Unplaced, ...]:
    """What a run said that could not become a suggestion, with the nearest true passage."""
    rows = store.rows(
        "SELECT u.*, t.name AS transcript FROM unplaced u "
        "JOIN transcripts t ON t.id = u.transcript_id WHERE u.run_id = ? ORDER BY u.id",
        (run_id,),
    )
    return tuple(
        Unplaced(
            r["id"],
            r["run_id"],
            r["call_id"],
            r["transcript_id"],
            r["transcript"],
            r["segment"],
            r["code_written"],
            r["reply_quote"],
            r["status"],
            r["why"],
            r["nearest_start"],
            r["nearest_end"],
            r["similarity"],
        )
        for r in rows
    )


def uncoded(store: Store, run_id: int) -> tuple[NewUncoded, ...]:
    """Passages where the model says that something is there but no code fits."""
    rows = store.rows(
        "SELECT transcript_id, segment, quote, note FROM uncoded WHERE run_id = ? ORDER BY id",
        (run_id,),
    )
    return tuple(NewUncoded(*row) for row in rows)


# --- decisions ---------------------------------------------------------------------------------


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
