"""How much higher agreement may be than its spread over transcripts says.

Where two coders never say yes to the same unit, kappa and alpha are a little below 0 and the same
in whatever transcripts are drawn or left out, so that every way of making intervals gives something
like [-.02, -.02]: as if it were certain that they never agree. Where they did twice, the spread
over transcripts is taken from two. But that none, or two, of n units have a yes of both says only
that such units are not frequent. Of the units that either marked, the share that both would mark is
therefore taken at its exact upper bound for k of n (Clopper & Pearson 1934, Biometrika 26,
404-413), and the figure that a table with this share has is as far as its interval goes, if its
spread does not take it further.

For none of n the bound is 1 - tail^(1/n) (about 3/n, the "rule of three" of Hanley & Lippman-Hand
1983, If nothing goes wrong, is everything all right?, JAMA 249, 1743-1745), n being effective units
of clustered transcripts (Kish 1965), since no spread is there to tell. From one on n follows from
how the share varies over transcripts, divided by t over z, as in `eval.intervals.near_bound` (Korn
& Graubard 1998, Surv. Methodol. 24, 193-201), and is never more than there are units. This holds
for every k. With many units the spread goes further, unless it is smaller than it would be if each
unit were drawn by itself, which is chance. Were the bound left out from some k on, the interval
would end lower with one passage more of both. Where both mark most of what either does, the spread
says enough; from a third on the bound counts less and less, and from half on not at all.

What no interval can do is hold the truth in 95% of those samples in which chance gave fewer yeses
of both than usual: these are the samples of which an interval is wrong 2.5 times in a hundred of
all. ``python -m bench.never_both`` measures how often such intervals hold the truth.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import betaincinv, ndtri, stdtrit  # type: ignore[import-untyped]

from eval.intervals.effective import effective_transcripts, effective_units, unseen
from eval.statistics.agreement import Statistic
from eval.statistics.values import BoolArray, FloatArray, IntArray

__all__ = ["apart_rise", "mean_rise", "part_rise", "rise"]


def rise(statistic: Statistic, cells: IntArray | FloatArray, tail: float) -> FloatArray:
    """By how much the figure may be higher than its spread says ``(...)``; tables ``(T, ..., 4)``.

    In squares, as `eval.intervals.resampling.intervals` adds it: with it the upper end of a figure
    is the further one of spread and exact bound, and a difference has the same in its own.

    0 where both mark half of what either does or the figure is undefined, and for figures whose own
    spread or `unseen` says it. So it is where one of the two never says yes at all: kappa is then 0
    exactly, and `unseen` bounds it. A baseline that never gives a code does not become hard to beat
    by that.
    """
    table = np.asarray(cells, dtype=np.float64)
    whole = table.sum(axis=0)
    if not statistic.needs_both:
        return np.zeros(whole.shape[:-1])
    # Yes and no are alike to these figures: of a code that nearly every unit has, the no is rare.
    table = np.where((whole[..., 3] < whole[..., 0])[..., None], table[..., ::-1], table)
    whole = table.sum(axis=0)
    marked = table[..., :3].sum(axis=-1)
    either, both = marked.sum(axis=0), whole[..., 0]
    apart = either - both
    each = (both + whole[..., 1] > 0) & (both + whole[..., 2] > 0) & (both < apart)
    df = np.maximum(effective_transcripts(marked) - 1.0, 1.0)
    share = np.where(each, _most(table, marked, df, tail), 0.0)
    rest = (1 - share) * either / np.where(each, apart, 1.0)
    most = np.stack(
        [share * either, rest * whole[..., 1], rest * whole[..., 2], whole[..., 3]], axis=-1
    )
    higher = statistic.compute(most) - statistic.compute(whole)
    seen = np.where(both > 0, _reach(statistic.compute(whole - table), df, tail), 0.0)
    usable = each & np.isfinite(higher) & np.isfinite(seen)
    beyond = np.where(usable, np.maximum(higher, 0.0) ** 2 - seen**2, 0.0)
    # From a third to a half of what either marked, less and less: no step where the bound ends.
    fading = np.clip(3 * (1 - 2 * both / np.maximum(either, 1e-9)), 0.0, 1.0)
    found: FloatArray = np.sqrt(np.maximum(beyond * fading, 0.0))
    return found


def _most(table: FloatArray, marked: FloatArray, df: FloatArray, tail: float) -> FloatArray:
    """The bound of the share of marked units that both mark, by `unseen` where none is."""
    either, both = marked.sum(axis=0), table[..., 0].sum(axis=0)
    share = both / np.maximum(either, 1e-9)
    without = either - marked
    shares = (both - table[..., 0]) / np.where(without > 0, without, 1.0)
    error = _spread(shares)
    by_spread = share * (1 - share) / np.where(error > 0, error, 1.0) ** 2
    number = np.where(error > 0, np.minimum(by_spread, either), either)
    number = np.maximum(number * ndtri(1 - tail) / stdtrit(df, 1 - tail), 1e-9)
    some = betaincinv(share * number + 1, np.maximum((1 - share) * number, 1e-9), 1 - tail)
    most: FloatArray = np.where(both > 0, some, unseen(effective_units(marked), tail))
    return most


def _spread(left_out: FloatArray) -> FloatArray:
    """Standard error of a figure by what it is without each of the transcripts ``(T, ...)``."""
    n = len(left_out)
    squares = ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    error: FloatArray = np.sqrt(squares * max(n - 1, 0) / max(n, 1))
    return error


def _reach(left_out: FloatArray, df: FloatArray, tail: float) -> FloatArray:
    reach: FloatArray = _spread(left_out) * stdtrit(df, 1 - tail)
    return reach


def mean_rise(statistic: Statistic, cells: IntArray | FloatArray) -> Callable[[float], FloatArray]:
    """The same, by tail, of a mean over pairs of coders; ``cells`` ``(T, P, ..., 4)``."""
    return part_rise(statistic, cells[:, :, None], (0,))


def part_rise(
    statistic: Statistic, cells: IntArray | FloatArray, parts: tuple[int, ...]
) -> Callable[[float], FloatArray]:
    """The same of a mean over pairs and these parts of them; ``cells`` ``(T, P, K, ..., 4)``.

    As in the figures, a pair counts only where all of its parts have one. Pairs have coders in
    common, so what was never seen in one may be unseen in all: their rises are averaged.
    """

    def rises(tail: float) -> FloatArray:
        known = _known(statistic, cells)
        each = rise(statistic, cells, tail)[:, list(parts)].mean(axis=1)
        mean: FloatArray = np.where(known, each, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        return mean

    return rises


def apart_rise(
    statistic: Statistic, cells: IntArray | FloatArray, side: int
) -> Callable[[float], FloatArray]:
    """The same of one side of a difference between two coders; ``cells`` ``(T, P, K, ..., 4)``.

    The difference is a mean over P people, of d_i each, and what a verdict asks of it is whether
    its end is above 0. Where every d_i has an end of its own that is r_i away, that of the sum is
    the root of the sum of r_i^2 away (Zou & Donner 2008, as where the spread is added), and that of
    the mean the root divided by P. With one person that is r_1. The mean of the r_i would be right
    if all bounds failed at once. They do not: each is too wide already, being exact for a whole
    number of units, and what people have in common through the coder whom they are compared with is
    in the spread of the mean, to which this comes on top. With three people it made a baseline that
    gives nothing easier to beat than one with 47 wrong of 48. ``python -m bench.beats`` measures
    how often such ends lie beyond the truth.
    """

    def rises(tail: float) -> FloatArray:
        known = _known(statistic, cells)
        squares = np.where(known, rise(statistic, cells, tail)[:, side] ** 2, 0.0).sum(axis=0)
        mean: FloatArray = np.sqrt(squares) / np.maximum(known.sum(axis=0), 1)
        return mean

    return rises


def _known(statistic: Statistic, cells: IntArray | FloatArray) -> BoolArray:
    """Pairs all of whose parts have a figure, ``(P, ...)``."""
    return np.asarray(np.isfinite(statistic.compute(cells.sum(axis=0))).all(axis=1))
