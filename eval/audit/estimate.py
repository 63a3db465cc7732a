"""From a stratified random sample to error, missed share, and intervals that keep their promise.

The batch is finite and its passages are drawn at random within strata, so chance is in the drawing
alone and the intervals hold for any number of interviews: nothing is claimed about interviews that
are not in the batch. Totals are sums over strata of population x mean (Horvitz and Thompson 1952,
JASA 47, 663), for errors by the separate ratio to the number of suggestions, which is known
(Cochran 1977, Sampling Techniques, 6.10). Within a stratum the interval is Wilson's (1927, JASA 22,
209) with the finite population counted in; it is open above zero where no fault was found. Strata
are added by the recovered variances of their ends (Zou and Donner 2008, Stat. Med. 27, 1693), and
missed / found is the ratio of two such totals (Donner and Zou 2012, Stat. Methods Med. Res. 21,
347). With many small strata that puts the lower end too high (it then lay above the truth in up to
13 of 100 samples), so it is never above that of a weighted sum of rare events (Fay and Feuer 1997,
Stat. Med. 16, 791). ``bench/audit_coverage.py`` measures how often they hold the truth.

What was looked at is known: no fewer can be wrong than were found wrong, no more than there are
without those found right. The whole is cut to that at the end, never a stratum before it is added,
so that the truth is lost in no case in which it was held.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, ndtri  # type: ignore[import-untyped]

from eval.intervals.resampling import Interval
from eval.statistics.values import FloatArray, Undefined

__all__ = ["Bound", "Stratum", "as_interval", "error_share", "missed_share", "wilson"]

METHOD = "stratified"
NONE_SEEN = "no passage with it came into the sample"


@dataclass(frozen=True, slots=True)
class Stratum:
    """What was found in one stratum. Arrays hold a number for each sampled passage ``(n,)``."""

    population: int
    """Passages in it."""
    with_suggestions: int
    """Passages of it that have a suggestion that counts."""
    suggestions: int
    """Suggestions in it; known for all of its passages."""
    suggested: FloatArray
    wrong: FloatArray
    """Of the suggestions of each passage, how many people did not find."""
    missed: FloatArray
    """Codes that people found there and nobody suggested."""
    codes: int
    """How many codes count; no more than that can be missed in a passage."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A total or share with both ends; ``low <= estimate <= high``."""

    estimate: float
    low: float
    high: float


