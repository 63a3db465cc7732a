"""The queue of disagreements: which the filters leave, in what order, and who said what of them.

Disagreements about one passage stand next to each other, whatever the order. Transcripts that the
reader is coding blind at the moment, or could still code for an audit, are left out.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.decisions.kept_back import kept_back
from assistant.decisions.no_longer import NoLonger, no_longer_disputed
from assistant.review.desk import Asked, NotThere
from assistant.store.database import Store
from assistant.store.decided.adjudications import Adjudication, adjudications
from assistant.store.measured.looks import record_look
from assistant.store.model.runs import runs
from assistant.store.people.codings import scopes
from assistant.store.people.looked_again import looked_again
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook, recorded_versions
from assistant.study import Study
from eval.disagreements.cards import SEED
from eval.disagreements.finding import Gathered, Wanted, gather
from eval.disagreements.making import former_key
from eval.disagreements.records import KIND_WORDS, Disagreement
from eval.disagreements.sorting import together
from eval.disagreements.study import codebook_lines
from eval.disagreements.waiting import waiting

__all__ = ["FILTERS", "Queue", "Row", "gathered"]

FILTERS = ("run", "who", "kind", "code", "coder", "transcript", "state", "hide")


def _chosen_run(asked: Asked, store: Store) -> tuple[RunRow | None, tuple[RunRow, ...]]:
    there = runs(store)
    wanted = asked.query("run") or asked.text("run")
    if wanted in ("0", ""):
        return None, there
    row = next((r for r in there if str(r.id) == wanted), None)
    if row is None:
        raise NotThere(f"There is no run {wanted}.")
    return row, there


def _state(study: Study, store: Store, row: RunRow | None, book: Codebook) -> tuple[object, ...]:
    """What the disagreements are found in: they are the same as long as this is."""
    return (
        row.id if row else 0,
        row.ended_at if row else "",
        book.sha256,
        str(study.config.units),
        tuple((i.id, i.name, i.codings, i.withdrawn) for i in transcript_infos(store)),
        # All of a scope: also which version of the codebook it is of, and which part was coded.
        hash(scopes(store)),
        str(looked_again(store)),
        str([(v.sha256, v.declared, v.declared_further) for v in recorded_versions(store)]),
    )


def gathered(asked: Asked, study: Study, store: Store, row: RunRow | None) -> Gathered:
    """All disagreements, kept until codes or codebook change."""
    book = codebook(store, row.codebook_sha256) if row else load_codebook(study.codebook_file)
    state = _state(study, store, row, book)
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


def _waiting(
    asked: Asked, study: Study, store: Store, row: RunRow | None, found: Gathered
) -> tuple[tuple[Disagreement, ...], frozenset[str]]:
    """As `waiting`, kept as long as `gathered` is."""
    state = _state(study, store, row, found.codebook)
    kept = asked.desk.kept.setdefault("disagreements waiting", {})
    place = row.id if row else 0
    if place not in kept or kept[place][0] != state:
        kept[place] = (state, waiting(store, found, row))
    there: tuple[tuple[Disagreement, ...], frozenset[str]] = kept[place][1]
    return there


@dataclass(frozen=True)
class Row:
    """One line of the queue."""

    found: Disagreement
    codes: str
    said: tuple[Adjudication, ...]
    mine: Adjudication | None
    shown_kind: str
    heading: str = ""
    """Said before the first of several at one passage."""
    several: bool = False


class Queue:
    """The disagreements that the filters leave, in order."""

    def __init__(self, asked: Asked, study: Study, store: Store) -> None:
        self.filters = {name: asked.query(name) or asked.text(name) for name in FILTERS}
        self.row, self.runs = _chosen_run(asked, store)
        self.all = gathered(asked, study, store, self.row)
        self.hide = self.filters["hide"] == "1"
        self.back = kept_back(store, asked.who)
        self.said: dict[str, list[Adjudication]] = {}
        for one in adjudications(store):
            self.said.setdefault(one.key, []).append(one)
        self.who = asked.who
        self.here = [d for d in self.all.disagreements if d.transcript_id not in self.back]
        self.known_as: dict[str, str] = {}
        """Key -> the former one, where her own word stands under that."""
        for d in self.here:
            older = former_key(d, self.all.codebook)
            if older == d.key or older not in self.said:
                continue
            both = [*self.said[older], *self.said.get(d.key, ())]
            self.said[d.key] = sorted(both, key=lambda a: (a.at, a.id))
            mine = self.mine(d.key)
            if mine is not None and mine.key == older:
                self.known_as[d.key] = older
        there = {k for d in self.here for k in (d.key, former_key(d, self.all.codebook))}
        self.gone = tuple(
            one
            for one in no_longer_disputed(store, there, self.row.coder.name if self.row else "")
            if one.transcript_id not in self.back
        )
        self.names = {i.id: i.name for i in transcript_infos(store)}
        self.at = Counter(d.place for d in self.here)
        self.passing = [d for d in self.here if self._fits(d)]
        if self.hide:
            self.passing.sort(key=lambda d: random.Random(f"{SEED} {d.key}").random())
        # Also those that belong to other classes: she reads the passage once.
        self.passing = together(self.passing)
        self.left = [d for d in self.passing if self._in_state(d)]

    def left_for_definition(
        self, asked: Asked, study: Study, store: Store
    ) -> tuple[int, dict[str, int]]:
        """How many that nobody has decided on are in dispute no more since somebody's codings are
        of another definition, as far as the filters let them through; and, of codes that can be
        looked at again, how many each."""
        if self.filters["state"] in ("decided", "others"):
            return 0, {}
        left, again = _waiting(asked, study, store, self.row, self.all)
        book = self.all.codebook
        undecided = [
            d
            for d in left
            if d.transcript_id not in self.back
            and self._fits(d)
            and not any(key in self.said for key in (d.key, former_key(d, book)))
        ]
        counts = Counter(code for d in undecided for code in d.codes if code in again)
        return len(undecided), dict(counts.most_common())

    @property
    def query(self) -> str:
        return urlencode({k: v for k, v in self.filters.items() if v})

    def mine(self, key: str) -> Adjudication | None:
        """Her latest word, under whichever key."""
        return next((a for a in reversed(self.said.get(key, [])) if a.who == self.who), None)

    def _fits(self, d: Disagreement) -> bool:
        f = self.filters
        return (
            f["who"] in ("", d.who)
            and f["kind"] in ("", d.kind)
            and (not f["code"] or f["code"] in d.codes)
            and (not f["coder"] or any(s.coder == f["coder"] for s in d.sides))
            and f["transcript"] in ("", d.transcript)
        )

    def _in_state(self, d: Disagreement) -> bool:
        state, decided = self.filters["state"], self.mine(d.key) is not None
        return (
            (state != "decided" or decided)
            and (state not in ("", "open") or not decided)
            and (state != "others" or any(a.who != self.who for a in self.said.get(d.key, ())))
        )

    def gone_here(self) -> list[NoLonger]:
        """What is no longer in dispute, as far as the filters can say it of what is gone."""
        f, found = self.filters, []
        for one in self.gone:
            mine = any(a.who == self.who for a in one.words)
            others = any(a.who != self.who for a in one.words)
            fits = (
                (not f["code"] or f["code"] in one.codes)
                and (not f["coder"] or f["coder"] in one.coders)
                and f["transcript"] in ("", self.names[one.transcript_id])
            )
            if fits and {"decided": mine, "others": others, "any": True}.get(f["state"], False):
                found.append(one)
        return found

    def title(self, one: NoLonger) -> str:
        """Codes that are gone go by their id."""
        book = self.all.codebook.by_id
        return " or ".join(book[c].label if c in book else c for c in one.codes)

    def where(self, one: NoLonger) -> str:
        return f"{self.names[one.transcript_id]}, passage {one.segment + 1}"

    def open_from(self, place: int) -> list[Disagreement]:
        """What she has not decided on, from this place in the queue to its end, then its begin."""
        round_about = [*self.passing[place:], *self.passing[:place]]
        return [d for d in round_about if self._in_state(d) and self.mine(d.key) is None]

    def label(self, d: Disagreement) -> str:
        return " or ".join(self.all.codebook.by_id[c].label for c in d.codes)

    def at_place(self, d: Disagreement) -> list[Disagreement]:
        """All about the same passage, whatever the filters."""
        return [e for e in self.here if e.place == d.place]

    def lines(self, shown: list[Disagreement]) -> list[Row]:
        """Those at one passage, which stand next to each other, with a heading."""
        rows = []
        for n, d in enumerate(shown):
            heading = ""
            if self.at[d.place] > 1 and (n == 0 or shown[n - 1].place != d.place):
                there = self.at_place(d)
                heading = f"{len(there)} disagreements at this passage: {_where(there)}"
            kind = "" if self.hide else KIND_WORDS[d.kind]
            said = tuple(self.said.get(d.key, ()))
            several = self.at[d.place] > 1
            rows.append(Row(d, self.label(d), said, self.mine(d.key), kind, heading, several))
        return rows


def _where(there: list[Disagreement]) -> str:
    """As the lines of the queue say it."""
    first = min(d.first_segment for d in there) + 1
    last = max(d.last_segment for d in there) + 1
    where = f"passages {first}–{last}" if last > first else f"passage {first}"
    return f"{there[0].transcript}, {where}"
