"""All figures of one comparison: by code, pooled, averaged over codes, worst code and transcript.

A comparison is a set of pairs of coders on the same transcripts and codes: the model with each
person, or every two people. A figure of several pairs is the mean over pairs, never a figure
against a consensus, which would be easier or harder to agree with than a person is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.intervals.never_both import mean_rise, rise
from eval.intervals.resampling import DEFAULT, Estimator, Interval, Intervals, Resampling, intervals
from eval.statistics.agreement import CANNOT, HEADLINE, STATISTICS, Statistic, why_undefined
from eval.statistics.counts import PairCounts, resampled
from eval.statistics.values import (
    BoolArray,
    FloatArray,
    IntArray,
    Undefined,
    Value,
    is_defined,
    value_of,
)

__all__ = [
    "Row",
    "Summary",
    "TranscriptRow",
    "Worst",
    "by_code",
    "lowest",
    "mean_defined",
    "mean_of_these",
    "over_codes",
    "pooled",
    "stack",
    "summarise",
    "together",
]

NO_ORDER = "two people have no order; see each pair"
NO_CODE = "it is undefined for every code"
NOT_BETTER_WHEN_HIGH = ("prevalence", "prevalence_index", "bias_index", "over_coding")
_ORDERED = ("bias_index", "over_coding")
_SWAPPED = (0, 2, 1, 3)


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one code, or of all codes pooled."""

    name: str
    counts: tuple[int, int, int, int]
    """Both, first only, second only, neither; summed over pairs."""
    transcripts: int
    """Looked at for this code by both coders of some pair."""
    positives: int
    """Units with a yes of the first coder, summed over pairs."""
    values: dict[str, Interval]
    """By key of `agreement.STATISTICS`."""


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """All codes of one transcript, pooled. One transcript has no interval."""

    name: str
    counts: tuple[int, int, int, int]
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Worst:
    """The code or transcript with the lowest figure."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Summary:
    """One comparison."""

    pairs: tuple[tuple[str, str], ...]
    codes: tuple[Row, ...]
    pooled: Row
    """All codes' units together, mean over pairs: each pair of coders weighs the same."""
    together: Row
    """All codes' and all pairs' units together: each unit of each pair weighs the same."""
    macro: dict[str, Interval]
    """Mean over the codes that have a figure."""
    macro_codes: dict[str, int]
    """Number of those codes."""
    worst_code: dict[str, Worst]
    """Only for figures of which more is better."""
    worst_transcript: dict[str, Worst]
    transcripts: tuple[TranscriptRow, ...]
    settings: Resampling

    def row(self, code: str) -> Row:
        return next(row for row in self.codes if row.name == code)


def mean_defined(figures: FloatArray, axis: int) -> FloatArray:
    """Mean of what is defined; nan where nothing is."""
    known = np.isfinite(figures)
    count = known.sum(axis=axis)
    total = np.where(known, figures, 0.0).sum(axis=axis)
    mean: FloatArray = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


def mean_of_these(figures: FloatArray, these: BoolArray) -> FloatArray:
    """Mean over the people ``these`` ``(P, ...)`` of ``(R, P, ...)``; nan where one has no figure.

    A difference between coders is that of the same people in every draw: were they chosen again
    without one transcript, the change of people would pass for what that transcript does.
    """
    count = these.sum(axis=0)
    total = np.where(these, figures, 0.0).sum(axis=1)
    mean: FloatArray = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


def stack(pairs: Sequence[PairCounts]) -> IntArray:
    """Tables of several pairs ``(T, P, C, 4)``; all on the same transcripts and codes."""
    if not pairs:
        raise ValueError("no pair of coders")
    if len({(pair.transcripts, pair.codes) for pair in pairs}) > 1:
        raise ValueError("pairs on different transcripts or codes cannot be averaged")
    return np.stack([pair.cells for pair in pairs], axis=1)


def _figure(statistic: Statistic, cells: FloatArray, both_ways: bool) -> FloatArray:
    """Over the pairs' axis, which is the one before the last of ``statistic``'s result."""
    figure = statistic.compute(cells)
    if both_ways and not statistic.symmetric:
        figure = (figure + statistic.compute(cells[..., _SWAPPED])) / 2
    return figure


