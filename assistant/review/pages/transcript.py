"""The transcript page: everybody's codings, and review by keyboard.

Showing it is an opening: whose codes a person was shown is on record before she sees them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.decisions.alert import prepare_checks
from assistant.decisions.kept_back import audit_waits, kept_back
from assistant.errors import SecondCoderError
from assistant.review import evidence
from assistant.review.desk import Asked, NotThere, page
from assistant.review.elsewhere import elsewhere
from assistant.review.marks import Piece, pieces
from assistant.review.rendering import answer, plain, render
from assistant.review.showing import refuse_unless_told
from assistant.review.spans import Drawn, drawn, mixed_in
from assistant.store.database import Store
from assistant.store.decided.reviewing import is_unfinished_blind, shown_memos
from assistant.store.model.nothing_suggested import without_suggestions
from assistant.store.model.outcomes import shown_outcomes
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.people.coders import coders
from assistant.store.people.openings import record_openings
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.versions import codebook
from assistant.study import Study
from assistant.transcripts.records import Segment, Transcript, segment_body

__all__ = [
    "NAV",
    "ROUTES",
    "chosen_run",
    "current_codebook",
    "segments_of",
    "text_of",
]

NAV = (20, "Transcripts", "/transcripts")


def text_of(store: Store, key: int) -> Transcript:
    try:
        text = transcript(store, key)
    except KeyError:
        raise NotThere(f"There is no transcript {key}.") from None
    if not text.text:
        raise NotThere(f"“{text.name}” was withdrawn: its words are gone for good.")
    return text


def current_codebook(study: Study) -> Codebook | None:
    """The study's codebook as its file stands; None where it cannot be read."""
    try:
        return load_codebook(study.codebook_file)
    except SecondCoderError:
        return None


def chosen_run(asked: Asked, store: Store, key: int) -> tuple[RunRow | None, tuple[RunRow, ...]]:
    """The run to show (``?run=``; 0 for none; by default the newest with suggestions), and all
    that hold this transcript."""
    there = tuple(r for r in runs(store) if key in r.transcripts)
    wanted = asked.query("run") or str(asked.data.get("run", ""))
    if wanted == "0":
        return None, there
    for row in there:
        if str(row.id) == wanted:
            return row, there
    for row in reversed(there):
        if suggestions(store, row.id, key):
            return row, there
    return None, there


@dataclass(frozen=True)
class _Line:
    """One segment as the page shows it."""

    segment: Segment
    text: str
    start: int
    speaker: str
    """Empty where the same person goes on."""
    pieces: tuple[Piece, ...] = ()


def segments_of(text: Transcript) -> list[_Line]:
    lines: list[_Line] = []
    turn = -1
    for segment in text.segments:
        first, last = segment_body(text.text, segment)
        speaker = segment.speaker if segment.turn != turn else ""
        turn = segment.turn
        lines.append(_Line(segment, text.text[first:last], first, speaker))
    return lines


def _drawn(
    asked: Asked, study: Study, store: Store, text: Transcript
) -> tuple[Drawn, RunRow | None]:
    if _only_own(asked):
        own = drawn(store, text, current_codebook(study), None, {}, asked.who, only_own=True)
        return own, None
    run, _ = chosen_run(asked, store, text.id)
    book = codebook(store, run.codebook_sha256) if run else current_codebook(study)
    known = evidence.lanes(study, store, run) if run else {}
    found = drawn(store, text, book, run, known, asked.who, withheld=asked.query("withheld") == "1")
    return found, run


def _only_own(asked: Asked) -> bool:
    """Whether she looks at her own codes alone: nothing of others is shown, so nothing is put on
    record as seen."""
    return asked.query("own") == "1"


def record_shown(asked: Asked, store: Store, text: Transcript, found: Drawn, place: str) -> None:
    """Write down whose codes the page is about to show."""
    if _only_own(asked):
        return
    ids = _coder_ids(store, found)
    record_openings(
        store,
        asked.who,
        text.id,
        model={
            *(ids[c.name, c.kind] for c in found.coders if c.kind == "model"),
            *(one.coder_id for one in elsewhere(store, None, text.id)),
        },
        people=[ids[c.name, c.kind] for c in found.coders if c.kind == "human"],
        place=place,
    )


def _coder_ids(store: Store, found: Drawn) -> dict[tuple[str, str], int]:
    return {(c.name, c.kind): c.id for c in coders(store)}


