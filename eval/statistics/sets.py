"""Agreement on the whole set of codes of a passage: alpha with a distance between sets.

Two different distances are called MASI; each has its own name here. The distance of two empty
sets is 0 in all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeAlias

import numpy as np

from eval.statistics.krippendorff import alpha_of, coincidence_matrix
from eval.statistics.values import FloatArray, Value

__all__ = ["CodeSet", "jaccard", "masi", "masi_difference_first", "set_alpha", "steps"]

CodeSet: TypeAlias = frozenset[Hashable]


def _jaccard_index(one: CodeSet, other: CodeSet) -> float:
    both = len(one | other)
    return len(one & other) / both if both else 1.0


def _monotonicity(one: CodeSet, other: CodeSet) -> float:
    """1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, else 0."""
    if one == other:
        return 1.0
    if one <= other or other <= one:
        # The empty set is part of every set and shares nothing with it.
        return 2 / 3 if one and other else 0.0
    return 1 / 3 if one & other else 0.0


def jaccard(one: CodeSet, other: CodeSet) -> float:
    """1 - J, with J the shared codes as a share of all. Jaccard 1912, New Phytol. 11, 37-50."""
    return 1 - _jaccard_index(one, other)


def masi(one: CodeSet, other: CodeSet) -> float:
    """1 - J * M: Jaccard times monotonicity, taken from 1.

    Passonneau 2006, Measuring agreement on set-valued items (MASI), LREC. {A} and {A, B}: 2/3.
    """
    return 1 - _jaccard_index(one, other) * _monotonicity(one, other)


def masi_difference_first(one: CodeSet, other: CodeSet) -> float:
    """(1 - J) * (1 - M): each taken from 1 before they are multiplied. {A} and {A, B}: 1/6.

    Passonneau 2004, Computing reliability for coreference annotation, LREC, as DKPro Agreement
    has it; a milder distance than `masi` of the same name elsewhere.
    """
    return (1 - _jaccard_index(one, other)) * steps(one, other)


def steps(one: CodeSet, other: CodeSet) -> float:
    """0 for equal sets, 1/3 where one holds the other, 2/3 where they overlap, 1 where not."""
    if one == other:
        return 0.0
    if one <= other or other <= one:
        return 1 / 3
    return 2 / 3 if one & other else 1.0


def set_alpha(
    answers: Sequence[Sequence[CodeSet | None]],
    distance: Callable[[CodeSet, CodeSet], float] = masi,
) -> Value:
    """Alpha of coders by units, each answer a set of codes; None is missing. Oracle O9.

    The distances are used as they are, not squared.
    """
    known = {answer for coder in answers for answer in coder if answer is not None}
    kinds = sorted(known, key=lambda answer: sorted(map(str, answer)))
    number = {answer: float(i) for i, answer in enumerate(kinds)}
    coded: FloatArray = np.array(
        [[np.nan if a is None else number[a] for a in coder] for coder in answers], dtype=np.float64
    )
    values, matrix = coincidence_matrix(coded)
    used = [kinds[int(value)] for value in values]
    between = np.array([[distance(a, b) for b in used] for a in used], dtype=np.float64)
    return alpha_of(matrix, between.reshape(len(used), len(used)))
