"""Intervals and tests in which a whole transcript is the thing that chance draws.

Passages of one interview resemble each other, so that 400 passages of 8 interviews are worth far
less than 400 passages of 400 people. Everything here therefore leaves out, draws again or swaps
whole transcripts, and with fewer than two there is no interval at all.

The ways from draws to ends are in `eval.intervals.ends`. The default, ``jackknife-t``, takes
Student's t with as many degrees of freedom as there are effective transcripts (Kish 1965, Survey
Sampling, ch. 8): a code of which nine tenths stand in two interviews is known from little more than
two. ``bench/coverage.py`` measured that it holds its promise better than the others;
`eval.intervals.coverage_table` has the figures.

What no transcript shows, no draw of transcripts shows either. Whatever the method, a figure that
all transcripts give alike gets the ends of `eval.intervals.effective.unseen`, and one that hangs on
units to which both say yes, of which there were hardly any, those of `eval.intervals.never_both`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import stdtrit  # type: ignore[import-untyped]

from eval.intervals.effective import effective_transcripts, effective_units, unseen
from eval.intervals.ends import bca, jackknife_se, jackknife_t, quantile
from eval.intervals.settings import DEFAULT, Method, Resampling
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

ONE_TRANSCRIPT = "one transcript: without a second one nothing says how figures vary"
NO_SPREAD = "it rests on a single transcript"
WITHOUT_ONE = "it is undefined when one transcript is left out"
MOSTLY_UNDEFINED = "most draws of transcripts hold too little of this code"
NO_SPREAD_BELOW = 1e-12


@dataclass(frozen=True, slots=True)
class Estimator:
    """Figures as a function of how often each transcript counts.

    ``compute`` takes weights ``(R, T)`` and gives ``(R, ...)``, nan where undefined. ``mass``
    ``(T, ...)`` tells how many units of each transcript a figure rests on, ``units`` ``(T, ...)``
    how many were looked at. ``lowest`` and ``highest`` bound the figure (infinite: no bound).
    ``rises`` and ``falls`` tell by how much the figure may be higher or lower ``(...)`` than its
    spread says, for the share of cases that one end may be wrong in (None: by nothing).
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
    what was hardly seen where it may be lower for that."""
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
    se = jackknife_se(left_out, looked)
    df = np.maximum(effective_transcripts(estimator.mass) - 1.0, 1.0)
    tail = (1 - settings.level) / 2
    if settings.method == "jackknife-t":
        reach = (estimator.lowest, estimator.highest)
        mass = estimator.mass.sum(axis=0)
        low, high = jackknife_t(estimate, left_out, looked, mass, df, reach, settings.level)
    else:
        weights = draw_weights(transcripts, settings.resamples, settings.seed)
        draws = _in_batches(estimator.compute, weights)
        if settings.method == "percentile":
            low, high = (
                quantile(draws, np.full(estimate.shape, tail)),
                quantile(draws, np.full(estimate.shape, 1 - tail)),
            )
        else:
            low, high = bca(draws, estimate, left_out, looked, tail)
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
    # What tests ask of it is whether the figure is above a bound: of that a rise says nothing.
    se = np.where(falls > 0, np.maximum(se, (estimate - low) / stdtrit(df, 1 - tail)), se)
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
