"""The paragraph about agreement: each figure with the interviews that it rests on.

An interval stands in a paper only where it was measured how often such intervals hold with so few
interviews; below that it can be far too wide or too narrow, and nobody could tell which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from eval.evaluation.results import (
    Coverage,
    Evaluation,
    ModelResult,
    PairInTranscript,
    PeopleResult,
)
from eval.intervals.coverage_table import measured_coverage
from eval.intervals.resampling import Interval
from eval.report.view import LANE_ORDER
from eval.report.wording import how_many, listed, measured, number, was
from eval.statistics.agreement import STATISTICS
from eval.statistics.values import Undefined, is_defined

__all__ = ["agreed", "for_a_paper", "interviews_of"]

_METHODS = {
    "jackknife-t": "by leaving out one interview at a time (jackknife, Student's t)",
    "percentile": "by drawing interviews again (bootstrap, percentiles)",
    "bca": "by drawing interviews again (bootstrap, BCa)",
}
_LANES = {
    "accept": "suggestions may be accepted many at a time after an audit",
    "review": "each suggestion is decided on by a person",
    "vague": "people are not shown to agree on the code",
    "withhold": "the model is not shown to know the code",
    "unproven": "too little evidence to say",
}


def for_a_paper(value: Interval, interviews: int, method: str) -> Interval:
    """The figure; without its interval where it was not measured how often one holds."""
    if measured_coverage(interviews, method) is not None or not is_defined(value.estimate):
        return value
    why = Undefined(f"how well one holds with {how_many(interviews, 'interview')} was not measured")
    return replace(value, low=why, high=why)


def agreed(found: Evaluation, changed: str = "") -> str:
    """How it was measured, people, the model, and what was left out. ``changed``: what of it is no
    longer as it was measured, to be read before the figures."""
    rests = found.coverage
    speech = "counted" if rests.interviewers_counted else "left out"
    made = [
        f"Agreement was measured on {found.made_at[:10]}, by {rests.unit} and code "
        f"({how_many(len(found.code_names), 'code')}); a marked passage counts in a {rests.unit} "
        f"if it covers {rests.rule}. Interviewers' speech was {speech}."
    ]
    if changed:
        made.append(f"[{changed}]")
    if any(measured_coverage(n, found.method) for n in _rested_on(found)):
        made.append(
            f"Intervals ({found.level:.0%}) were made {_METHODS.get(found.method, found.method)}, "
            "whole interviews being what chance draws."
        )
    if found.people is not None:
        values = found.people.together.pooled.values
        there = interviews_of(found.people.each)
        said = _said(there, found.method)
        made.append(
            f"People with each other ({_on(there, rests, found.people.units)}; all pairs and codes "
            f"in one table): Cohen's kappa {said(values['kappa'])}, AC1 {said(values['ac1'])}, "
            f"Krippendorff's alpha {said(found.people.alpha)}, F1 {said(values['f1'])}; "
            f"mean kappa of {how_many(found.people.together.macro_codes['kappa'], 'code')} "
            f"{said(found.people.together.macro['kappa'])}{_over_pairs(found.people)}."
        )
        made += _kept(there, found.method)
    if found.model is not None:
        made += _with_model(found, found.model)
    doubtful = _roles(found, "unknown")
    if doubtful:
        made.append(
            f"What {listed(doubtful)} had seen while coding is not on record for all of their "
            "interviews; such codes are measured and count towards no verdict."
        )
    adjudicated = [p for p in _roles(found, "adjudicated") if p not in _measured_people(found)]
    if adjudicated:
        made.append(f"The adjudicated codes of {listed(adjudicated)} were not measured.")
    return " ".join([*made, *_left_out(rests)])


def _with_model(found: Evaluation, model: ModelResult) -> list[str]:
    values = model.summary.pooled.values
    there = interviews_of(model.each)
    said = _said(there, found.method)
    made = [
        f"The model with each person ({_on(there, found.coverage, model.units)}; mean over "
        f"persons): Cohen's kappa {said(values['kappa'])}, AC1 {said(values['ac1'])}, "
        f"precision {said(values['precision'])}, recall {said(values['recall'])}, F1 "
        f"{said(values['f1'])}."
    ]
    if found.people is None or there != interviews_of(found.people.each):
        made += _kept(there, found.method)
    if model.difference is not None and is_defined(model.difference.pooled.person_person.estimate):
        between = model.difference.pooled
        beside = _said(min(_rested_on(found)), found.method)
        others = "; ".join(
            f"{STATISTICS[key].label} {beside(one.pooled.person_person)} and "
            f"{beside(one.pooled.model_person)}"
            for key, one in model.beside.items()
        )
        made.append(
            f"Where two people and the model coded the same {found.coverage.unit}s, people reach "
            f"kappa {beside(between.person_person)} with each other (the ceiling) and the model "
            f"{beside(between.model_person)} with them, a difference of "
            f"{beside(between.difference, sign=True)}" + (f" ({others})." if others else ".")
        )
    else:
        made.append("No two people coded what the model coded, so there is no ceiling beside it.")
    best = next((b for b in model.baselines if b.name == model.best_baseline), None)
    if best is not None:
        made.append(
            f"The best of {how_many(len(model.baselines), 'baseline')} without a language model "
            f"({best.name}) reached kappa {said(best.summary.pooled.values['kappa'])}; the "
            f"model's kappa less that is {said(best.over_pooled, sign=True)}."
        )
    if model.failed_segments:
        made.append(
            f"For {how_many(model.failed_segments, 'passage')} the model gave no usable answer; "
            "they are missing from every figure."
        )
    lanes = Counter(v.lane for v in model.verdicts)
    if lanes:
        classed = listed(
            f"{how_many(lanes[lane], 'code')} as “{lane}” ({_LANES[lane]})"
            for lane in LANE_ORDER
            if lanes[lane]
        )
        made.append(f"The study's policy (bars on the lower ends of intervals) classes {classed}.")
    return made


def _over_pairs(people: PeopleResult) -> str:
    """The mean that stands beside a run's is over pairs, and so not that of one table."""
    if len(people.by_pair.pairs) < 2:
        return ""
    mean = number(people.by_pair.macro["kappa"].estimate)
    return f" in this one table, {mean} as a mean over pairs of people, each pair weighing the same"


