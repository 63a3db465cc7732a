"""Finding the words of a row in a transcript: at its positions, or by the words alone.

A quote that stands more than once without a position is nobody's guess: it is reported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.transcripts.lines import squeeze

__all__ = ["Finder", "Place"]

_QUOTES = str.maketrans("‘’‚‛“”„‟«»–—‐‑", '\'\'\'\'""""""----')
_SHIFTS = ((0, 0), (-1, 0), (0, 1), (-1, -1))
"""Ways to count: from 0, end excluded; from 1, end included; from 0, end included; from 1, end
excluded."""


@dataclass(frozen=True)
class Place:
    span: tuple[int, int] | None
    why: str = ""
    """Why there is none; or how it was found, where that is not exact."""


def _fold(char: str) -> str:
    """White space is nothing, case and kinds of quotation marks are one."""
    return "" if char.isspace() else char.translate(_QUOTES).casefold()


class Finder:
    """One transcript. Folded once, asked for many quotes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded: tuple[str, list[int]] | None = None
        self.shifts: dict[tuple[int, int], int] = {}

    def at(self, start: int, end: int, quote: str) -> Place:
        """The span ``[start, end)``, where the quote stands there; else where the quote stands."""
        quote = quote.replace("\r\n", "\n").replace("\r", "\n")
        if not quote.strip():
            if 0 <= start < end <= len(self.text):
                return Place((start, end))
            return Place(None, f"its position {start}–{end} lies outside the transcript")
        for fits in (str.__eq__, _fits):
            for first, last in _SHIFTS:
                a, b = start + first, end + last
                if 0 <= a < b <= len(self.text) and fits(self.text[a:b], quote):
                    self.shifts[first, last] = self.shifts.get((first, last), 0) + 1
                    return Place((a, b))
        found = self.by_words(quote, near=start)
        if found.span is None:
            return Place(None, f"its position does not fit, and {found.why}")
        return Place(found.span, "its position does not fit its words; the words were taken")

    def by_words(self, quote: str, near: int | None = None) -> Place:
        """Where the quote stands: as written, else without regard to spaces, case and quotes."""
        words = quote.strip()
        if not words:
            return Place(None, "it has neither words nor a position")
        exact = self._all(self.text.find, words)
        if exact:
            return self._one([(place, place + len(words)) for place in exact], near)
        folded, places = self._fold_text()
        wanted = "".join(map(_fold, words))
        if not wanted:
            return Place(None, "it has no words")
        found = self._all(folded.find, wanted)
        if not found:
            return Place(None, "its words were not found")
        return self._one(
            [(places[place], places[place + len(wanted) - 1] + 1) for place in found], near
        )

    @staticmethod
    def _all(find: Callable[[str, int], int], words: str) -> list[int]:
        found: list[int] = []
        place = find(words, 0)
        while place >= 0 and len(found) < 100:
            found.append(place)
            place = find(words, place + len(words))
        return found

    def _one(self, found: list[tuple[int, int]], near: int | None) -> Place:
        if len(found) == 1:
            return Place(found[0])
        if near is not None:
            ordered = sorted(found, key=lambda span: abs(span[0] - near))
            if abs(ordered[0][0] - near) * 4 < abs(ordered[1][0] - near):
                return Place(ordered[0])
        places = ", ".join(str(start) for start, _ in found[:5])
        more = ", …" if len(found) > 5 else ""
        return Place(None, f"its words stand {len(found)} times (at {places}{more})")

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