def by_code(cells: IntArray, statistic: Statistic, *, both_ways: bool = False) -> Estimator:
    """Mean over pairs, one figure a code. ``cells`` ``(T, P, C, 4)``.

    ``both_ways``: neither coder is the reference, so that precision and recall are averaged over
    both directions.
    """
    return Estimator(
        compute=lambda w: mean_defined(_figure(statistic, resampled(w, cells), both_ways), axis=1),
        # A unit counts once, however many pairs looked at it.
        mass=statistic.base(cells).max(axis=1),
        units=cells.sum(axis=-1).max(axis=1).astype(np.float64),
        lowest=statistic.lowest,
        highest=statistic.highest,
        rises=mean_rise(statistic, cells),
    )


def pooled(cells: IntArray, statistic: Statistic, *, both_ways: bool = False) -> Estimator:
    """Mean over pairs of the figure of all codes' units together. Shape ``()``."""
    summed = cells.sum(axis=2)
    together = by_code(summed[:, :, None], statistic, both_ways=both_ways)
    return Estimator(
        compute=lambda w: together.compute(w)[:, 0],
        mass=together.mass[:, 0],
        units=together.units[:, 0],
        lowest=together.lowest,
        highest=together.highest,
        rises=mean_rise(statistic, summed),
    )


def together(cells: IntArray, statistic: Statistic, *, both_ways: bool = False) -> Estimator:
    """All pairs' and codes' units together: long transcripts weigh more. Shape ``()``.

    Kappa keeps each pair's own chance: sum of n (p_o - p_e) over sum of n (1 - p_e), which for
    coders who all coded the same is Conger's kappa (Conger 1980, Psychol. Bull. 88, 322-328). The
    other figures are of the summed tables.
    """
    by_pair = cells.sum(axis=2)

    def compute(weights: FloatArray) -> FloatArray:
        tables = resampled(weights, by_pair)  # (R, P, 4)
        if statistic.key != "kappa":
            return _figure(statistic, tables.sum(axis=1), both_ways)
        a, b, c, d = (tables[..., i] for i in range(4))
        n = np.maximum(a + b + c + d, 1e-300)
        above = (2 * (a * d - b * c) / n).sum(axis=1)
        below = (((a + b) * (b + d) + (a + c) * (c + d)) / n).sum(axis=1)
        kappa: FloatArray = np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
        return kappa

    return Estimator(
        compute=compute,
        mass=statistic.base(by_pair).sum(axis=1),
        units=by_pair.sum(axis=(1, 2)).astype(np.float64),
        lowest=statistic.lowest,
        highest=statistic.highest,
        rises=lambda tail: rise(statistic, by_pair.sum(axis=1), tail),
    )


def over_codes(estimator: Estimator) -> Estimator:
    """Mean over the codes that have a figure (macro average). Shape ``()``."""
    return Estimator(
        compute=lambda w: mean_defined(estimator.compute(w), axis=1),
        mass=estimator.mass.sum(axis=1),
        units=estimator.units.sum(axis=1),
        lowest=estimator.lowest,
        highest=estimator.highest,
        rises=_over_codes(estimator, estimator.rises),
        falls=_over_codes(estimator, estimator.falls),
    )


def _over_codes(
    estimator: Estimator, of_codes: Callable[[float], FloatArray] | None
) -> Callable[[float], FloatArray] | None:
    """What a mean over codes may be higher or lower by: codes do not come together."""
    if of_codes is None:
        return None

    def compute(tail: float) -> FloatArray:
        known = np.isfinite(estimator.compute(np.ones((1, estimator.transcripts)))[0])
        squares = np.where(known, of_codes(tail) ** 2, 0.0).sum(axis=0)
        mean: FloatArray = np.sqrt(squares) / np.maximum(known.sum(axis=0), 1)
        return mean

    return compute


