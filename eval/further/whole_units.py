"""Coefficients of a unit's whole answer: whether it got the same set of codes, and as many.

They are of units that both coders looked at for every code, summed as coincidences over all pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.intervals.resampling import Estimator, Interval, Resampling, intervals
from eval.statistics.categories import Weights, weights
from eval.statistics.krippendorff import Level, distances
from eval.statistics.sets import CodeSet, jaccard, masi, masi_difference_first
from eval.statistics.values import BoolArray, FloatArray
from eval.units.records import UnitMatrix

__all__ = ["Coefficient", "answered", "of_numbers", "of_sets"]

NO_UNIT = "no two coders looked at a common unit for all codes"
SAME = "every unit got the same, so that nothing can differ"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One figure for all codes together, with what it asks."""

    name: str
    value: Interval
    asks: str


def answered(matrix: UnitMatrix, name: str) -> BoolArray:
    """Units that a coder looked at for every code ``(U,)``."""
    return np.asarray(matrix.scope[matrix.coder(name)].all(axis=1), dtype=bool)


def _coded_in_pairs(
    matrix: UnitMatrix, between: set[frozenset[str]], values: dict[str, FloatArray]
) -> list[tuple[FloatArray, BoolArray]]:
    """Answers ``(2, U)`` of each pair, nan where one did not look, and where both did."""
    found = []
    for pair in sorted(tuple(sorted(p)) for p in between):
        both = answered(matrix, pair[0]) & answered(matrix, pair[1])
        found.append((np.where(both, np.stack([values[p] for p in pair]), np.nan), both))
    return found


def _sums(
    matrix: UnitMatrix, pairs: Sequence[tuple[FloatArray, BoolArray]], values: int
) -> FloatArray:
    """Coincidences ``(T, V, V)`` of values 0 to V - 1, over all pairs."""
    made = np.zeros((len(matrix.transcripts), values, values))
    for answers, both in pairs:
        one, other = answers[:, both].astype(np.int64)
        t = matrix.transcript[both]
        np.add.at(made, (t, one, other), 1.0)
        np.add.at(made, (t, other, one), 1.0)
    return made


def _alpha(
    sums: FloatArray,
    distance: Callable[[FloatArray], FloatArray],
    settings: Resampling,
    mass: FloatArray,
) -> Interval:
    """Alpha ``1 - D_o / D_e``; ``distance`` takes totals ``(V,)`` and gives ``(V, V)``."""

    def compute(given: FloatArray) -> FloatArray:
        found = np.full(len(given), np.nan)
        matrices = np.tensordot(given, sums, axes=1)
        for r, matrix in enumerate(matrices):
            totals = matrix.sum(axis=1)
            n = totals.sum()
            if n < 2:
                continue
            apart = distance(totals)
            by_chance = totals @ apart @ totals / (n * (n - 1))
            if by_chance > 0:
                found[r] = 1 - (matrix * apart).sum() / n / by_chance
        return found

    units = sums.sum(axis=(1, 2)) / 2
    return intervals(Estimator(compute, mass, units, -1.0, 1.0), settings).at(
        (), SAME if units.any() else NO_UNIT
    )


def of_sets(
    matrix: UnitMatrix, between: set[frozenset[str]], settings: Resampling
) -> tuple[Coefficient, ...]:
    kinds: dict[CodeSet, int] = {}
    values: dict[str, FloatArray] = {}
    for name in {n for pair in between for n in pair}:
        rows = matrix.positive[matrix.coder(name)]
        values[name] = np.array(
            [kinds.setdefault(frozenset(np.flatnonzero(r).tolist()), len(kinds)) for r in rows],
            dtype=np.float64,
        )
    ordered = list(kinds)
    pairs = _coded_in_pairs(matrix, between, values)
    sums = _sums(matrix, pairs, len(ordered))
    empty = kinds.get(frozenset(), -1)
    mass = sums.sum(axis=(1, 2)) / 2 - (sums[:, empty, empty] / 2 if empty >= 0 else 0.0)
    found = []
    for name, distance, asks in (
        ("alpha, Jaccard", jaccard, "distance of two sets: 1 - shared codes / all codes"),
        ("alpha, MASI (1 - J x M)", masi, "Jaccard times monotonicity, taken from 1"),
        (
            "alpha, MASI ((1 - J) x (1 - M))",
            masi_difference_first,
            "each taken from 1 before they are multiplied: a milder distance of the same name",
        ),
    ):
        apart = np.array([[distance(a, b) for b in ordered] for a in ordered], dtype=np.float64)
        apart = apart.reshape(len(ordered), len(ordered))
        found.append(
            Coefficient(name, _alpha(sums, lambda _, d=apart: d, settings, mass), asks)  # type: ignore[misc]
        )
    return tuple(found)