def interviews_of(pairs: Iterable[PairInTranscript]) -> int:
    """How many interviews the figures of these pairs rest on."""
    return len({p.transcript for p in pairs})


def _on(interviews: int, rests: Coverage, units: int | None) -> str:
    """``units``: those that the figures rest on; None in evaluations of older versions."""
    there = len(rests.transcripts)
    coded = f"{how_many(rests.units, rests.unit)}"
    if interviews == there:
        part = f"{units:,} of {coded}" if units not in (None, rests.units) else coded
        return f"{how_many(there, 'interview')}, {part}"
    some = f"{interviews} of {how_many(there, 'coded interview')}"
    return some if units is None else f"{some}, {units:,} of {coded}"


def _rested_on(found: Evaluation) -> list[int]:
    results = (found.people, found.model)
    return [interviews_of(result.each) for result in results if result is not None] or [0]


def _said(interviews: int, method: str) -> Callable[..., str]:
    """How figures that rest on so many interviews are written."""

    def said(value: Interval, *, sign: bool = False) -> str:
        shown = for_a_paper(value, interviews, method)
        bare = shown is not value and is_defined(value.low)
        return number(value.estimate, sign=sign) if bare else measured(value, sign=sign)

    return said


def _kept(interviews: int, method: str) -> list[str]:
    """How well intervals hold with so few; nothing from 20 on."""
    if interviews >= 20:
        return []
    known = measured_coverage(interviews, method)
    if known is None:
        return [
            "No interval stands beside these figures: how well intervals hold with "
            f"{how_many(interviews, 'interview')} was not measured."
        ]
    return [f"In simulations {known}."]


def _measured_people(found: Evaluation) -> set[str]:
    people = found.people.each if found.people else ()
    model = found.model.each if found.model else ()
    return {name for p in people for name in (p.first, p.second)} | {p.first for p in model}


def _roles(found: Evaluation, role: str) -> list[str]:
    return sorted({p.name for p in found.coverage.people if p.role == role})


def _left_out(rests: Coverage) -> list[str]:
    left = rests.left_out
    codings = [
        f"{n} {why}"
        for n, why in (
            (left.out_of_scope, "outside what their coder is recorded to have looked at"),
            (left.too_small, f"too small to count in any {rests.unit}"),
            (left.only_interviewer, "in interviewers' speech alone"),
        )
        if n
    ]
    made = []
    if codings:
        total = left.out_of_scope + left.too_small + left.only_interviewer
        made.append(
            f"{how_many(total, 'coding')} {was(total)} left out"
            + (
                f": {listed(codings)}."
                if len(codings) > 1
                else f" ({codings[0].split(' ', 1)[1]})."
            )
        )
    whys = Counter(c.why for c in rests.left_out_codes)
    words = {
        "not in the codebook": "not in the codebook",
        "ignored": "set aside in the codebook",
        "structural or attribute": "about structure or persons, not meaning",
        "older definition": "coded under another definition",
    }
    if whys:
        total = sum(whys.values())
        said = [
            f"{n if len(whys) > 1 else ''} {words[why]} "
            f"({how_many(sum(c.codings for c in rests.left_out_codes if c.why == why), 'coding')})"
            for why, n in whys.items()
        ]
        made.append(
            f"{how_many(total, 'code')} that people used {was(total)} not measured: "
            f"{listed(s.strip() for s in said)}."
        )
    return made
