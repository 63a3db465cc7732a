"""Which side of nothing a difference is on, and when there are too few transcripts to say.

An interval that holds 0 is never "better". Nor is one of two or three transcripts, wherever it
lies: however two sides that are alike change places in n transcripts, 2 in 2^n of the ways look as
far apart as the farthest, so that fewer than six can never show a difference at 95%.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import stdtr  # type: ignore[import-untyped]

from eval.intervals.resampling import NO_SPREAD_BELOW, Interval
from eval.intervals.significance import holm, least_transcripts
from eval.statistics.values import is_defined

__all__ = ["Side", "least_for", "shown_above", "side_of"]

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


def shown_above(figures: Iterable[Interval]) -> int:
    """How many of a family of figures are shown to be above 0, among as many as are looked at.

    With 40 codes one interval in forty lies above 0 by luck alone. Counted are those whose interval
    lies above 0 and whose one-sided p, by Student's t over transcripts, stays below half of what
    the level leaves when raised by Holm's steps over the family (`eval.intervals.significance`).
    """
    family = [one for one in figures if is_defined(one.estimate)]
    raised = holm(np.array([_above_by_chance(one) for one in family], dtype=np.float64))
    return sum(
        side_of(one) == "above" and p < (1 - one.level) / 2
        for one, p in zip(family, raised.tolist(), strict=True)
    )


def _above_by_chance(found: Interval) -> float:
    """One-sided p of "the figure is not above 0"; nan where nothing says how it varies."""
    if not (is_defined(found.estimate) and is_defined(found.se) and is_defined(found.low)):
        return math.nan
    if found.se > NO_SPREAD_BELOW:
        return float(1 - stdtr(found.df, found.estimate / found.se))
    # All transcripts give the same: as `one_sided_p`, with the units that the lower end tells.
    short = found.estimate - found.low
    if short <= 0 or found.estimate <= 0:
        return 1.0
    units = math.log((1 - found.level) / 2) / math.log1p(-min(short, 1 - 1e-12))
    return float(max(1 - found.estimate, 0.0) ** units)
