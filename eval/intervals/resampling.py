"""Intervals and tests in which a whole transcript is the thing that chance draws.

Passages of one interview resemble each other, so that 400 passages of 8 interviews are worth far
less than 400 passages of 400 people. Everything here therefore leaves out, draws again or swaps
whole transcripts, and with fewer than two there is no interval at all.

The default interval, ``jackknife-t``, leaves out one transcript at a time (Tukey 1958, Bias and
confidence in not quite large samples, Ann. Math. Stat. 29, 614). It works on the logit of the
figure within its range, so that it stays in it, and takes Student's t with as many degrees of
freedom as there are effective transcripts (Kish 1965, Survey Sampling, ch. 8): a code of which
nine tenths stand in two interviews is known from little more than two. Close to an end of the
range `eval.intervals.near_bound` takes over. ``bench/coverage.py`` measured that it holds its
promise better than the others; `eval.intervals.coverage_table` has the figures.

What no transcript shows, no draw of transcripts shows either. Whatever the method, a figure that
all transcripts give alike gets the ends of `eval.intervals.effective.unseen`, and one that hangs on
units to which both say yes, of which there was none, those of `eval.intervals.never_both`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit  # type: ignore[import-untyped]

from eval.intervals.effective import effective_transcripts, effective_units, unseen
from eval.intervals.near_bound import beta_ends, is_near
from eval.statistics.values import (
    BoolArray,
    FloatArray,
    IntArray,
    Undefined,
    Value,
    show,
    to_json,
    value_of,
)

__all__ = [
    "DEFAULT",
    "Estimator",
    "Interval",
    "Intervals",
    "Method",
    "Resampling",
    "bounded",
    "draw_weights",
    "intervals",
    "leave_one_out",
]

Method: TypeAlias = Literal["jackknife-t", "percentile", "bca"]

ONE_TRANSCRIPT = "one transcript: without a second one nothing says how figures vary"
NO_SPREAD = "it rests on a single transcript"
WITHOUT_ONE = "it is undefined when one transcript is left out"
MOSTLY_UNDEFINED = "most draws of transcripts hold too little of this code"
NO_SPREAD_BELOW = 1e-12
_EDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made. Printed in every report."""

    method: Method = "jackknife-t"
    level: float = 0.95
    resamples: int = 2000
    """For percentile, BCa and sign-flip tests; the jackknife draws nothing."""
    seed: int = 20_250_301

    def __post_init__(self) -> None:
        if not 0.5 <= self.level < 1:
            raise ValueError(f"level {self.level} is not between 0.5 and 1")
        if self.resamples < 100:
            raise ValueError("fewer than 100 resamples say nothing about the ends of an interval")


DEFAULT = Resampling()


@dataclass(frozen=True, slots=True)
class Estimator:
    """Figures as a function of how often each transcript counts.

    ``compute`` takes weights ``(R, T)`` and gives ``(R, ...)``, nan where undefined. ``mass``
    ``(T, ...)`` tells how many units of each transcript a figure rests on, ``units`` ``(T, ...)``
    how many were looked at. ``lowest`` and ``highest`` bound the figure (infinite: no bound).
    ``rises`` and ``falls`` tell by how much the figure may be higher or lower ``(...)`` because of
    what was never seen, for the share of cases that one end may be wrong in (None: by nothing).
    """

    compute: Callable[[FloatArray], FloatArray]
    mass: FloatArray
    units: FloatArray
    lowest: float = -np.inf
    highest: float = np.inf
    rises: Callable[[float], FloatArray] | None = None
    falls: Callable[[float], FloatArray] | None = None

    @property
    def transcripts(self) -> int:
        return int(self.mass.shape[0])


@dataclass(frozen=True, slots=True)
class Interval:
    """One figure with its interval, for people."""

    estimate: Value
    low: Value
    high: Value
    level: float
    method: str
    transcripts: int
    """That were looked at for this figure."""
    se: Value
    df: float
    """Effective number of transcripts less one; 0 where unknown."""

    def __str__(self) -> str:
        return f"{show(self.estimate)} [{show(self.low)}, {show(self.high)}]"

    def json(self) -> dict[str, Any]:
        return {
            "estimate": to_json(self.estimate),
            "low": to_json(self.low),
            "high": to_json(self.high),
            "level": self.level,
            "method": self.method,
            "transcripts": self.transcripts,
        }


