"""How much of each segment a span covers, in words.

A word counts as covered when its middle character is. Scripts that are written without spaces
(Chinese, Japanese, Thai, Lao, Khmer, Burmese) count characters instead, so that "ten words" means
ten characters there; a text that mixes scripts is counted by each in its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.spelling import UNSPACED
from eval.statistics.values import BoolArray, IntArray

__all__ = ["DEFAULT_RULE", "RULES", "Rule", "WordIndex", "word_index"]

_UNSPACED = "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED)
_WORD = re.compile(f"[{_UNSPACED}]|[^\\s{_UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """When a span counts in a unit: it covers this share of its words, or this many of them."""

    share: float = 0.5
    words: int | None = 10
    """None: only the share counts."""

    def __str__(self) -> str:
        if self.share <= 0 or self.words == 1:
            return "any word"
        share = "all of it" if self.share >= 1 else f"{self.share:.0%} of it"
        return share if self.words is None else f"{share} or {self.words} words"

    def holds(self, covered: IntArray, words: IntArray) -> BoolArray:
        """``covered`` ``(..., S, C)`` of ``words`` ``(S,)``."""
        enough = covered >= self.share * words[:, None] - 1e-9
        if self.words is not None:
            enough |= covered >= self.words
        result: BoolArray = enough & (covered > 0)
        return result


DEFAULT_RULE = Rule()
RULES: tuple[Rule, ...] = (
    Rule(0.0, 1),
    Rule(0.25, 5),
    DEFAULT_RULE,
    Rule(0.5, None),
    Rule(1.0, None),
)
"""From generous to strict: to show how far a figure hangs on the rule."""


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The words of one text, sorted into its segments."""

    middles: IntArray
    """``(W,)`` middle character of each word, ascending."""
    borders: IntArray
    """``(S + 1,)``: the words of segment s are ``borders[s]`` to ``borders[s + 1]``."""

    @property
    def words(self) -> IntArray:
        """``(S,)`` words of each segment."""
        return np.diff(self.borders)

    def covered(self, spans: IntArray, code: IntArray, codes: int) -> IntArray:
        """Words of each segment under the spans of each code, ``(S, C)``.

        ``spans`` ``(M, 2)`` in code points, ``code`` ``(M,)``. Spans of one code that overlap or
        repeat count once.
        """
        counted = np.zeros((len(self.borders) - 1, codes), dtype=np.int64)
        if not len(spans):
            return counted
        first = np.searchsorted(self.middles, spans[:, 0], side="left")
        last = np.searchsorted(self.middles, spans[:, 1], side="left")
        done = dict.fromkeys(code.tolist(), 0)
        for n in np.lexsort((first, code)):
            which, end = int(code[n]), int(last[n])
            begin = max(int(first[n]), done[which])  # words before it are counted already
            if end <= begin:
                continue
            done[which] = end
            low = int(np.searchsorted(self.borders, begin, side="right")) - 1
            high = int(np.searchsorted(self.borders, end - 1, side="right"))
            ends = np.minimum(self.borders[low + 1 : high + 1], end)
            counted[low:high, which] += ends - np.maximum(self.borders[low:high], begin)
        return counted

    def touched(self, start: int, end: int) -> tuple[int, int]:
        """The segments ``[first, last)`` of which a span covers a word; empty if of none."""
        i, j = np.searchsorted(self.middles, (start, end), side="left")
        if j <= i:
            return 0, 0
        first = int(np.searchsorted(self.borders, i, side="right")) - 1
        last = int(np.searchsorted(self.borders, j - 1, side="right"))
        return first, last


def word_index(text: str, segments: Sequence[tuple[int, int]]) -> WordIndex:
    """Index a text whose segments ``[start, end)`` are in order and do not overlap.

    A segment without any word (such as "...") counts as one word, so that it can be covered.
    """
    return _indexed(text, tuple(segments))


@lru_cache(maxsize=256)
def _indexed(text: str, segments: tuple[tuple[int, int], ...]) -> WordIndex:
    """Made once: an evaluation sorts the same texts into units by one rule after another."""
    middles: list[int] = []
    borders = [0]
    for start, end in segments:
        before = len(middles)
        for match in _WORD.finditer(text, start, end):
            if match[0].isalnum() or any(character.isalnum() for character in match[0]):
                middles.append((match.start() + match.end() - 1) // 2)
        if len(middles) == before:
            body = text[start:end].rstrip()
            middles.append(start + max(len(body) - 1, 0) // 2)
        borders.append(len(middles))
    index = WordIndex(np.array(middles, dtype=np.int64), np.array(borders, dtype=np.int64))
    index.middles.flags.writeable = index.borders.flags.writeable = False
    return index
