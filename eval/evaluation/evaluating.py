"""Measure people against people, and a run against people, from stored rows only.

`evaluate` never calls a model. It puts together what the modules of this package compute: figures
from everybody who may be measured, verdicts from those alone whose codings are reference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from assistant.recipe import embedding_of
from assistant.store.database import Store, now
from assistant.store.measured.looks import last_looks, looks_by_kind
from assistant.store.model.nothing_suggested import without_suggestions
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import fit
from eval.evaluation.behind import behind_pairs
from eval.evaluation.ceiling import person_person
from eval.evaluation.model import measure_model
from eval.evaluation.overrides import overrides_of
from eval.evaluation.pairs import (
    compare_people,
    looked_at,
    model_pairs,
    pooled_f1,
    pooled_kappa,
    together,
)
from eval.evaluation.results import (
    Coverage,
    Evaluation,
    PeopleResult,
    RunFacts,
    Sensitivity,
)
from eval.evaluation.subject import Subject, unit_plan
from eval.further.measuring import measure_more, planning
from eval.sampling.out_of_sample import provisional
from eval.units.building import build_units
from eval.units.loading import LoadedStudy, load
from eval.units.records import CodedTranscript, UnitMatrix, UnitPlan
from eval.units.words import RULES

__all__ = ["MOST_LOOKS", "STEPS", "Tell", "evaluate"]

STEPS = 6
"""How often `evaluate` tells what it does next."""
Tell = Callable[[int, str], None]
"""``tell(done, what)``: the steps that are done, and what comes now. What it raises ends it all."""

MOST_LOOKS = 50
"""So many of the looks that were counted are kept with an evaluation, one by one."""


def evaluate(store: Store, subject: Subject, tell: Tell = lambda done, what: None) -> Evaluation:
    """Everything that a report shows. Takes seconds for a dozen interviews, minutes for many."""
    tell(0, "reading what was coded")
    study = load(
        store,
        subject.codebook,
        subject.interviewers,
        run=subject.run,
        with_adjudicated=subject.with_adjudicated,
        present=subject.present,
    )
    plan = unit_plan(subject, study)
    matrix = build_units(study.transcripts, plan)
    coded = _coded_by_people(study)
    settings = subject.policy.resampling
    families = {code: subject.codebook.family_of(code) for code in study.codes}
    missing = tuple(
        dict.fromkeys(c.code for found in study.missing_codings.values() for c in found)
    )
    # An adjudicated version may be measured against; it is never part of the ceiling.
    peers, among = study, matrix
    if subject.with_adjudicated:
        peers = load(store, subject.codebook, subject.interviewers, run=subject.run)
        among = build_units(peers.transcripts, unit_plan(subject, peers))
    tell(1, "people beside people")
    people = compare_people(
        peers, among, unit_plan(subject, peers), families, settings, _with_missing(peers), missing
    )
    if subject.run:
        tell(2, f"run {subject.run.id} beside people")
    model = (
        measure_model(store, subject, study, matrix, families, peers, among)
        if subject.run
        else None
    )
    book = subject.codebook
    looked = looks_by_kind(store, book.name)
    tell(3, "what to code next")
    ahead = planning(
        store,
        book,
        subject.interviewers,
        subject.count_interviewers,
        subject.policy,
        model.verdicts if model else (),
        subject.run,
    )
    tell(4, "whether the same words were marked")
    more = measure_more(study, matrix, subject.policy, ahead, every=subject.every_coefficient)
    tell(5, "how far the choice of unit matters")
    sensitivity = _sensitivity(subject, study, plan, peers)
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
            transcripts=coded,
            units=looked_at(matrix, study.coders),
            unit=str(matrix.unit),
            rule=str(matrix.rule),
            interviewers_counted=subject.count_interviewers,
            left_out=matrix.left_out,
            left_out_codes=study.left_out_codes,
            missing_share=study.missing_share,
            people=study.people,
            languages={name: study.languages[name] for name in coded},
        ),
        people=people,
        model=model,
        run=_run_facts(store, subject.run) if subject.run else None,
        sensitivity=sensitivity,
        looks=sum(looked.values()),
        looks_by_kind={str(kind): n for kind, n in looked.items()},
        looks_before=last_looks(store, book.name, MOST_LOOKS),
        overrides=overrides_of(store),
        withdrawn=tuple(i.name for i in transcript_infos(store) if i.withdrawn),
        notes=(*study.notes, *_small(matrix, people), *_provisional(store, subject, coded)),
        code_names={c.id: c.label for c in book.codes},
        definitions={c.id: c.definition for c in book.codes},
        more=more,
    )


def _with_missing(study: LoadedStudy) -> tuple[CodedTranscript, ...]:
    return tuple(
        replace(t, codings=(*t.codings, *study.missing_codings.get(t.name, ())))
        for t in study.transcripts
    )


def _coded_by_people(study: LoadedStudy) -> tuple[str, ...]:
    """Without those that the run alone has coded: figures rest on none of them."""
    people = set(study.coders)
    return tuple(
        t.name for t in study.transcripts if any(scope.coder in people for scope in t.scopes)
    )


def _small(matrix: UnitMatrix, people: PeopleResult | None) -> list[str]:
    if people is None:
        return [
            "No two people coded the same transcript, so there is no figure of how well people "
            "agree, and nothing that a model could be set beside."
        ]
    return []


def _provisional(store: Store, subject: Subject, coded: Collection[str]) -> list[str]:
    """What was used to choose something: its figures are shown and prove nothing."""
    used = provisional(store, subject.codebook, subject.run)
    return [
        f"Provisional: figures with “{name}” count towards no verdict, because {why}."
        for name, why in used.items()
        if name in coded
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
            own = replace(one, coders=unit_plan(subject, peers).coders)
            among = build_units(peers.transcripts, own)
        people = person_person(among, peers.coders)
        model = model_pairs(matrix, study) if study.model else ()
        rows.append(
            Sensitivity(
                what,
                pooled_kappa(people, settings, one_table=True),
                pooled_kappa(model, settings),
                pooled_f1(people, settings, one_table=True),
                pooled_f1(model, settings),
                behind_pairs([together(people, "one", "other")] if people else [], settings),
                behind_pairs(model, settings),
            )
        )
    return tuple(rows)


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
        " at ".join(filter(None, embedding_of(header))),
        {ids[key]: why for key, why in without_suggestions(store, run).items()},
    )
