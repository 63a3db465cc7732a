"""A run set beside people: its figures, baselines, difference from people, and verdicts.

Figures are of everybody who is measured; verdicts rest on reference codings alone.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.counting import counted
from assistant.store.database import Store
from assistant.store.model.outcomes import count_outcomes
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript
from assistant.transcripts.records import ADJUDICATED
from eval.baselines.constant import without_chance
from eval.baselines.simple import BASELINES, unit_texts, with_baselines
from eval.evaluation.ceiling import model_person, person_person
from eval.evaluation.difference import difference
from eval.evaluation.figures import summarise
from eval.evaluation.gain import gain
from eval.evaluation.pairs import each_pair, units_of
from eval.evaluation.results import BaselineResult, ModelResult
from eval.evaluation.subject import Subject, unit_plan
from eval.intervals.resampling import Interval
from eval.sampling.out_of_sample import provisional
from eval.statistics.values import is_defined
from eval.units.building import build_units
from eval.units.loading import LoadedStudy, load
from eval.units.records import UnitMatrix, to_families
from eval.verdicts.evidence import BESIDE, gather_evidence, no_interval
from eval.verdicts.lanes import CodeEvidence, Verdict, decide

__all__ = ["measure_model"]

NEVER = BASELINES[0]
_BASELINE_WORDS = {
    "never": "says no everywhere",
    "commonest": "gives every unit the code that people use most in the other transcripts",
    "random": "says yes by chance, as often as people do in the other transcripts",
    "word statistics": "counts words, having learned from the other transcripts",
}


def measure_model(
    store: Store,
    subject: Subject,
    study: LoadedStudy,
    matrix: UnitMatrix,
    families: dict[str, str],
    peers: LoadedStudy,
    among: UnitMatrix,
) -> ModelResult | None:
    """Everything about ``subject.run``; None where nobody coded what it coded. ``peers`` and
    ``among``: the people of the ceiling, without an adjudicated version."""
    run = subject.run
    assert run is not None
    settings = subject.policy.resampling
    pairs = model_person(matrix, study.coders, study.model)
    alone = _alone(study, run, store)
    counts = count_outcomes(store, run.id)
    if not pairs:
        return None
    with_them = with_baselines(
        matrix, study.coders, unit_texts(matrix, study.transcripts), settings.seed
    )
    baselines = tuple(_baseline(with_them, study, name, subject) for name in BASELINES)
    named = [b for b in baselines if b.name != "random"]
    best = max(named, key=lambda b: _or_nothing(b.summary.pooled.values["kappa"]))
    apart = {
        key: difference(
            among,
            peers.coders,
            peers.model,
            statistic=key,
            margin=subject.policy.accept.worse_than_people_by,
            settings=settings,
        )
        for key in ("kappa", *BESIDE)
        if person_person(among, peers.coders)
    }
    return ModelResult(
        each=each_pair(matrix, [(p, study.model) for p in study.coders], study),
        summary=summarise(pairs, settings=settings),
        families=summarise(
            model_person(to_families(matrix, families), study.coders, study.model),
            settings=settings,
        ),
        difference=apart.pop("kappa", None),
        baselines=baselines,
        best_baseline=best.name,
        verdicts=_verdicts(store, subject),
        suggestions=sum(counts["suggestions"].values()),
        not_placed=sum(counts["unplaced"].values()),
        failed_segments=counts["segments"].get("failed", 0),
        not_in_scope=alone,
        beside=apart,
        units=units_of(matrix, pairs),
    )


def _or_nothing(figure: Interval) -> float:
    return figure.estimate if is_defined(figure.estimate) else float("-inf")


def _alone(study: LoadedStudy, run: RunRow, store: Store) -> tuple[str, ...]:
    coded = {p.transcript for p in study.people if p.name in study.coders}
    names = (transcript(store, key).name for key in run.transcripts)
    return tuple(name for name in names if name not in coded)


def _baseline(
    matrix: UnitMatrix, study: LoadedStudy, name: str, subject: Subject
) -> BaselineResult:
    settings = subject.policy.resampling
    # On the units that the model coded, as the model's own figures are.
    where = matrix.scope[matrix.coder(study.model)]
    tables = [matrix.pair(person, name, where) for person in study.coders]
    above = gain(matrix, study.coders, study.model, name, settings=settings)
    summary = summarise([t for t in tables if t.cells.any()], settings=settings)
    return BaselineResult(
        name,
        _BASELINE_WORDS[name],
        without_chance(summary) if name == NEVER else summary,
        {row.name: row.difference for row in above.codes},
        above.pooled.difference,
    )


def _verdicts(store: Store, subject: Subject) -> tuple[Verdict, ...]:
    """One for every code that the run was asked about, from reference codings alone.

    Always by segment, whatever unit the figures are in: suggestions are made and accepted there.
    """
    subject = replace(subject, unit="segment")
    study = load(
        store, subject.codebook, subject.interviewers, run=subject.run, reference_only=True
    )
    assert subject.run is not None
    everybody = load(store, subject.codebook, subject.interviewers, run=subject.run)
    inside = {transcript(store, key).name for key in subject.run.transcripts}
    used = provisional(store, subject.codebook, subject.run)
    # The baselines learn from every transcript that people coded, as the run's calibration does and
    # as those of the report do; only the figures are of what counts.
    whole = build_units(study.transcripts, unit_plan(subject, study))
    if study.coders:
        whole = with_baselines(
            whole,
            study.coders,
            unit_texts(whole, study.transcripts),
            subject.policy.resampling.seed,
        )
    matrix = whole.only(inside - set(used))
    not_counted = (
        *_not_counted(everybody, inside),
        *(f"“{name}”, because {why}" for name, why in used.items() if name in inside),
    )
    pairs = model_person(matrix, study.coders, study.model) if study.coders else ()
    if not pairs:
        return tuple(
            decide(_no_evidence(subject, code, not_counted), subject.policy) for code in study.codes
        )
    evidence = gather_evidence(
        matrix,
        study.coders,
        study.model,
        subject.policy,
        kinds={code: subject.codebook.by_id[code].kind for code in study.codes},
        not_counted=dict.fromkeys(study.codes, not_counted),
    )
    return tuple(decide(one, subject.policy) for one in evidence)


_WHY_NONE = "nobody coded this independently"


def _no_evidence(subject: Subject, code: str, not_counted: tuple[str, ...]) -> CodeEvidence:
    none = no_interval(_WHY_NONE)
    return CodeEvidence(
        code=code,
        kind=subject.codebook.by_id[code].kind,
        reference_transcripts=0,
        positives=0,
        positive_transcripts=0,
        people=0,
        kappa=none,
        over_baseline=none,
        person_person=none,
        difference=none,
        difference_low=none.estimate,
        precision=none,
        recall=none,
        not_counted=not_counted,
    )


def _not_counted(everybody: LoadedStudy, inside: set[str]) -> tuple[str, ...]:
    words = {
        "unknown": ("what the coder had seen is not known",) * 2,
        "adjudicated": (f"it was {ADJUDICATED}", f"they were {ADJUDICATED}"),
        "after-model": (
            "it was made after seeing the model",
            "they were made after seeing the model",
        ),
    }
    found: list[str] = []
    for role, why in words.items():
        rows = [p for p in everybody.people if p.role == role and p.transcript in inside]
        if rows:
            names = ", ".join(sorted({p.name for p in rows}))
            coded = counted(len(rows), "coded transcript")
            found.append(f"{coded} by {names}, because {why[len(rows) > 1]}")
    return tuple(found)
