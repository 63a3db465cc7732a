"""Gamma for two coders: how well passages agree in place and code, and which belongs to which.

Mathet, Widlöcher & Métivier 2015, The unified and holistic method gamma for inter-annotator
agreement measure and alignment, Comput. Linguist. 41, 437-479. Passages may overlap. The best
alignment is found exactly: with two coders it is an assignment problem. Chance is what is found
between coders' passages that were moved around the text at random, with a seed. Who of the two
comes first makes no difference, to the last digit: both are put in an order of their own first.

For two coders only. With three or more the best alignment is a problem of integer programming over
all combinations of passages; here each pair of coders has a gamma of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from eval.statistics.unitizing import NOTHING, Unit
from eval.statistics.values import FloatArray, Undefined, Value

__all__ = ["Alignment", "Gamma", "align", "gamma"]

ONE_SIDE = "chance gives no disorder, so that nothing can differ from it"


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which passage of one coder goes with which of the other; None: with none."""

    pairs: tuple[tuple[int | None, int | None], ...]
    """Numbers of passages, in no order that means anything."""
    disorder: float
    """Sum over pairs divided by the coders' mean number of passages."""


@dataclass(frozen=True, slots=True)
class Gamma:
    value: Value
    observed: float
    expected: float
    samples: int
    alignment: Alignment


def _costs(
    first: Sequence[Unit], second: Sequence[Unit], place: float, code: float, empty: float
) -> FloatArray:
    """``(N, M)``: alpha * positional + beta * categorical dissimilarity, times delta empty."""
    one = np.array([(u.start, u.end) for u in first], dtype=np.float64).reshape(-1, 1, 2)
    other = np.array([(u.start, u.end) for u in second], dtype=np.float64).reshape(1, -1, 2)
    shift = np.abs(one - other).sum(axis=2)
    extent = (one[..., 1] - one[..., 0]) + (other[..., 1] - other[..., 0])
    apart = (shift / np.maximum(extent, 1e-12)) ** 2
    names = np.array([[a.code != b.code for b in second] for a in first], dtype=np.float64)
    costs: FloatArray = (place * apart + code * names.reshape(apart.shape)) * empty
    return costs


def _swapped(first: Sequence[Unit], second: Sequence[Unit]) -> bool:
    """Whether the two stand in the other order than by the passages themselves."""
    one, other = (sorted((u.start, u.end, u.code) for u in units) for units in (first, second))
    return other < one


def align(
    first: Sequence[Unit],
    second: Sequence[Unit],
    *,
    place: float = 1.0,
    code: float = 1.0,
    empty: float = 1.0,
) -> Alignment:
    """The alignment of least disorder. Oracle O13 (.0625, .708333, 0).

    ``place``, ``code`` and ``empty`` are alpha, beta and delta-empty of the paper: what being
    elsewhere, having another code, and having no counterpart costs.
    """
    if _swapped(first, second):
        other = align(second, first, place=place, code=code, empty=empty)
        return Alignment(tuple((i, j) for j, i in other.pairs), other.disorder)
    n, m = len(first), len(second)
    if not n and not m:
        return Alignment((), 0.0)
    square = np.zeros((n + m, n + m))
    square[:n, :m] = _costs(first, second, place, code, empty)
    square[:n, m:] = square[n:, :m] = empty
    rows, columns = linear_sum_assignment(square)
    pairs = tuple(
        (int(i) if i < n else None, int(j) if j < m else None)
        for i, j in zip(rows, columns, strict=True)
        if i < n or j < m
    )
    return Alignment(pairs, float(square[rows, columns].sum()) / ((n + m) / 2))


def _moved(units: Sequence[Unit], by: int, length: int) -> list[Unit]:
    """Round the text: a passage that begins behind its end begins again at its start."""
    starts = [(unit.start + by) % length for unit in units]
    return [
        Unit(start, start + unit.end - unit.start, unit.code)
        for start, unit in zip(starts, units, strict=True)
    ]


def gamma(
    first: Sequence[Unit],
    second: Sequence[Unit],
    length: int,
    *,
    samples: int = 100,
    seed: int = 20_250_301,
    place: float = 1.0,
    code: float = 1.0,
) -> Gamma:
    """1 - observed / expected disorder; 1 for identical passages, 0 as by chance.

    ``length`` of the text. Each sample takes two coders' passages (drawn anew, the same one may
    come twice) and turns each round the text by a random distance.
    """
    best = align(first, second, place=place, code=code)
    if not first and not second:
        return Gamma(Undefined(NOTHING), 0.0, 0.0, 0, best)
    rng = np.random.default_rng(seed)
    coders = (second, first) if _swapped(first, second) else (first, second)
    found = []
    for _ in range(samples):
        chosen, by = rng.integers(0, 2, 2), rng.integers(0, max(length, 1), 2)
        one, other = (_moved(coders[c], int(b), length) for c, b in zip(chosen, by, strict=True))
        if one or other:
            found.append(align(one, other, place=place, code=code).disorder)
    expected = float(np.mean(found)) if found else 0.0
    value: Value = 1 - best.disorder / expected if expected > 0 else Undefined(ONE_SIDE)
    return Gamma(value, best.disorder, expected, samples, best)
