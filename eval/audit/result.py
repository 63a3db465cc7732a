"""What an audit found: error and missed share of a batch, by code and over all, and whether it
passes.

What a person says blind about a sampled passage is taken as right: the audit asks what accepting
would mean for somebody who would otherwise have coded the batch herself. A code about which she
says neither yes nor no is in no figure, and may not be accepted at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import UnitsConfig
from eval.audit.batch import passages_of
from eval.audit.drawing import Passage, Plan, stratify
from eval.audit.estimate import Stratum, as_interval, error_share, missed_share
from eval.audit.found import AuditedCode, AuditResult, Counted
from eval.audit.said import coders_of, said
from eval.audit.samples import ONE, Samples, level_for
from eval.audit.telling import headline, how_often, range_of
from eval.evaluation.overrides import override_notes
from eval.intervals.resampling import Interval
from eval.report.wording import how_many, was
from eval.statistics.values import FloatArray, Undefined, is_defined
from eval.verdicts.policy import Policy

__all__ = ["Judged", "judge"]


@dataclass(frozen=True, slots=True)
class Judged:
    """An audit with all that it is judged by."""

    audit_id: int
    run: RunRow
    plan: Plan
    transcripts: tuple[int, ...]
    codebook: Codebook
    policy: Policy
    units: UnitsConfig
    accepted: tuple[str, ...]
    """Codes in lane `accept`."""
    outside: Mapping[str, str]
    """Transcripts that are unlike the evidence, and why."""
    samples: Samples = ONE
    """Samples of these transcripts up to this one."""


def judge(judged: Judged, store: Store) -> AuditResult:
    """Pure but for reading. Raises `UserError` as `audit_result` says."""
    passages = _population(judged, store)
    infos = {info.id: info for info in transcript_infos(store)}
    coders = coders_of(store, judged.audit_id, judged.plan, judged.transcripts)
    heard = said(store, judged.run, judged.codebook, judged.units, judged.plan, coders)
    found = heard.share
    asked_for = judged.accepted or tuple(c.id for c in judged.codebook.sent)
    wanted = tuple(code for code in asked_for if code not in heard.unknown)
    level = level_for(judged.policy.intervals.level, judged.samples)
    names = stratify(passages, judged.plan.codes, judged.plan.segments)
    codes = [c.id for c in judged.codebook.sent]
    transcripts = len(judged.transcripts)

    def both(of: Sequence[str], why: str = "") -> tuple[Interval, Interval]:
        if why or not of:
            none = as_interval(
                Undefined(why or "nobody who coded the sample says yes or no about these codes"),
                level,
                transcripts,
            )
            return none, none
        strata = _strata(judged.plan, passages, names, found, codes, of)
        return (
            as_interval(error_share(strata, level), level, transcripts),
            as_interval(missed_share(strata, level), level, transcripts),
        )

    error, missed = both(wanted)
    rows = []
    for code in codes:
        suggested = sum(code in p.suggested for p in passages)
        unknown = heard.unknown.get(code, "")
        seen, wrong, alone = (0, 0.0, 0.0)
        if not unknown:
            seen, wrong, alone = _counts(passages, found, codes.index(code), code)
        if not suggested and not alone:
            continue
        own, lost = both([code], unknown)
        bar = judged.policy.audit.max_error
        refused = ""
        if code not in judged.accepted:
            refused = "it is not in the lane “accept”"
        else:
            refused = _against_code(own, bar)
        rows.append(
            AuditedCode(
                code,
                judged.codebook.by_id[code].label,
                code in judged.accepted,
                suggested,
                seen,
                wrong,
                alone,
                own,
                lost,
                refused,
            )
        )
    reasons = _reasons(judged, error, missed, len(passages))
    counted = Counted(
        wanted,
        tuple(judged.codebook.by_id[code].label for code in wanted),
        tuple(code for code in asked_for if code not in wanted),
        bool(judged.accepted),
        tuple(
            judged.codebook.by_id[code].label
            for code in wanted
            if all(row.code != code for row in rows)
        ),
    )
    return AuditResult(
        judged.audit_id,
        judged.run.id,
        tuple(infos[key].name for key in judged.transcripts),
        tuple(sorted({name for each in coders.values() for name in each})),
        len(passages),
        len(judged.plan.sample),
        tuple(rows),
        error,
        missed,
        counted,
        not reasons,
        tuple(reasons),
        _sentence(judged, error, missed, counted, heard.unknown),
        {
            n: why
            for n, why in judged.outside.items()
            if n in {infos[k].name for k in judged.transcripts}
        },
        judged.plan.seed,
        level,
        judged.samples,
        {c: why for c, why in heard.unknown.items() if any(r.code == c for r in rows)},
        override_notes(
            store,
            lambda code: (
                judged.codebook.by_id[code].label if code in judged.codebook.by_id else code
            ),
            judged.run.id,
        ),
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


def _population(judged: Judged, store: Store) -> tuple[Passage, ...]:
    """The batch as it was when the sample was drawn."""
    gone = [i.name for i in transcript_infos(store) if i.withdrawn and i.id in judged.transcripts]
    hint = f"Draw a new sample: secondcoder audit draw {judged.run.id}."
    if gone:
        raise UserError(
            f"Since audit {judged.audit_id} was drawn, {', '.join(gone)} was withdrawn.", hint=hint
        )
    passages = tuple(
        sorted(
            passages_of(store, judged.run, judged.transcripts, judged.units),
            key=lambda p: (p.transcript_id, p.segment),
        )
    )
    sizes = Counter(stratify(passages, judged.plan.codes, judged.plan.segments))
    if sizes != {s.name: s.population for s in judged.plan.strata}:
        raise UserError(
            f"Since audit {judged.audit_id} was drawn, what run {judged.run.id} suggests has "
            "changed, so the sample does not stand for it any more.",
            hint=hint,
        )
    return passages


def _strata(
    plan: Plan,
    passages: Sequence[Passage],
    names: Sequence[str],
    found: Mapping[tuple[int, int], FloatArray],
    codes: Sequence[str],
    of: Sequence[str],
) -> list[Stratum]:
    wanted = set(of)
    columns = np.array([codes.index(c) for c in of], dtype=np.int64)
    said = {(p.transcript_id, p.segment): p.suggested & wanted for p in passages}
    made = []
    for number, stratum in enumerate(plan.strata):
        mine = [
            p.suggested & wanted
            for p, name in zip(passages, names, strict=True)
            if name == stratum.name
        ]
        places = [(d.transcript_id, d.segment) for d in plan.sample if d.stratum == number]
        model = np.array([[c in said[p] for c in of] for p in places], dtype=float)
        person = np.array([found[p][columns] for p in places])
        model, person = (x.reshape(len(places), len(of)) for x in (model, person))
        made.append(
            Stratum(
                len(mine),
                sum(bool(m) for m in mine),
                sum(len(m) for m in mine),
                model.sum(axis=1),
                (model * (1 - person)).sum(axis=1),
                ((1 - model) * person).sum(axis=1),
                len(of),
            )
        )
    return made


def _counts(
    passages: Sequence[Passage],
    found: Mapping[tuple[int, int], FloatArray],
    column: int,
    code: str,
) -> tuple[int, float, float]:
    seen, wrong, alone = 0, 0.0, 0.0
    for passage in passages:
        said = found.get((passage.transcript_id, passage.segment))
        if said is None:
            continue
        if code in passage.suggested:
            seen += 1
            wrong += 1 - float(said[column])
        else:
            alone += float(said[column])
    return seen, wrong, alone


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
