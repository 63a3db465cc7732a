"""Evaluations, looks at them and verdicts: kept as they were when they were made.

A verdict counts only while what it rests on is as it was: `latest_verdicts` gives out no other,
`standing_verdicts` says why one is void.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.hashing import hash_json, hash_text
from assistant.store.database import Row, Store, now
from assistant.store.measured.audits import AuditRow, audits, record_audit, set_audit_result
from assistant.store.measured.brought import brought_evaluations
from assistant.store.measured.looks import LookKind, looks, record_look
from assistant.store.measured.reference import RESTS_ON, Present, changes
from assistant.store.records import VerdictRow

__all__ = [
    "AuditRow",
    "EvaluationRow",
    "NewVerdict",
    "StandingVerdict",
    "audits",
    "evaluation",
    "evaluations",
    "latest_verdicts",
    "looks",
    "record_audit",
    "record_evaluation",
    "set_audit_result",
    "standing_verdicts",
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
    measured_sha256: str = "",
    look: LookKind = "evaluation",
) -> int:
    """Store an evaluation with its verdicts and count the look; its id.

    ``measured_sha256``: hash of what was measured, without when and how often; by default that of
    the content. Where the newest evaluation of the kind found the same, with verdicts that rest on
    the same, it is that one's id and nothing is stored but the look. An older one would not do:
    verdicts count by time. Nor would one that came from another study.
    """
    digest = hash_json(
        [measured_sha256 or hash_text(content), policy_sha256, [asdict(v) for v in verdicts]]
    )
    with store.transaction():
        newest = store.row(
            "SELECT id, run_id, content_sha256 FROM evaluations WHERE kind = ? "
            "ORDER BY made_at DESC, id DESC LIMIT 1",
            (kind,),
        )
        same = newest is not None and (newest["content_sha256"], newest["run_id"]) == (
            digest,
            run_id,
        )
        same = same and newest is not None and newest["id"] not in brought_evaluations(store)
        key = newest["id"] if newest is not None and same else None
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
        record_look(store, look, who, lineage, recipe_sha256=recipe_sha256, evaluation_id=int(key))
    return int(key)


def evaluation(store: Store, evaluation_id: int) -> EvaluationRow:
    """Raises KeyError when there is none."""
    row = store.row("SELECT * FROM evaluations WHERE id = ?", (evaluation_id,))
    if row is None:
        raise KeyError(evaluation_id)
    return _evaluation(row)


def evaluations(store: Store, *, own: bool = False) -> tuple[EvaluationRow, ...]:
    """All, oldest first; ``own``: without those that came with another study's file."""
    without = brought_evaluations(store) if own else frozenset()
    rows = store.rows("SELECT * FROM evaluations ORDER BY id")
    return tuple(_evaluation(r) for r in rows if r["id"] not in without)


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


def verdicts(store: Store, evaluation_id: int) -> tuple[VerdictRow, ...]:
    rows = store.rows(
        "SELECT * FROM verdicts WHERE evaluation_id = ? ORDER BY code", (evaluation_id,)
    )
    return tuple(_verdict(r) for r in rows)


def latest_verdicts(store: Store, policy_sha256: str) -> tuple[VerdictRow, ...]:
    """The verdict that counts for each code and recipe of that code, under this policy only.

    One whose evidence has changed since counts no more and is not among them.
    """
    return tuple(s.verdict for s in standing_verdicts(store, policy_sha256) if not s.void)


@dataclass(frozen=True)
class StandingVerdict:
    """The newest verdict of one code and recipe, and why it may not be used any more."""

    verdict: VerdictRow
    made_at: str
    """When its evaluation was made."""
    void: tuple[str, ...]
    """What of the evidence has changed since, in words; empty: nothing."""


def standing_verdicts(store: Store, policy_sha256: str = "") -> tuple[StandingVerdict, ...]:
    """The newest verdict by time of evaluation for each code and recipe, by code.

    Of two runs of one recipe the later evaluation counts, whichever run it was of, but for two
    cases. `unproven` takes nothing back unless it rests on all that the earlier one rested on: that
    a new batch, of which a sample was coded, is too little evidence by itself says nothing about
    the old. And `accept` over fewer of the same transcripts allows nothing, since who may choose
    the transcripts may choose those where the model does well. A stricter lane counts all the same.
    Of repeats (runs of one recipe over the same transcripts, calibrated on the same) the strictest
    verdict counts that is not void and rests on the same transcripts, or one could repeat a run
    until chance favours it.
    Empty ``policy_sha256``: under any policy.
    """
    rows = store.rows(
        "SELECT v.*, e.made_at AS made_at FROM verdicts v "
        "JOIN evaluations e ON e.id = v.evaluation_id WHERE ? IN ('', v.policy_sha256) "
        "ORDER BY e.made_at, v.id",
        (policy_sha256,),
    )
    newest: dict[tuple[str, str], tuple[VerdictRow, str]] = {}
    of_runs: dict[tuple[str, str], dict[int, tuple[VerdictRow, str]]] = {}
    for row in rows:
        key = row["code"], row["code_recipe_sha256"]
        found = _verdict(row)
        of_runs.setdefault(key, {})[found.run_id] = found, row["made_at"]
        if key in newest and _says_less(found, newest[key][0]):
            continue
        newest[key] = found, row["made_at"]
    present = Present(store)

    def void(verdict: VerdictRow) -> tuple[str, ...]:
        return changes(store, verdict.evidence.get(RESTS_ON), verdict.code, present)

    ran = _ran(store)
    standing = []
    for key, (verdict, made_at) in sorted(newest.items(), key=lambda item: item[1][0].code):
        strictest = verdict, made_at
        if not void(verdict):
            repeats = [
                one
                for one in of_runs[key].values()
                if ran.get(one[0].run_id) == ran.get(verdict.run_id)
                and one[0].policy_sha256 == verdict.policy_sha256
                and _transcripts(one[0]) == _transcripts(verdict)
                and not void(one[0])
            ]
            strictest = max([strictest, *repeats], key=lambda one: _STRICTNESS.index(one[0].lane))
        standing.append(StandingVerdict(*strictest, void(strictest[0])))
    return tuple(standing)


_STRICTNESS = ("accept", "review", "vague", "unproven", "withhold")


def _ran(store: Store) -> dict[int, frozenset[tuple[int, str]]]:
    """Run -> its transcripts, each with those that its calibration learned from."""
    found: dict[int, set[tuple[int, str]]] = {}
    for r in store.rows(
        "SELECT t.run_id, t.transcript_id, coalesce(f.transcripts, '') AS learned "
        "FROM run_transcripts t LEFT JOIN fits f ON f.sha256 = t.fit_sha256"
    ):
        found.setdefault(r["run_id"], set()).add((r["transcript_id"], r["learned"]))
    return {number: frozenset(rows) for number, rows in found.items()}


def _says_less(later: VerdictRow, earlier: VerdictRow) -> bool:
    if later.run_id == earlier.run_id:
        return False
    new, old = set(_transcripts(later)), set(_transcripts(earlier))
    if later.lane == "unproven":
        return not old <= new
    return later.lane == "accept" and new < old


def _transcripts(verdict: VerdictRow) -> list[int]:
    return list((verdict.evidence.get(RESTS_ON) or {}).get("transcripts", []))


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
