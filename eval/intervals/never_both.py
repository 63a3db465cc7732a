"""How much higher agreement may be where two coders were never seen to say yes to the same unit.

Kappa and alpha are then a little below 0 and the same in whatever transcripts are drawn or left
out, so that every way of making intervals gives something like [-.02, -.02]: as if it were certain
that they never agree. But that none of n units has a yes of both says only that such units are not
frequent. Of the units that either marked, the share that both would mark is therefore taken at its
exact upper bound for 0 of n, 1 - tail^(1/n) (Clopper & Pearson 1934, Biometrika 26, 404-413; about
3/n, the "rule of three" of Hanley & Lippman-Hand 1983, If nothing goes wrong, is everything all
right?, JAMA 249, 1743-1745), n being effective units of clustered transcripts (Kish 1965), and the
figure that a table with this share has is as far as its interval goes.

``python -m bench.never_both`` measures how often such intervals hold the truth.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from eval.intervals.effective import effective_units, unseen
from eval.statistics.agreement import Statistic
from eval.statistics.values import FloatArray, IntArray

__all__ = ["mean_rise", "part_rise", "rise"]


def rise(statistic: Statistic, cells: IntArray | FloatArray, tail: float) -> FloatArray:
    """By how much the figure may be higher ``(...)``, of tables ``(T, ..., 4)`` by transcript.

    0 where some unit has a yes of both, where the figure is undefined, and for figures whose own
    spread or `unseen` says it. So it is where one of the two never says yes at all: kappa is then
    0 exactly, and `unseen` bounds it. A baseline that never gives a code does not become hard to
    beat by that.
    """
    table = np.asarray(cells, dtype=np.float64)
    whole = table.sum(axis=0)
    if not statistic.needs_both:
        return np.zeros(whole.shape[:-1])
    marked = table[..., :3].sum(axis=-1)
    either = marked.sum(axis=0)
    never = (whole[..., 0] == 0) & (whole[..., 1] > 0) & (whole[..., 2] > 0)
    share = np.where(never, unseen(effective_units(marked), tail), 0.0)
    most = np.stack(
        [
            share * either,
            (1 - share) * whole[..., 1],
            (1 - share) * whole[..., 2],
            whole[..., 3],
        ],
        axis=-1,
    )
    higher = statistic.compute(most) - statistic.compute(whole)
    found: FloatArray = np.where(never & np.isfinite(higher), np.maximum(higher, 0.0), 0.0)
    return found


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
        known = np.isfinite(statistic.compute(cells.sum(axis=0))).all(axis=1)
        each = rise(statistic, cells, tail)[:, list(parts)].mean(axis=1)
        mean: FloatArray = np.where(known, each, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        return mean

    return rises
