"""Finding the words of a row in a transcript: at its positions, or by the words alone.

A quote that stands more than once without a position is nobody's guess: it is reported. People
type quotation marks or an ellipsis around what they quote; where the words are not found with them,
they are looked for without.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.interchange.readers.nearest import NEAREST, Nearest
from assistant.transcripts.aligning_words import words_of
from assistant.transcripts.lines import squeeze

__all__ = ["Finder", "Place"]

_QUOTES = str.maketrans("‘’‚‛“”„‟«»–—‐‑", '\'\'\'\'""""""----')
_SHIFTS = ((0, 0), (-1, 0), (0, 1), (-1, -1))
"""Ways to count: from 0, end excluded; from 1, end included; from 0, end included; from 1, end
excluded."""
_MANY = 100
"""So many places of one quote are counted."""
_MARKS = "\"'`´‘’‚‛“”„‟«»‹›「」『』＂＇｀"
_GAP = r"\.{2,}|…|[\[(]\s*(?:\.{2,}|…)\s*[\])]"
_BEFORE = re.compile(rf"([{_MARKS}])|{_GAP}")
_BEHIND = re.compile(rf"(?:([{_MARKS}])|{_GAP})$")
_LAYERS = 4
"""Marks around a quote, one within the other, that are left off."""
_SURE = 3
"""Words that are found without the marks around them; fewer may stand anywhere."""


@dataclass(frozen=True)
class Place:
    span: tuple[int, int] | None
    why: str = ""
    """Why there is none; or how it was found, where that is not exact."""
    left_off: str = ""
    """What was typed around the words and stands not in the transcript."""


def _fold(char: str) -> str:
    """White space is nothing, case and kinds of quotation marks are one."""
    return "" if char.isspace() else char.translate(_QUOTES).casefold()


def _bare(quote: str) -> Iterator[tuple[str, str]]:
    """The quote without the marks around it, layer by layer, and what was left off."""
    words, kinds = quote.strip(), set[str]()
    for _ in range(_LAYERS):
        before, behind = _BEFORE.match(words), _BEHIND.search(words)
        if before is None and behind is None:
            return
        kinds |= {"quotation marks" if m[1] else "“…”" for m in (before, behind) if m is not None}
        start = before.end() if before else 0
        words = words[start : max(start, behind.start()) if behind else len(words)].strip()
        yield words, " and ".join(sorted(kinds))


class Finder:
    """One transcript. Folded once, asked for many quotes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded: tuple[str, list[int]] | None = None
        self._nearest: Nearest | None = None
        self.shifts: dict[tuple[int, int], int] = {}

    def at(self, start: int, end: int, quote: str) -> Place:
        """The span ``[start, end)``, where the quote stands there; else where the quote stands."""
        quote = quote.replace("\r\n", "\n").replace("\r", "\n")
        if not quote.strip():
            if 0 <= start < end <= len(self.text):
                return Place((start, end))
            return Place(None, f"its position {start}–{end} lies outside the transcript")
        for words, left_off in ((quote, ""), *_bare(quote)):
            for fits in (str.__eq__, _fits):
                for first, last in _SHIFTS:
                    a, b = start + first, end + last
                    if 0 <= a < b <= len(self.text) and fits(self.text[a:b], words):
                        self.shifts[first, last] = self.shifts.get((first, last), 0) + 1
                        return Place((a, b), left_off=left_off)
        found = self.by_words(quote, near=start)
        if found.span is None:
            return Place(None, f"its position does not fit, and {found.why}")
        times = f"once, at {found.span[0]}" if not found.why else found.why
        why = (
            f"its position {start}–{end} does not fit its words: they stand {times}–"
            f"{found.span[1]}, which was taken"
        )
        return replace(found, why=why)

    def by_words(self, quote: str, near: int | None = None) -> Place:
        """Where the quote stands: as written, else without regard to spaces, case and quotes, else
        without the marks around it."""
        words = quote.strip()
        if not words:
            return Place(None, "it has neither words nor a position")
        if not any(map(_fold, words)):
            return Place(None, "it has no words")
        found = self._places_of(words)
        if found:
            return self._one(found, near)
        few = False
        for bare, left_off in _bare(words):
            whole = [span for span in self._places_of(bare) if self._is_whole(span)]
            few = bool(whole) and len(words_of(bare).folded) < _SURE
            if few:
                break
            if len(whole) == 1:
                return Place(whole[0], left_off=left_off)
            if whole:
                why = self._one(whole, None).why
                return Place(None, f"without the {left_off} around them {why}")
        if few:
            why = f"without the {left_off} around them they are too few to be sure of the place"
            return Place(None, f"its words were not found as typed, and {why}")
        if self._nearest is None:
            self._nearest = Nearest(self.text)
        near_by = self._nearest.in_words(words)
        said = f"{NEAREST}“{near_by}”" if near_by else ""
        return Place(None, f"its words were not found{said}")

    def places(self, quote: str) -> list[tuple[int, int]]:
        """All places where its words stand as they are, cutting no word; none where too many."""
        found = self._places_of(quote.strip())
        return [span for span in found if self._is_whole(span)] if len(found) < _MANY else []

    def _places_of(self, words: str) -> list[tuple[int, int]]:
        exact = self._all(self.text.find, words) if words else []
        if exact:
            return [(place, place + len(words)) for place in exact]
        folded, places = self._fold_text()
        wanted = "".join(map(_fold, words))
        found = self._all(folded.find, wanted) if wanted else []
        return [(places[place], places[place + len(wanted) - 1] + 1) for place in found]

    def _is_whole(self, span: tuple[int, int]) -> bool:
        """Whether it cuts no word: "and the…" is not in "and then"."""
        words = words_of(self.text)
        for at in span:
            before = bisect_left(words.starts, at) - 1
            if before >= 0 and words.ends[before] > at:
                return False
        return True

    @staticmethod
    def _all(find: Callable[[str, int], int], words: str) -> list[int]:
        found: list[int] = []
        place = find(words, 0)
        while place >= 0 and len(found) < _MANY:
            found.append(place)
            place = find(words, place + 1)  # "aa" stands twice in "aaa"
        return found

    def _one(self, found: list[tuple[int, int]], near: int | None) -> Place:
        if len(found) == 1:
            return Place(found[0])
        times = f"{len(found)} times" if len(found) < _MANY else f"{_MANY} times or more"
        if near is not None:
            ordered = sorted(found, key=lambda span: abs(span[0] - near))
            if abs(ordered[0][0] - near) * 4 < abs(ordered[1][0] - near):
                return Place(ordered[0], f"{times}, nearest to it at {ordered[0][0]}")
        places = ", ".join(str(start) for start, _ in found[:5])
        more = ", …" if len(found) > 5 else ""
        return Place(None, f"its words stand {times} (at {places}{more})")

    def _fold_text(self) -> tuple[str, list[int]]:
        if self._folded is None:
            parts: list[str] = []
            places: list[int] = []
            for place, char in enumerate(self.text):
                folded = _fold(char)
                parts.append(folded)
                places += [place] * len(folded)
            self._folded = "".join(parts), places
        return self._folded


def _fits(found: str, quote: str) -> bool:
    """The same but for white space, or for what a cell cannot hold."""
    if quote.endswith("…") and len(quote) > 1000:  # cut to what a cell can hold
        return found.startswith(quote[:-1])
    if len(found) == len(quote) and "\ufffd" in quote:  # what a workbook cannot hold
        return all(a == b or b == "\ufffd" for a, b in zip(found, quote, strict=True))
    return squeeze(found) == squeeze(quote)