@dataclass(frozen=True, slots=True)
class Intervals:
    """Many figures with their intervals; arrays of one shape, nan where undefined."""

    estimate: FloatArray
    low: FloatArray
    high: FloatArray
    se: FloatArray
    """Standard error of the figure itself (not of its logit), by leaving out transcripts, and of
    what was never seen."""
    df: FloatArray
    units: FloatArray
    """Units that the figure rests on, divided by the design effect."""
    transcripts: IntArray
    method: str
    level: float
    resting: IntArray | None = None
    """Transcripts with any unit that the figure rests on; None: not known."""

    def where(self, chosen: BoolArray) -> Intervals:
        """Those of a mask, in a row."""
        return replace(
            self,
            estimate=self.estimate[chosen],
            low=self.low[chosen],
            high=self.high[chosen],
            se=self.se[chosen],
            df=self.df[chosen],
            units=self.units[chosen],
            transcripts=self.transcripts[chosen],
            resting=None if self.resting is None else self.resting[chosen],
        )

    def at(self, index: int | tuple[int, ...] = (), why: str = "it is undefined") -> Interval:
        """One of them; ``why`` is the reason if there is no estimate."""
        estimate = value_of(self.estimate[index], why)
        seen = int(self.transcripts[index])
        if isinstance(estimate, Undefined):
            bound = why
        elif seen < 2:
            bound = ONE_TRANSCRIPT
        else:
            single = self.resting is None or int(self.resting[index]) < 2
            leaving = NO_SPREAD if single else WITHOUT_ONE
            bound = leaving if self.method == "jackknife-t" else MOSTLY_UNDEFINED
        df = float(self.df[index])
        return Interval(
            estimate=estimate,
            low=value_of(self.low[index], bound),
            high=value_of(self.high[index], bound),
            level=self.level,
            method=self.method,
            transcripts=seen,
            se=value_of(self.se[index], bound),
            df=df if np.isfinite(df) else 0.0,
        )


def bounded(found: Intervals, lowest: float) -> Intervals:
    """Intervals of differences, cut off where no difference can be: ``lowest`` to ``-lowest``.

    With two or three transcripts Student's t reaches far beyond; nothing that is possible is lost.
    """
    if not np.isfinite(lowest):
        return found
    return replace(
        found,
        low=np.clip(found.low, lowest, -lowest),
        high=np.clip(found.high, lowest, -lowest),
    )


def draw_weights(transcripts: int, resamples: int, seed: int) -> FloatArray:
    """How often each transcript is drawn, ``(R, T)``, drawing T of T with replacement.

    Field & Welsh 2007, Bootstrapping clustered data, J. R. Stat. Soc. B 69, 369-390 (the cluster
    bootstrap). The same arguments always give the same draws.
    """
    rng = np.random.default_rng(seed)
    shares = np.full(transcripts, 1.0 / transcripts)
    return rng.multinomial(transcripts, shares, size=resamples).astype(np.float64)


def leave_one_out(transcripts: int) -> FloatArray:
    """Weights ``(T, T)`` that leave out one transcript each."""
    return np.ones((transcripts, transcripts)) - np.eye(transcripts)


def intervals(estimator: Estimator, settings: Resampling = DEFAULT) -> Intervals:
    """Estimates and their intervals. Fewer than two transcripts give no interval."""
    transcripts = estimator.transcripts
    estimate = estimator.compute(np.ones((1, transcripts)))[0]
    seen: IntArray = (estimator.units > 0).sum(axis=0).astype(np.int64)
    left_out = estimator.compute(leave_one_out(transcripts))
    # Leaving out a transcript that was never looked at says nothing.
    looked = np.broadcast_to(estimator.units > 0, left_out.shape)
    se = _jackknife_se(left_out, looked)
    df = np.maximum(effective_transcripts(estimator.mass) - 1.0, 1.0)
    tail = (1 - settings.level) / 2
    if settings.method == "jackknife-t":
        low, high = _jackknife_t(estimator, estimate, left_out, looked, df, settings.level)
    else:
        weights = draw_weights(transcripts, settings.resamples, settings.seed)
        draws = _in_batches(estimator.compute, weights)
        if settings.method == "percentile":
            low, high = (
                _quantile(draws, np.full(estimate.shape, tail)),
                _quantile(draws, np.full(estimate.shape, 1 - tail)),
            )
        else:
            low, high = _bca(draws, estimate, left_out, looked, tail)
    usable = np.isfinite(estimate) & (seen >= 2) & np.isfinite(se)
    low, high = np.fmin(low, estimate), np.fmax(high, estimate)
    slack = unseen(effective_units(estimator.mass), tail)
    same = se <= NO_SPREAD_BELOW
    low = np.where(same, np.maximum(estimate - slack, estimator.lowest), low)
    high = np.where(same, np.minimum(estimate + slack, estimator.highest), high)
    falls, rises = (
        np.zeros(estimate.shape) if more is None else more(tail)
        for more in (estimator.falls, estimator.rises)
    )
    # Both reasons to be wrong at once: Zou & Donner 2008, Stat. Med. 27, 1693-1702.
    low = np.where(falls > 0, estimate - np.hypot(estimate - low, falls), low)
    high = np.where(rises > 0, estimate + np.hypot(high - estimate, rises), high)
    reach = np.maximum(estimate - low, high - estimate) / stdtrit(df, 1 - tail)
    se = np.where((falls > 0) | (rises > 0), np.maximum(se, reach), se)
    return Intervals(
        estimate=estimate,
        low=np.where(usable, np.maximum(low, estimator.lowest), np.nan),
        high=np.where(usable, np.minimum(high, estimator.highest), np.nan),
        se=np.where(usable, se, np.nan),
        df=df,
        units=effective_units(estimator.mass),
        transcripts=seen,
        method=settings.method,
        level=settings.level,
        resting=np.asarray((estimator.mass > 0).sum(axis=0), dtype=np.int64),
    )


