"""What an audit found: error and missed share of a batch, by code and over all, and whether it
passes.

What a person says blind about a sampled passage is taken as right: the audit asks what accepting
would mean for somebody who would otherwise have coded the batch herself. A code about which she
says neither yes nor no is in no figure, and may not be accepted at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.store.database import Store
from assistant.store.texts.transcripts import transcript_infos
from eval.audit.found import AuditedCode, AuditResult, Counted
from eval.audit.sampled import Judged, Sampled, sampled
from eval.audit.telling import headline, how_often, range_of
from eval.evaluation.overrides import override_notes
from eval.intervals.resampling import Interval
from eval.report.wording import how_many, was
from eval.statistics.values import is_defined

__all__ = ["Judged", "judge"]


def judge(judged: Judged, store: Store) -> AuditResult:
    """Pure but for reading. Raises `UserError` as `audit_result` says."""
    sample = sampled(judged, store)
    unknown = sample.heard.unknown
    asked_for = judged.accepted or sample.codes
    wanted = tuple(code for code in asked_for if code not in unknown)
    error, missed = sample.shares(wanted)
    rows = _rows(judged, sample)
    counted = _counted(judged, asked_for, wanted, rows)
    reasons = _reasons(judged, error, missed, len(sample.passages))
    names = {info.id: info.name for info in transcript_infos(store)}
    batch = tuple(names[key] for key in judged.transcripts)
    by_id = judged.codebook.by_id
    return AuditResult(
        judged.audit_id,
        judged.run.id,
        batch,
        tuple(sorted({name for each in sample.coders.values() for name in each})),
        len(sample.passages),
        len(judged.plan.sample),
        rows,
        error,
        missed,
        counted,
        not reasons,
        tuple(reasons),
        _sentence(judged, error, missed, counted, unknown),
        {name: why for name, why in judged.outside.items() if name in batch},
        judged.plan.seed,
        sample.level,
        judged.samples,
        {code: why for code, why in unknown.items() if any(row.code == code for row in rows)},
        override_notes(
            store, lambda code: by_id[code].label if code in by_id else code, judged.run.id
        ),
    )


def _rows(judged: Judged, sample: Sampled) -> tuple[AuditedCode, ...]:
    """Of the codes that were suggested in the batch or found in the sample."""
    rows = []
    for code in sample.codes:
        suggested, seen = sample.suggested(code), sample.seen(code)
        if not suggested and not seen.missed:
            continue
        error, missed = sample.shares([code])
        refused = "it is not in the lane “accept”"
        if code in judged.accepted:
            refused = _against_code(error, judged.policy.audit.max_error)
        rows.append(
            AuditedCode(
                code,
                judged.codebook.by_id[code].label,
                code in judged.accepted,
                suggested,
                seen.looked_at,
                seen.wrong,
                seen.missed,
                error,
                missed,
                refused,
            )
        )
    return tuple(rows)


def _counted(
    judged: Judged, asked_for: Sequence[str], wanted: Sequence[str], rows: Sequence[AuditedCode]
) -> Counted:
    """``asked_for``: codes that should count; ``wanted``: those the sample says something about."""
    label = {code: judged.codebook.by_id[code].label for code in wanted}
    shown = {row.code for row in rows}
    return Counted(
        tuple(wanted),
        tuple(label.values()),
        tuple(code for code in asked_for if code not in label),
        bool(judged.accepted),
        tuple(label[code] for code in wanted if code not in shown),
    )


def _against_code(error: Interval, bar: float) -> str:
    """Why one code may not be accepted at once though the batch passed; empty: it may.

    A code of few suggestions hardly counts in the batch's figure, and its own interval is wide: it
    has to be below the bar by its estimate, and something of it must have been looked at.
    """
    if not is_defined(error.estimate):
        return f"how much of it is wrong is not known: {error.estimate.reason}"
    if error.estimate > bar:
        return (
            f"about {range_of(error, bar)} of its suggestions in this batch are wrong; "
            f"{_bar(bar)} may be"
        )
    return ""


def _reasons(judged: Judged, error: Interval, missed: Interval, passages: int) -> list[str]:
    bar = judged.policy.audit
    reasons: list[str] = []
    if not judged.accepted:
        reasons.append(
            "no code is in the lane “accept” for this recipe and policy, so nothing could be "
            "accepted at once"
        )
    needed = min(bar.segments, passages)
    if len(judged.plan.sample) < needed:
        drawn = how_many(len(judged.plan.sample), "passage")
        reasons.append(f"{drawn} {was(len(judged.plan.sample))} drawn; {needed} are needed")
    for what, figure, most in (
        ("is wrong", error, bar.max_error),
        ("would be missed", missed, bar.max_missed),
    ):
        if not is_defined(figure.high) or figure.high > most:
            reasons.append(
                f"the share that {what} is {range_of(figure, most)}; its upper end may be "
                f"{_bar(most)} at most"
            )
    return reasons


def _bar(most: float) -> str:
    """As the policy has it: 12.5% is neither 12 nor 13."""
    return f"{100 * most:.6g}%"


def _sentence(
    judged: Judged, error: Interval, missed: Interval, counted: Counted, unknown: Mapping[str, str]
) -> str:
    why = {judged.codebook.by_id[c].label: unknown[c] for c in counted.left_out}
    told = headline(error, missed, counted, len(judged.transcripts), why)
    return f"{told} {how_often(judged.samples, error.level)}".rstrip()
