"""How well passages fit a text: whether they hold what the file quotes, and begin and end where
words do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

__all__ = [
    "Score",
    "Selection",
    "border_score",
    "quote_of",
    "quotes_at",
    "score_of",
    "spaceless",
    "squeezed",
]

_GAP = re.compile(r"\s+")


class Selection(NamedTuple):
    source: str
    start: int
    end: int
    name: str = ""
    """What the file says the selection holds, perhaps cut off; programs differ."""


class Score(NamedTuple):
    inside: float
    quotes: float
    quoted: int
    borders: float
    spaceless: bool


def score_of(
    texts: Mapping[str, str],
    selections: Sequence[Selection],
    spans: Sequence[tuple[int, int]],
) -> Score:
    inside = quotes = quoted = unspaced = 0
    borders = 0.0
    for selection, (start, end) in zip(selections, spans, strict=True):
        text = texts[selection.source]
        wanted = quote_of(selection.name)
        quoted += bool(wanted)
        if start < 0 or end <= start:
            inside += start >= 0 and selection.start == selection.end
            continue
        inside += 1
        quotes += quotes_at(text, selection, start, end)
        borders += border_score(text, start, end)
        unspaced += spaceless(text[start])
    if quoted and quotes < quoted / 2:
        # Names that people gave, or numbers: no quotations.
        known = quotes >= 3 and quotes >= quoted / 5
        quoted = quotes if known else 0
        quotes = quotes if known else 0
    count = len(selections)
    return Score(
        inside / count,
        quotes / quoted if quoted else 0.0,
        quoted,
        borders / (2 * count),
        unspaced > count / 2,
    )


def quotes_at(text: str, selection: Selection, start: int, end: int) -> bool:
    """Whether the words that the file quotes stand here."""
    wanted = quote_of(selection.name)
    if not wanted or start < 0 or end <= start:
        return False
    said = squeezed(text[start : min(end, start + 4 * len(wanted) + 200)])
    cut = selection.name.rstrip().endswith(("…", "..."))
    return said.startswith(wanted) if cut or len(wanted) > 60 else said == wanted


def border_score(text: str, start: int, end: int) -> int:
    """How many of the two ends are borders of words."""
    if start < 0 or end <= start:
        return 0
    return _border(text, start, start) + _border(text, end, end - 1)


def quote_of(name: str) -> str:
    wanted = squeezed(name).removesuffix("…").removesuffix("...").strip()
    return wanted if len(wanted) >= 4 else ""


def squeezed(text: str) -> str:
    return _GAP.sub(" ", text).strip()


def _border(text: str, place: int, inner: int) -> bool:
    """Whether a word begins or ends here: not between two letters, nor within white space."""
    before = text[place - 1] if place else " "
    after = text[place] if place < len(text) else " "
    return not (before.isalnum() and after.isalnum()) and not text[inner].isspace()


def spaceless(char: str) -> bool:
    return "\u0e00" <= char <= "\u0eff" or "\u3040" <= char <= "\u9fff"
