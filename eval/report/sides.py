"""Which side of nothing a difference is on, and when there are too few transcripts to say.

An interval that holds 0 is never "better". Nor is one of two or three transcripts, wherever it
lies: however two sides that are alike change places in n transcripts, 2 in 2^n of the ways look as
far apart as the farthest, so that fewer than six can never show a difference at 95%.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from eval.intervals.resampling import Interval
from eval.intervals.significance import least_transcripts
from eval.statistics.values import is_defined

__all__ = ["Side", "least_for", "side_of"]

Side: TypeAlias = Literal["above", "below", "too few", "unclear"]


def least_for(found: Interval) -> int:
    """Transcripts below which no difference can be shown at the interval's level."""
    return least_transcripts(1 - found.level)


def side_of(found: Interval) -> Side:
    """``unclear``: no figure, no interval, or one that holds 0. ``too few``: the interval leaves 0
    out, and rests on fewer transcripts than could show that."""
    if not (is_defined(found.low) and is_defined(found.high)) or found.low <= 0 <= found.high:
        return "unclear"
    if found.transcripts < least_for(found):
        return "too few"
    return "above" if found.low > 0 else "below"
