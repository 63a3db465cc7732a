"""How codings get from one file's text to another's of the same interview.

`Alignment` carries spans over, word by word. No span is lost in silence: `Alignment.carry` gives a
place or a reason why there is none. Which files belong together says
`assistant.transcripts.grouping`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.transcripts.aligning_words import words_of

__all__ = ["ENOUGH_OF_A_SPAN", "Alignment", "Carried", "NotCarried", "Quality", "align"]

ENOUGH_OF_A_SPAN = 0.8
"""Least share of a span's words that must have a counterpart for it to be carried over. A span of
three or four words may lack one."""
_SHINGLE = 5
_CELLS = 40_000_000

Quality = Literal["exact", "shifted", "partial"]


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a span of the source stands in the target: ``[start, end)``."""

    start: int
    end: int
    quality: Quality
    """``exact``: the same words. ``shifted``: all words, and others between them. ``partial``:
    some words have no counterpart."""
    share: float
    """Share of the source span's words that have a counterpart."""
    reason: str = ""
    """Why it is not exact, for people; empty where it is."""


@dataclass(frozen=True, slots=True)
class NotCarried:
    """Too few words of the span have a counterpart, or these stand too far apart."""

    reason: str
    """For people, without a full stop."""
    share: float = 0.0


class Alignment:
    """The words of a source text matched with those of a target text, in order.

    Made once for two texts, asked for many spans.
    """

    def __init__(self, source_text: str, target_text: str) -> None:
        self.source_text = source_text
        self.target_text = target_text
        self._source = words_of(source_text)
        self._target = words_of(target_text)
        size = len(self._source.folded)
        # For each word of the source the range of words of the target that it became; -1: none.
        self._first = [-1] * size
        self._last = [-1] * size
        for source_range, target_range in _matches(self._source.folded, self._target.folded):
            one_to_one = len(source_range) == len(target_range)
            for offset, place in enumerate(source_range):
                self._first[place] = target_range[offset if one_to_one else 0]
                self._last[place] = target_range[offset if one_to_one else -1]

    def carry(self, start: int, end: int) -> Carried | NotCarried:
        """The span of the target with the words of ``[start, end)`` of the source.

        White space at the ends is trimmed. A border within a word stays at the same letter if the
        word is written the same in both texts; otherwise the whole word counts. Raises ValueError
        for a span outside the source.
        """
        if not 0 <= start <= end <= len(self.source_text):
            raise ValueError(f"span {start}-{end} outside a text of {len(self.source_text)}")
        raw = self.source_text[start:end]
        start, end = start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())
        if start >= end:
            return NotCarried("the span is empty or white space only")
        if self.source_text == self.target_text:
            return Carried(start, end, "exact", 1.0)
        low = bisect_right(self._source.ends, start)
        high = bisect_left(self._source.starts, end)
        if low >= high:
            return NotCarried("the span holds no words, only punctuation")
        matched = [place for place in range(low, high) if self._first[place] >= 0]
        share = len(matched) / (high - low)
        found = f"{len(matched)} of its {high - low} words"
        one_lacks = high - low in (3, 4) and len(matched) == high - low - 1
        if share < ENOUGH_OF_A_SPAN and not one_lacks:
            return NotCarried(f"only {found} are in the transcript at that place", share)
        first, last = self._first[matched[0]], self._last[matched[-1]]
        wanted = self._source.folded[low:high]
        present = self._target.folded[first : last + 1]
        if len(present) > 1.5 * len(wanted) + 5:
            what = f"its {len(wanted)} words are spread over {len(present)} in the transcript"
            return NotCarried(what, share)
        quality: Quality
        if wanted == present or "".join(wanted) == "".join(present):
            quality, reason = "exact", ""
        elif share == 1.0:
            quality, reason = "shifted", "the transcript has more words in between"
        else:
            quality, reason = "partial", f"{found} are in the transcript at that place"
        target_start = self._left_end(start, low, matched[0], first)
        target_end = self._right_end(end, high - 1, matched[-1], last)
        return Carried(target_start, target_end, quality, share, reason)

    def without_counterpart(self, start: int, end: int) -> int | None:
        """Where in ``[start, end)`` words begin, up to its end, that the target has nothing in
        place of: no such words, and no others between those before and behind. None: nowhere."""
        low = bisect_right(self._source.ends, start)
        high = bisect_left(self._source.starts, end)
        place = high
        while place > low and self._first[place - 1] < 0:
            place -= 1
        if place == high:
            return None
        # A gap in the source that reaches beyond the span may have its words in the target.
        before = next((self._last[n] for n in range(place - 1, -1, -1) if self._first[n] >= 0), -1)
        behind = next(
            (self._first[n] for n in range(high, len(self._first)) if self._first[n] >= 0),
            len(self._target.folded),
        )
        return self._source.starts[place] if behind == before + 1 else None

    def _left_end(self, start: int, low: int, place: int, first: int) -> int:
        position = self._target.starts[first]
        if place != low:
            return position
        word_start = self._source.starts[place]
        if start > word_start:
            return position + (start - word_start) * self._written_alike(place, first)
        for char in reversed(self.source_text[start:word_start]):
            if char.isspace():
                continue
            before = position
            while before > 0 and self.target_text[before - 1].isspace():
                before -= 1
            if before == 0 or self.target_text[before - 1] != char:
                break
            position = before - 1
        return position

    def _right_end(self, end: int, high: int, place: int, last: int) -> int:
        position = self._target.ends[last]
        if place != high:
            return position
        word_end = self._source.ends[place]
        if end < word_end:
            return position - (word_end - end) * self._written_alike(place, last)
        for char in self.source_text[word_end:end]:
            if char.isspace():
                continue
            after = position
            while after < len(self.target_text) and self.target_text[after].isspace():
                after += 1
            if after == len(self.target_text) or self.target_text[after] != char:
                break
            position = after + 1
        return position

    def _written_alike(self, place: int, other: int) -> bool:
        source = self.source_text[self._source.starts[place] : self._source.ends[place]]
        target = self.target_text[self._target.starts[other] : self._target.ends[other]]
        return source == target


