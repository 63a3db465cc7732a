"""The study: where things stand, what to do next, bringing in files, what is known of coders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
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
from assistant.guide.incoming import Incoming
from assistant.guide.overview import overview
from assistant.guide.policy_file import restore_policy
from assistant.guide.steps import page_steps
from assistant.interchange.bringing import Brought, bring, keep_file, kept_file
from assistant.interchange.import_reports import FileReport
from assistant.interchange.recoding import recoding_counts
from assistant.interchange.transcripts import change_transcripts
from assistant.interchange.transcripts import overview as transcripts_of
from assistant.review.desk import Asked, page
from assistant.review.jobs import current
from assistant.review.pages.codes import marked
from assistant.review.pages.incoming import codebooks_among, of_projects, show_codebooks
from assistant.review.rendering import render
from assistant.review.showing import refuse_unless_told
from assistant.store.adjudications import adjudications
from assistant.store.audits import audits
from assistant.store.brought import brought_evaluations
from assistant.store.coders import coders
from assistant.store.database import Store
from assistant.store.evidence import evaluations
from assistant.store.openings import record_openings
from assistant.store.transcripts import transcript_infos
from assistant.study import Study
from assistant.transcripts.records import Exposure

__all__ = ["EXPOSURES", "NAV", "ROUTES", "Known", "codes_of", "known", "speaks_of", "stated"]

NAV = (10, "Study", "/")
EXPOSURES: dict[str, str] = {
    "unknown": "not known",
    "independent": "independent: saw no other codes",
    "blind": "blind: saw no other codes, in this program",
    "after-model": "after the model's codes",
    "adjudicated": "adjudicated: made from others' codes",
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
        )
        for row in transcripts_of(store)
    )


def stated(store: Store, rows: Sequence[Known]) -> list[str]:
    """Coders of whom a person can say what they had seen: not what was adjudicated here."""
    made = {adjudicated_name(a.who) for a in adjudications(store)}
    return sorted({name for row in rows for name, *_ in row.coders} - made)


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
        there = all_runs(store)
        again = _again(asked, study, store, found.recode)
        return render(
            asked,
            "study.html",
            overview=found,
            steps=page_steps(found),
            rows=rows,
            coders=stated(store, rows),
            exposures=EXPOSURES,
            codes=codes_of(study),
            again=again,
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


def _exposure(asked: Asked) -> Exposure:
    wanted = asked.text("exposure", "unknown")
    if wanted not in get_args(Exposure):
        raise UserError(f"“{wanted}” is nothing that a coder can have seen.")
    return cast(Exposure, wanted)


def _bring(asked: Asked) -> Response:
    """Keep the files that were dropped, read them, and say what became of them."""
    files = asked.files("files")
    if not files:
        raise UserError("No file was chosen.", hint="Drop files on the field, or choose some.")
    with asked.desk.writing() as (study, store):
        books, files = codebooks_among(study, store, files)
        back = kept_back(store, asked.who)
        if books and back:
            # What would change is shown beside the study's own examples and counts.
            refuse_unless_told(asked, store, *back, what="examples and counts in the codebook")
        if not files:
            return show_codebooks(asked, books)
        # Large files lie in temporary files of their own; they are read one after the other.
        paths = [keep_file(study, file.filename or "", file.file.read()) for file in files]
        coder = asked.text("coder")
        told = dict.fromkeys(paths, coder) if coder else {}
        found = bring(
            study,
            store,
            paths,
            exposure=_exposure(asked),
            language=asked.text("language"),
            coders=told,
        )
        if not back:
            books += of_projects(study, store, found.report)
        return _report(asked, found, books)


def _answer(asked: Asked) -> Response:
    """The files about which something was asked, read again with the answers."""
    with asked.desk.writing() as (study, store):
        coders: dict[Path, str] = {}
        wanted: dict[Path, None] = {}
        said = asked.text("labels")
        chosen = {"all": "asked_label", "some": "label"}.get(said, "")
        labels = [str(one) for one in asked.form.getlist(chosen)] if chosen else []
        if labels:
            places = map(str, asked.form.getlist("label_file"))
            wanted.update(dict.fromkeys(kept_file(study, place) for place in places))
        for place in map(str, asked.form.getlist("file")):
            path = kept_file(study, place)
            if name := asked.text(f"coder {place}"):
                coders[path] = name
                wanted[path] = None
        if not wanted and said == "no":
            return RedirectResponse("/", 303)
        if not wanted:
            raise UserError(
                "No question was answered.",
                hint="Say which lines are code labels, or who coded at least one file.",
            )
        found = bring(
            study,
            store,
            list(wanted),
            exposure=_exposure(asked),
            coders=coders,
            labels=labels,
        )
        return _report(asked, found)


def _report(asked: Asked, found: Brought, books: Sequence[Incoming] = ()) -> Response:
    done = [f for f in found.report.files if f.status != "refused"]
    asking = {q.file for q in found.questions if q.file}
    with asked.desk.writing() as (_, store):
        done = _without_kept_back(asked, store, done)
    return render(
        asked,
        "import.html",
        here="/",
        report=found.report,
        done=sorted(done, key=lambda f: (f.transcript, f.coder, f.path)),
        refused=[f for f in found.report.refused if Path(f.path).name not in _names(asking)],
        questions=found.questions,
        # What was answered before stays answered while something else is asked of the same file.
        answered=_answered(asked, found, asking),
        label_files=sorted({f for q in found.questions for one in q.labels for f in one.files}),
        exposure=asked.text("exposure", "unknown"),
        base=lambda path: Path(path).name,
        unknown=bool(found.report.unknown),
        asked_files=sorted(asking),
        books=books,
        marked=marked,
    )


def _answered(asked: Asked, found: Brought, asking: set[str]) -> list[tuple[str, str]]:
    """Hidden fields with the answers that were given to what is not asked again."""
    fields = [
        (f"coder {place}", asked.text(f"coder {place}"))
        for place in sorted(asking)
        if asked.text(f"coder {place}")
        and not any(q.file == place and q.what == "coder" for q in found.questions)
    ]
    if asked.text("labels") and not any(q.what == "labels" for q in found.questions):
        names = ("labels", "asked_label", "label", "label_file")
        fields += [(name, str(one)) for name in names for one in asked.form.getlist(name)]
    return fields


def _without_kept_back(asked: Asked, store: Store, done: list[FileReport]) -> list[FileReport]:
    """Codings without a place say what somebody coded: of a transcript that she is to code blind
    their number alone is told, of others it is on record that they were."""
    ids = {i.name: i.id for i in transcript_infos(store)}
    people = {c.name: c.id for c in coders(store, "human")}
    back = kept_back(store, asked.who)
    shown: list[FileReport] = []
    for file in done:
        key = ids.get(file.transcript)
        if file.failed and key in back:
            note = f"{len(file.failed)} codings have no place; which is not shown before you are "
            file = replace(file, failed=(), notes=(*file.notes, note + "done coding it blind."))
        elif file.failed and key is not None and file.coder in people:
            who = [people[file.coder]]
            record_openings(store, asked.who, key, people=who, place="import")
        shown.append(file)
    return shown


def _names(places: set[str]) -> set[str]:
    return {Path(place).name for place in places}


def _state(asked: Asked) -> Response:
    """What coders had seen, what participants agreed to, a transcript's language."""
    names = [str(name) for name in asked.form.getlist("transcript") if str(name)]
    consent = asked.text("consent")
    language = asked.text("language")
    exposure = _exposure(asked) if asked.text("exposure") else None
    if exposure is None and not consent and not language:
        raise UserError(
            "Nothing was chosen.",
            hint="Choose what the coder had seen, write a consent, or a language.",
        )
    with asked.desk.writing() as (_, store):
        change_transcripts(
            store,
            names,
            exposure=exposure,
            coder=asked.text("coder"),
            consent=consent or None,
            language=language or None,
        )
    back = asked.text("back")
    return RedirectResponse(back if back in ("/start", "/") else "/#seen", 303)


def _policy(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        restore_policy(study, store, asked.who)
    return RedirectResponse("/", 303)


ROUTES = (
    Route("/", page(_show)),
    Route("/import", page(_bring), methods=["POST"]),
    Route("/import/answers", page(_answer), methods=["POST"]),
    Route("/policy", page(_policy), methods=["POST"]),
    Route("/statements", page(_state), methods=["POST"]),
)
