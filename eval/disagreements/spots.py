"""Disagreements at one passage, shown as one place: the text once, the entries under it.

The text can be shared where the sides are the same people in each entry; each entry then has a
letter, and a mark names the entries that it belongs to. Else each entry has a text of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from string import ascii_lowercase

from eval.disagreements.cards import Card, drawn_order, place_words
from eval.disagreements.finding import Gathered
from eval.disagreements.passages import Letters, Paragraph, marks_of, paragraphs
from eval.disagreements.records import Disagreement, Passage
from eval.report.wording import how_many

__all__ = ["Spot", "singles", "spots"]


@dataclass(frozen=True, slots=True)
class Spot:
    """One place. Without a title it is a single card, shown as it is."""

    cards: tuple[Card, ...]
    id: str = ""
    title: str = ""
    place: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    """Shared by the cards, which then have none of their own."""
    language: str = ""
    more: str = ""
    """Said where other disagreements about this passage stand elsewhere."""
    link: str = ""
    """Address of one of them."""


def spots(
    found: Sequence[Disagreement],
    cards: Mapping[str, Card],
    gathered: Gathered,
    *,
    quotes: bool = True,
    hide_sides: bool = False,
    page: str = "",
) -> tuple[Spot, ...]:
    """``found`` in the order wanted, those of one place next to each other.

    ``page``: address of the page that has all disagreements, empty for that page itself.
    """
    at: dict[str, list[str]] = {}
    for d in gathered.disagreements:
        at.setdefault(d.place, []).append(d.key)
    made = []
    for place, together in groupby(found, key=lambda d: d.place):
        here = list(together)
        mine = {d.key for d in here}
        elsewhere = [key for key in at.get(place, ()) if key not in mine]
        spot = _spot(here, [cards[d.key] for d in here], gathered, quotes, hide_sides)
        if elsewhere:
            more = f"{how_many(len(elsewhere), 'more disagreement')} at this passage"
            spot = replace(spot, more=more, link=f"{page}#{elsewhere[0]}")
        made.append(spot)
    return tuple(made)


def _spot(
    here: Sequence[Disagreement],
    cards: Sequence[Card],
    gathered: Gathered,
    quotes: bool,
    hide_sides: bool,
) -> Spot:
    first = here[0]
    if len(here) == 1:
        return Spot(tuple(cards))
    shared = quotes and len({_people(d) for d in here}) == 1
    text: tuple[Paragraph, ...] = ()
    if shared:
        marks, letters = _marks(here, hide_sides)
        start, last = min(d.first_segment for d in here), max(d.last_segment for d in here)
        text = paragraphs(gathered.texts[first.transcript], start, last + 1, marks, letters)
        cards = [replace(card, letter=_letter(n), paragraphs=()) for n, card in enumerate(cards)]
    return Spot(
        tuple(cards),
        id=first.place,
        title=f"{how_many(len(here), 'disagreement')} at this passage",
        place=place_words(first, *here[1:]),
        paragraphs=text,
        language=first.language,
    )


def _people(found: Disagreement) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(side.coder for side in party) for party in found.parties)


def _marks(
    here: Sequence[Disagreement], hide_sides: bool
) -> tuple[dict[int, list[Passage]], Letters]:
    """What each side marked with any code in dispute here, and the letters of its entries."""
    marks: dict[int, dict[tuple[str, int, int], Passage]] = {}
    letters: dict[tuple[int, str, int, int], str] = {}
    for n, found in enumerate(here):
        parties = found.parties
        if hide_sides:
            parties = tuple(parties[k] for k in drawn_order(found, found.place or found.key))
        for number, passages in marks_of(parties).items():
            mine = marks.setdefault(number, {})
            for p in passages:
                place = (p.code, p.start, p.end)
                mine[place] = p
                letters[number, *place] = letters.get((number, *place), "") + _letter(n)
    return {number: list(found.values()) for number, found in marks.items()}, letters


def _letter(number: int) -> str:
    """a, b, …; there are hardly ever more than a few, and z stands for all further ones."""
    return ascii_lowercase[min(number, 25)]


def singles(cards: Iterable[Card]) -> tuple[Spot, ...]:
    """Each card as it is."""
    return tuple(Spot((card,)) for card in cards)
