"""Which way of counting positions a program used, found out by what fits its stored quotes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from assistant.transcripts.lines import squeeze

__all__ = ["RULES", "Counter", "best_rule", "same_words"]

Counter = Callable[[int], int | None]
"""A position as the program counts it -> code points; None outside the text."""


def _by_width(text: str, width: Callable[[str], int]) -> Counter:
    ends = list(accumulate((width(char) for char in text), initial=0))

    def place(position: int) -> int | None:
        found = bisect_right(ends, position) - 1
        if position < 0 or position > ends[-1]:
            return None
        # A position within a character: the program cuts after it.
        return found if ends[found] == position else found + 1

    return place


def _straight(text: str) -> Counter:
    return lambda position: position if 0 <= position <= len(text) else None


def _utf8(text: str) -> Counter:
    return _straight(text) if text.isascii() else _by_width(text, lambda c: len(c.encode()))


def _utf16(text: str) -> Counter:
    return _straight(text) if text.isascii() else _by_width(text, lambda c: 1 + (c > "\uffff"))


RULES: dict[str, Callable[[str], Counter]] = {
    "code points": _straight,
    "UTF-8 bytes": _utf8,
    "UTF-16": _utf16,
}


def same_words(found: str, quote: str) -> bool:
    """The same but for white space and damage at the ends."""
    return squeeze(found).replace(" ", "") == squeeze(quote).replace(" ", "")


def best_rule(
    text: str, spans: Sequence[tuple[int, int, str]], first: Sequence[str]
) -> tuple[str, Counter, int]:
    """The rule under which most ``(start, end, quote)`` fit, and how many do.

    ``first`` names the rules to try; among equals the earlier one is taken.
    """
    best: tuple[str, Counter, int] | None = None
    for name in first:
        place = RULES[name](text)
        fitting = 0
        for start, end, quote in spans:
            a, b = place(start), place(end)
            fitting += a is not None and b is not None and same_words(text[a:b], quote)
        if best is None or fitting > best[2]:
            best = (name, place, fitting)
        if fitting == len(spans):
            break
    assert best is not None
    return best
