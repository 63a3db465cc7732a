"""Evaluations, looks at them, verdicts and audits: kept as they were when they were made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.hashing import hash_text
from assistant.store.database import Row, Store, now
from assistant.store.records import VerdictRow

__all__ = [
    "AuditRow",
    "EvaluationRow",
    "NewVerdict",
    "audits",
    "evaluation",
    "evaluations",
    "latest_verdicts",
    "looks",
    "record_audit",
    "record_evaluation",
    "set_audit_result",
    "verdicts",
]


@dataclass(frozen=True)
class EvaluationRow:
    id: int
    kind: str
    run_id: int | None
    codebook_sha256: str
    policy_sha256: str
    provisional: bool
    who: str
    content: str
    """JSON; its form is the evaluation package's business."""
    made_at: str


@dataclass(frozen=True)
class NewVerdict:
    code: str
    code_recipe_sha256: str
    lane: str
    reasons: tuple[str, ...]
    evidence: dict[str, Any]


@dataclass(frozen=True)
class AuditRow:
    id: int
    run_id: int
    drawn_at: str
    transcripts: tuple[int, ...]
    plan: dict[str, Any]
    result: dict[str, Any] | None
    passed: bool | None


def record_evaluation(
    store: Store,
    *,
    kind: str,
    run_id: int | None,
    recipe_sha256: str,
    codebook_sha256: str,
    policy_sha256: str,
    provisional: bool,
    who: str,
    content: str,
    lineage: str,
    verdicts: Sequence[NewVerdict],
) -> int:
    """Store an evaluation with its verdicts and count the look; its id.

    The same result again (same content) is not stored twice, but the look is counted.
    """
    digest = hash_text(content)
    with store.transaction():
        key = store.value(
            "SELECT id FROM evaluations WHERE content_sha256 = ? AND kind = ? AND run_id IS ?",
            (digest, kind, run_id),
        )
        if key is None:
            key = store.write(
                "INSERT INTO evaluations (kind, run_id, codebook_sha256, policy_sha256, "
                "provisional, who, content, content_sha256, made_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    kind,
                    run_id,
                    codebook_sha256,
                    policy_sha256,
                    int(provisional),
                    who,
                    content,
                    digest,
                    now(),
                ),
            )
            store.write_many(
                "INSERT INTO verdicts (evaluation_id, run_id, recipe_sha256, code_recipe_sha256, "
                "code, lane, reasons, evidence, policy_sha256, decided_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        key,
                        run_id,
                        recipe_sha256,
                        v.code_recipe_sha256,
                        v.code,
                        v.lane,
                        json.dumps(v.reasons, ensure_ascii=False),
                        json.dumps(v.evidence, ensure_ascii=False),
                        policy_sha256,
                        now(),
                    )
                    for v in verdicts
                ],
            )
        store.write(
            "INSERT INTO looks (evaluation_id, who, lineage, recipe_sha256, looked_at) "
            "VALUES (?, ?, ?, nullif(?, ''), ?)",
            (key, who, lineage, recipe_sha256, now()),
        )
    return int(key)


def evaluation(store: Store, evaluation_id: int) -> EvaluationRow:
    """Raises KeyError when there is none."""
    row = store.row("SELECT * FROM evaluations WHERE id = ?", (evaluation_id,))
    if row is None:
        raise KeyError(evaluation_id)
    return _evaluation(row)


def evaluations(store: Store) -> tuple[EvaluationRow, ...]:
    return tuple(_evaluation(r) for r in store.rows("SELECT * FROM evaluations ORDER BY id"))


def _evaluation(r: Row) -> EvaluationRow:
    return EvaluationRow(
        r["id"],
        r["kind"],
        r["run_id"],
        r["codebook_sha256"],
        r["policy_sha256"],
        bool(r["provisional"]),
        r["who"],
        r["content"],
        r["made_at"],
    )


def looks(store: Store) -> tuple[tuple[str, str, str, int], ...]:
    """(person, lineage of codebook, recipe hash, number of looks), most looked at first."""
    rows = store.rows(
        "SELECT who, lineage, coalesce(recipe_sha256, '') AS recipe, count(*) AS n FROM looks "
        "GROUP BY who, lineage, recipe ORDER BY n DESC, who"
    )
    return tuple((r["who"], r["lineage"], r["recipe"], r["n"]) for r in rows)


def verdicts(store: Store, evaluation_id: int) -> tuple[VerdictRow, ...]:
    rows = store.rows(
        "SELECT * FROM verdicts WHERE evaluation_id = ? ORDER BY code", (evaluation_id,)
    )
    return tuple(_verdict(r) for r in rows)


def latest_verdicts(store: Store, policy_sha256: str) -> tuple[VerdictRow, ...]:
    """The last verdict for each code and recipe of that code, under this policy only."""
    rows = store.rows(
        "SELECT v.* FROM verdicts v WHERE v.policy_sha256 = ? AND v.id = ("
        "SELECT max(w.id) FROM verdicts w WHERE w.code = v.code "
        "AND w.code_recipe_sha256 = v.code_recipe_sha256 AND w.policy_sha256 = v.policy_sha256) "
        "ORDER BY v.code",
        (policy_sha256,),
    )
    return tuple(_verdict(r) for r in rows)


def _verdict(r: Row) -> VerdictRow:
    return VerdictRow(
        r["id"],
        r["evaluation_id"],
        r["run_id"],
        r["recipe_sha256"],
        r["code_recipe_sha256"],
        r["code"],
        r["lane"],
        tuple(json.loads(r["reasons"])),
        json.loads(r["evidence"]),
        r["policy_sha256"],
        r["decided_at"],
    )


def record_audit(
    store: Store, run_id: int, transcripts: Sequence[int], plan: dict[str, Any]
) -> int:
    return store.write(
        "INSERT INTO audits (run_id, drawn_at, transcripts, plan) VALUES (?, ?, ?, ?)",
        (run_id, now(), json.dumps(list(transcripts)), json.dumps(plan)),
    )


def set_audit_result(store: Store, audit_id: int, result: dict[str, Any], passed: bool) -> None:
    store.write(
        "UPDATE audits SET result = ?, passed = ?, decided_at = ? WHERE id = ?",
        (json.dumps(result), int(passed), now(), audit_id),
    )


def audits(store: Store, run_id: int | None = None) -> tuple[AuditRow, ...]:
    rows = store.rows(
        "SELECT * FROM audits WHERE ? IS NULL OR run_id = ? ORDER BY id", (run_id, run_id)
    )
    return tuple(
        AuditRow(
            r["id"],
            r["run_id"],
            r["drawn_at"],
            tuple(json.loads(r["transcripts"])),
            json.loads(r["plan"]),
            None if r["result"] is None else json.loads(r["result"]),
            None if r["passed"] is None else bool(r["passed"]),
        )
        for r in rows
    )
