"""Agreement on borders alone: boundary similarity.

Fournier 2013, Evaluating text segmentation using boundary edit distance, Proc. ACL, 1702-1712. A
diagnostic: it asks whether two coders cut a text at the same places, not what they call the parts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from eval.statistics.values import Undefined, Value

__all__ = ["boundaries_of", "boundary_similarity"]

NO_BORDER = "neither coder set a border"


def boundaries_of(masses: Sequence[int]) -> frozenset[int]:
    """Places of the borders between parts of these lengths; both ends of the text are none."""
    return frozenset(np.cumsum(masses)[:-1].tolist())


def boundary_similarity(
    first: frozenset[int] | set[int], second: frozenset[int] | set[int], *, near: int = 2
) -> Value:
    """1 - (missed + moved by distance / near) / (missed + moved + same). Oracle O14.

    A border less than ``near`` units from one of the other's counts as moved, each border once and
    so that the sum is smallest. Units are whatever places count: segments, words, characters.
    """
    same = first & second
    one, other = sorted(first - same), sorted(second - same)
    moved, distance = 0, 0.0
    if one and other:
        apart = np.abs(np.subtract.outer(np.array(one), np.array(other))).astype(np.float64)
        close = apart < near
        # What a move saves against two borders without a partner.
        rows, columns = linear_sum_assignment(np.where(close, 2 - apart / near, 0.0), maximize=True)
        chosen = [(i, j) for i, j in zip(rows, columns, strict=True) if close[i, j]]
        moved = len(chosen)
        distance = float(sum(apart[i, j] for i, j in chosen)) / near
    missed = len(one) + len(other) - 2 * moved
    total = missed + moved + len(same)
    if not total:
        return Undefined(NO_BORDER)
    return 1 - (missed + distance) / total
