"""The study: where things stand, what to do next, what is known of coders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Code
from assistant.coding.summary import RunSummary, all_runs
from assistant.decisions.adjudicating import adjudicated_name
from assistant.decisions.kept_back import kept_back
from assistant.errors import SecondCoderError, UserError
from assistant.guide.audits import open_audits
from assistant.guide.overview import overview
from assistant.guide.policy_file import restore_policy
from assistant.guide.steps import page_steps
from assistant.interchange.imports.asked import still_asked
from assistant.interchange.imports.no_interview import take_out
from assistant.interchange.names.before_joining import likely_one
from assistant.interchange.study_codebook.recoding import recoding_counts
from assistant.interchange.transcripts import change_transcripts
from assistant.interchange.transcripts import overview as transcripts_of
from assistant.review.desk import Asked, page
from assistant.review.jobs import current
from assistant.review.rendering import render
from assistant.store.database import Store
from assistant.store.decided.adjudications import adjudications
from assistant.store.measured.audits import audits
from assistant.store.measured.brought import brought_evaluations
from assistant.store.measured.evidence import evaluations
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study
from assistant.transcripts.records import ADJUDICATED, Exposure

__all__ = [
    "EXPOSURES",
    "NAV",
    "ROUTES",
    "Known",
    "codes_of",
    "exposure_said",
    "just_stated",
    "known",
    "speaks_of",
    "stated",
    "tell_once",
]

NAV = (10, "Study", "/")
_STATED = "stated"
EXPOSURES: dict[str, str] = {
    "unknown": "not known",
    "independent": "independent: saw no other codes",
    "blind": "blind: saw no other codes, in this program",
    "after-model": "after the model's codes",
    "adjudicated": f"adjudicated: {ADJUDICATED}",
}


@dataclass(frozen=True)
class Known:
    """One transcript as the study page lists it."""

    id: int
    name: str
    passages: int
    words: int
    language: str
    consent: str
    withdrawn: bool
    coders: tuple[tuple[str, int, str, str], ...]
    """(name, codings, exposure, what of it was coded where it was not all)"""
    added: tuple[tuple[str, int], ...]
    """(name, codings) of those who only added codes while reading."""
    blind: tuple[str, ...]
    """Who codes it blind and has not finished."""


def known(store: Store) -> tuple[Known, ...]:
    ids = {info.name: info.id for info in transcript_infos(store)}
    return tuple(
        Known(
            ids[row.name],
            row.name,
            row.segments,
            row.words,
            row.language,
            row.consent,
            row.withdrawn,
            tuple((c.name, c.codings, c.exposure, c.part) for c in row.coders),
            row.added,
            row.blind,
        )
        for row in transcripts_of(store)
    )


def stated(store: Store, rows: Sequence[Known]) -> list[str]:
    """Coders of whom a person can say what they had seen: not what was adjudicated here."""
    made = {adjudicated_name(a.who) for a in adjudications(store)}
    return sorted({name for row in rows for name, *_ in row.coders} - made)


def everybody(store: Store, rows: Sequence[Known]) -> list[str]:
    """All who coded, also those who only added codes while reading: any two may be one person, as
    when an import brought “Anna” and she is “Anna Kern” here."""
    made = {adjudicated_name(a.who) for a in adjudications(store)}
    added = {name for row in rows for name, _ in row.added}
    return sorted({*stated(store, rows), *added} - made)


def codes_of(study: Study) -> tuple[Code, ...]:
    """Codes to choose from; none where the codebook cannot be read, which is said elsewhere."""
    try:
        return load_codebook(study.codebook_file).sent
    except SecondCoderError:
        return ()


def speaks_of(runs: tuple[RunSummary, ...]) -> RunSummary | None:
    """The run to speak of: the last one."""
    return runs[-1] if runs else None


def _show(asked: Asked) -> Response:
    if not asked.desk.has_study:
        return RedirectResponse("/start", 303)
    with asked.desk.reading() as (study, store):
        found = overview(study, store)
        rows = known(store)
        coders = stated(store, rows)
        people = everybody(store, rows)
        there = all_runs(store)
        again = _again(asked, study, store, found.recode)
        return render(
            asked,
            "study.html",
            overview=found,
            steps=page_steps(found),
            rows=rows,
            coders=coders,
            people=people,
            likely_one=likely_one(people),
            exposures=EXPOSURES,
            codes=codes_of(study),
            again=again,
            asked_before=still_asked(study, store),
            not_again=sum(found.recode.values()) - sum(again.values()),
            runs=there[::-1],
            last=speaks_of(there),
            evaluations=evaluations(store)[::-1],
            brought=brought_evaluations(store),
            audits=len(audits(store)),
            audits_open=open_audits(store, asked.who),
            processor=study.config.endpoint.processor,
            job=current(asked.desk),
            upgraded=asked.desk.upgraded,
            stated=just_stated(asked),
            most=max((n for row in rows for _, n, *_ in row.coders), default=1) or 1,
        )


def _again(asked: Asked, study: Study, store: Store, recode: Mapping[str, int]) -> dict[str, int]:
    """Of what is of an older definition, the passages that the page of each code lists."""
    if not recode:
        return {}
    try:
        book = load_codebook(study.codebook_file)
    except SecondCoderError:
        return {}
    codes = [code for code in recode if code in book.by_id]
    return recoding_counts(store, book, codes, kept_back(store, asked.who))


def just_stated(asked: Asked) -> list[str]:
    """What was changed by the form that led here; told once."""
    said: list[str] = asked.desk.kept.pop(_STATED, [])
    return said


def tell_once(asked: Asked, *said: str) -> None:
    """What the page that comes next tells."""
    asked.desk.kept[_STATED] = list(said)


def exposure_said(asked: Asked) -> Exposure:
    """What the form says that coders had seen. Raises `UserError`."""
    wanted = asked.text("exposure", "unknown")
    if wanted not in get_args(Exposure):
        raise UserError(f"“{wanted}” is nothing that a coder can have seen.")
    return cast(Exposure, wanted)


def _state(asked: Asked) -> Response:
    """What coders had seen, what participants agreed to, a transcript's language."""
    names = [str(name) for name in asked.form.getlist("transcript") if str(name)]
    consent = asked.text("consent")
    language = asked.text("language")
    exposure = exposure_said(asked) if asked.text("exposure") else None
    if exposure is None and not consent and not language:
        raise UserError(
            "Nothing was chosen.",
            hint="Choose what the coder had seen, write a consent, or a language.",
        )
    with asked.desk.writing() as (_, store):
        asked.desk.kept[_STATED] = change_transcripts(
            store,
            names,
            exposure=exposure,
            coder=asked.text("coder"),
            consent=consent or None,
            language=language or None,
        )
    back = asked.text("back")
    return RedirectResponse(back if back in ("/start", "/") else "/#seen", 303)


def _no_interview(asked: Asked) -> Response:
    with asked.desk.writing() as (_, store):
        asked.desk.kept[_STATED] = [take_out(store, asked.text("transcript"), asked.who).said]
    return RedirectResponse("/", 303)


def _policy(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        restore_policy(study, store, asked.who)
    return RedirectResponse("/", 303)


ROUTES = (
    Route("/", page(_show)),
    Route("/policy", page(_policy), methods=["POST"]),
    Route("/statements", page(_state), methods=["POST"]),
    Route("/no-interview", page(_no_interview), methods=["POST"]),
)
