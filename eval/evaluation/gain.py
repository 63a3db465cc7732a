"""How much more one coder agrees with people than another does, on the same cells.

Model less baseline, or run less run: for each person, the units and codes that the person and both
looked at; the mean over people of the one figure less the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.evaluation.figures import mean_defined, mean_of_these
from eval.intervals.never_both import apart_rise, part_rise
from eval.intervals.resampling import (
    DEFAULT,
    Estimator,
    Interval,
    Resampling,
    bounded,
    intervals,
)
from eval.statistics.agreement import STATISTICS
from eval.statistics.counts import resampled
from eval.statistics.values import BoolArray, FloatArray, IntArray
from eval.units.records import UnitMatrix

__all__ = ["Gain", "GainRow", "gain", "gain_cells", "gain_estimators"]


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


def gain_estimators(cells: IntArray, key: str) -> tuple[Estimator, Estimator, Estimator]:
    """First, second, and first less second, of tables ``(T, P, 2, C, 4)``; figures ``(C,)``."""
    statistic = STATISTICS[key]

    known: BoolArray = np.asarray(np.isfinite(statistic.compute(cells.sum(axis=0))).all(axis=1))

    def figures(weights: FloatArray) -> FloatArray:
        return statistic.compute(resampled(weights, cells))  # (R, P, 2, C)

    def apart(weights: FloatArray) -> FloatArray:
        each = figures(weights)
        return mean_of_these(each[:, :, 0] - each[:, :, 1], known)

    flat = cells.reshape(len(cells), -1, *cells.shape[3:])
    empty = np.zeros((len(cells), cells.shape[3]))
    mass = statistic.base(flat).max(axis=1) if flat.shape[1] else empty
    units = flat.sum(axis=-1).max(axis=1).astype(np.float64) if flat.shape[1] else empty

    def side(which: int) -> Estimator:
        return Estimator(
            lambda weights: mean_defined(
                np.where(known, figures(weights)[:, :, which], np.nan), axis=1
            ),
            mass,
            units,
            statistic.lowest,
            statistic.highest,
            rises=part_rise(statistic, cells, (which,)),
        )

    rises, falls = (apart_rise(statistic, cells, which) for which in range(2))
    return side(0), side(1), Estimator(apart, mass, units, rises=rises, falls=falls)


def _rows(
    cells: IntArray, key: str, settings: Resampling, names: Sequence[str]
) -> tuple[GainRow, ...]:
    statistic = STATISTICS[key]
    first, second, apart = (intervals(one, settings) for one in gain_estimators(cells, key))
    apart = bounded(apart, statistic.lowest - statistic.highest)
    why = "the figure is undefined for one of the two, or no person coded these units"
    return tuple(
        GainRow(name, first.at(c, why), second.at(c, why), apart.at(c, why))
        for c, name in enumerate(names)
    )
