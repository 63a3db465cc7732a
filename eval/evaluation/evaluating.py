"""Measure people against people, and a run against people, from stored rows only.

`evaluate` never calls a model. It puts together what the modules of this package compute: figures
from everybody who may be measured, verdicts from those alone whose codings are reference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.codebook.records import Codebook
from assistant.store.database import Store, now
from assistant.store.looks import looks_by_kind
from assistant.store.outcomes import count_outcomes
from assistant.store.records import RunRow
from assistant.store.suggestions import bulk_decisions
from assistant.store.transcripts import transcript, transcript_infos
from assistant.store.versions import fit
from eval.baselines.simple import BASELINES, unit_texts, with_baselines
from eval.evaluation.ceiling import difference, model_person, person_person
from eval.evaluation.figures import summarise
from eval.evaluation.gain import gain
from eval.evaluation.pairs import compare_people, each_pair, model_pairs, pooled_kappa
from eval.evaluation.results import (
    BaselineResult,
    Coverage,
    Evaluation,
    ModelResult,
    OverrideRow,
    PeopleResult,
    RunFacts,
    Sensitivity,
)
from eval.further.measuring import measure_more, planning
from eval.intervals.resampling import Interval
from eval.sampling.out_of_sample import provisional
from eval.statistics.values import is_defined
from eval.units.building import build_units
from eval.units.loading import LoadedStudy, load
from eval.units.records import CodedTranscript, UnitKind, UnitMatrix, UnitPlan, to_families
from eval.units.words import RULES
from eval.verdicts.evidence import gather_evidence, no_interval
from eval.verdicts.lanes import CodeEvidence, Verdict, decide
from eval.verdicts.policy import Policy

__all__ = ["Subject", "evaluate"]

_BASELINE_WORDS = {
    "never": "says no everywhere",
    "commonest": "gives every unit the code that people use most in the other transcripts",
    "random": "says yes by chance, as often as people do in the other transcripts",
    "word statistics": "counts words, having learned from the other transcripts",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be measured, and how."""

    study: str
    codebook: Codebook
    policy: Policy
    interviewers: tuple[str, ...]
    count_interviewers: bool
    run: RunRow | None = None
    unit: UnitKind = "segment"
    with_adjudicated: bool = False
    every_coefficient: bool = False


def evaluate(store: Store, subject: Subject) -> Evaluation:
    """Everything that a report shows. Takes seconds for a dozen interviews."""
    study = load(
        store,
        subject.codebook,
        subject.interviewers,
        run=subject.run,
        with_adjudicated=subject.with_adjudicated,
    )
    plan = _plan(subject, study)
    matrix = build_units(study.transcripts, plan)
    settings = subject.policy.resampling
    families = {code: subject.codebook.family_of(code) for code in study.codes}
    missing = tuple(
        dict.fromkeys(c.code for found in study.missing_codings.values() for c in found)
    )
    # An adjudicated version may be measured against; it is never part of the ceiling.
    peers, among = study, matrix
    if subject.with_adjudicated:
        peers = load(store, subject.codebook, subject.interviewers, run=subject.run)
        among = build_units(peers.transcripts, _plan(subject, peers))
    people = compare_people(
        peers, among, _plan(subject, peers), families, settings, _with_missing(peers), missing
    )
    model = _model(store, subject, study, matrix, families, peers, among) if subject.run else None
    book = subject.codebook
    looked = looks_by_kind(store, book.name)
    ahead = planning(
        store,
        book,
        subject.interviewers,
        subject.count_interviewers,
        subject.policy,
        model.verdicts if model else (),
        subject.run,
    )
    return Evaluation(
        study=subject.study,
        made_at=now(),
        codebook=book.name,
        codebook_version=book.version,
        codebook_sha256=book.sha256,
        policy_sha256=subject.policy.sha256,
        method=settings.method,
        level=settings.level,
        resamples=settings.resamples,
        seed=settings.seed,
        coverage=Coverage(
            transcripts=matrix.transcripts,
            units=len(matrix.words),
            unit=str(matrix.unit),
            rule=str(matrix.rule),
            interviewers_counted=subject.count_interviewers,
            left_out=matrix.left_out,
            left_out_codes=study.left_out_codes,
            missing_share=study.missing_share,
            people=study.people,
            languages=study.languages,
        ),
        people=people,
        model=model,
        run=_run_facts(store, subject.run) if subject.run else None,
        sensitivity=_sensitivity(subject, study, plan, peers),
        looks=sum(looked.values()),
        looks_by_kind={str(kind): n for kind, n in looked.items()},
        overrides=_overrides(store),
        withdrawn=tuple(i.name for i in transcript_infos(store) if i.withdrawn),
        notes=(*study.notes, *_small(matrix, people), *_provisional(store, subject, matrix)),
        code_names={c.id: c.label for c in book.codes},
        definitions={c.id: c.definition for c in book.codes},
        more=measure_more(study, matrix, subject.policy, ahead, every=subject.every_coefficient),
    )


def _plan(subject: Subject, study: LoadedStudy) -> UnitPlan:
    coders = (*study.coders, study.model) if study.model else study.coders
    by_id = subject.codebook.by_id
    return UnitPlan(
        codes=study.codes,
        coders=coders,
        unit="exchange" if subject.unit == "exchange" else "segment",
        leave_out_interviewers=not subject.count_interviewers,
        code_units={c: by_id[c].unit for c in study.codes if by_id[c].unit != "segment"},
    )