def summarise(
    pairs: Sequence[PairCounts],
    keys: Sequence[str] = HEADLINE,
    settings: Resampling = DEFAULT,
    *,
    both_ways: bool = False,
    merged: bool = False,
) -> Summary:
    """Every figure of a comparison. ``both_ways`` for people with people (see `by_code`).

    ``merged``: the tables are sums over several pairs, so that "first" is nobody in particular.
    """
    cells = stack(pairs)
    transcripts, codes = pairs[0].transcripts, pairs[0].codes
    by_key: dict[str, Intervals] = {}
    pooled_values: dict[str, Interval] = {}
    together_values: dict[str, Interval] = {}
    macro: dict[str, Interval] = {}
    macro_codes: dict[str, int] = {}
    local: dict[str, list[Value]] = {}
    whole = cells.sum(axis=(0, 1, 2))
    for key in keys:
        statistic = STATISTICS[key]
        ordered = key in _ORDERED
        if ordered and both_ways and (merged or len(pairs) > 1):
            nothing = _no_order(len(codes), settings)
            by_key[key], pooled_values[key] = nothing, nothing.at(0, NO_ORDER)
            together_values[key] = nothing.at(0, NO_ORDER)
            macro[key], macro_codes[key] = nothing.at(0, NO_ORDER), 0
            local[key] = [Undefined(NO_ORDER)] * len(transcripts)
            continue
        twice = both_ways and not ordered
        estimator = by_code(cells, statistic, both_ways=twice)
        by_key[key] = intervals(estimator, settings)
        pooled_values[key] = intervals(pooled(cells, statistic, both_ways=twice), settings).at(
            (), why_undefined(whole).reason
        )
        together_values[key] = intervals(together(cells, statistic, both_ways=twice), settings).at(
            (), why_undefined(whole).reason
        )
        macro[key] = intervals(over_codes(estimator), settings).at((), NO_CODE)
        macro_codes[key] = int(np.isfinite(by_key[key].estimate).sum())
        each = pooled(cells, statistic, both_ways=twice).compute(np.eye(len(transcripts)))
        here = cells.sum(axis=(1, 2))
        local[key] = [
            value_of(float(x), why_undefined(table).reason)
            for x, table in zip(each, here, strict=True)
        ]
    tables = cells.sum(axis=(0, 1))
    ranked = [key for key in keys if key not in NOT_BETTER_WHEN_HIGH]
    rows = tuple(
        _row(code, cells[:, :, c], {key: by_key[key].at(c, _why(tables[c])) for key in keys})
        for c, code in enumerate(codes)
    )
    return Summary(
        pairs=tuple((pair.first, pair.second) for pair in pairs),
        codes=rows,
        pooled=_row("all codes", cells.sum(axis=2), pooled_values),
        together=_row("all codes and pairs", cells.sum(axis=2), together_values),
        macro=macro,
        macro_codes=macro_codes,
        worst_code={k: lowest([(r.name, r.values[k].estimate) for r in rows]) for k in ranked},
        worst_transcript={k: lowest(zip(transcripts, local[k], strict=True)) for k in ranked},
        transcripts=tuple(
            TranscriptRow(name, _counts(cells[t]), {key: local[key][t] for key in keys})
            for t, name in enumerate(transcripts)
        ),
        settings=settings,
    )


def _why(table: IntArray) -> str:
    reason = why_undefined(table).reason
    # Several pairs may each lack a figure although the sum of their tables would have one.
    return "no pair of coders has a figure" if reason == CANNOT else reason


def _row(name: str, cells: IntArray, values: dict[str, Interval]) -> Row:
    """``cells`` ``(T, P, 4)``."""
    counts = _counts(cells)
    looked = cells.sum(axis=(1, 2)) > 0
    return Row(name, counts, int(looked.sum()), counts[0] + counts[1], values)


def _counts(cells: IntArray) -> tuple[int, int, int, int]:
    both, first, second, neither = (int(x) for x in cells.reshape(-1, 4).sum(axis=0))
    return both, first, second, neither


def lowest(named: Iterable[tuple[str, Value]]) -> Worst:
    """The first of those that have the lowest figure."""
    known = [(name, value) for name, value in named if is_defined(value)]
    if not known:
        return Worst("", Undefined("there is no figure to compare"))
    name, value = min(known, key=lambda item: item[1])
    return Worst(name, value)


def _no_order(codes: int, settings: Resampling) -> Intervals:
    none = np.full(codes, np.nan)
    zero = np.zeros(codes, dtype=np.int64)
    return Intervals(none, none, none, none, none, none, zero, settings.method, settings.level)
