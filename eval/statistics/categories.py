"""Chance-corrected agreement on categories: more than two values, more than two coders.

All are (p_a - p_e) / (1 - p_e) with agreement p_a weighted between 0 and 1, and differ in chance:
from each coder's shares (Cohen, Conger), from everybody's (Fleiss), from uniform shares
(Brennan-Prediger), or from how mixed the shares are (Gwet). Gwet 2014, Handbook of Inter-Rater
Reliability, 4th ed., ch. 2-5 gives them in this common form with missing answers.
"""

from __future__ import annotations

from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np

from eval.statistics.values import FloatArray, Undefined, Value, value_of

__all__ = [
    "Weights",
    "brennan_prediger_of",
    "category_counts",
    "cohen",
    "conger",
    "fleiss",
    "gwet",
    "gwet_parts",
    "weights",
]

Weights: TypeAlias = Literal["identity", "linear", "quadratic", "ordinal"]
_NOBODY = "no unit was answered by two coders"
_SAME = "all answers are the same, so that agreement by chance is certain"


def weights(count: int, kind: Weights = "identity") -> FloatArray:
    """How much of an agreement two of ``count`` ordered categories are, ``(Q, Q)``."""
    apart = np.abs(np.arange(count)[:, None] - np.arange(count)).astype(np.float64)
    furthest = max(count - 1, 1)
    if kind == "identity":
        return np.eye(count)
    if kind == "linear":
        return np.asarray(1 - apart / furthest)
    if kind == "quadratic":
        return np.asarray(1 - (apart / furthest) ** 2)
    # Ordinal: by the number of pairs among the categories from one to the other.
    return np.asarray(1 - apart * (apart + 1) / (furthest * (furthest + 1)))


def category_counts(answers: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values ``(Q,)`` and how many coders gave each in each unit ``(U, Q)``; nan is missing."""
    answers = np.asarray(answers, dtype=np.float64)
    values = np.unique(answers[np.isfinite(answers)])
    return values, (answers[:, :, None] == values).sum(axis=0).astype(np.float64)


def _agreement(counts: FloatArray, weight: FloatArray) -> float:
    """Mean over units with two answers or more of the agreement of their pairs."""
    r = counts.sum(axis=1)
    use = r >= 2
    if not use.any():
        return float("nan")
    counts, r = counts[use], r[use]
    pairs = (counts * (counts @ weight - 1)).sum(axis=1)
    return float((pairs / (r * (r - 1))).mean())


def _shares(counts: FloatArray) -> FloatArray:
    """Mean over units with any answer of the share of each category."""
    r = counts.sum(axis=1)
    used = counts[r > 0] / r[r > 0][:, None]
    return np.asarray(used.mean(axis=0) if len(used) else np.zeros(counts.shape[1]))


def _corrected(agreement: float, chance: float) -> Value:
    if not np.isfinite(agreement):
        return Undefined(_NOBODY)
    if chance >= 1 - 1e-15:
        return Undefined(_SAME)
    return value_of((agreement - chance) / (1 - chance), "it cannot be computed")


def gwet_parts(
    counts: FloatArray, kind: Weights = "identity", categories: int | None = None
) -> tuple[float, float]:
    """Agreement p_a and agreement by chance p_e, of which `gwet` is made. O1 (.818, .190), O8."""
    weight = weights(counts.shape[1], kind)
    q = categories or counts.shape[1]
    share = _shares(counts)
    chance = weight.sum() / max(q * (q - 1), 1) * (share * (1 - share)).sum()
    return _agreement(counts, weight), float(chance)


def gwet(counts: FloatArray, kind: Weights = "identity", categories: int | None = None) -> Value:
    """Gwet's AC1, or AC2 with weights, from ``(U, Q)`` counts by category.

    Gwet 2008 (see `agreement.gwet_ac1`); weights as in Gwet 2014, ch. 4. A unit with one answer
    counts in the shares of categories. ``categories``: how many there are, if more than were
    used. Oracles O1 (.775; quadratic .914, linear .859, ordinal .899), O6 (.5760, -.0480), O8.
    """
    if (categories or counts.shape[1]) < 2:
        return Undefined("only one category exists")
    return _corrected(*gwet_parts(counts, kind, categories))


def fleiss(counts: FloatArray, kind: Weights = "identity") -> Value:
    """Fleiss' kappa (Scott's pi for any number of coders) from ``(U, Q)`` counts.

    Fleiss 1971, Measuring nominal scale agreement among many raters, Psychol. Bull. 76, 378-382;
    with missing answers as in Gwet 2014. Oracles O1 (.761), O15 (.2099).
    """
    weight = weights(counts.shape[1], kind)
    share = _shares(counts)
    return _corrected(_agreement(counts, weight), float(share @ weight @ share))


def brennan_prediger_of(counts: FloatArray, kind: Weights = "identity") -> Value:
    """Brennan & Prediger 1981, chance as if every category were equally likely. O1 (.773)."""
    q = counts.shape[1]
    if q < 2:
        return Undefined("only one category exists")
    weight = weights(q, kind)
    return _corrected(_agreement(counts, weight), float(weight.sum() / q**2))


def cohen(table: FloatArray, weight: FloatArray | Weights = "identity") -> Value:
    """Cohen's kappa of a square table (first coder in rows), weighted if asked.

    Cohen 1960; weighted: Cohen 1968, Weighted kappa, Psychol. Bull. 70, 213-220. ``weight`` may
    be a matrix of agreements between 0 and 1. Oracles O6 (.492), O7 (.801; weighted .8163).
    """
    table = np.asarray(table, dtype=np.float64)
    n = table.sum()
    if n <= 0:
        return Undefined(_NOBODY)
    w = weights(len(table), weight) if isinstance(weight, str) else weight
    chance = float(table.sum(axis=1) @ w @ table.sum(axis=0) / n**2)
    return _corrected(float((w * table).sum() / n), chance)


def conger(answers: FloatArray) -> Value:
    """Conger's kappa: Cohen's for more than two coders, chance from each coder's own shares.

    Conger 1980, Integration and generalization of kappas for multiple raters, Psychol. Bull. 88,
    322-328, with missing answers as in Gwet 2014: a coder's shares are of the units that the
    coder answered. ``answers`` ``(K, U)``, nan where missing. Oracle O1 (.763).
    """
    answers = np.asarray(answers, dtype=np.float64)
    values, counts = category_counts(answers)
    known = np.isfinite(answers).sum(axis=1)
    each = (answers[:, :, None] == values).sum(axis=1) / np.maximum(known, 1)[:, None]
    pairs = list(combinations(np.flatnonzero(known), 2))
    if not pairs:
        return Undefined(_NOBODY)
    chance = float(np.mean([each[i] @ each[j] for i, j in pairs]))
    return _corrected(_agreement(counts, weights(len(values))), chance)
