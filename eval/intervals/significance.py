"""Tests that swap whole transcripts, and the control of many codes at once.

Of n transcripts the two sides can be swapped in 2^n ways; no p below 2/2^n can come out of that,
whatever the difference. Six interviews therefore never give a p below .031.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtr, stdtrit  # type: ignore[import-untyped]

from eval.intervals.effective import unseen
from eval.intervals.resampling import DEFAULT, NO_SPREAD_BELOW, Intervals, Resampling
from eval.statistics.values import FloatArray, IntArray, Value, value_of

__all__ = [
    "SignFlip",
    "holm",
    "holm_lower",
    "least_transcripts",
    "mcnemar_exact",
    "one_sided_p",
    "sign_flip",
    "sign_flip_apart",
]

EXACT_UP_TO = 16
"""Transcripts for which all 2^n swaps are tried."""
_BATCH = 2048


@dataclass(frozen=True, slots=True)
class SignFlip:
    """Differences and their two-sided p; arrays of one shape, nan where undefined."""

    difference: FloatArray
    p: FloatArray
    transcripts: IntArray
    """In which the two sides differ at all."""
    exact: bool
    swaps: int

    def at(self, index: int | tuple[int, ...] = ()) -> tuple[Value, Value]:
        """Difference and p of one figure."""
        why = "the statistic is undefined for one of the two sides"
        return value_of(self.difference[index], why), value_of(self.p[index], why)


def sign_flip(
    first: IntArray | FloatArray,
    second: IntArray | FloatArray,
    statistic: Callable[[FloatArray], FloatArray],
    settings: Resampling = DEFAULT,
) -> SignFlip:
    """Is ``statistic(second) - statistic(first)`` more than swapping transcripts explains?

    ``first`` and ``second`` hold tables ``(T, ...)`` of two runs on the same units; ``statistic``
    takes sums ``(R, ...)`` and gives figures ``(R, *S)``. Under the hypothesis that the two runs
    are alike, each transcript's two tables may change places. All swaps are tried up to 16
    transcripts, random ones after that, of which the one that happened is one (Phipson & Smyth
    2010, Permutation p-values should never be zero, Stat. Appl. Genet. Mol. Biol. 9, 39). A swap
    for which the statistic is undefined counts as one that is as extreme.
    """
    return sign_flip_apart(first, second, lambda a, b: statistic(b) - statistic(a), settings)


def sign_flip_apart(
    first: IntArray | FloatArray,
    second: IntArray | FloatArray,
    apart: Callable[[FloatArray, FloatArray], FloatArray],
    settings: Resampling = DEFAULT,
) -> SignFlip:
    """As `sign_flip`, for a difference that has to see both sides: ``apart`` takes the sums of
    both ``(R, ...)`` and gives second less first ``(R, *S)``."""
    if first.shape != second.shape:
        raise ValueError(f"tables of shape {first.shape} and {second.shape} cannot be swapped")
    total = first.shape[0]
    changed = np.abs(second.astype(np.float64) - first).reshape(total, -1).sum(axis=1) > 0
    # Swapping two equal tables changes nothing: only transcripts that differ are flipped.
    places = np.flatnonzero(changed)
    exact = len(places) <= EXACT_UP_TO
    count = 2 ** len(places) if exact else settings.resamples
    rng = np.random.default_rng(settings.seed)
    one = first.reshape(total, -1).astype(np.float64)
    other = second.reshape(total, -1).astype(np.float64)
    shape = first.shape[1:]

    def differences(swapped: FloatArray) -> FloatArray:
        size = len(swapped)
        left = (one.sum(axis=0) + swapped @ (other - one)).reshape(size, *shape)
        right = (other.sum(axis=0) - swapped @ (other - one)).reshape(size, *shape)
        return apart(left, right)

    observed = differences(np.zeros((1, total)))[0]
    extreme = np.zeros(observed.shape)
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        swapped = np.zeros((size, total))
        if exact:
            numbers = np.arange(start, start + size)[:, None]
            swapped[:, places] = (numbers >> np.arange(len(places))) & 1
        else:
            swapped[:, places] = rng.integers(0, 2, (size, len(places)))
        found = differences(swapped)
        # A little slack: equal differences must not differ by rounding.
        extreme += (~(np.abs(found) < np.abs(observed) - 1e-12)).sum(axis=0)
    p = extreme / count if exact else (extreme + 1) / (count + 1)
    return SignFlip(
        difference=observed,
        p=np.where(np.isfinite(observed), p, np.nan),
        transcripts=_differing(first, second, observed.shape),
        exact=exact,
        swaps=count,
    )


def _differing(first: Any, second: Any, shape: tuple[int, ...]) -> IntArray:
    """Transcripts that differ, per figure where tables end in figure x cell, else over all."""
    changed = first != second
    total = changed.shape[0]
    if shape and changed.ndim >= 2 + len(shape) and changed.shape[-1 - len(shape) : -1] == shape:
        per = changed.any(axis=-1).reshape(total, -1, *shape).any(axis=1)
        return np.asarray(per.sum(axis=0), dtype=np.int64)
    any_change = changed.reshape(total, -1).any(axis=1)
    return np.full(shape, any_change.sum(), dtype=np.int64)


def holm(p: FloatArray) -> FloatArray:
    """p values raised so that the chance of any false one stays below the level.

    Holm 1979, A simple sequentially rejective multiple test procedure, Scand. J. Stat. 6, 65-70.
    nan stays nan and is not counted.
    """
    raised = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    raised[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return raised


def _no_spread(found: Intervals) -> Any:
    return found.se <= NO_SPREAD_BELOW


def one_sided_p(found: Intervals, bound: float) -> FloatArray:
    """p of "the figure is not above ``bound``", by Student's t on the figure itself.

    Where all transcripts give the same figure, by the exact bound of `effective.unseen`.
    """
    se = np.where(_no_spread(found), 1.0, found.se)
    by_t = 1 - stdtr(found.df, (found.estimate - bound) / se)
    by_count = np.clip(1 - (found.estimate - bound), 0.0, 1.0) ** found.units
    return np.where(np.isfinite(found.se), np.where(_no_spread(found), by_count, by_t), np.nan)


def holm_lower(found: Intervals, bound: float, level: float = 0.95) -> FloatArray:
    """Lower ends controlled over a family of figures ``(C,)`` by Holm's steps.

    A figure's lower end is above ``bound`` exactly where Holm's procedure rejects "not above
    ``bound``" at ``(1 - level) / 2``: the k-th smallest p of m gets the tail
    ``(1 - level) / 2 / (m - k + 1)``, and from the first that is not rejected on all get its tail.
    """
    tail = (1 - level) / 2
    p = one_sided_p(found, bound)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    tails = np.full(p.shape, np.nan)
    stopped = False
    share = tail
    for step, index in enumerate(order):
        if not stopped:
            share = tail / (len(order) - step)
            stopped = bool(p[index] >= share)
        tails[index] = share
    by_t = found.estimate - stdtrit(found.df, 1 - tails) * found.se
    by_count = found.estimate - unseen(found.units, tails)
    return np.where(_no_spread(found), by_count, by_t)


def least_transcripts(alpha: float) -> int:
    """Of n transcripts swapping gives no p below 2/2^n: so many are needed to reach ``alpha``."""
    return max(2, math.ceil(math.log2(2 / alpha) - 1e-9))


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Two-sided p of the exact McNemar test, 1 where the two never differ.

    McNemar 1947, Note on the sampling error of the difference between correlated proportions,
    Psychometrika 12, 153-157. It takes units for independent, which passages of one interview are
    not: a description, not a test to decide by. Oracle O15.
    """
    n = only_first + only_second
    k = min(only_first, only_second)
    below = sum(math.comb(n, i) for i in range(k + 1)) / float(2**n)
    return min(1.0, 2 * below)
