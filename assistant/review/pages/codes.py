"""The codes: a list, and a page for each with its definition, use, agreement, passages, history."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook, Example
from assistant.decisions.kept_back import kept_back
from assistant.errors import SecondCoderError
from assistant.guide.code_pages import CodePassage, CodeUse, changes_of, passages_of, uses_of
from assistant.guide.measured import MeasuredCode, measured
from assistant.guide.shown import sources_of
from assistant.interchange.study_codebook.recoding import recoding_counts
from assistant.review.bars import Bar, bar
from assistant.review.desk import Asked, NotThere, page
from assistant.review.disputes import gathered
from assistant.review.rendering import render
from assistant.review.showing import record_examples
from assistant.store.database import Store
from assistant.store.model.runs import runs
from assistant.store.people.coders import coders
from assistant.store.people.memos import memos
from assistant.store.people.openings import record_openings
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.study import Study

__all__ = ["NAV", "ROUTES", "marked", "place_of", "record_passages", "together"]

NAV = (40, "Codes", "/codes")
_MARK = re.compile(r"(\[-.*?-\]|\{\+.*?\+\})", re.DOTALL)
_SHOWN = 150


def marked(text: str) -> list[tuple[str, str]]:
    """Text with ``[-words that went-]`` and ``{+words that came+}`` as (kind, words)."""
    found = []
    for part in _MARK.split(text):
        if part.startswith("[-") and part.endswith("-]"):
            found.append(("gone", part[2:-2]))
        elif part.startswith("{+") and part.endswith("+}"):
            found.append(("come", part[2:-2]))
        elif part:
            found.append(("kept", part))
    return found


def _bars(found: MeasuredCode) -> dict[str, Bar]:
    """``people`` (the ceiling) and ``model``: kappa, where it was measured."""
    there = (
        ("people", "People with each other", found.people),
        ("model", "Model with people", found.model),
    )
    return {look: bar(what, value) for look, what, value in there if value is not None}


def _list(asked: Asked) -> Response:
    with asked.desk.reading() as (study, store):
        book = load_codebook(study.codebook_file)
        back = kept_back(store, asked.who)
        uses = uses_of(store, book, back)
        found = measured(study, store, book)
        rows = []
        for code in book.codes:
            people = sum(n for use in uses[code.id] for n in use.people.values())
            model = sum(use.model for use in uses[code.id])
            one = found.of(code.id) if found else MeasuredCode()
            rows.append((code, people, model, _bars(one), one, book.family_of(code.id)))
        order = asked.query("order")
        names = {i.id: i.name for i in transcript_infos(store) if not i.withdrawn}
        if order == "used":
            rows.sort(key=lambda r: -r[1])
        return render(
            asked,
            "codes.html",
            rows=rows,
            book=book,
            most=max((r[1] for r in rows), default=1) or 1,
            found=found,
            evaluation=found.id if found else 0,
            order=order,
            left_out=[names[key] for key in sorted(back) if key in names],
        )


def _confusions(asked: Asked, study: Study, store: Store, code: str) -> list[tuple[str, int]]:
    """Codes that somebody gave where another gave this one, commonest first."""
    counts: Counter[str] = Counter()
    back = kept_back(store, asked.who)
    try:
        found = gathered(asked, study, store, None).disagreements
    except SecondCoderError:
        return []
    for d in found:
        if code in d.codes and len(d.codes) == 2 and d.transcript_id not in back:
            counts[next(c for c in d.codes if c != code)] += 1
    return counts.most_common(12)


def record_passages(asked: Asked, store: Store, shown: list[CodePassage]) -> None:
    """Whose codes a list of passages shows is written down."""
    ids = {(c.name, c.kind): c.id for c in coders(store)}
    where: dict[int, set[tuple[str, bool]]] = {}
    for p in shown:
        where.setdefault(p.transcript_id, set()).add((p.coder, p.is_model))
    for key, sides in where.items():
        record_openings(
            store,
            asked.who,
            key,
            model=[ids[n, "model"] for n, m in sorted(sides) if m and (n, "model") in ids],
            people=[ids[n, "human"] for n, m in sorted(sides) if not m and (n, "human") in ids],
            place="code page",
        )


def _record_uses(asked: Asked, store: Store, uses: list[CodeUse]) -> None:
    """How often somebody gave a code in a transcript is something of her codes too."""
    ids = {(c.name, c.kind): c.id for c in coders(store)}
    there = runs(store)
    for use in uses:
        record_openings(
            store,
            asked.who,
            use.transcript_id,
            model=[there[-1].coder.id] if use.model else [],
            people=[ids[n, "human"] for n in use.people if (n, "human") in ids],
            place="code page",
        )


def _examples(
    asked: Asked, store: Store, book: Codebook, code: str, back: set[int]
) -> tuple[list[Example], int]:
    """A code's examples without those of transcripts that she is to code blind, and how many that
    are; what is shown is on record."""
    shown: list[Example] = []
    for example, sources in zip(
        book.by_id[code].examples, sources_of(store, book, code), strict=True
    ):
        if not back.intersection(s.transcript_id for s in sources):
            shown.append(example)
            record_examples(asked, store, sources, "code page")
    return shown, len(book.by_id[code].examples) - len(shown)


def together(passages: Sequence[CodePassage]) -> list[list[CodePassage]]:
    """A list of codings for each passage: the same words are read once, whoever marked them."""
    found: dict[tuple[int, int, int], list[CodePassage]] = {}
    for p in passages:
        found.setdefault((p.transcript_id, p.start, p.end), []).append(p)
    return list(found.values())


def place_of(store: Store, kept: dict[int, list[int]], p: CodePassage) -> int:
    """The segment that a passage begins in; ``kept`` holds what was looked up before."""
    from bisect import bisect_right

    if p.transcript_id not in kept:
        kept[p.transcript_id] = [s.start for s in transcript(store, p.transcript_id).segments]
    return bisect_right(kept[p.transcript_id], p.start) - 1


def _show(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        book = load_codebook(study.codebook_file)
        key = book.resolve(asked.path("key"))
        if key is None:
            raise NotThere(f"The codebook has no code “{asked.path('key')}”.")
        code = book.by_id[key]
        back = kept_back(store, asked.who)
        uses = uses_of(store, book, back)[key]
        names = sorted({name for use in uses for name in use.people})
        found = measured(study, store, book)
        one = found.of(key) if found else MeasuredCode()
        everywhere = one.people_everywhere if found and found.run_id is not None else None
        wanted = asked.query("transcript")
        every = [
            p
            for p in passages_of(store, book, key, back)
            if not wanted or str(p.transcript_id) == wanted
        ]
        first = int(asked.query("from")) if asked.query("from").isdigit() else 0
        places = together(every)
        shown = places[first : first + _SHOWN]
        record_passages(asked, store, [p for place in shown for p in place])
        _record_uses(asked, store, uses)
        examples, hidden = _examples(asked, store, book, key, back)
        starts: dict[int, list[int]] = {}
        return render(
            asked,
            "code.html",
            code=code,
            examples=examples,
            hidden_examples=hidden,
            book=book,
            uses=uses,
            names=names,
            most=max((n for u in uses for n in (*u.people.values(), u.model)), default=1) or 1,
            has_model=any(u.model for u in uses),
            figures=_bars(one),
            measured=one,
            found=found,
            again=recoding_counts(store, book, [key], back).get(key),
            everywhere=None
            if everywhere is None
            else bar("People with each other wherever two coded", everywhere),
            evaluation=found.id if found else 0,
            passages=[(place, place_of(store, starts, place[0])) for place in shown],
            codings=len(every),
            total=len(places),
            first=first,
            shown=_SHOWN,
            transcript=wanted,
            confusions=_confusions(asked, study, store, key),
            changes=[
                (c, [(f, [marked(line.text) for line in lines]) for f, lines in c.fields])
                for c in changes_of(study, store, key)
            ],
            memos=[m for m in memos(store, code=key) if m.transcript_id not in back],
        )


ROUTES = (
    Route("/codes", page(_list)),
    Route("/codes/{key:path}", page(_show)),
)