def _with_missing(study: LoadedStudy) -> tuple[CodedTranscript, ...]:
    return tuple(
        replace(t, codings=(*t.codings, *study.missing_codings.get(t.name, ())))
        for t in study.transcripts
    )


def _small(matrix: UnitMatrix, people: PeopleResult | None) -> list[str]:
    if people is None:
        return [
            "No two people coded the same transcript, so there is no figure of how well people "
            "agree, and nothing that a model could be set beside."
        ]
    return []


def _provisional(store: Store, subject: Subject, matrix: UnitMatrix) -> list[str]:
    """What was used to choose something: its figures are shown and prove nothing."""
    used = provisional(store, subject.codebook, subject.run)
    return [
        f"Provisional: figures with “{name}” count towards no verdict, because {why}."
        for name, why in used.items()
        if name in matrix.transcripts
    ]


def _sensitivity(
    subject: Subject, study: LoadedStudy, plan: UnitPlan, peers: LoadedStudy
) -> tuple[Sensitivity, ...]:
    """How far the pooled kappa hangs on the rule from span to unit, and on the unit."""
    settings = subject.policy.resampling
    plans = [
        (f"segments, a span counts if it covers {rule}", replace(plan, rule=rule)) for rule in RULES
    ]
    plans.append(("exchanges (a question with its answers)", replace(plan, unit="exchange")))
    rows: list[Sensitivity] = []
    for what, one in plans:
        matrix = build_units(study.transcripts, one)
        if not len(matrix.words):
            continue
        among = matrix
        if peers is not study:
            own = replace(one, coders=_plan(subject, peers).coders)
            among = build_units(peers.transcripts, own)
        rows.append(
            Sensitivity(
                what,
                pooled_kappa(person_person(among, peers.coders), settings, one_table=True),
                pooled_kappa(model_pairs(matrix, study), settings) if study.model else None,
            )
        )
    return tuple(rows)


# --- the model -----------------------------------------------------------------------------------


def _model(
    store: Store,
    subject: Subject,
    study: LoadedStudy,
    matrix: UnitMatrix,
    families: dict[str, str],
    peers: LoadedStudy,
    among: UnitMatrix,
) -> ModelResult | None:
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
    apart = (
        difference(
            among,
            peers.coders,
            peers.model,
            margin=subject.policy.accept.worse_than_people_by,
            settings=settings,
        )
        if person_person(among, peers.coders)
        else None
    )
    return ModelResult(
        each=each_pair(matrix, [(p, study.model) for p in study.coders], study),
        summary=summarise(pairs, settings=settings),
        families=summarise(
            model_person(to_families(matrix, families), study.coders, study.model),
            settings=settings,
        ),
        difference=apart,
        baselines=baselines,
        best_baseline=best.name,
        verdicts=_verdicts(store, subject),
        suggestions=sum(counts["suggestions"].values()),
        not_placed=sum(counts["unplaced"].values()),
        failed_segments=counts["segments"].get("failed", 0),
        not_in_scope=alone,
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
    return BaselineResult(
        name,
        _BASELINE_WORDS[name],
        summarise([t for t in tables if t.cells.any()], settings=settings),
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
    inside_unused = inside - set(used)
    study = replace(
        study, transcripts=tuple(t for t in study.transcripts if t.name in inside_unused)
    )
    matrix = build_units(study.transcripts, _plan(subject, study))
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
        with_baselines(
            matrix,
            study.coders,
            unit_texts(matrix, study.transcripts),
            subject.policy.resampling.seed,
        ),
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
        "unknown": "what the coder had seen is not known",
        "adjudicated": "it is an adjudicated version",
        "after-model": "it was made after seeing the model",
    }
    found: list[str] = []
    for role, why in words.items():
        rows = [p for p in everybody.people if p.role == role and p.transcript in inside]
        if rows:
            names = ", ".join(sorted({p.name for p in rows}))
            found.append(f"{len(rows)} coded transcripts by {names}, because {why}")
    return tuple(found)


# --- what stands beside the figures ------------------------------------------------------------


def _run_facts(store: Store, run: RunRow) -> RunFacts:
    names = {info.sha256: info.name for info in transcript_infos(store)}
    ids = {info.id: info.name for info in transcript_infos(store)}
    header = run.header
    seen = {
        ids[key]: tuple(sorted(names.get(h, h[:19]) for h in fit(store, digest)[1]))
        for key, digest in run.fits.items()
    }
    return RunFacts(
        run.id,
        run.coder.name,
        ", ".join(header["models_answered"]) or header["model_asked"],
        header["recipe"]["endpoint"],
        run.strategy,
        header["recipe"]["prompt_id"],
        run.status,
        run.why,
        run.recipe_sha256,
        run.started_at,
        tuple(ids[key] for key in run.transcripts),
        seen,
        tuple(header["notes"]),
    )


def _overrides(store: Store) -> tuple[OverrideRow, ...]:
    return tuple(
        OverrideRow(
            str(b["code"]),
            int(str(b["run_id"])),
            int(str(b["suggestions"])),
            str(b["because"]),
            str(b["reviewer"]),
            str(b["made_at"]),
            b["undone_at"] is not None,
        )
        for b in bulk_decisions(store)
        if b["because"]
    )
