"""Where coders disagree: a queue, each one in its context, and what people say about it.

The page shows other people's codes, so that what was shown is on record. Transcripts that the
reader is coding blind at the moment, or could still code for an audit, are left out.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.loading import load_codebook
from assistant.codebook.rules import FIELDS
from assistant.decisions.adjudicating import OUTCOMES, Agreed, InDispute, adjudicate
from assistant.decisions.kept_back import kept_back
from assistant.errors import UserError
from assistant.guide.settling import ShownConflict, shown_conflicts
from assistant.interchange.editing import add_rule
from assistant.review.desk import Asked, NotThere, page
from assistant.review.elsewhere import show_elsewhere
from assistant.review.pages.conflicts import record_shown
from assistant.review.rendering import render
from assistant.review.reporting import card_html
from assistant.store.adjudications import Adjudication, Outcome, SaidSide, adjudications
from assistant.store.coders import coders
from assistant.store.codings import scopes
from assistant.store.database import Store
from assistant.store.looks import record_look
from assistant.store.openings import record_openings
from assistant.store.records import RunRow
from assistant.store.runs import runs
from assistant.store.transcripts import transcript_infos
from assistant.store.versions import codebook
from assistant.study import Study
from eval.disagreements.agreed import agreed_cells
from eval.disagreements.cards import SEED, card
from eval.disagreements.finding import Gathered, Wanted, gather
from eval.disagreements.records import KIND_WORDS, KINDS, WHO, WHO_LOOK, WHO_WORDS, Disagreement
from eval.disagreements.study import codebook_lines

__all__ = ["NAV", "ROUTES", "gathered"]

NAV = (30, "Disagreements", "/disagreements")
_SHOWN = 40
_BETWEEN = "between-studies"
"""Kind of what two studies say differently."""
_FILTERS = ("run", "who", "kind", "code", "coder", "transcript", "state", "hide")


def _chosen_run(asked: Asked, store: Store) -> tuple[RunRow | None, tuple[RunRow, ...]]:
    there = runs(store)
    wanted = asked.query("run") or asked.text("run")
    if wanted in ("0", ""):
        return None, there
    row = next((r for r in there if str(r.id) == wanted), None)
    if row is None:
        raise NotThere(f"There is no run {wanted}.")
    return row, there


def gathered(asked: Asked, study: Study, store: Store, row: RunRow | None) -> Gathered:
    """All disagreements, kept until codes or codebook change."""
    book = codebook(store, row.codebook_sha256) if row else load_codebook(study.codebook_file)
    state = (
        row.id if row else 0,
        row.ended_at if row else "",
        book.sha256,
        str(study.config.units),
        tuple((i.id, i.name, i.codings, i.withdrawn) for i in transcript_infos(store)),
        hash(tuple((s.coder, s.transcript_id, s.exposure, s.segments) for s in scopes(store))),
    )
    kept = asked.desk.kept.setdefault("disagreements", {})
    place = row.id if row else 0
    if place not in kept or kept[place][0] != state:
        wanted = Wanted(
            interviewers=study.config.units.interviewers,
            count_interviewers=study.config.units.count_interviewers,
        )
        lines = codebook_lines(study, book)
        kept[place] = (state, gather(store, book, run=row, wanted=wanted, lines=lines))
    found: Gathered = kept[place][1]
    if asked.first_look("disagreements", place, state):
        recipe = row.recipe_sha256 if row else ""
        record_look(store, "disagreements", asked.who, book.name, recipe_sha256=recipe)
    return found


@dataclass(frozen=True)
class _Row:
    """One line of the queue."""

    found: Disagreement
    codes: str
    said: tuple[Adjudication, ...]
    mine: Adjudication | None
    shown_kind: str


class _Queue:
    """The disagreements that the filters leave, in order."""

    def __init__(self, asked: Asked, study: Study, store: Store) -> None:
        self.filters = {name: asked.query(name) or asked.text(name) for name in _FILTERS}
        self.row, self.runs = _chosen_run(asked, store)
        self.all = gathered(asked, study, store, self.row)
        self.hide = self.filters["hide"] == "1"
        self.back = kept_back(store, asked.who)
        self.said: dict[str, list[Adjudication]] = {}
        for one in adjudications(store):
            self.said.setdefault(one.key, []).append(one)
        self.who = asked.who
        self.here = [d for d in self.all.disagreements if d.transcript_id not in self.back]
        self.left = [d for d in self.here if self._fits(d)]
        if self.hide:
            self.left.sort(key=lambda d: random.Random(f"{SEED} {d.key}").random())

    @property
    def query(self) -> str:
        return urlencode({k: v for k, v in self.filters.items() if v})

    def mine(self, key: str) -> Adjudication | None:
        return next((a for a in self.said.get(key, ()) if a.who == self.who), None)

    def _fits(self, d: Disagreement) -> bool:
        f = self.filters
        decided = self.mine(d.key) is not None
        return (
            f["who"] in ("", d.who)
            and f["kind"] in ("", d.kind)
            and (not f["code"] or f["code"] in d.codes)
            and (not f["coder"] or any(s.coder == f["coder"] for s in d.sides))
            and f["transcript"] in ("", d.transcript)
            and (f["state"] != "decided" or decided)
            and (f["state"] not in ("", "open") or not decided)
            and (f["state"] != "others" or any(a.who != self.who for a in self.said.get(d.key, ())))
        )

    def line(self, d: Disagreement) -> _Row:
        labels = " or ".join(self.all.codebook.by_id[c].label for c in d.codes)
        kind = "" if self.hide else KIND_WORDS[d.kind]
        return _Row(d, labels, tuple(self.said.get(d.key, ())), self.mine(d.key), kind)


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


def _list(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        queue = _Queue(asked, study, store)
        first = int(asked.query("from")) if asked.query("from").isdigit() else 0
        shown = queue.left[first : first + _SHOWN]
        _record(asked, store, shown)
        between = _between(asked, study, store)
        counts = Counter(d.who for d in queue.here)
        names = sorted({d.transcript for d in queue.here})
        codes = dict.fromkeys(c for d in queue.here for c in d.codes)
        labels = {c: queue.all.codebook.by_id[c].label for c in codes}
        return render(
            asked,
            "disagreements.html",
            queue=queue,
            rows=[queue.line(d) for d in shown],
            first=first,
            shown=_SHOWN,
            total=len(queue.left),
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
            between=between,
            only_between=queue.filters["kind"] == _BETWEEN,
            between_kind=_BETWEEN,
            two=bool((queue.all.matrix.scope.sum(axis=0) >= 2).any()),
        )


def _between(asked: Asked, study: Study, store: Store) -> tuple[ShownConflict, ...]:
    """What two studies say differently, as the filters want it; open ones unless asked for more."""
    f = {name: asked.query(name) for name in _FILTERS}
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


def _find(queue: _Queue, key: str) -> Disagreement:
    for d in queue.here:
        if d.key == key:
            return d
    raise NotThere(
        "This disagreement is not there: codes or codebook may have changed since.",
        hint="Go back to the list.",
    )


def _order(found: Disagreement, hidden: bool) -> list[int]:
    """Places of the sides as shown: by chance where names are hidden, as `cards.card` does it."""
    order = list(range(len(found.parties)))
    if hidden:
        random.Random(f"{SEED} {found.key}").shuffle(order)
    return order


def _show(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        queue = _Queue(asked, study, store)
        found = _find(queue, asked.path("key"))
        _record(asked, store, [found])
        mine = queue.mine(found.key)
        hidden = queue.hide and mine is None
        drawn = card(found, queue.all, hide_sides=hidden)
        if hidden:
            parties = tuple(replace(p, names=f"Side {p.number}", details=()) for p in drawn.parties)
            drawn = replace(drawn, parties=parties, hidden=False, missing="", kind="", sort="")
        keys = [d.key for d in queue.left]
        at = keys.index(found.key) if found.key in keys else -1
        after = next((d.key for d in queue.left[at + 1 :] if queue.mine(d.key) is None), "")
        if not after:
            after = next((k for k in keys if k != found.key and queue.mine(k) is None), "")
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
            before=keys[at - 1] if at > 0 else "",
            after=after,
            number=at + 1,
            total=len(keys),
            fields=FIELDS,
            labels={c: queue.all.codebook.by_id[c].label for c in found.codes},
            run=queue.row.id if queue.row else 0,
        )


def _in_dispute(d: Disagreement) -> InDispute:
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
    return InDispute(d.key, d.transcript_id, d.first_segment, d.last_segment, d.codes, tuple(sides))


def _decide(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        queue = _Queue(asked, study, store)
        found = _find(queue, asked.path("key"))
        said, _, chosen = asked.text("outcome").partition(":")
        outcome = said
        if said == "side":
            outcome = "this-side" if chosen == "0" else "that-side"
        adjudicate(
            store,
            _in_dispute(found),
            cast(Outcome, outcome),
            asked.who,
            chosen=int(chosen) if chosen.isdigit() else None,
            note=asked.text("note")[:5000],
            known=[
                _in_dispute(d)
                for d in queue.all.disagreements
                if d.transcript_id == found.transcript_id
            ],
            agreed=[Agreed(s, c) for s, c in agreed_cells(queue.all, found.transcript)],
            seen=asked.number("seen") if asked.text("seen") else None,
        )
    return RedirectResponse(f"/disagreements/{found.key}?{queue.query}#said-here", 303)


def _rule(asked: Asked) -> Response:
    """Write a decision rule into the codebook, linked to the passage that caused it."""
    code, field = asked.text("code"), asked.text("field")
    with asked.desk.writing() as (study, store):
        queue = _Queue(asked, study, store)
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
