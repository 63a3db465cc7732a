"""What a model suggested, and what of it could not be placed or had no code."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from assistant.store.database import Row, Store, now
from assistant.store.model.reply_records import (
    Judgement,
    NewSuggestion,
    NewUncoded,
    NewUnplaced,
    Suggestion,
    Unplaced,
)

__all__ = [
    "judgements",
    "record_results",
    "replace_judgements",
    "replace_transcript_suggestions",
    "suggestion",
    "suggestions",
    "transcript_of",
    "uncoded",
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
