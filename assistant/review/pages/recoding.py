"""What a changed definition makes people look at again, and that the reviewer has done it."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.loading import load_codebook
from assistant.decisions.kept_back import kept_back
from assistant.decisions.looking_again import state_looked_again
from assistant.errors import UserError
from assistant.guide.code_pages import CodePassage
from assistant.interchange.study_codebook.history import present_version
from assistant.interchange.study_codebook.recoding import (
    WORDS_A_MINUTE,
    Recoding,
    ToRecode,
    stale_transcripts,
)
from assistant.interchange.transcripts import named
from assistant.review.desk import Asked, NotThere, page
from assistant.review.pages.codes import place_of, record_passages
from assistant.review.rendering import render
from assistant.store.database import Store
from assistant.store.versions import codebook

__all__ = ["ROUTES"]


def _show(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        book = load_codebook(study.codebook_file)
        back = kept_back(store, asked.who)
        again = Recoding(store, book)
        if not asked.query("code"):
            counts = again.counts(list(book.by_id), back)
            return render(asked, "recodings.html", here="/codes", counts=counts, book=book)
        key = book.resolve(asked.query("code"))
        if key is None:
            raise NotThere(f"The codebook has no code “{asked.query('code')}”.")
        rows = again.passages(key, back)
        ahead = not rows
        if ahead:
            rows = again.passages(key, back, if_it_changed=True)
        mine_of_all = again.transcripts_of(asked.who)
        # What others coded where she is to look again herself, for whatever code, is not shown to
        # her: that would end it.
        without = back | set(named(store, mine_of_all)) if mine_of_all else back
        others = again.passages(key, without, if_it_changed=ahead)
        shown = sorted(
            [
                *(r for r in rows if r.coder == asked.who),
                *(r for r in others if r.coder != asked.who),
            ],
            key=lambda r: r.coder,
        )
        return render(
            asked,
            "recoding.html",
            here="/codes",
            code=book.by_id[key],
            lists=_lists(asked, store, shown),
            others=[r.coder for r in rows if r not in shown],
            ahead=ahead,
            words_a_minute=WORDS_A_MINUTE,
            link=urlencode({"code": key}),
            mine=again.transcripts_of(asked.who, key),
            mine_of_all=mine_of_all,
        )


def _lists(
    asked: Asked, store: Store, rows: list[ToRecode]
) -> list[tuple[ToRecode, list[tuple[CodePassage, int]]]]:
    starts: dict[int, list[int]] = {}
    lists = []
    for row in rows:
        mine = [
            CodePassage(
                p.transcript_id, p.transcript, row.coder, False, p.start, p.end, p.quote, p.written
            )
            for p in row.passages
        ]
        record_passages(asked, store, mine)
        lists.append((row, [(p, place_of(store, starts, p)) for p in mine]))
    return lists


def _state(asked: Asked) -> Response:
    """The reviewer states that she has looked again: for this code, or for all codes."""
    code = asked.text("code")
    one = asked.text("for") != "all"
    with asked.desk.writing() as (study, store):
        book = codebook(store, present_version(study, store))
        names = stale_transcripts(store, book, asked.who, (book.resolve(code) or "") if one else "")
        if not names:
            raise UserError(
                f"No codes of {asked.who} are of an older definition.",
                hint="Whoever made the codes states it, under the name they were imported with.",
            )
        state_looked_again(
            store,
            named(store, names),
            book,
            coder=asked.who,
            codes=(code,) if one else (),
            who=asked.who,
        )
    return RedirectResponse("/recoding?" + urlencode({"code": code}), 303)


ROUTES = (
    Route("/recoding", page(_show)),
    Route("/recoding", page(_state), methods=["POST"]),
)
