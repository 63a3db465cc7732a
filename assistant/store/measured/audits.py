"""Audits of batches: the sample that was drawn, and what became of it.

An audit holds numbers of segments and figures, never words. Its sample is coded blind; who has seen
a model's suggestions of a transcript cannot code it blind any more (`saw_the_model`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.store.database import Row, Store, now

__all__ = [
    "DECLARED",
    "AuditRow",
    "audit",
    "audits",
    "record_audit",
    "remove_blind_codings",
    "saw_the_model",
    "set_audit_result",
]


DECLARED = "declared"
"""Key of a result: code -> hash of what was declared of its definition when the audit was judged
(`assistant.store.measured.reference.declared_of`)."""


@dataclass(frozen=True)
class AuditRow:
    id: int
    run_id: int
    drawn_at: str
    transcripts: tuple[int, ...]
    plan: dict[str, Any]
    """The sample with its weights; its form is `eval.audit.drawing`'s business."""
    result: dict[str, Any] | None
    passed: bool | None
    decided_at: str = ""


def record_audit(
    store: Store, run_id: int, transcripts: Sequence[int], plan: dict[str, Any]
) -> int:
    """Store a sample that was drawn from a run's new transcripts; its number."""
    return store.write(
        "INSERT INTO audits (run_id, drawn_at, transcripts, plan) VALUES (?, ?, ?, ?)",
        (run_id, now(), json.dumps(list(transcripts)), json.dumps(plan)),
    )


def set_audit_result(store: Store, audit_id: int, result: dict[str, Any], passed: bool) -> None:
    store.write(
        "UPDATE audits SET result = ?, passed = ?, decided_at = ? WHERE id = ?",
        (json.dumps(result, ensure_ascii=False), int(passed), now(), audit_id),
    )


def audit(store: Store, audit_id: int) -> AuditRow:
    """Raises KeyError when there is none."""
    row = store.row("SELECT * FROM audits WHERE id = ?", (audit_id,))
    if row is None:
        raise KeyError(audit_id)
    return _audit(row)


def audits(store: Store, run_id: int | None = None) -> tuple[AuditRow, ...]:
    """All audits, or those of one run, in the order in which they were drawn."""
    rows = store.rows(
        "SELECT * FROM audits WHERE ? IS NULL OR run_id = ? ORDER BY drawn_at, id",
        (run_id, run_id),
    )
    return tuple(_audit(r) for r in rows)


def waiting_audits(store: Store) -> tuple[AuditRow, ...]:
    """Those that can still be judged: not judged, and no newer sample of the same interviews."""
    rows = audits(store)
    return tuple(
        row
        for n, row in enumerate(rows)
        if row.result is None
        and not any(
            later.run_id == row.run_id and set(later.transcripts) & set(row.transcripts)
            for later in rows[n + 1 :]
        )
    )


def _audit(r: Row) -> AuditRow:
    return AuditRow(
        r["id"],
        r["run_id"],
        r["drawn_at"],
        tuple(json.loads(r["transcripts"])),
        json.loads(r["plan"]),
        None if r["result"] is None else json.loads(r["result"]),
        None if r["passed"] is None else bool(r["passed"]),
        r["decided_at"] or "",
    )


def saw_the_model(store: Store, who: str, transcript_id: int) -> bool:
    """Whether a person decided on suggestions of a transcript, or was shown a model's codes."""
    return bool(
        store.value(
            "SELECT EXISTS (SELECT 1 FROM decisions d JOIN suggestions s ON s.id = d.suggestion_id "
            "WHERE d.reviewer = :who AND s.transcript_id = :t) OR EXISTS (SELECT 1 FROM openings "
            "WHERE who = :who AND transcript_id = :t AND shown = 'model')",
            {"who": who, "t": transcript_id},  # type: ignore[arg-type]
        )
    )


def remove_blind_codings(
    store: Store, coder_id: int, transcript_id: int, start: int, end: int
) -> int:
    """Take back what a coder just said blind about one passage, to say it anew; how many went."""
    place = (coder_id, transcript_id, start, end)
    where = "coder_id = ? AND transcript_id = ? AND start_char = ? AND end_char = ?"
    there = int(store.value(f"SELECT count(*) FROM codings WHERE {where}", place))
    store.write(f"DELETE FROM codings WHERE {where} AND origin = 'blind'", place)
    return there