def _in_batches(compute: Callable[[FloatArray], FloatArray], weights: FloatArray) -> FloatArray:
    """The same as one call, in a bounded amount of memory."""
    return np.concatenate([compute(weights[i : i + 250]) for i in range(0, len(weights), 250)])


def _jackknife_se(left_out: FloatArray, looked: Any) -> FloatArray:
    """nan where a figure cannot be had without one of the transcripts."""
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


def _jackknife_t(
    estimator: Estimator,
    estimate: FloatArray,
    left_out: FloatArray,
    looked: Any,
    df: FloatArray,
    level: float,
) -> tuple[FloatArray, FloatArray]:
    lowest, highest = estimator.lowest, estimator.highest
    se = _jackknife_se(_to_line(left_out, lowest, highest), looked)
    reach = stdtrit(df, 1 - (1 - level) / 2) * se
    middle = _to_line(estimate, lowest, highest)
    low = _from_line(middle - reach, lowest, highest)
    high = _from_line(middle + reach, lowest, highest)
    if np.isfinite(lowest) and np.isfinite(highest):
        low, high = _near_ends(estimator, estimate, left_out, looked, df, level, (low, high))
    return low, high


def _near_ends(
    estimator: Estimator,
    estimate: FloatArray,
    left_out: FloatArray,
    looked: Any,
    df: FloatArray,
    level: float,
    otherwise: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """The ends by `eval.intervals.near_bound` where a figure is close to an end of its range."""
    lowest, wide = estimator.lowest, estimator.highest - estimator.lowest
    mass = estimator.mass.sum(axis=0)
    share = (estimate - lowest) / wide
    low, high = beta_ends(share, _jackknife_se(left_out, looked) / wide, mass, df, level)
    near = is_near(share, mass)
    return (
        np.where(near, lowest + wide * low, otherwise[0]),
        np.where(near, lowest + wide * high, otherwise[1]),
    )


def _quantile(draws: FloatArray, share: FloatArray) -> FloatArray:
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


def _bca(
    draws: FloatArray, estimate: FloatArray, left_out: FloatArray, looked: Any, tail: float
) -> tuple[FloatArray, FloatArray]:
    """Efron 1987, Better bootstrap confidence intervals, J. Am. Stat. Assoc. 82, 171-185."""
    known = np.maximum(np.isfinite(draws).sum(axis=0), 1)
    below = (draws < estimate).sum(axis=0) + (draws == estimate).sum(axis=0) / 2
    bias = ndtri(np.clip(below / known, 1 / (known + 1), known / (known + 1)))
    centre = np.where(looked, left_out, 0.0).sum(axis=0) / np.maximum(looked.sum(axis=0), 1)
    away = np.where(looked, centre - left_out, 0.0)
    cubes, squares = (away**3).sum(axis=0), (away**2).sum(axis=0)
    bend = cubes / np.where(squares > 0, 6 * squares**1.5, 1.0)

    def end(share: float) -> FloatArray:
        shifted = bias + ndtri(share)
        return _quantile(draws, ndtr(bias + shifted / (1 - bend * shifted)))

    return end(tail), end(1 - tail)
