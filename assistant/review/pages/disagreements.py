"""Where coders disagree: a queue, each one in its context, and what people say about it.

The page shows other people's codes, so that what was shown is on record. Transcripts that the
reader is coding blind at the moment, or could still code for an audit, are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import cast
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.rules import FIELDS
from assistant.decisions.adjudicating import OUTCOMES, Agreed, InDispute, adjudicate
from assistant.decisions.no_longer import NoLonger
from assistant.errors import UserError
from assistant.guide.settling import ShownConflict, shown_conflicts
from assistant.interchange.study_codebook.editing import add_rule
from assistant.interchange.study_codebook.history import present_version
from assistant.review.desk import Asked, NotThere, page
from assistant.review.disputes import FILTERS, Queue
from assistant.review.elsewhere import show_elsewhere
from assistant.review.pages.conflicts import record_shown
from assistant.review.rendering import render
from assistant.review.reporting import card_html
from assistant.store.database import Store
from assistant.store.decided.adjudications import Outcome, SaidSide
from assistant.store.people.coders import coders
from assistant.store.people.openings import record_openings
from assistant.study import Study
from eval.disagreements.agreed import agreed_cells
from eval.disagreements.cards import card, drawn_order
from eval.disagreements.places import how_many_at
from eval.disagreements.records import KIND_WORDS, KINDS, WHO, WHO_LOOK, WHO_WORDS, Disagreement

__all__ = ["NAV", "ROUTES"]

NAV = (30, "Disagreements", "/disagreements")
_SHOWN = 40
_BETWEEN = "between-studies"
"""Kind of what two studies say differently."""


def _record(asked: Asked, store: Store, shown: list[Disagreement]) -> None:
    """Whose codes of which transcript the page is about to show."""
    ids = {(c.name, c.kind): c.id for c in coders(store)}
    by_transcript: dict[int, set[tuple[str, bool]]] = {}
    for d in shown:
        by_transcript.setdefault(d.transcript_id, set()).update(
            (s.coder, s.is_model) for s in d.sides
        )
    for key, sides in by_transcript.items():
        record_openings(
            store,
            asked.who,
            key,
            model=[ids[n, "model"] for n, m in sorted(sides) if m and (n, "model") in ids],
            people=[ids[n, "human"] for n, m in sorted(sides) if not m and (n, "human") in ids],
            place="disagreements",
        )


def _record_gone(asked: Asked, store: Store, shown: Sequence[NoLonger]) -> None:
    """Words about codes that were in dispute say whose codes these were."""
    for one in shown:
        there = [c for c in coders(store) if c.name in one.coders]
        record_openings(
            store,
            asked.who,
            one.transcript_id,
            model=[c.id for c in there if c.kind == "model"],
            people=[c.id for c in there if c.kind == "human"],
            place="disagreements",
        )


def _list(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        queue = Queue(asked, study, store)
        gone = queue.gone_here()
        _record_gone(asked, store, gone)
        first = int(asked.query("from")) if asked.query("from").isdigit() else 0
        shown = queue.left[first : first + _SHOWN]
        _record(asked, store, shown)
        between = _between(asked, study, store)
        waiting, waiting_codes = queue.left_for_definition(asked, study, store)
        counts = Counter(d.who for d in queue.here)
        names = sorted({d.transcript for d in queue.here})
        codes = dict.fromkeys(c for d in queue.here for c in d.codes)
        by_id = queue.all.codebook.by_id
        labels = {c: by_id[c].label for c in codes}
        return render(
            asked,
            "disagreements.html",
            queue=queue,
            rows=queue.lines(shown),
            first=first,
            shown=_SHOWN,
            total=len(queue.left),
            passages=how_many_at(queue.left),
            everything=len(queue.here),
            decided=sum(queue.mine(d.key) is not None for d in queue.here),
            counts=[(w, WHO_WORDS[w], WHO_LOOK[w], counts[w]) for w in WHO if counts[w]],
            most=max(counts.values(), default=1),
            who_words=WHO_WORDS,
            kind_words={k: KIND_WORDS[k] for k in KINDS},
            labels=dict(sorted(labels.items(), key=lambda item: item[1].casefold())),
            transcript_pairs=[(name, name) for name in names],
            coder_pairs=[(name, name) for name in queue.all.coders],
            outcomes=OUTCOMES,
            left_out=len(queue.back),
            waiting=waiting,
            waiting_codes=[(c, by_id[c].label, n) for c, n in waiting_codes.items()],
            gone=gone,
            gone_elsewhere=len(queue.gone) if not gone else 0,
            between=between,
            only_between=queue.filters["kind"] == _BETWEEN,
            between_kind=_BETWEEN,
            two=bool((queue.all.matrix.scope.sum(axis=0) >= 2).any()),
        )


def _between(asked: Asked, study: Study, store: Store) -> tuple[ShownConflict, ...]:
    """What two studies say differently, as the filters want it; open ones unless asked for more."""
    f = {name: asked.query(name) for name in FILTERS}
    if f["kind"] not in ("", _BETWEEN) or f["code"] or f["who"]:
        return ()
    settled = {"": False, "open": False, "decided": True}.get(f["state"])
    found = tuple(
        c
        for c in shown_conflicts(study, store, asked.who, settled=settled)
        if f["transcript"] in ("", c.transcript) and f["coder"] in ("", *c.people)
    )
    record_shown(asked, store, found)
    return found


def _find(queue: Queue, key: str) -> Disagreement:
    for d in queue.here:
        if d.key == key:
            return d
    raise NotThere(
        "This disagreement is not there: codes or codebook may have changed since.",
        hint="Go back to the list.",
    )


def _order(found: Disagreement, hidden: bool) -> list[int]:
    """Places of the sides as shown: by chance where names are hidden, as `cards.card` does it."""
    return drawn_order(found, found.key) if hidden else list(range(len(found.parties)))


def _show(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        queue = Queue(asked, study, store)
        key = asked.path("key")
        if gone := [one for one in queue.gone if one.key == key]:
            _record_gone(asked, store, gone)
            return render(
                asked,
                "dispute_gone.html",
                one=gone[0],
                title=queue.title(gone[0]),
                where=queue.where(gone[0]),
                outcomes=OUTCOMES,
                query=queue.query,
            )
        found = _find(queue, key)
        _record(asked, store, [found])
        mine = queue.mine(found.key)
        hidden = queue.hide and mine is None
        # Each one drawn by itself: what is decided here does not tell the next one's sides.
        drawn = card(found, queue.all, hide_sides=hidden, by=found.key)
        if hidden:
            parties = tuple(replace(p, names=f"Side {p.number}", details=()) for p in drawn.parties)
            drawn = replace(drawn, parties=parties, hidden=False, closed=())
        keys = [d.key for d in queue.left]
        at = next((n for n, d in enumerate(queue.passing) if d.key == found.key), -1)
        left = set(keys)
        earlier = [d for d in queue.passing[: max(at, 0)] if d.key in left]
        ahead = [d for d in queue.open_from(at + 1) if d.key != found.key]
        others = [a for a in queue.said.get(found.key, ()) if a.who != asked.who]
        return render(
            asked,
            "dispute.html",
            found=found,
            card=card_html(drawn, 2),
            order=_order(found, hidden),
            mine=mine,
            hidden=hidden,
            # A model's name and reasons would tell the side that is hidden.
            elsewhere=()
            if hidden
            else show_elsewhere(asked, store, queue.all.codebook, found, "disagreements"),
            others=others,
            outcomes=OUTCOMES,
            sides=found.parties,
            query=queue.query,
            before=earlier[-1].key if earlier else "",
            after=ahead[0].key if ahead else "",
            passage_before=_passage_before(earlier, found),
            passage_after=next((d.key for d in ahead if d.place != found.place), ""),
            here=[
                (d, queue.label(d), queue.mine(d.key)) for d in queue.here if d.place == found.place
            ],
            number=keys.index(found.key) + 1 if found.key in keys else 0,
            total=len(keys),
            fields=FIELDS,
            labels={c: queue.all.codebook.by_id[c].label for c in found.codes},
            run=queue.row.id if queue.row else 0,
        )


def _passage_before(earlier: list[Disagreement], found: Disagreement) -> str:
    """The first at the passage before this one; empty where there is none."""
    others = [d for d in earlier if d.place != found.place]
    return next((d.key for d in others if d.place == others[-1].place), "")


def _in_dispute(d: Disagreement, queue: Queue) -> InDispute:
    sides = []
    for party in d.parties:
        # One coder's marks stand for a side that several share: people's before the model's.
        speaker = next((s for s in party if not s.is_model), party[0])
        sides.append(
            SaidSide(
                tuple(s.coder for s in party),
                party[0].codes,
                tuple((p.code, p.start, p.end) for p in speaker.passages),
            )
        )
    key = queue.known_as.get(d.key, d.key)
    return InDispute(key, d.transcript_id, d.first_segment, d.last_segment, d.codes, tuple(sides))


def _decide(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        queue = Queue(asked, study, store)
        found = _find(queue, asked.path("key"))
        said, _, chosen = asked.text("outcome").partition(":")
        outcome = said
        if said == "side":
            outcome = "this-side" if chosen == "0" else "that-side"
        adjudicate(
            store,
            _in_dispute(found, queue),
            cast(Outcome, outcome),
            asked.who,
            chosen=int(chosen) if chosen.isdigit() else None,
            slip=asked.text("slip") == "1",
            note=asked.text("note")[:5000],
            known=[
                _in_dispute(d, queue)
                for d in queue.all.disagreements
                if d.transcript_id == found.transcript_id
            ],
            agreed=[Agreed(s, c) for s, c in agreed_cells(queue.all, found.transcript)],
            seen=asked.number("seen") if asked.text("seen") else None,
            codebook_sha256=queue.row.codebook_sha256
            if queue.row
            else present_version(study, store),
        )
    return RedirectResponse(f"/disagreements/{found.key}?{queue.query}#said-here", 303)


def _rule(asked: Asked) -> Response:
    """Write a decision rule into the codebook, linked to the passage that caused it."""
    code, field = asked.text("code"), asked.text("field")
    with asked.desk.writing() as (study, store):
        queue = Queue(asked, study, store)
        found = _find(queue, asked.path("key"))
        if code not in found.codes:
            raise UserError("Choose one of the codes in dispute.")
        spans = [
            (p.start, p.end) for side in found.sides for p in side.passages if p.code == code
        ] or [(found.start, found.end)]
        start, end = min(a for a, _ in spans), max(b for _, b in spans)
        add_rule(
            study,
            store,
            code,
            field,
            asked.text("rule")[:2000],
            asked.who,
            [(found.transcript_id, start, end)],
        )
    return RedirectResponse("/recoding?" + urlencode({"code": code}), 303)


ROUTES = (
    Route("/disagreements", page(_list)),
    Route("/disagreements/{key}", page(_show)),
    Route("/disagreements/{key}", page(_decide), methods=["POST"]),
    Route("/disagreements/{key}/rule", page(_rule), methods=["POST"]),
)
