"""Bringing in files: kept in the study, read, and what could not be known is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.decisions.kept_back import kept_back
from assistant.errors import UserError
from assistant.guide.incoming import Incoming
from assistant.hashing import hash_file
from assistant.interchange.imports.asked import (
    StillAsked,
    answered,
    ask_again,
    keep_asked,
    set_aside,
    still_asked,
)
from assistant.interchange.imports.bringing import (
    Brought,
    Question,
    bring,
    keep_file,
    kept_file,
    place_of,
)
from assistant.interchange.imports.reports import FileReport
from assistant.interchange.study_codebook.unknown_names import UnknownName, unknown_names
from assistant.review.desk import Asked, NotThere, page
from assistant.review.pages.brought import brought_said, kind_of
from assistant.review.pages.codes import marked
from assistant.review.pages.incoming import codebooks_among, of_projects, show_codebooks
from assistant.review.pages.study import codes_of, exposure_said
from assistant.review.rendering import render
from assistant.review.showing import refuse_unless_told
from assistant.store.database import Store
from assistant.store.people.coders import coders
from assistant.store.people.openings import record_openings
from assistant.store.texts.documents import document_hashes
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study

__all__ = ["ROUTES"]


def _bring(asked: Asked) -> Response:
    """Keep the files that were dropped, read them, and say what became of them."""
    files = asked.files("files")
    if not files:
        raise UserError("No file was chosen.", hint="Drop files on the field, or choose some.")
    with asked.desk.bringing() as (study, store):
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
        found = _bring_now(asked, study, store, paths, coders=told)
        if not back:
            books += of_projects(study, store, found.report)
        return _report(asked, found, books)


def _bring_now(
    asked: Asked,
    study: Study,
    store: Store,
    paths: Sequence[Path],
    *,
    coders: Mapping[Path, str],
    labels: Collection[str] = (),
    no_labels: Collection[str] = (),
) -> Brought:
    """Import files, and keep what they ask until it is answered."""
    exposure, language = exposure_said(asked), asked.text("language")
    found = bring(
        study,
        store,
        paths,
        exposure=exposure,
        language=language,
        coders=coders,
        labels=labels,
        no_labels=no_labels,
    )
    keep_asked(study, store, paths, found, exposure=exposure, language=language, who=asked.who)
    return found


def _answer(asked: Asked) -> Response:
    """The files about which something was asked, read again with the answers."""
    with asked.desk.bringing() as (study, store):
        coders: dict[Path, str] = {}
        wanted: dict[Path, None] = {}
        said = asked.text("labels")
        chosen = {"all": "asked_label", "some": "label"}.get(said, "")
        labels = [str(one) for one in asked.form.getlist(chosen)] if chosen else []
        none = {str(one) for one in asked.form.getlist("asked_label")} - set(labels)
        places = [str(place) for place in asked.form.getlist("label_file")] if said else []
        answered(store, places, "labels", asked.who)
        if said == "no":
            # Who coded was asked for the sake of these lines, where the file is there without.
            there = document_hashes(store)
            free = [p for p in places if hash_file(kept_file(study, p)) in there]
            answered(store, free, "coder", asked.who)
        if labels:
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
        found = _bring_now(
            asked, study, store, list(wanted), coders=coders, labels=labels, no_labels=none
        )
        return _report(asked, found)


def _report(asked: Asked, found: Brought, books: Sequence[Incoming] = ()) -> Response:
    done = [f for f in found.report.files if f.status != "refused"]
    asking = {q.file for q in found.questions if q.file}
    with asked.desk.writing() as (study, store):
        done = _without_kept_back(asked, store, done)
        unknown_codes: tuple[UnknownName, ...] = ()
        if found.report.transcripts:
            unknown_codes = unknown_names(study, store, kept_back(store, asked.who))
    return render(
        asked,
        "import.html",
        here="/",
        report=found.report,
        brought=brought_said(found.report, " yet" if asking else ""),
        # What only waits for an answer is asked above, and is no mistake.
        projects=[
            p
            for p in found.report.projects
            if p.status != "refused" or Path(p.path).name not in _names(asking)
        ],
        kind_of=kind_of,
        done=sorted(done, key=lambda f: (f.transcript, f.coder, f.path)),
        refused=[f for f in found.report.refused if Path(f.path).name not in _names(asking)],
        questions=found.questions,
        # What was answered before stays answered while something else is asked of the same file.
        answered=_answered(asked, found, asking),
        label_files=_label_files(found.questions),
        exposure=asked.text("exposure", "unknown"),
        language=asked.text("language"),
        base=lambda path: Path(path).name,
        unknown=bool(found.report.unknown),
        unknown_codes=unknown_codes,
        codes=codes_of(study),
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


def _label_files(questions: Sequence[Question]) -> list[str]:
    return sorted({file for q in questions for one in q.labels for file in one.files})


def _ask_again(asked: Asked) -> Response:
    """What was asked before and not answered, as the files ask it now."""
    with asked.desk.bringing() as (study, store):
        one = _asked_before(asked.query("at"), study, store)
        found = ask_again(study, store, one, asked.who)
        questions = _without_blind(asked, study, store, found)
    return render(
        asked,
        "asked.html",
        here="/",
        before=one,
        questions=questions,
        waiting=len(questions) < len(found.questions),
        answered=[],
        label_files=_label_files(questions),
        asked_files=sorted({q.file for q in questions if q.file}),
        exposure=one.exposure,
        language=one.language,
        base=lambda path: Path(path).name,
    )


def _asked_before(at: str, study: Study, store: Store) -> StillAsked:
    for one in still_asked(study, store):
        if one.at == at:
            return one
    raise NotThere("What was asked about these files is answered, or was set aside.")


def _without_blind(
    asked: Asked, study: Study, store: Store, found: Brought
) -> tuple[Question, ...]:
    """The lines in question are somebody's codes: of what she is to code blind they are not shown,
    nor of a file of which nobody knows yet what interview it is of."""
    back = kept_back(store, asked.who)
    if not back:
        return found.questions
    names = {i.name for i in transcript_infos(store) if i.id in back}
    free = {
        place_of(study, Path(file.path))
        for file in found.report.files
        if file.transcript and file.transcript not in names
    }
    questions = []
    for q in found.questions:
        labels = tuple(
            replace(one, files=files)
            for one in q.labels
            if (files := tuple(file for file in one.files if file in free)) == one.files
        )
        if q.what != "labels":
            questions.append(q)
        elif labels:
            questions.append(replace(q, labels=labels))
    return tuple(questions)


def _set_aside(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        set_aside(store, _asked_before(asked.text("at"), study, store), asked.who)
    back = asked.text("back")
    return RedirectResponse(back if back in ("/start", "/") else "/", 303)


ROUTES = (
    Route("/import", page(_bring), methods=["POST"]),
    Route("/import/answers", page(_answer), methods=["POST"]),
    Route("/import/asked", page(_ask_again)),
    Route("/import/asked/aside", page(_set_aside), methods=["POST"]),
)
