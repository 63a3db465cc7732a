"""What was measured of the codes, as far as it still counts: for the list of codes and their pages.

A figure that stands beside a definition is read as that definition's. So what was measured before
the entry was changed, or rests on codes that are others today, is given out with the reason why it
counts no more, and without a lane. The ceiling beside a model is of the passages that two people
and the model coded: people's agreement elsewhere says nothing about what could be had here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.codebook.records import Codebook
from assistant.counting import counted
from assistant.decisions.standing import verdicts_of
from assistant.errors import SecondCoderError
from assistant.recipe import entries
from assistant.store.database import Store
from assistant.store.measured.brought import changed_since
from assistant.store.measured.evidence import EvaluationRow, StandingVerdict, evaluations
from assistant.store.model.runs import run
from assistant.store.versions import codebook
from assistant.study import Study

if TYPE_CHECKING:
    from eval.evaluation.results import Evaluation
    from eval.intervals.resampling import Interval

__all__ = ["Measured", "MeasuredCode", "measured"]


@dataclass(frozen=True)
class MeasuredCode:
    """Figures of one code. None: it was not measured."""

    people: Interval | None = None
    """Kappa of people with each other: beside a model, on the passages that it coded too."""
    model: Interval | None = None
    people_everywhere: Interval | None = None
    """Beside a model: people with each other wherever two coded; no ceiling of the model."""
    lane: str = ""
    """Empty where there is none, or none that counts."""
    reasons: tuple[str, ...] = ()
    """Every reason that applies, those of its own lane first."""
    void: tuple[str, ...] = ()
    """Why none of it counts any more, in words; empty: it counts."""


@dataclass(frozen=True)
class Measured:
    """The newest evaluation of a run, else of people, code by code."""

    id: int
    run_id: int | None
    people_in: tuple[str, ...]
    """Transcripts that `MeasuredCode.people` is of."""
    everywhere_in: tuple[str, ...]
    """Transcripts that two people coded."""
    codes: dict[str, MeasuredCode] = field(default_factory=dict)

    def of(self, code: str) -> MeasuredCode:
        return self.codes.get(code, MeasuredCode())

    @property
    def void(self) -> dict[str, list[str]]:
        """Reason -> the codes whose figures count no more because of it."""
        found: dict[str, list[str]] = {}
        for code, one in self.codes.items():
            for reason in one.void:
                found.setdefault(reason, []).append(code)
        return found

    @property
    def ceiling_of(self) -> str:
        """Which passages the ceiling is of, as a sentence."""
        if self.run_id is None:
            return (
                "People with each other: in "
                f"{_named(self.people_in)} that two or more people coded."
            )
        if not self.people_in:
            return (
                f"People with each other: no two people coded what run {self.run_id} coded, so it "
                "has no ceiling."
            )
        return (
            "People with each other: only on the passages that two of them and run "
            f"{self.run_id} coded, in {_named(self.people_in)}."
        )


def _named(names: tuple[str, ...]) -> str:
    if len(names) > 3:
        return counted(len(names), "transcript")
    return f"{counted(len(names), 'transcript')} ({', '.join(names)})"


def measured(study: Study, store: Store, book: Codebook) -> Measured | None:
    """None where nothing was measured, or by a version whose figures cannot be read."""
    from eval.evaluation.studying import last_evaluation

    there = evaluations(store, own=True)
    if not there:
        return None
    row = ([e for e in there if e.run_id is not None] or there)[-1]
    try:
        found = last_evaluation(store, row.id).evaluation
    except (SecondCoderError, KeyError, TypeError, ValueError):
        return None
    standing, problem = _standing(study, store, row)
    old = _entries_then(store, row)
    today = entries(book)
    changed = changed_since(store, row.id)
    codes: dict[str, MeasuredCode] = {}
    for code in dict.fromkeys(_measured_codes(found)):
        stand = standing.get(code)
        void = list(stand.void if stand else changed)
        if problem:
            void.append(problem)
        elif row.run_id is not None and stand is None and _verdict(found, code):
            void.append("the policy (eval/policy.toml, or [units] in study.toml) was changed")
        if code in old and old[code] != today.get(code):
            void.append("what the codebook says of this code was changed since")
        lane, reasons = _lane(found, row, code, stand)
        codes[code] = MeasuredCode(
            *_figures(found, code),
            lane="" if void else lane,
            reasons=() if void else reasons,
            void=tuple(dict.fromkeys(void)),
        )
    return Measured(row.id, row.run_id, _same_passages(found), _double_coded(found), codes)


def _standing(
    study: Study, store: Store, row: EvaluationRow
) -> tuple[dict[str, StandingVerdict], str]:
    """Verdicts of the measured run, and why there cannot be any."""
    if row.run_id is None:
        return {}, ""
    try:
        return verdicts_of(study, store, run(store, row.run_id)), ""
    except SecondCoderError:
        return {}, "the policy (eval/policy.toml) is not there, or cannot be read"


def _entries_then(store: Store, row: EvaluationRow) -> dict[str, str]:
    try:
        return entries(codebook(store, row.codebook_sha256))
    except KeyError:
        return {}


def _measured_codes(found: Evaluation) -> list[str]:
    people = [r.name for r in found.people.by_pair.codes] if found.people else []
    return people + ([r.name for r in found.model.summary.codes] if found.model else [])


def _double_coded(found: Evaluation) -> tuple[str, ...]:
    if found.people is None:
        return ()
    return tuple(dict.fromkeys(one.transcript for one in found.people.each))


def _same_passages(found: Evaluation) -> tuple[str, ...]:
    """Of a run: the transcripts that two people coded and it."""
    double = _double_coded(found)
    if found.model is None:
        return double
    with_it = Counter(one.transcript for one in found.model.each if one.units)
    return tuple(name for name in double if with_it[name] >= 2)


def _figures(
    found: Evaluation, code: str
) -> tuple[Interval | None, Interval | None, Interval | None]:
    everywhere = None
    if found.people is not None and any(r.name == code for r in found.people.by_pair.codes):
        everywhere = found.people.by_pair.row(code).values["kappa"]
    if found.model is None:
        return everywhere, None, None
    model = people = None
    if any(r.name == code for r in found.model.summary.codes):
        model = found.model.summary.row(code).values["kappa"]
    apart = found.model.difference
    if apart is not None and any(r.name == code for r in apart.codes):
        people = apart.row(code).person_person
    return people, model, everywhere


def _verdict(found: Evaluation, code: str) -> bool:
    return found.model is not None and any(v.code == code for v in found.model.verdicts)


def _lane(
    found: Evaluation, row: EvaluationRow, code: str, stand: StandingVerdict | None
) -> tuple[str, tuple[str, ...]]:
    """The lane that counts now, which another evaluation of the same recipe may have given."""
    if stand is None or found.model is None:
        return "", ()
    lane = stand.verdict.lane
    for v in found.model.verdicts:
        if v.code == code and row.id == stand.verdict.evaluation_id:
            own = [r.text for r in v.reasons if r.lane == v.lane]
            return lane, (*own, *(f"{r.text} ({r.lane})" for r in v.reasons if r.lane != v.lane))
    return lane, tuple(stand.verdict.reasons)
