"""The passage that a quote nearly has: what to hold a mistyped cell against.

It is shown and never taken. The words of a quote that are rarest in the transcript say where to
look, so that a table of ten thousand mistyped rows takes seconds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from assistant.transcripts.aligning_words import words_of
from assistant.transcripts.lines import squeeze

__all__ = ["NEAREST", "Nearest"]

NEAREST = ". The nearest passage: "
"""What stands between the reason why a quote has no place and the words of the transcript."""
_FEWEST = 3
"""Words of a quote that say enough."""
_MOST = 60
"""Words of a quote that are looked for: its beginning, where it is longer."""
_RARE = 8
"""Words of a quote that say where to look."""
_OFTEN = 100
"""A word that stands more often than this in a transcript says nothing."""
_TRIED = 3
"""Places that are held against the quote."""
_ALIKE = 0.6
"""Least likeness, as twice the letters in common by all: as of a model's quotes."""
_SHOWN = 30
"""Words of a passage that are shown; of a longer one, those around the first difference."""


class Nearest:
    """One transcript, asked for many quotes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = words_of(text)
        self._known: dict[str, str] = {}
        places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words.folded):
            places[word].append(place)
        self._places = dict(places)

    def in_words(self, quote: str) -> str:
        """The passage nearest to a quote, shortened; empty where none is near."""
        if quote not in self._known:
            self._known[quote] = self._look(quote)
        return self._known[quote]

    def _look(self, quote: str) -> str:
        # A cell may hold a whole interview, of which the beginning is looked for.
        all_of_it = words_of(quote[: _MOST * 20]).folded
        wanted = all_of_it[:_MOST]
        if len(wanted) < _FEWEST:
            return ""
        best: tuple[float, int, int] | None = None
        for begin in self._likely(wanted):
            found = self._held_against(wanted, begin)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
        if best is None:
            return ""
        shown = self._shown(wanted, best[1], best[2])
        return f"{shown.removesuffix('…')}…" if len(all_of_it) > _MOST else shown

    def _likely(self, wanted: Sequence[str]) -> list[int]:
        """Words of the transcript at which the quote may begin, the likeliest first."""
        there = [(len(self._places.get(word, ())), at) for at, word in enumerate(wanted)]
        rare = sorted((times, at) for times, at in there if 0 < times <= _OFTEN)[:_RARE]
        width = max(4, len(wanted) // 4)
        votes: Counter[int] = Counter()
        for _, at in rare:
            # Two bins, since a border may lie between two words of one passage.
            votes.update(
                {
                    step
                    for place in self._places[wanted[at]]
                    for step in ((place - at) // width, (place - at) // width - 1)
                }
            )
        likely = sorted(votes, key=lambda step: (-votes[step], step))[:_TRIED]
        return [step * width for step in likely]

    def _held_against(self, wanted: Sequence[str], begin: int) -> tuple[float, int, int] | None:
        """Likeness, first word and the one after the last, of what is most like the quote."""
        from rapidfuzz import fuzz

        slack = max(8, len(wanted))
        low = max(0, begin - 2)
        around = self._words.folded[low : begin + len(wanted) + slack]
        if len(around) < len(wanted) - 2 or not around:
            return None
        quote = " ".join(wanted)
        window = fuzz.partial_ratio_alignment(quote, " ".join(around), score_cutoff=100 * _ALIKE)
        if window is None or window.dest_start >= window.dest_end:
            return None
        ends, at = [], 0
        for word in around:
            at += len(word)
            ends.append((at - len(word), at))
            at += 1
        cut = [
            place
            for place, (start, end) in enumerate(ends)
            if start < window.dest_end and window.dest_start < end
        ]
        if not cut:
            return None
        # The window is as long as the quote: a word more or less at either end may fit better.
        tries = [
            (fuzz.ratio(quote, " ".join(around[first : last + 1])) / 100, first, last + 1)
            for first in range(max(0, cut[0] - 1), min(cut[0] + 2, cut[-1] + 1))
            for last in range(max(first, cut[-1] - 1), min(len(around), cut[-1] + 2))
        ]
        likeness, first, last = max(tries, key=lambda one: (one[0], -one[1], -one[2]))
        return (likeness, low + first, low + last) if likeness >= _ALIKE else None

    def _shown(self, wanted: Sequence[str], first: int, last: int) -> str:
        words = self._words
        shown = (first, last)
        if last - first > _SHOWN:
            there = words.folded[first:last]
            same = next(
                (n for n, (a, b) in enumerate(zip(wanted, there, strict=False)) if a != b), 0
            )
            start = max(first, min(first + same - _SHOWN // 3, last - _SHOWN))
            shown = (start, start + _SHOWN)
        said = squeeze(self._text[words.starts[shown[0]] : words.ends[shown[1] - 1]])
        before = "…" if shown[0] > first else ""
        return f"{before}{said}{'…' if shown[1] < last else ''}"
