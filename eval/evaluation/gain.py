"""How much more one coder agrees with people than another does, on the same cells.

Model less baseline, or run less run: for each person, the units and codes that the person and both
looked at; the mean over people of the one figure less the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.evaluation.figures import mean_defined
from eval.intervals.never_both import part_rise
from eval.intervals.resampling import (
    DEFAULT,
    Estimator,
    Interval,
    Intervals,
    Resampling,
    bounded,
    intervals,
)
from eval.statistics.agreement import STATISTICS
from eval.statistics.counts import resampled
from eval.statistics.values import BoolArray, FloatArray, IntArray
from eval.units.records import UnitMatrix

__all__ = ["Gain", "GainRow", "gain", "gain_cells"]


@dataclass(frozen=True, slots=True)
class GainRow:
    name: str
    first: Interval
    second: Interval
    difference: Interval
    """First less second."""


@dataclass(frozen=True, slots=True)
class Gain:
    statistic: str
    codes: tuple[GainRow, ...]
    pooled: GainRow

    def row(self, code: str) -> GainRow:
        return next(row for row in self.codes if row.name == code)


def gain_cells(
    matrix: UnitMatrix,
    people: Sequence[str],
    first: str,
    second: str,
    within: BoolArray | None = None,
) -> IntArray:
    """Tables ``(T, P, 2, C, 4)`` of each person with either coder, on the same cells.

    ``within`` ``(U, C)``: only these cells.
    """
    both = matrix.scope[matrix.coder(first)] & matrix.scope[matrix.coder(second)]
    if within is not None:
        both = both & within
    size = (len(matrix.transcripts), 0, 2, len(matrix.codes), 4)
    tables = []
    for person in people:
        pair = [matrix.pair(person, coder, both).cells for coder in (first, second)]
        if pair[0].any():
            tables.append(np.stack(pair, axis=1))
    return np.stack(tables, axis=1) if tables else np.zeros(size, dtype=np.int64)


def gain(
    matrix: UnitMatrix,
    people: Sequence[str],
    first: str,
    second: str,
    *,
    statistic: str = "kappa",
    settings: Resampling = DEFAULT,
) -> Gain:
    """``first`` less ``second``, by code and over all codes' units together."""
    cells = gain_cells(matrix, people, first, second)
    together = _rows(cells.sum(axis=3, keepdims=True), statistic, settings, ("all codes",))
    return Gain(statistic, _rows(cells, statistic, settings, matrix.codes), together[0])


def _rows(
    cells: IntArray, key: str, settings: Resampling, names: Sequence[str]
) -> tuple[GainRow, ...]:
    statistic = STATISTICS[key]

    def parts(weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        figures = statistic.compute(resampled(weights, cells))  # (R, P, 2, C)
        known = np.isfinite(figures).all(axis=2)
        one, other = (np.where(known, figures[:, :, i], np.nan) for i in range(2))
        return mean_defined(one, axis=1), mean_defined(other, axis=1)

    flat = cells.reshape(len(cells), -1, *cells.shape[3:])
    empty = np.zeros((len(cells), cells.shape[3]))
    mass = statistic.base(flat).max(axis=1) if flat.shape[1] else empty
    units = flat.sum(axis=-1).max(axis=1).astype(np.float64) if flat.shape[1] else empty

    first_rises, second_rises = (part_rise(statistic, cells, (which,)) for which in range(2))

    def measured(which: int) -> Intervals:
        ranges = (-np.inf, np.inf) if which == 2 else (statistic.lowest, statistic.highest)

        def compute(weights: FloatArray) -> FloatArray:
            one, other = parts(weights)
            return (one, other, one - other)[which]

        rises = second_rises if which == 1 else first_rises
        falls = second_rises if which == 2 else None
        estimator = Estimator(compute, mass, units, *ranges, rises=rises, falls=falls)
        return intervals(estimator, settings)

    first, second, apart = (measured(which) for which in range(3))
    apart = bounded(apart, statistic.lowest - statistic.highest)
    why = "the figure is undefined for one of the two, or no person coded these units"
    return tuple(
        GainRow(name, first.at(c, why), second.at(c, why), apart.at(c, why))
        for c, name in enumerate(names)
    )
