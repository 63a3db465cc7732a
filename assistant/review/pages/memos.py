"""Memos: what a reader thinks, dated and signed; and passages that no code fits."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.loading import load_codebook
from assistant.decisions.kept_back import kept_back
from assistant.errors import UserError
from assistant.review.desk import Asked, NotThere, page
from assistant.review.pages.transcript import text_of
from assistant.review.rendering import answer, render
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_memos
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import uncoded
from assistant.store.people.memos import Memo, add_memo, delete_memo, memo, memos
from assistant.store.people.openings import record_openings
from assistant.store.texts.transcripts import transcript_infos

__all__ = ["NAV", "ROUTES"]

NAV = (70, "Memos", "/memos")
_ON_A_TRANSCRIPT = ("passage", "transcript", "no-code-fits")


def _add(asked: Asked) -> Response:
    """A memo on a passage, on the transcript, or a passage that no code fits."""
    key, about, words = asked.path("key"), asked.text("about"), asked.text("text")[:20_000]
    if about not in _ON_A_TRANSCRIPT:
        raise UserError("A memo is on a passage, on the transcript, or says that no code fits.")
    if not words and about != "no-code-fits":
        raise UserError("The memo is empty.")
    with asked.desk.writing() as (_, store):
        text = text_of(store, key)
        start = end = None
        if about != "transcript":
            start, end = asked.number("start"), asked.number("end")
            quote = text.text[start:end] if 0 <= start < end <= len(text.text) else ""
            if not quote.strip():
                raise UserError("No words are selected.", hint="Select a passage first.")
            start, end = start + len(quote) - len(quote.lstrip()), start + len(quote.rstrip())
        made = add_memo(
            store,
            about,  # type: ignore[arg-type]
            words,
            asked.who,
            transcript_id=key,
            start=start,
            end=end,
        )
        return answer({"memo": memo(store, made)})


def _new(asked: Asked) -> Response:
    """A memo on the study, or on a code."""
    about, words = asked.text("about"), asked.text("text")[:20_000]
    if not words:
        raise UserError("The memo is empty.", hint="Write what you think, then keep it.")
    with asked.desk.writing() as (study, store):
        if about == "code":
            key = load_codebook(study.codebook_file).resolve(asked.text("code"))
            if key is None:
                raise NotThere(f"The codebook has no code “{asked.text('code')}”.")
            made = add_memo(store, "code", words, asked.who, code=key)
        elif about == "study":
            made = add_memo(store, "study", words, asked.who)
        else:
            raise UserError("A memo here is on the study or on a code.")
        return _back(asked, {"memo": memo(store, made)})


def _back(asked: Asked, said: dict[str, object]) -> Response:
    """To the page that the form is on; a script is told what was stored."""
    back = asked.text("back")
    if back == "/memos" or back.startswith("/codes/"):
        return RedirectResponse(back, 303)
    return answer(said)


def _own(asked: Asked, store: Store) -> Memo:
    """Her memo, as long as nobody has changed it or taken it away."""
    found = memo(store, asked.path("key"))
    if found is None:
        raise NotThere("This memo is not there.")
    if found.who != asked.who:
        raise UserError(f"This memo is {found.who}'s.")
    if found.id not in {one.id for one in memos(store)}:
        raise UserError(
            "This memo was changed or taken away in another window.",
            hint="Open the page again to see it as it is.",
        )
    return found


def _change(asked: Asked) -> Response:
    with asked.desk.writing() as (_, store), store.transaction():
        old = _own(asked, store)
        words = asked.text("text")[:20_000]
        if not words and old.about != "no-code-fits":
            raise UserError("The memo is empty.", hint="Take it away instead.")
        made = add_memo(
            store,
            old.about,
            words,
            asked.who,
            transcript_id=old.transcript_id,
            start=old.start,
            end=old.end,
            code=old.code,
            replaces=old.id,
        )
        return _back(asked, {"memo": memo(store, made)})


def _delete(asked: Asked) -> Response:
    with asked.desk.writing() as (_, store), store.transaction():
        old = _own(asked, store)
        delete_memo(store, old.id, asked.who)
        return _back(asked, {"gone": old.id})


@dataclass(frozen=True)
class _NoCode:
    """A passage where somebody, or the model, says that something is here but no code fits."""

    who: str
    transcript_id: int
    transcript: str
    segment: int | None
    start: int | None
    quote: str
    note: str


def _list(asked: Asked) -> Response:
    with asked.desk.writing() as (_, store):
        names = {i.id: i.name for i in transcript_infos(store) if not i.withdrawn}
        back = kept_back(store, asked.who)
        all_memos = [
            m
            for m in shown_memos(store, asked.who)
            if m.transcript_id is None
            or (m.transcript_id in names and (m.transcript_id not in back or m.who == asked.who))
        ]
        without = [
            _NoCode(m.who, m.transcript_id, names[m.transcript_id], None, m.start, m.quote, m.text)
            for m in all_memos
            if m.about == "no-code-fits" and m.transcript_id is not None
        ]
        for row in runs(store):
            found = [u for u in uncoded(store, row.id) if u.transcript_id in names.keys() - back]
            for key in {u.transcript_id for u in found}:
                record_openings(store, asked.who, key, model=[row.coder.id], place="memos")
            without += [
                _NoCode(
                    f"the model, run {row.id}",
                    u.transcript_id,
                    names[u.transcript_id],
                    u.segment,
                    None,
                    u.quote,
                    u.note,
                )
                for u in found
            ]
        return render(
            asked,
            "memos.html",
            memos=[m for m in all_memos if m.about != "no-code-fits"],
            without=without,
            names=names,
        )


ROUTES = (
    Route("/memos", page(_list)),
    Route("/memos", page(_new), methods=["POST"]),
    Route("/transcripts/{key:int}/memos", page(_add), methods=["POST"]),
    Route("/memos/{key:int}", page(_change), methods=["POST"]),
    Route("/memos/{key:int}/delete", page(_delete), methods=["POST"]),
)
