"""How well two coders' marked passages agree: in characters, and passage by passage.

One code in one text at a time. Characters are code points of the transcript; overlapping passages
of one coder count once in characters and as two when passages are matched.

Character F1 and intersection over union are those of van Rijsbergen 1979 (Information Retrieval,
2nd ed., ch. 7) and Jaccard 1912 (New Phytol. 11, 37-50) for sets of characters. Matching is one to
one and the best there is (Kuhn 1955, The Hungarian method, Nav. Res. Logist. Q. 2, 83-97): greedy
matching depends on the order. There is no published oracle: tests prove properties.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from eval.statistics.values import FloatArray, IntArray

__all__ = [
    "COUNTS",
    "THRESHOLDS",
    "Span",
    "character_f1",
    "clip",
    "compare",
    "intersection_over_union",
    "matched",
    "matched_f1",
    "matches",
    "union",
]

Span: TypeAlias = tuple[int, int]
THRESHOLDS = (0.3, 0.5, 0.75)
"""Shares of the common extent from which on two passages are the same one."""
COUNTS = ("both", "first", "second", "first_spans", "second_spans", "matched")
"""Last axis of `compare`: characters of both, of each; passages of each; then one for each of
`THRESHOLDS`: matched passages."""


def union(spans: Sequence[Span]) -> list[Span]:
    """Spans that overlap or touch become one; in order."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made


def clip(spans: Sequence[Span], passages: Sequence[Span]) -> list[Span]:
    """What of ``spans`` lies in ``passages`` (which do not overlap); a span may come in parts."""
    return [
        (max(start, first), min(end, last))
        for start, end in spans
        for first, last in passages
        if min(end, last) > max(start, first)
    ]


def _length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)


def _common(first: Sequence[Span], second: Sequence[Span]) -> int:
    """Characters in both of two lists as `union` gives them."""
    total, i, j = 0, 0, 0
    while i < len(first) and j < len(second):
        total += max(0, min(first[i][1], second[j][1]) - max(first[i][0], second[j][0]))
        if first[i][1] <= second[j][1]:
            i += 1
        else:
            j += 1
    return total


def _overlaps(first: Sequence[Span], second: Sequence[Span]) -> FloatArray:
    """Intersection over union of every two passages ``(N, M)``."""
    one = np.asarray(first, dtype=np.float64).reshape(-1, 2)[:, None]
    other = np.asarray(second, dtype=np.float64).reshape(-1, 2)[None]
    common = np.minimum(one[..., 1], other[..., 1]) - np.maximum(one[..., 0], other[..., 0])
    common = np.maximum(common, 0.0)
    extent = (one[..., 1] - one[..., 0]) + (other[..., 1] - other[..., 0]) - common
    shares: FloatArray = common / np.maximum(extent, 1e-12)
    return shares


def matches(
    first: Sequence[Span], second: Sequence[Span], threshold: float = 0.5
) -> list[tuple[int, int]]:
    """Pairs of passages that are the same one: as many as can be, and of these the closest.

    Indices into ``first`` and ``second``; each passage is in one pair at most.
    """
    if not first or not second:
        return []
    shares = _overlaps(first, second)
    same = shares >= threshold
    # One more pair is worth more than any closeness of those there are.
    rows, columns = linear_sum_assignment(
        np.where(same, min(shares.shape) + 1 + shares, 0.0), maximize=True
    )
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if same[i, j]]


def compare(first: Sequence[Span], second: Sequence[Span]) -> IntArray:
    """Counts that add up over texts and codes, ``(5 + len(THRESHOLDS),)``; see `COUNTS`."""
    one, other = union(first), union(second)
    return np.array(
        [
            _common(one, other),
            _length(one),
            _length(other),
            len(first),
            len(second),
            *(len(matches(first, second, threshold)) for threshold in THRESHOLDS),
        ],
        dtype=np.int64,
    )


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    result = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=result, where=below > 0)
    return result


def character_f1(counts: FloatArray | IntArray) -> FloatArray:
    """2 both / (first + second) from counts ``(..., 8)``; nan where nobody marked anything."""
    c = np.asarray(counts, dtype=np.float64)
    return _ratio(2 * c[..., 0], c[..., 1] + c[..., 2])


def intersection_over_union(counts: FloatArray | IntArray) -> FloatArray:
    """both / (first + second - both)."""
    c = np.asarray(counts, dtype=np.float64)
    return _ratio(c[..., 0], c[..., 1] + c[..., 2] - c[..., 0])


def matched_f1(counts: FloatArray | IntArray, threshold: float) -> FloatArray:
    """2 matched / (passages of first + of second), at one of `THRESHOLDS`."""
    c = np.asarray(counts, dtype=np.float64)
    return _ratio(2 * c[..., 5 + THRESHOLDS.index(threshold)], c[..., 3] + c[..., 4])


def matched(counts: FloatArray | IntArray, threshold: float) -> FloatArray:
    """How many passages are matched at one of `THRESHOLDS`."""
    return np.asarray(counts, dtype=np.float64)[..., 5 + THRESHOLDS.index(threshold)]
