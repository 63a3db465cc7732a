"""From a matrix to the evidence that verdicts are decided by.

People in ``people`` must be independent or blind coders (`Scope.is_reference`), and the model's
codings out of sample; neither can be seen in a matrix, so both are the caller's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.codebook.records import Kind
from eval.baselines.simple import BASELINES
from eval.evaluation.ceiling import model_person, person_person, reference_counts
from eval.evaluation.difference import difference
from eval.evaluation.figures import summarise
from eval.evaluation.gain import gain
from eval.intervals.resampling import Interval
from eval.statistics.agreement import SECOND_NEVER
from eval.statistics.values import Undefined, is_defined
from eval.units.records import UnitMatrix
from eval.verdicts.lanes import CodeEvidence
from eval.verdicts.policy import Policy

__all__ = ["BESIDE", "gather_evidence", "no_interval"]

BESIDE = ("f1", "ac1")
"""What stands beside kappa of people with each other, by key of `agreement.STATISTICS`."""

WORDS = BASELINES[3]
NO_PAIR = "no two people coded the same units"
MODEL_NEVER = "the model never suggests it"
NO_MODEL = "the model and people coded no common units"


def no_interval(reason: str, level: float = 0.95, method: str = "") -> Interval:
    """An interval that is not there, with its reason."""
    none = Undefined(reason)
    return Interval(none, none, none, level, method, 0, none, 0.0)


def _of_model(found: Interval) -> Interval:
    """The second of each pair is the model here, and reasons call it so."""
    if is_defined(found.estimate) or found.estimate.reason != SECOND_NEVER:
        return found
    none = Undefined(MODEL_NEVER)
    return replace(found, estimate=none, low=none, high=none, se=none)


def gather_evidence(
    matrix: UnitMatrix,
    people: Sequence[str],
    model: str,
    policy: Policy,
    *,
    kinds: Mapping[str, Kind],
    baseline: str = WORDS,
    provisional: str = "",
    not_counted: Mapping[str, Sequence[str]] | None = None,
) -> tuple[CodeEvidence, ...]:
    """One for each code of the matrix; ``baseline`` is a coder of it (`with_baselines`).

    Counts are of what both people and the model looked at. The family over which the difference is
    controlled are the codes with enough reference to be proven at all: the others cannot be
    accepted, whatever comes out, and would only make the bar harder for the rest.
    """
    settings = policy.resampling
    seen_by_model = matrix.scope[matrix.coder(model)]
    counted = reference_counts(matrix, people, within=seen_by_model)
    bar = policy.unproven
    family = [
        code
        for code, found in zip(matrix.codes, counted, strict=True)
        if found.transcripts >= bar.reference_transcripts
        and found.positives >= bar.positives
        and found.positive_transcripts >= bar.positive_transcripts
    ]
    pairs = person_person(matrix, people)
    with_model = model_person(matrix, people, model)
    ceiling = summarise(pairs, ("kappa", *BESIDE), settings, both_ways=True) if pairs else None
    keys = ("kappa", "precision", "recall")
    against = summarise(with_model, keys, settings) if with_model else None
    apart = difference(
        matrix,
        people,
        model,
        margin=policy.accept.worse_than_people_by,
        family=family,
        settings=settings,
    )
    over = gain(matrix, people, model, baseline, settings=settings)
    found = []
    for code, count in zip(matrix.codes, counted, strict=True):
        values = against.row(code).values if against else None
        row = apart.row(code)
        found.append(
            CodeEvidence(
                code=code,
                kind=kinds[code],
                reference_transcripts=count.transcripts,
                positives=count.positives,
                positive_transcripts=count.positive_transcripts,
                people=count.people,
                kappa=values["kappa"] if values else no_interval(NO_MODEL),
                over_baseline=over.row(code).difference,
                person_person=ceiling.row(code).values["kappa"]
                if ceiling
                else no_interval(NO_PAIR),
                difference=row.difference,
                difference_low=row.controlled_low,
                precision=_of_model(values["precision"]) if values else no_interval(NO_MODEL),
                recall=values["recall"] if values else no_interval(NO_MODEL),
                provisional=provisional,
                not_counted=tuple((not_counted or {}).get(code, ())),
                people_beside={key: ceiling.row(code).values[key] for key in BESIDE}
                if ceiling
                else {},
            )
        )
    return tuple(found)
