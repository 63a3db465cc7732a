"""Passages whose words stand elsewhere in their text, under the convention that was chosen.

A text that was changed outside of its program has some passages at their place and some that begin
and end at the wrong words, whatever positions count. The file itself tells which: it quotes them.
One that it does not quote is as uncertain as the quoted ones beside it.

Invariant: no coding is placed beside the words that the file quotes for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assistant.interchange.refi.scoring import Selection, quote_of, squeezed

__all__ = ["ELSEWHERE", "UNCERTAIN", "misplaced"]

ELSEWHERE = "the words that the file quotes for it stand elsewhere: this text was changed"
UNCERTAIN = "nothing says what its words were, and the passages beside it are not at their place"
_WORDS = 3
"""Fewer may be a name that a person gave, and stand anywhere."""
_LEAST = 4
"""Characters of a passage that its quotation may be longer than."""
_Place = tuple[int, int]


def misplaced(
    text: str, selections: Sequence[Selection], spans: Sequence[_Place]
) -> dict[_Place, str]:
    """Why a passage of ``text`` cannot be taken, by its positions as the file has them.

    ``spans``: of each selection in code points; those outside of the text are not asked about.
    """
    said = squeezed(text)
    quotes = [_quotation(one.name) for one in selections]
    labels = _labels(said, selections, quotes)
    at_place: dict[_Place, bool] = {}
    named = 0
    for one, quote, (start, end) in zip(selections, quotes, spans, strict=True):
        if not quote or quote in labels or not 0 <= start < end:
            continue
        named += 1
        here, place = _holds(squeezed(text[start:end]), quote), (one.start, one.end)
        if here or (place not in at_place and quote in said):
            at_place[place] = here
    if all(at_place.values()) or len(at_place) < named / 2:
        return {}  # most names are what people called their passages
    known = sorted((place, here) for place, here in at_place.items())
    found: dict[_Place, str] = {}
    for one, (start, end) in zip(selections, spans, strict=True):
        place = (one.start, one.end)
        if not 0 <= start < end:
            continue
        if place in at_place:
            if not at_place[place]:
                found[place] = ELSEWHERE
        elif not all(_beside(place, known)):
            found[place] = UNCERTAIN
    return found


def _quotation(name: str) -> str:
    quote = quote_of(name)
    return quote if len(quote.split()) >= _WORDS else ""


def _labels(said: str, selections: Sequence[Selection], quotes: Sequence[str]) -> set[str]:
    """Names of more passages than the text says them: of the interview, say, or of a theme."""
    places: dict[str, set[_Place]] = defaultdict(set)
    for one, quote in zip(selections, quotes, strict=True):
        places[quote].add((one.start, one.end))
    return {q for q, where in places.items() if len(where) > 1 and len(where) > said.count(q)}


def _holds(passage: str, quote: str) -> bool:
    """Programs cut what they quote, or leave off what stands around it."""
    return quote in passage or (len(passage) >= _LEAST and quote.startswith(passage))


def _beside(place: _Place, known: Sequence[tuple[_Place, bool]]) -> list[bool]:
    """Whether the nearest passages before and behind it, of which one knows, are at their place."""
    before = [here for at, here in known if at <= place]
    behind = [here for at, here in known if at > place]
    return before[-1:] + behind[:1]