def align(source_text: str, target_text: str) -> Alignment:
    return Alignment(source_text, target_text)


# ---------------------------------------------------------------- matching words


def _matches(a: tuple[str, ...], b: tuple[str, ...]) -> Iterator[tuple[range, range]]:
    """Ranges of words that belong together: of equal length, or the same letters cut otherwise."""
    if a == b:
        yield range(len(a)), range(len(b))
        return
    a_from = b_from = 0
    for a_next, b_next in [*_anchors(a, b), (len(a), len(b))]:
        yield from _between(a, b, range(a_from, a_next), range(b_from, b_next))
        a_from, b_from = a_next, b_next


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Places of word sequences that stand once in each text, in an order that both share.

    They cut two long texts into short pieces, so that time and memory grow with length, not with
    its square (the idea of Bram Cohen's "patience diff").
    """
    once_a, once_b = _once(a), _once(b)
    pairs = [(place, once_b[key]) for key, place in once_a.items() if key in once_b]
    pairs.sort()
    # The longest increasing subsequence of the second places.
    tails: list[int] = []
    tail_pairs: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        slot = bisect_left(tails, place)
        before.append(tail_pairs[slot - 1] if slot else -1)
        if slot == len(tails):
            tails.append(place)
            tail_pairs.append(number)
        else:
            tails[slot] = place
            tail_pairs[slot] = number
    chain = []
    number = tail_pairs[-1] if tail_pairs else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    places: dict[tuple[str, ...], int] = {}
    for place in range(len(words) - _SHINGLE + 1):
        key = tuple(words[place : place + _SHINGLE])
        places[key] = -1 if key in places else place
    return {key: place for key, place in places.items() if place >= 0}


def _between(
    a: Sequence[str], b: Sequence[str], a_range: range, b_range: range
) -> Iterator[tuple[range, range]]:
    """Matches within one piece; a piece too large to compare word by word has none."""
    from rapidfuzz.distance import Indel

    part_a, part_b = a[a_range.start : a_range.stop], b[b_range.start : b_range.stop]
    if not part_a or not part_b:
        return
    if part_a == part_b:
        yield a_range, b_range
        return
    if len(part_a) * len(part_b) > _CELLS:
        return
    at_a = at_b = 0
    for block in Indel.opcodes(part_a, part_b).as_matching_blocks():
        yield from _same_letters(a, b, a_range[at_a : block.a], b_range[at_b : block.b])
        yield a_range[block.a : block.a + block.size], b_range[block.b : block.b + block.size]
        at_a, at_b = block.a + block.size, block.b + block.size


def _same_letters(
    a: Sequence[str], b: Sequence[str], a_range: range, b_range: range
) -> Iterator[tuple[range, range]]:
    """``data base`` and ``database``: one range on each side that spells the same."""
    if a_range and b_range:
        spelled = "".join(a[place] for place in a_range)
        if spelled == "".join(b[place] for place in b_range):
            yield a_range, b_range
