"""Draw an audit and judge it: the two entries for commands and pages.

The result is about this batch and this recipe alone. It is stored with the audit, whether it passed
or not; the newest result of a batch is the one that counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.finding import find_audit, find_run
from assistant.store.measured.audits import AuditRow, audits, record_audit, set_audit_result
from assistant.store.measured.reference import declared_of, rests_on
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import record_event
from assistant.store.versions import codebook
from assistant.study import Study
from eval.audit.batch import accepted_codes, batch_of, passages_of
from eval.audit.drawing import Plan, draw
from eval.audit.found import AuditResult, stored_form
from eval.audit.result import Judged, judge
from eval.audit.samples import newer_sample, samples_of
from eval.report.wording import how_many
from eval.verdicts.policy import load_policy, standards_hash
from eval.watching.drift import watch_run

__all__ = ["DrawnAudit", "audit_result", "draw_audit"]

DEFAULT_SEGMENTS = 120


@dataclass(frozen=True, slots=True)
class DrawnAudit:
    """A sample that was drawn and stored."""

    id: int
    run: int
    transcripts: tuple[str, ...]
    passages: int
    """In the batch."""
    plan: Plan
    codes: tuple[str, ...]
    """Codes in lane `accept`; empty: none, and the sample was drawn by all codes suggested."""


def draw_audit(
    study: Study,
    store: Store,
    run_id: int,
    transcripts: Sequence[int] = (),
    *,
    segments: int | None = None,
    seed: int | None = None,
    who: str = "",
) -> DrawnAudit:
    """Draw a sample of a run's new transcripts and store it.

    Raises `UserError` when there is no such run, when it is not finished, or when there is nothing
    to draw from.
    """
    run_row = find_run(store, run_id)
    if run_row.status == "running":
        raise UserError(
            f"Run {run_id} is not finished.", hint="Finish it first: the same command again."
        )
    policy = load_policy(study.policy_file)
    batch = batch_of(store, run_row, transcripts)
    passages = passages_of(store, run_row, batch, study.config.units)
    if not passages:
        raise UserError(f"Run {run_id} coded no passage of these transcripts.")
    size = segments or max(DEFAULT_SEGMENTS, policy.audit.segments)
    book = codebook(store, run_row.codebook_sha256)
    allowed = accepted_codes(store, run_row, book, standards_hash(policy, study.config.units))
    suggested = {code for p in passages for code in p.suggested}
    by = allowed or tuple(c.id for c in book.sent if c.id in suggested)
    number = policy.intervals.seed + len(audits(store)) if seed is None else seed
    plan = draw(passages, by, size, number)
    names = {info.id: info.name for info in transcript_infos(store)}
    with store.transaction():
        key = record_audit(store, run_id, batch, plan.model_dump(mode="json"))
        record_event(
            store,
            "audit",
            f"Audit {key}: {len(plan.sample)} of {how_many(len(passages), 'passage')} drawn from "
            f"{how_many(len(batch), 'transcript')} of run {run_id}",
            who,
            audit=key,
            transcripts=[names[k] for k in batch],
        )
    return DrawnAudit(key, run_id, tuple(names[k] for k in batch), len(passages), plan, allowed)


def _refuse_older(store: Store, row: AuditRow) -> None:
    newer = newer_sample(store, row)
    if newer is not None:
        raise UserError(
            f"After audit {row.id} another sample of the same interviews was drawn: audit "
            f"{newer.id}. Only the newest can be judged, or one could choose the one that passes.",
            hint=f"Have that one coded and judge it: secondcoder audit result {newer.id}.",
        )


def audit_result(study: Study, store: Store, audit_id: int, *, who: str = "") -> AuditResult:
    """Judge an audit of which the whole sample has been coded blind, and store what came out.

    Raises `UserError` when there is no such audit, when a newer sample of the same transcripts was
    drawn, when passages are still to be coded, or when the batch is not what it was.
    """
    row = find_audit(store, audit_id)
    _refuse_older(store, row)
    run_row = find_run(store, row.run_id)
    policy = load_policy(study.policy_file)
    units = study.config.units
    standards = standards_hash(policy, units)
    book = codebook(store, run_row.codebook_sha256)
    plan = Plan.model_validate(row.plan)
    before = rests_on(store, row.transcripts)
    watched = watch_run(study, store, run_row.id)
    result = judge(
        Judged(
            row.id,
            run_row,
            plan,
            row.transcripts,
            book,
            policy,
            units,
            accepted_codes(store, run_row, book, standards),
            {name: "; ".join(why) for name, why in watched.outside.items()},
            samples_of(store, row),
        ),
        store,
    )
    declared = declared_of(store, [code.id for code in book.sent])
    kept = stored_form(result, watched.outside_ids, standards, declared)
    with store.transaction():
        _refuse_older(store, row)
        now = find_audit(store, row.id).result
        if now != row.result or rests_on(store, row.transcripts) != before:
            raise UserError(
                f"Somebody coded, or judged audit {row.id}, while it was judged; nothing was "
                "stored.",
                hint=f"Judge it again: secondcoder audit result {row.id}.",
            )
        set_audit_result(store, row.id, kept, result.passed)
        record_event(
            store,
            "audit",
            f"Audit {row.id} " + ("passed" if result.passed else "did not pass"),
            who,
            audit=row.id,
            sentence=result.sentence,
        )
    return result
