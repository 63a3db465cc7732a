"""Fourfold tables by transcript and code: all that two-coder statistics need to know.

Counts are kept per transcript, so that drawing transcripts again is one matrix product: weights
``(R, T)`` times counts ``(T, C * 4)``. A unit that either coder did not look at is in no table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval.statistics.values import BoolArray, FloatArray, IntArray

__all__ = ["CELLS", "PairCounts", "coincidences", "count_cells", "resampled"]

CELLS = ("both", "first_only", "second_only", "neither")
"""Order of the last axis of every table. ``first`` is the reference where one side is."""


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Tables of one pair of coders.

    ``cells`` has shape ``(T, C, 4)``: transcripts, codes, `CELLS`; units are counted.
    """

    first: str
    second: str
    transcripts: tuple[str, ...]
    codes: tuple[str, ...]
    cells: IntArray

    def __post_init__(self) -> None:
        expected = (len(self.transcripts), len(self.codes), len(CELLS))
        if self.cells.shape != expected:
            raise ValueError(f"cells have shape {self.cells.shape}, expected {expected}")

    @property
    def by_code(self) -> IntArray:
        """``(C, 4)``: all transcripts together."""
        summed: IntArray = self.cells.sum(axis=0)
        return summed

    @property
    def pooled(self) -> IntArray:
        """``(4,)``: all transcripts and codes together, one cell a unit and code."""
        summed: IntArray = self.cells.sum(axis=(0, 1))
        return summed


def count_cells(
    first: BoolArray,
    second: BoolArray,
    scope: BoolArray | None,
    transcript: IntArray,
    transcripts: int,
) -> IntArray:
    """Tables ``(T, C, 4)`` from two matrices ``(U, C)`` of units by codes.

    ``scope`` ``(U, C)`` is True where both coders looked (None: everywhere). ``transcript``
    ``(U,)`` is each unit's transcript, from 0 to ``transcripts - 1``.
    """
    if first.shape != second.shape or first.ndim != 2:
        raise ValueError(f"matrices of shape {first.shape} and {second.shape} cannot be compared")
    units, codes = first.shape
    if transcript.shape != (units,):
        raise ValueError(f"{units} units, but transcripts for {transcript.shape}")
    cell = 3 - (2 * first.astype(np.int64) + second)
    place = transcript.astype(np.int64)[:, None] * (codes * 4) + np.arange(codes) * 4 + cell
    chosen = place.ravel() if scope is None else place[scope]
    counted = np.bincount(chosen, minlength=transcripts * codes * 4)
    return counted.reshape(transcripts, codes, 4).astype(np.int64)


def coincidences(
    positive: BoolArray, scope: BoolArray, transcript: IntArray, transcripts: int
) -> FloatArray:
    """Coincidences of yes and no by any number of coders, ``(T, C, 3)``: yes-yes, yes-no, no-no.

    ``positive`` and ``scope`` have shape ``(K, U, C)``. A unit that m >= 2 coders looked at, y of
    them saying yes, gives y(y-1)/(m-1), y(m-y)/(m-1) and (m-y)(m-y-1)/(m-1) ordered pairs, so that
    every value counts once (Krippendorff 2004, Content Analysis, 2nd ed., p. 231). Yes-no is one
    of the two mirrored cells. Units of one value pair with nothing and are left out.
    """
    if positive.shape != scope.shape or positive.ndim != 3:
        raise ValueError(f"positive {positive.shape} and scope {scope.shape} do not fit")
    codes = positive.shape[2]
    m = scope.sum(axis=0, dtype=np.int64)
    y = (positive & scope).sum(axis=0, dtype=np.int64)
    pairable = m >= 2
    share = np.where(pairable, 1.0 / np.maximum(m - 1, 1), 0.0)
    no = m - y
    kinds = (y * (y - 1) * share, y * no * share, no * (no - 1) * share)
    place = (transcript.astype(np.int64)[:, None] * codes + np.arange(codes)).ravel()
    size = transcripts * codes
    summed = [np.bincount(place, weights=kind.ravel(), minlength=size) for kind in kinds]
    result: FloatArray = np.stack(summed, axis=-1).astype(np.float64)
    return result.reshape(transcripts, codes, 3)


def resampled(weights: FloatArray, cells: IntArray | FloatArray) -> FloatArray:
    """Weighted sums over transcripts: ``(R, T)`` and ``(T, ...)`` give ``(R, ...)``."""
    flat = cells.reshape(cells.shape[0], -1).astype(np.float64)
    total: FloatArray = (weights @ flat).reshape(weights.shape[0], *cells.shape[1:])
    return total