def wilson(share: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share of ``n`` draws; the whole range where ``n`` is 0."""
    if n <= 0:
        return 0.0, 1.0
    if math.isinf(n):
        return share, share
    z2 = float(ndtri((1 + level) / 2)) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(share * (1 - share) * z2 / n + z2 * z2 / (4 * n * n)) / (1 + z2 / n)
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def _finite(n: int, population: int) -> float:
    """Draws without replacement, as the number of draws with replacement that tell as much."""
    return math.inf if n >= population else n * (population - 1) / (population - n)


@dataclass(frozen=True, slots=True)
class _Part:
    """The total of one stratum, with what its weighted counts vary by."""

    total: Bound
    variance: float = 0.0
    """Of the total as a weighted sum of rare events."""


def _sum(parts: Sequence[_Part], level: float) -> Bound:
    """The sum of independent totals."""
    totals = [p.total for p in parts]
    estimate = sum(t.estimate for t in totals)
    below = math.sqrt(sum((t.estimate - t.low) ** 2 for t in totals))
    above = math.sqrt(sum((t.high - t.estimate) ** 2 for t in totals))
    low = max(0.0, estimate - below)
    variance = sum(p.variance for p in parts)
    if variance > 0 and estimate > 0:
        # chdtri gives the point above which that much of the chi-square distribution lies.
        point = chdtri(2 * estimate**2 / variance, (1 + level) / 2)
        low = min(low, variance / (2 * estimate) * float(point))
    return Bound(estimate, low, estimate + above)


def _looked_at(strata: Sequence[Stratum]) -> float:
    """Suggestions in the sample."""
    return sum(float(s.suggested.sum()) for s in strata)


def _wrong(strata: Sequence[Stratum], level: float) -> Bound:
    """Wrong suggestions in the batch."""
    seen = _looked_at(strata)
    share = sum(float(s.wrong.sum()) for s in strata) / seen if seen else 0.0  # 0: no suggestion
    parts = []
    for s in strata:
        if not s.suggestions:
            continue
        drawn = float(s.suggested.sum())
        if not drawn:
            # None of them came into the sample: the others' share, and anything is possible.
            unseen = Bound(share * s.suggestions, 0.0, float(s.suggestions))
            parts.append(_Part(unseen))
            continue
        p = float(s.wrong.sum()) / drawn
        # A passage counts once, however many suggestions it has: they are wrong together.
        n = int((s.suggested > 0).sum())
        low, high = wilson(p, _finite(n, s.with_suggestions), level)
        left = 1 - n / s.with_suggestions
        parts.append(
            _Part(
                Bound(p * s.suggestions, low * s.suggestions, high * s.suggestions),
                (s.suggestions / drawn) ** 2 * left * float((s.wrong**2).sum()),
            )
        )
    total = _sum(parts, level)
    return Bound(total.estimate, total.low, min(total.high, sum(s.suggestions for s in strata)))


def _missed(strata: Sequence[Stratum], level: float) -> Bound:
    """Codes in the batch that people would find and nobody suggested."""
    drawn = [s for s in strata if len(s.missed)]
    seen = sum(s.population for s in drawn)
    mean = sum(s.population * float(s.missed.mean()) for s in drawn) / seen if seen else 0.0
    parts = []
    for s in strata:
        n = len(s.missed)
        if not s.population:
            continue
        if not n:
            # None of it came into the sample: the others' mean, and anything is possible.
            most = max(mean, 1.0)
            parts.append(_Part(Bound(mean * s.population, 0.0, most * s.population)))
            continue
        x, squares = float(s.missed.sum()), float((s.missed**2).sum())
        # Several in one passage come together: counted as so many fewer independent ones.
        scale = squares / x if x else 1.0
        low, high = wilson(min(1.0, x / (scale * n)), _finite(n, s.population), level)
        size = s.population * scale
        parts.append(
            _Part(
                Bound(s.population * x / n, size * low, size * high),
                (s.population / n) ** 2 * (1 - n / s.population) * squares,
            )
        )
    return _sum(parts, level)


def error_share(strata: Sequence[Stratum], level: float = 0.95) -> Bound | Undefined:
    """Of the suggestions in the batch, the share that people do not find."""
    suggestions = sum(s.suggestions for s in strata)
    if not suggestions:
        return Undefined("nothing is suggested")
    if not _looked_at(strata):
        return Undefined(NONE_SEEN)
    wrong = _wrong(strata, level)
    found = Bound(*(x / suggestions for x in (wrong.estimate, wrong.low, wrong.high)))
    known = _known(strata)
    return _within(found, known.wrong / suggestions, (suggestions - known.right) / suggestions)


def missed_share(strata: Sequence[Stratum], level: float = 0.95) -> Bound | Undefined:
    """Of what people find in the batch, the share that nobody suggested.

    Not known where there are suggestions and none of them was looked at: how many are right is half
    of the share, and nothing says it.
    """
    suggestions = float(sum(s.suggestions for s in strata))
    if suggestions and not _looked_at(strata):
        return Undefined(NONE_SEEN)
    wrong, missed = _wrong(strata, level), _missed(strata, level)
    right = Bound(suggestions - wrong.estimate, suggestions - wrong.high, suggestions - wrong.low)
    if right.estimate <= 0 and missed.estimate <= 0:
        return Undefined("people found it nowhere in the sample")
    low, high = _ratio(missed, right)

    def share(ratio: float) -> float:
        return 1.0 if math.isinf(ratio) else ratio / (1 + ratio)

    whole = missed.estimate + right.estimate
    estimate = missed.estimate / whole
    known = _known(strata)
    return _within(
        Bound(estimate, min(estimate, share(low)), max(estimate, share(high))),
        _part(known.missed, suggestions - known.wrong),
        _part(known.missed + known.open, known.right),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """Counts of what was looked at, all strata together."""

    wrong: float
    right: float
    missed: float
    open: float
    """Places outside the sample where a code is not suggested, so that it could be missed."""


def _known(strata: Sequence[Stratum]) -> _Known:
    wrong = sum(float(s.wrong.sum()) for s in strata)
    unseen = sum(s.codes * (s.population - len(s.missed)) for s in strata)
    unseen_suggestions = sum(s.suggestions - float(s.suggested.sum()) for s in strata)
    return _Known(
        wrong,
        _looked_at(strata) - wrong,
        sum(float(s.missed.sum()) for s in strata),
        unseen - unseen_suggestions,
    )


def _part(some: float, rest: float) -> float:
    """``some`` as a share of both; 0 where there is neither."""
    return some / (some + rest) if some + rest else 0.0


def _within(found: Bound, least: float, most: float) -> Bound:
    """Cut to what is certain."""
    return Bound(*(min(max(x, least), most) for x in (found.estimate, found.low, found.high)))


def _ratio(over: Bound, under: Bound) -> tuple[float, float]:
    """Ends of ``over / under`` for independent nonnegative totals (Donner and Zou 2012), of which
    one at least is estimated above 0."""
    a, b = over.estimate, under.estimate
    if under.high <= 0:
        # Surely nothing: not a suggestion, or each looked at and wrong.
        return math.inf, math.inf
    product = a * b

    def root(inner: float) -> float:
        return math.sqrt(max(0.0, inner))

    spread = root(product**2 - over.low * under.high * (2 * a - over.low) * (2 * b - under.high))
    divisor = under.high * (2 * b - under.high)
    low = (product - spread) / divisor if divisor > 0 else over.low / under.high
    if under.low <= 0:
        return max(0.0, low), math.inf
    spread = root(product**2 - over.high * under.low * (2 * a - over.high) * (2 * b - under.low))
    return max(0.0, low), (product + spread) / (under.low * (2 * b - under.low))


def as_interval(found: Bound | Undefined, level: float, transcripts: int) -> Interval:
    """For reports and tables that know intervals."""
    none = Undefined("by the drawing of the sample, not by transcripts")
    if isinstance(found, Undefined):
        return Interval(found, found, found, level, METHOD, transcripts, none, 0.0)
    estimate, low, high = (float(np.clip(x, 0, 1)) for x in (found.estimate, found.low, found.high))
    return Interval(estimate, low, high, level, METHOD, transcripts, none, 0.0)
