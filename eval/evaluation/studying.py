"""Evaluate a study and keep what was found: the one entry for command and pages.

An evaluation is stored with its verdicts, and the look at the evidence is counted. Looking only at
people against people counts as a look too, since codebooks are chosen by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.codebook.loading import load_codebook, read_codebook
from assistant.codebook.records import Codebook
from assistant.errors import SecondCoderError, UserError
from assistant.recipe import code_recipe_hash
from assistant.store.database import Store
from assistant.store.finding import find_evaluation, find_run
from assistant.store.measured.brought import (
    DECLARED_OF,
    EVALUATION,
    brought_evaluations,
    changed_since,
    evaluation_guid,
)
from assistant.store.measured.evidence import NewVerdict, evaluations, record_evaluation
from assistant.store.measured.looks import LookKind
from assistant.store.measured.reference import RESTS_ON, declared_of, rests_for_code, rests_on
from assistant.store.model.outcomes import count_outcomes
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import person, record_event
from assistant.store.versions import codebook, recipe, record_codebook
from assistant.study import Study
from eval.evaluation.evaluating import STEPS, Tell, evaluate
from eval.evaluation.results import Evaluation
from eval.evaluation.serialising import evaluation_from_json, evaluation_to_json, measured_hash
from eval.evaluation.subject import Subject
from eval.sampling.out_of_sample import provisional
from eval.units.records import UnitKind
from eval.verdicts.policy import load_policy, standards_hash

__all__ = [
    "STEPS",
    "Evaluated",
    "evaluate_study",
    "last_evaluation",
    "last_with_further",
    "of_people_after_a_run",
    "remarks",
]


_TRIES = 3
"""How often something is measured when people go on coding meanwhile."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An evaluation and its number in the study."""

    id: int
    evaluation: Evaluation


def evaluate_study(
    study: Study,
    store: Store,
    *,
    run_id: int | None = None,
    unit: UnitKind = "segment",
    with_adjudicated: bool = False,
    every_coefficient: bool = False,
    who: str = "",
    look: LookKind = "evaluation",
    tell: Tell = lambda done, what: None,
) -> Evaluated:
    """Measure people against people and, with a run, the run against people; store it.

    ``tell(done, what)`` hears of each of `STEPS` steps; nothing is stored before the last one.
    A run is measured under the codebook that it used. Measuring takes minutes: where somebody has
    coded meanwhile, it is done again, so that no verdict rests on codes that it has not seen.
    Raises `UserError` when there is no such run, no codebook, nobody's codes to measure against,
    or no end of the coding.
    """
    run_row = find_run(store, run_id) if run_id is not None else None
    subject = _subject(
        study, store, run_row, unit, with_adjudicated=with_adjudicated, every=every_coefficient
    )
    standards = standards_hash(subject.policy, study.config.units)
    for _ in range(_TRIES):
        before = _measured(store, subject)
        found = evaluate(store, subject, tell)
        _must_be_measured(found, run_row)
        with store.transaction():
            if _measured(store, subject) == before:
                key = _keep(store, subject, found, standards, who or person(), look)
                _tell_trail(store, subject, found, key, who)
                return Evaluated(key, found)
    raise UserError(
        "Somebody coded or imported each time while it was measured, or the run is still going on, "
        "so nothing was stored.",
        hint="Do it again when the run is over and nobody else is at work in this study.",
    )


def _measured(store: Store, subject: Subject) -> list[Any]:
    """All that the figures come from, to see whether it is still so when they are stored."""
    run_row = subject.run
    return [
        rests_on(store, [info.id for info in transcript_infos(store)]),
        declared_of(store, [code.id for code in subject.codebook.sent]),
        [] if run_row is None else [find_run(store, run_row.id), count_outcomes(store, run_row.id)],
    ]


def _subject(
    study: Study,
    store: Store,
    run_row: RunRow | None,
    unit: UnitKind,
    *,
    with_adjudicated: bool,
    every: bool,
) -> Subject:
    """What is measured, and by what: a run under the codebook that it used."""
    book = _codebook(study, store, run_row)
    policy = load_policy(study.policy_file)
    if not book.sent:
        raise UserError(
            "The codebook has no code that is measured.",
            where=str(study.codebook_file),
            hint="Write codes into it, or derive a first one: `secondcoder codebook derive`.",
        )
    units = study.config.units
    return Subject(
        study.config.name,
        book,
        policy,
        units.interviewers,
        units.count_interviewers,
        run_row,
        unit,
        with_adjudicated,
        every,
        _in_force(study, book, run_row),
    )


def _must_be_measured(found: Evaluation, run_row: RunRow | None) -> None:
    """Raises `UserError` where there is nobody to measure against, or nothing of the run."""
    if not found.coverage.people:
        raise UserError(
            "Nobody's codes are in the study yet, so there is nothing to measure against.",
            hint="Import coded files with `secondcoder import`.",
        )
    if run_row is None:
        return
    if run_row.strategy == "judge" and not run_row.fits:
        if run_row.status != "complete":
            raise UserError(
                f"Run {run_row.id} is not finished, so nothing is calibrated yet and there is "
                "nothing to measure.",
                hint="Run the same `secondcoder code` again: it goes on from where it was.",
            )
        raise UserError(
            f"Run {run_row.id} is not calibrated: it ranks codes and says neither yes nor no, so "
            "there is nothing to measure.",
            hint="Import more transcripts that people have coded, and run `secondcoder code` "
            "again.",
        )
    if found.model is None:
        raise UserError(
            f"Run {run_row.id} and people have no passage in common, so it cannot be measured: "
            "the run says yes and no only about transcripts that nobody coded.",
            hint="Code transcripts that people have coded too. If these are among them, the run "
            "could not be calibrated for them: a calibration needs two others that people coded "
            f"(`secondcoder runs {run_row.id} --json` gives the reasons under notes).",
        )


