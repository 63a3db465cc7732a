"""The ends of an interval: from figures without one transcript, or in draws of transcripts.

Close to an end of what a figure can be, `eval.intervals.near_bound` takes over from Student's t.
Arrays have one shape for all figures, with transcripts or draws before it; nan where undefined.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit  # type: ignore[import-untyped]

from eval.intervals.near_bound import beta_ends, is_near
from eval.statistics.values import FloatArray

__all__ = ["bca", "jackknife_se", "jackknife_t", "quantile"]

_EDGE = 1e-3
"""How close to an end of its range a figure may come before its logit is taken."""


def jackknife_se(left_out: FloatArray, looked: Any) -> FloatArray:
    """Standard error by leaving out transcripts, ``(T, ...)`` to ``(...)``.

    nan where a figure cannot be had without one of the transcripts.
    """
    n = looked.sum(axis=0)
    centre = np.where(looked, left_out, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = np.where(looked, (left_out - centre) ** 2, 0.0).sum(axis=0)
    spread: FloatArray = np.sqrt(squares * np.maximum(n - 1, 0) / np.maximum(n, 1))
    return spread


def _to_line(x: FloatArray, lowest: float, highest: float) -> FloatArray:
    """From the figure's range to the whole line: logit, logarithm, or as it is."""
    if np.isfinite(lowest) and np.isfinite(highest):
        share = np.clip((x - lowest) / (highest - lowest), _EDGE, 1 - _EDGE)
        return np.asarray(np.log(share / (1 - share)))
    if np.isfinite(lowest):
        return np.asarray(np.log(np.maximum(x - lowest, _EDGE)))
    return x


def _from_line(y: FloatArray, lowest: float, highest: float) -> FloatArray:
    if np.isfinite(lowest) and np.isfinite(highest):
        return np.asarray(lowest + (highest - lowest) / (1 + np.exp(-np.clip(y, -700, 700))))
    if np.isfinite(lowest):
        return np.asarray(lowest + np.exp(np.clip(y, -700, 700)))
    return y


def jackknife_t(
    estimate: FloatArray,
    left_out: FloatArray,
    looked: Any,
    mass: FloatArray,
    df: FloatArray,
    reach: tuple[float, float],
    level: float,
) -> tuple[FloatArray, FloatArray]:
    """Leaving out one transcript at a time (Tukey 1958, Bias and confidence in not quite large
    samples, Ann. Math. Stat. 29, 614), with Student's t.

    It works on the logit of the figure within its range, so that it stays in it. ``left_out`` and
    ``looked``: ``(T, ...)``; ``mass``: units that each figure rests on; ``df``: degrees of freedom;
    ``reach``: the lowest and highest that a figure can be, infinite for no bound.
    """
    lowest, highest = reach
    se = jackknife_se(_to_line(left_out, lowest, highest), looked)
    away = stdtrit(df, 1 - (1 - level) / 2) * se
    middle = _to_line(estimate, lowest, highest)
    low = _from_line(middle - away, lowest, highest)
    high = _from_line(middle + away, lowest, highest)
    if np.isfinite(lowest) and np.isfinite(highest):
        spread = jackknife_se(left_out, looked)
        low, high = _near_ends(estimate, spread, mass, df, reach, level, (low, high))
    return low, high


def _near_ends(
    estimate: FloatArray,
    se: FloatArray,
    mass: FloatArray,
    df: FloatArray,
    reach: tuple[float, float],
    level: float,
    otherwise: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """The ends by `eval.intervals.near_bound` where a figure is close to an end of its range."""
    lowest, wide = reach[0], reach[1] - reach[0]
    share = (estimate - lowest) / wide
    low, high = beta_ends(share, se / wide, mass, df, level)
    near = is_near(share, mass)
    return (
        np.where(near, lowest + wide * low, otherwise[0]),
        np.where(near, lowest + wide * high, otherwise[1]),
    )


def quantile(draws: FloatArray, share: FloatArray) -> FloatArray:
    """Quantiles over the first axis, each figure with its own share, leaving out nan.

    nan where the share is nan or more than half of the draws are undefined.
    """
    ordered = np.sort(draws, axis=0)  # nan goes last
    known = np.isfinite(draws).sum(axis=0)
    usable = np.isfinite(share) & (known * 2 > len(draws))
    place = np.clip(np.where(usable, share, 0.0) * known, 0, np.maximum(known - 1, 0))
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    low = np.take_along_axis(ordered, below[None], axis=0)[0]
    high = np.take_along_axis(ordered, above[None], axis=0)[0]
    return np.where(usable, low + (high - low) * (place - below), np.nan)


def bca(
    draws: FloatArray, estimate: FloatArray, left_out: FloatArray, looked: Any, tail: float
) -> tuple[FloatArray, FloatArray]:
    """Efron 1987, Better bootstrap confidence intervals, J. Am. Stat. Assoc. 82, 171-185.

    ``draws`` ``(R, ...)``: the figure in each draw; ``tail``: the share that one end may leave out.
    """
    known = np.maximum(np.isfinite(draws).sum(axis=0), 1)
    below = (draws < estimate).sum(axis=0) + (draws == estimate).sum(axis=0) / 2
    bias = ndtri(np.clip(below / known, 1 / (known + 1), known / (known + 1)))
    centre = np.where(looked, left_out, 0.0).sum(axis=0) / np.maximum(looked.sum(axis=0), 1)
    away = np.where(looked, centre - left_out, 0.0)
    cubes, squares = (away**3).sum(axis=0), (away**2).sum(axis=0)
    bend = cubes / np.where(squares > 0, 6 * squares**1.5, 1.0)

    def end(share: float) -> FloatArray:
        shifted = bias + ndtri(share)
        return quantile(draws, ndtr(bias + shifted / (1 - bend * shifted)))

    return end(tail), end(1 - tail)
