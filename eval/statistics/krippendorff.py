"""Krippendorff's alpha for any number of coders, any values, any distance, with missing answers.

alpha = 1 - D_o / D_e from the matrix of coincidences of values. Krippendorff 2004, Content
Analysis, 2nd ed., pp. 219-250; Krippendorff 2011, Computing Krippendorff's alpha-reliability.
For yes and no, resampled over transcripts, `agreement.alpha_from_coincidences` is the fast way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from eval.statistics.values import FloatArray, Undefined, Value, value_of

__all__ = [
    "Level",
    "alpha",
    "alpha_of",
    "coincidence_matrix",
    "disagreement",
    "distances",
]

Level: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]


def coincidence_matrix(answers: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values ``(V,)`` in ascending order and their coincidences ``(V, V)``.

    ``answers`` ``(K, U)``: coders by units, nan where missing. A unit with m >= 2 answers gives
    each ordered pair of them 1 / (m - 1); a unit with one is left out.
    """
    answers = np.asarray(answers, dtype=np.float64)
    known = np.isfinite(answers)
    values = np.unique(answers[known])
    counts = (answers[:, :, None] == values).sum(axis=0).astype(np.float64)  # (U, V)
    m = counts.sum(axis=1)
    counts, m = counts[m >= 2], m[m >= 2]
    # c (k - [c = k]) pairs of values c and k within a unit, shared by m - 1.
    weighted = counts / (m - 1)[:, None] if len(m) else counts
    matrix: FloatArray = weighted.T @ counts - np.diag(weighted.sum(axis=0))
    used = matrix.sum(axis=1) > 0
    return values[used], matrix[np.ix_(used, used)]


def distances(values: FloatArray, totals: FloatArray, level: Level) -> FloatArray:
    """Squared differences ``(V, V)`` at a level of measurement (Krippendorff 2004, p. 232).

    ``totals`` ``(V,)`` is how often each value occurs, which ordinal differences depend on.
    """
    one, other = values[:, None], values[None, :]
    if level == "nominal":
        return np.asarray(one != other, dtype=np.float64)
    if level == "interval":
        return np.asarray((one - other) ** 2)
    if level == "ratio":
        below = one + other
        share = (one - other) / np.where(below != 0, below, 1.0)
        return np.asarray(share**2)
    # Ordinal: the number of answers between the middles of the two values' ranks.
    middle = np.cumsum(totals) - totals / 2
    return np.asarray((middle[:, None] - middle[None, :]) ** 2)


def disagreement(matrix: FloatArray, distance: FloatArray) -> tuple[float, float]:
    """Observed and expected disagreement of a matrix of coincidences."""
    totals = matrix.sum(axis=1)
    n = totals.sum()
    if n < 2:
        return float("nan"), float("nan")
    observed = float((matrix * distance).sum() / n)
    expected = float(totals @ distance @ totals / (n * (n - 1)))
    return observed, expected


def alpha_of(matrix: FloatArray, distance: FloatArray) -> Value:
    """Alpha from coincidences and distances of one's own, both ``(V, V)``."""
    observed, expected = disagreement(matrix, distance)
    if not np.isfinite(observed):
        return Undefined("no unit was answered by two coders")
    if expected <= 0:
        return Undefined("all answers are the same")
    return value_of(1 - observed / expected, "it cannot be computed from these answers")


def alpha(
    answers: FloatArray, level: Level | Callable[[FloatArray], FloatArray] = "nominal"
) -> Value:
    """Alpha of coders by units ``(K, U)``, nan where missing.

    ``level`` may be a function from values ``(V,)`` to distances ``(V, V)``. Oracles O1 (.743,
    .815, .849, .797), O2 (.691, .811), O3 (.095), O4 (.734), O7 (.800; .8156 with own distances).
    """
    values, matrix = coincidence_matrix(answers)
    distance = level(values) if callable(level) else distances(values, matrix.sum(axis=1), level)
    return alpha_of(matrix, distance)
