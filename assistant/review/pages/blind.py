"""Blind coding: a person codes a whole transcript, or an audit's sample, seeing nobody's codes.

What she had been shown before is on record and decides what her codes may count for; the pages say
so before she begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.records import Code, Codebook
from assistant.decisions import own
from assistant.decisions.blind import AuditTask, audit_tasks, finish, record_blind_coding
from assistant.errors import UserError
from assistant.interchange.sharing.opening import open_ready
from assistant.review.desk import Asked, NotThere, page
from assistant.review.pages.transcript import current_codebook, segments_of, text_of
from assistant.review.rendering import answer, plain, render
from assistant.review.spans import drawn
from assistant.store.database import Store
from assistant.store.measured.audits import AuditRow, audit
from assistant.store.model.runs import run
from assistant.store.people.codings import codings
from assistant.store.people.memos import memos
from assistant.store.records import Coding
from assistant.store.versions import codebook, record_codebook
from assistant.study import Study
from assistant.transcripts.records import Transcript, segment_body

__all__ = ["ROUTES"]


def _book(study: Study) -> Codebook:
    """The codebook; one without codes is one to begin with."""
    book = current_codebook(study)
    if book is None:
        raise UserError("The codebook cannot be read.", hint="Look at the page “Codebook”.")
    return book


def _kept_book(study: Study, store: Store) -> Codebook:
    """The codebook as it is, kept as a version: it says what a code meant that is made now."""
    book = _book(study)
    record_codebook(store, book, study.codebook_file.read_text(encoding="utf-8-sig"))
    return book


def _show(asked: Asked) -> Response:
    with asked.desk.reading() as (study, store):
        text = text_of(store, asked.path("key"))
        state = own.blind_state(store, asked.who, text.id)
        if not state.begun:
            return render(
                asked,
                "blind_begin.html",
                here="/transcripts",
                transcript=text,
                state=state,
                coded=_coded(text, state.codings),
            )
        found = drawn(store, text, _book(study), None, {}, asked.who, only_blind=True)
        made: dict[str, object] = plain(found)
        data = {**made, "transcript": text.id, "run": 0, "who": asked.who}
        # Her own only: what others wrote beside the text may say what they coded.
        data["memos"] = plain([m for m in memos(store, text.id) if m.who == asked.who])
        return render(
            asked,
            "blind.html",
            here="/transcripts",
            transcript=text,
            lines=segments_of(text),
            state=state,
            data=data,
        )


def _coded(text: Transcript, mine: Sequence[Coding]) -> int:
    """In how many passages she coded something, as the page counts them when she is done."""
    bodies = [segment_body(text.text, segment) for segment in text.segments]
    return sum(any(c.start < end and c.end > start for c in mine) for start, end in bodies)


def _begin(asked: Asked) -> Response:
    key = asked.path("key")
    with asked.desk.writing() as (study, store):
        text_of(store, key)
        own.begin_blind(store, asked.who, key, _kept_book(study, store))
    return RedirectResponse(f"/blind/{key}", 303)


def _add(asked: Asked) -> Response:
    key = asked.path("key")
    with asked.desk.writing() as (study, store):
        book = _kept_book(study, store)
        made = own.add_blind(
            store,
            book,
            key,
            asked.text("code"),
            asked.number("start"),
            asked.number("end"),
            asked.who,
        )
        found = drawn(store, text_of(store, key), book, None, {}, asked.who, only_blind=True)
        return answer({"spans": [s for s in found.spans if s.id == f"c{made.id}"]})


def _finish(asked: Asked) -> Response:
    key = asked.path("key")
    with asked.desk.writing() as (study, store):
        book = _kept_book(study, store)
        if not book.codes:
            raise UserError(
                "The codebook has no code, so there is nothing that you could have found or not.",
                hint="Code a passage with the first one, or give up this transcript.",
            )
        own.finish_blind(store, book, key, asked.who)
        # A colleague's blind codes may have waited for this.
        open_ready(store)
    return RedirectResponse(f"/blind/{key}", 303)


def _give_up(asked: Asked) -> Response:
    key = asked.path("key")
    with asked.desk.writing() as (_, store):
        own.give_up_blind(store, key, asked.who)
    return RedirectResponse("/transcripts", 303)


# --- an audit's sample ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sampled:
    """One passage of the sample with what stands around it."""

    segment: int
    number: int
    of: int
    speaker: str
    before: tuple[tuple[str, str], ...]
    """(speaker, text) of the two segments before."""
    text: str
    after: tuple[tuple[str, str], ...]
    given: tuple[str, ...]
    """Her codes of it so far."""
    done: bool


def _audit_row(store: Store, key: int) -> AuditRow:
    try:
        return audit(store, key)
    except KeyError:
        raise NotThere(f"There is no audit {key}.") from None


def _audit(asked: Asked) -> Response:
    with asked.desk.reading() as (_, store):
        row = _audit_row(store, asked.path("key"))
        tasks = audit_tasks(store, row.id)
        return render(asked, "audit.html", here="/transcripts", audit=row, tasks=tasks)


def _task(store: Store, asked: Asked) -> AuditTask:
    row = _audit_row(store, asked.path("key"))
    for task in audit_tasks(store, row.id):
        if task.transcript_id == asked.path("transcript"):
            return task
    raise NotThere("This audit has no passage of that transcript.")


def _sampled(store: Store, task: AuditTask, segment: int, who: str) -> _Sampled:
    text = text_of(store, task.transcript_id)

    def said(number: int) -> tuple[str, str]:
        there = text.segments[number]
        first, last = segment_body(text.text, there)
        return there.speaker, text.text[first:last]

    first, last = segment_body(text.text, text.segments[segment])
    given = tuple(
        c.code
        for c in codings(store, text.id)
        if c.coder.name == who and c.origin == "blind" and (c.start, c.end) == (first, last)
    )
    return _Sampled(
        segment,
        task.segments.index(segment) + 1,
        len(task.segments),
        text.segments[segment].speaker,
        tuple(said(n) for n in range(max(0, segment - 2), segment)),
        said(segment)[1],
        tuple(said(n) for n in range(segment + 1, min(len(text.segments), segment + 3))),
        given,
        segment in task.done.get(who, ()),
    )


def _audit_passage(asked: Asked) -> Response:
    with asked.desk.reading() as (_, store):
        task = _task(store, asked)
        done = task.done.get(asked.who, ())
        wanted = asked.query("passage")
        segment = int(wanted) if wanted.isdigit() else -1
        if segment not in task.segments:
            segment = next((n for n in task.segments if n not in done), -1)
        book = codebook(store, run(store, _audit_row(store, task.audit_id).run_id).codebook_sha256)
        codes: tuple[Code, ...] = book.sent
        return render(
            asked,
            "audit_passage.html",
            here="/transcripts",
            task=task,
            passage=_sampled(store, task, segment, asked.who) if segment >= 0 else None,
            done=done,
            codes=codes,
            finished=asked.who in task.finished,
        )


def _audit_record(asked: Asked) -> Response:
    with asked.desk.writing() as (_, store):
        task = _task(store, asked)
        codes = [str(value) for value in asked.form.getlist("code")]
        if not codes and asked.text("nothing") != "1":
            raise UserError("Choose a code, or say that none applies.")
        record_blind_coding(
            store, task.audit_id, task.transcript_id, asked.number("passage"), codes, asked.who
        )
    return RedirectResponse(asked.request.url.path, 303)


def _audit_finish(asked: Asked) -> Response:
    with asked.desk.writing() as (_, store):
        task = _task(store, asked)
        finish(store, task.audit_id, task.transcript_id, asked.who)
        open_ready(store)
    return RedirectResponse(f"/audits/{task.audit_id}", 303)


ROUTES = (
    Route("/blind/{key:int}", page(_show)),
    Route("/blind/{key:int}/begin", page(_begin), methods=["POST"]),
    Route("/blind/{key:int}/codings", page(_add), methods=["POST"]),
    Route("/blind/{key:int}/finish", page(_finish), methods=["POST"]),
    Route("/blind/{key:int}/give-up", page(_give_up), methods=["POST"]),
    Route("/audits/{key:int}", page(_audit)),
    Route("/audits/{key:int}/{transcript:int}", page(_audit_passage)),
    Route("/audits/{key:int}/{transcript:int}", page(_audit_record), methods=["POST"]),
    Route("/audits/{key:int}/{transcript:int}/finish", page(_audit_finish), methods=["POST"]),
)