def of_numbers(
    matrix: UnitMatrix,
    names: Sequence[str],
    between: set[frozenset[str]],
    settings: Resampling,
) -> tuple[Coefficient, ...]:
    values = {
        name: matrix.positive[matrix.coder(name)].sum(axis=1).astype(np.float64) for name in names
    }
    pairs = _coded_in_pairs(matrix, between, values)
    most = int(max((v.max() for v in values.values() if len(v)), default=0)) + 1
    sums = _sums(matrix, pairs, most)
    mass = sums.sum(axis=(1, 2)) / 2 - sums[:, 0, 0] / 2
    points = np.arange(most, dtype=np.float64)
    levels: tuple[Level, ...] = ("ordinal", "interval", "ratio")
    found = [
        Coefficient(
            f"alpha, {level}",
            _alpha(sums, lambda totals, at=level: distances(points, totals, at), settings, mass),  # type: ignore[misc]
            "how many codes a unit got, the difference taken as " + level,
        )
        for level in levels
    ]
    kinds: tuple[Weights, ...] = ("linear", "quadratic", "ordinal")
    found += [
        Coefficient(
            f"AC2, {kind} weights",
            _ac2(sums, kind, settings),
            "the same with Gwet's chance; high where most units got none",
        )
        for kind in kinds
    ]
    found.append(
        Coefficient(
            "Fleiss' kappa",
            _fleiss(sums, settings, mass),
            "how many codes a unit got: just as many or not",
        )
    )
    return tuple(found)


def _ac2(sums: FloatArray, kind: Weights, settings: Resampling) -> Interval:
    """Gwet 2014, ch. 4, for pairs of coders, from coincidences; see `categories.gwet`."""
    q = sums.shape[1]
    weight = weights(q, kind)

    def compute(given: FloatArray) -> FloatArray:
        matrices = np.tensordot(given, sums, axes=1)
        n = matrices.sum(axis=(1, 2))
        safe = np.where(n > 0, n, 1.0)
        agreed = (matrices * weight).sum(axis=(1, 2)) / safe
        share = matrices.sum(axis=2) / safe[:, None]
        chance = weight.sum() / max(q * (q - 1), 1) * (share * (1 - share)).sum(axis=1)
        usable = (n > 0) & (q > 1) & (chance < 1 - 1e-12)
        return np.where(usable, (agreed - chance) / np.where(usable, 1 - chance, 1.0), np.nan)

    units = sums.sum(axis=(1, 2)) / 2
    why = NO_UNIT if not units.any() else SAME
    return intervals(Estimator(compute, units, units, -1.0, 1.0), settings).at((), why)


def _fleiss(sums: FloatArray, settings: Resampling, mass: FloatArray) -> Interval:
    """Fleiss 1971 for pairs of coders, from coincidences; see `categories.fleiss`."""

    def compute(given: FloatArray) -> FloatArray:
        matrices = np.tensordot(given, sums, axes=1)
        n = matrices.sum(axis=(1, 2))
        safe = np.where(n > 0, n, 1.0)
        agreed = np.trace(matrices, axis1=1, axis2=2) / safe
        chance = ((matrices.sum(axis=2) / safe[:, None]) ** 2).sum(axis=1)
        usable = (n > 0) & (chance < 1 - 1e-12)
        return np.where(usable, (agreed - chance) / np.where(usable, 1 - chance, 1.0), np.nan)

    units = sums.sum(axis=(1, 2)) / 2
    why = NO_UNIT if not units.any() else SAME
    return intervals(Estimator(compute, mass, units, -1.0, 1.0), settings).at((), why)