def _show(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        text = text_of(store, asked.path("key"))
        if (shown := _instead(asked, store, text)) is not None:
            return shown
        found, run = _drawn(asked, study, store, text)
        record_shown(asked, store, text, found, "transcript page")
        found = _with_checks(asked, store, text, run, found)
        there = tuple(r for r in runs(store) if text.id in r.transcripts)
        silent = None if _only_own(asked) else _silent(asked, store, text, run)
        lines = segments_of(text)
        marks = asked.query("view") == "marks"
        if marks:
            lines = [
                _Line(x.segment, x.text, x.start, x.speaker, pieces(x.text, x.start, found.spans))
                for x in lines
            ]
        names = [info for info in transcript_infos(store) if not info.withdrawn]
        place = next(n for n, info in enumerate(names) if info.id == text.id)
        return render(
            asked,
            "transcript.html",
            here="/transcripts",
            transcript=text,
            lines=lines,
            marks=marks,
            run=run,
            runs=there,
            silent=silent,
            drawn=found,
            only_own=_only_own(asked),
            checks_on=asked.checks_on,
            withheld_shown=asked.query("withheld") == "1",
            data=_data(asked, study, store, text, found, run),
            before=names[place - 1] if place > 0 else None,
            after=names[place + 1] if place + 1 < len(names) else None,
        )


def _instead(asked: Asked, store: Store, text: Transcript) -> Response | None:
    """What is shown in place of the page to whoever is to code this transcript blind."""
    blind = is_unfinished_blind(store, asked.who, text.id)
    if blind and _only_own(asked):
        return RedirectResponse(f"/blind/{text.id}", 303)
    if asked.anyway or _only_own(asked):
        return None
    if blind:
        return render(asked, "blind_warning.html", here="/transcripts", transcript=text)
    if waiting := audit_waits(store, asked.who, text.id):
        return render(
            asked, "audit_warning.html", here="/transcripts", transcript=text, audit=waiting
        )
    return None


def _silent(
    asked: Asked, store: Store, text: Transcript, run: RunRow | None
) -> tuple[RunRow, str] | None:
    """The run that suggests nothing here, and why: the one that is shown, else the newest of this
    transcript, or of the study; none where people alone were asked for."""
    there = tuple(r for r in runs(store) if text.id in r.transcripts) or runs(store)
    row = run or (there[-1] if there else None)
    if row is None or (run is None and asked.query("run") == "0"):
        return None
    if text.id not in row.transcripts:
        return row, "this transcript was not in it"
    why = without_suggestions(store, row).get(text.id, "")
    if why and any(
        k == text.id and s == "coded-empty" for k, _, s, _ in shown_outcomes(store, row.id)
    ):
        # To be told that it found nothing is to know what it says.
        record_openings(store, asked.who, text.id, model=[row.coder.id], place="transcript page")
    return (row, why) if why else None


def _with_checks(
    asked: Asked, store: Store, text: Transcript, run: RunRow | None, found: Drawn
) -> Drawn:
    """With this person's open checks mixed in, where she has switched them on."""
    if run is None or not asked.checks_on:
        return found
    book = codebook(store, run.codebook_sha256)
    return mixed_in(found, prepare_checks(store, run, text.id, book, asked.who))


def _data(
    asked: Asked, study: Study, store: Store, text: Transcript, found: Drawn, run: RunRow | None
) -> dict[str, object]:
    made: dict[str, object] = plain(found)
    own = _only_own(asked)
    return {
        **made,
        "transcript": text.id,
        "run": run.id if run else 0,
        "who": asked.who,
        "memos": plain(
            [m for m in shown_memos(store, asked.who, text.id) if not own or m.who == asked.who]
        ),
        "elsewhere": [] if own else _elsewhere(study, store, text.id),
        "own": own,
        "onward": _onward(asked, study, store, text, run),
        "withheld_shown": asked.query("withheld") == "1",
        "anyway": asked.anyway,
    }


def _elsewhere(study: Study, store: Store, transcript_id: int) -> object:
    """What models of another study said; the codebook's file, which takes a while to read, is read
    only where there is something."""
    if not elsewhere(store, None, transcript_id):
        return []
    return plain(elsewhere(store, current_codebook(study), transcript_id))


def _onward(
    asked: Asked, study: Study, store: Store, text: Transcript, run: RunRow | None
) -> dict[str, object] | None:
    """The next transcript with suggestions of this run that nobody has decided on: after this one,
    then from the first. Not one that she is to code without seeing others' codes."""
    if run is None:
        return None
    lanes = evidence.lanes(study, store, run)
    hidden = kept_back(store, asked.who)
    open_ = Counter(
        s.transcript_id
        for s in suggestions(store, run.id)
        if s.decision == "open" and s.quote and lanes.get(s.code) != "withhold"
    )
    names = [i for i in transcript_infos(store) if not i.withdrawn and i.id not in hidden]
    here = next((n for n, i in enumerate(names) if i.id == text.id), -1)
    for info in [*names[here + 1 :], *names[: max(here, 0)]]:
        if open_[info.id]:
            return {
                "href": f"/transcripts/{info.id}?run={run.id}",
                "name": info.name,
                "open": open_[info.id],
            }
    return None


def _state(asked: Asked) -> Response:
    """The spans as they are now: a window that comes to the front again asks for them."""
    with asked.desk.writing() as (study, store):
        text = text_of(store, asked.path("key"))
        if not _only_own(asked):
            refuse_unless_told(asked, store, text.id)
        found, run = _drawn(asked, study, store, text)
        # Somebody may have coded since the page was opened.
        record_shown(asked, store, text, found, "transcript page")
        found = _with_checks(asked, store, text, run, found)
        return answer(_data(asked, study, store, text, found, run))


@dataclass(frozen=True)
class _Row:
    info: object
    open: int
    decided: int
    blind: str


def _list(asked: Asked) -> Response:
    with asked.desk.reading() as (_, store):
        newest: dict[int, RunRow] = {}
        counts: dict[int, tuple[int, int]] = {}
        for row in runs(store):
            for s in suggestions(store, row.id):
                if newest.get(s.transcript_id) is not row:
                    newest[s.transcript_id] = row
                    counts[s.transcript_id] = (0, 0)
                opened, decided = counts[s.transcript_id]
                is_open = s.decision == "open"
                counts[s.transcript_id] = (opened + is_open, decided + (not is_open))
        rows = [
            _Row(
                info,
                *counts.get(info.id, (0, 0)),
                "begun" if is_unfinished_blind(store, asked.who, info.id) else "",
            )
            for info in transcript_infos(store)
        ]
        return render(asked, "transcripts.html", rows=rows)


ROUTES = (
    Route("/transcripts", page(_list)),
    Route("/transcripts/{key:int}", page(_show)),
    Route("/transcripts/{key:int}/state", page(_state)),
)