def _keep(
    store: Store, subject: Subject, found: Evaluation, standards: str, who: str, look: LookKind
) -> int:
    """Store the evaluation with its verdicts, each with what it rests on; counts the look."""
    run_row, book = subject.run, subject.codebook
    content = recipe(store, run_row.recipe_sha256) if run_row else {}
    verdicts = found.model.verdicts if found.model else ()
    used = provisional(store, book, run_row)
    rests = rests_on(store, _evidence_from(store, run_row, found, used)) if run_row else {}
    return record_evaluation(
        store,
        kind="model" if run_row else "people",
        run_id=run_row.id if run_row else None,
        recipe_sha256=run_row.recipe_sha256 if run_row else "",
        codebook_sha256=book.sha256,
        policy_sha256=standards,
        provisional=any(name in used for name in found.coverage.transcripts),
        who=who,
        content=evaluation_to_json(found),
        lineage=book.name,
        verdicts=[
            NewVerdict(
                v.code,
                code_recipe_hash(content, v.code),
                v.lane,
                tuple(reason.text for reason in v.reasons),
                {**v.json(), RESTS_ON: rests_for_code(store, rests, v.code)},
            )
            for v in verdicts
        ],
        measured_sha256=measured_hash(found),
        look=look,
    )


def _tell_trail(store: Store, subject: Subject, found: Evaluation, key: int, who: str) -> None:
    """Which rows the evaluation rests on, so that a later change of them is noticed."""
    names = {info.name: info.id for info in transcript_infos(store)}
    measured = [names[name] for name in found.coverage.transcripts if name in names]
    record_event(
        store,
        "evaluation",
        f"Evaluation {key}" + (f" of run {subject.run.id}" if subject.run else " of people"),
        who,
        transcripts=list(found.coverage.transcripts),
        **{
            EVALUATION: evaluation_guid(store, key),
            RESTS_ON: rests_on(store, measured),
            DECLARED_OF: declared_of(store, [code.id for code in subject.codebook.sent]),
        },
    )


def _evidence_from(
    store: Store, run_row: RunRow, found: Evaluation, used: Mapping[str, str]
) -> list[int]:
    """Transcripts of the run that verdicts rest on: coded by reference people, used for nothing."""
    coded = {p.transcript for p in found.coverage.people if p.role == "reference"}
    names = {info.name: info.id for info in transcript_infos(store)}
    wanted = [names[name] for name in coded if name not in used]
    return [key for key in run_row.transcripts if key in wanted]


def last_evaluation(store: Store, number: int | None = None) -> Evaluated:
    """A stored evaluation, by default the last that was made in this study.

    Raises `UserError` when there is none.
    """
    if number is None:
        there = evaluations(store, own=True)
        if not there:
            brought = [str(row.id) for row in evaluations(store)]
            raise UserError(
                "There is no evaluation of this study yet"
                + (
                    f", only of another that was merged ({', '.join(brought)})." if brought else "."
                ),
                hint="Make one with `secondcoder evaluate`."
                + (" One from elsewhere is shown by its number." if brought else ""),
            )
        number = there[-1].id
    row = find_evaluation(store, number)
    try:
        return Evaluated(row.id, evaluation_from_json(row.content))
    except UserError as error:
        raise UserError(error.what, where=f"evaluation {row.id}", hint=error.hint) from error


def of_people_after_a_run(store: Store, found: Evaluated) -> str:
    """A sentence where the evaluation is of people alone and an earlier one is of a run.

    `secondcoder inspect` makes one too, so that the last one need not be the one that was meant.
    """
    runs = [r for r in evaluations(store, own=True) if r.run_id is not None and r.id < found.id]
    if found.evaluation.run is not None or not runs:
        return ""
    return (
        f"Evaluation {found.id} is of people with each other. The last one of a run before it is "
        f"evaluation {runs[-1].id}, of run {runs[-1].run_id}: secondcoder report --evaluation "
        f"{runs[-1].id}."
    )


def last_with_further(store: Store) -> int | None:
    """The last evaluation of this study that has the coefficients behind ``--all``."""
    for row in reversed(evaluations(store, own=True)):
        try:
            more = evaluation_from_json(row.content).more
        except UserError:  # of another version of the program
            continue
        if more is not None and more.further:
            return row.id
    return None


def remarks(store: Store, number: int) -> tuple[str, ...]:
    """What a reader must know of an evaluation's standing today: whose it is, what has changed."""
    said = []
    if number in brought_evaluations(store):
        said.append(
            f"Evaluation {number} was made in another study and came here by a merge; what it "
            "measured need not be what this study holds."
        )
    if changed := changed_since(store, number):
        said.append(
            f"Evaluation {number} rests on rows that have changed since: {'; '.join(changed)}. "
            "Measure again for figures of today (secondcoder evaluate)."
        )
    return tuple(said)


def _in_force(study: Study, book: Codebook, run_row: RunRow | None) -> str:
    """Hash of the version that the study's file holds; "" where it cannot be read. For a run
    ``book`` is the version that it used."""
    if run_row is None:
        return book.sha256
    try:
        return read_codebook(study.codebook_file).codebook.sha256
    except SecondCoderError:
        return ""


def _codebook(study: Study, store: Store, run_row: RunRow | None) -> Codebook:
    if run_row is not None:
        return codebook(store, run_row.codebook_sha256)
    found = load_codebook(study.codebook_file)
    record_codebook(store, found, study.codebook_file.read_text(encoding="utf-8-sig"))
    return found
