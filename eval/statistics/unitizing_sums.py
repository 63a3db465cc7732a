"""The unitizing family for any weights of transcripts, so that it can have intervals.

`unitizing.family_of` in two steps: sums for each transcript, once; coefficients from weighted sums,
for as many weights as an interval needs. With all weights 1 the two are the same, which a test
holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.statistics.unitizing import Unit, add_lengths, check_units
from eval.statistics.values import FloatArray, IntArray

__all__ = ["UnitSums", "binary_alpha", "code_alpha", "common_alpha", "place_alpha", "unit_sums"]


@dataclass(frozen=True, slots=True)
class UnitSums:
    """Lengths by transcript; category 0 is the gap, the others are ``codes`` in order."""

    codes: tuple[str, ...]
    observed: FloatArray
    """``(T, S, S)``"""
    own: FloatArray
    """``(T, S)`` of units with themselves."""
    own_pairable: FloatArray
    """``(T, S)`` the same, where another coder marked something."""
    units: FloatArray
    """``(T, S)`` how many units there are."""

    def of(self, chosen: IntArray) -> UnitSums:
        """Of some transcripts; the same one may come several times."""
        return UnitSums(
            self.codes,
            self.observed[chosen],
            self.own[chosen],
            self.own_pairable[chosen],
            self.units[chosen],
        )


def unit_sums(
    continua: Sequence[Sequence[Sequence[Unit]]], lengths: Sequence[int], codes: Sequence[str]
) -> UnitSums:
    """``continua`` as in `unitizing.family_of`; one with fewer than two coders counts nothing."""
    size = len(codes) + 1
    number = {code: i + 1 for i, code in enumerate(codes)}
    t = len(continua)
    made = UnitSums(
        tuple(codes),
        np.zeros((t, size, size)),
        np.zeros((t, size)),
        np.zeros((t, size)),
        np.zeros((t, size)),
    )
    for i, (coders, length) in enumerate(zip(continua, lengths, strict=True)):
        if len(coders) < 2 or length <= 0:
            continue
        add_lengths(
            check_units(coders, length),
            length,
            number,
            made.observed[i],
            made.own[i],
            made.own_pairable[i],
        )
        for units in coders:
            for unit in units:
                made.units[i, number[unit.code]] += 1
    return made


def _expected(observed: FloatArray, own: FloatArray) -> FloatArray:
    """Marginals' products less units with themselves ``(R, S, S)``, to the same total."""
    total = observed.sum(axis=(1, 2))
    product = observed.sum(axis=2)[:, :, None] * observed.sum(axis=1)[:, None, :]
    diagonal = np.arange(product.shape[1])
    product[:, diagonal, diagonal] -= own
    left = total**2 - own.sum(axis=1)
    share = np.where(left > 0, total / np.where(left > 0, left, 1.0), 0.0)
    expected: FloatArray = product * share[:, None, None]
    return expected


def _off(matrix: FloatArray) -> FloatArray:
    off: FloatArray = matrix.sum(axis=(1, 2)) - np.trace(matrix, axis1=1, axis2=2)
    return off


def _alpha(observed: FloatArray, expected: FloatArray) -> FloatArray:
    by_chance = _off(expected)
    usable = by_chance > 1e-9
    return np.where(usable, 1 - _off(observed) / np.where(usable, by_chance, 1.0), np.nan)


def _weighted(weights: FloatArray, sums: FloatArray) -> FloatArray:
    flat = sums.reshape(sums.shape[0], -1)
    result: FloatArray = (weights @ flat).reshape(weights.shape[0], *sums.shape[1:])
    return result


def place_alpha(weights: FloatArray, sums: UnitSums) -> FloatArray:
    """u-alpha ``(R,)``: where passages are and which code they have. ``weights`` ``(R, T)``."""
    observed = _weighted(weights, sums.observed)
    return _alpha(observed, _expected(observed, _weighted(weights, sums.own)))


def binary_alpha(weights: FloatArray, sums: UnitSums) -> FloatArray:
    """|u-alpha ``(R,)``: where passages are, whatever their code."""
    observed = _weighted(weights, sums.observed)
    expected = _expected(observed, _weighted(weights, sums.own))

    def two(matrix: FloatArray) -> FloatArray:
        return np.stack(
            [
                np.stack([matrix[:, 0, 0], matrix[:, 0, 1:].sum(axis=1)], axis=-1),
                np.stack([matrix[:, 1:, 0].sum(axis=1), matrix[:, 1:, 1:].sum(axis=(1, 2))], -1),
            ],
            axis=1,
        )

    return _alpha(two(observed), two(expected))


def common_alpha(weights: FloatArray, sums: UnitSums) -> FloatArray:
    """cu-alpha ``(R,)``: which code, where two coders marked something."""
    inner, expected = _inner(weights, sums)
    return _alpha(inner, expected)


def code_alpha(weights: FloatArray, sums: UnitSums) -> FloatArray:
    """(k)u-alpha ``(R, C)``: one code against the others, where two coders marked something."""
    inner, expected = _inner(weights, sums)
    seen, by_chance = inner.sum(axis=1), expected.sum(axis=1)
    same = np.diagonal(inner, axis1=1, axis2=2)
    by_luck = np.diagonal(expected, axis1=1, axis2=2)
    share = np.where(by_chance > 0, 1 - by_luck / np.where(by_chance > 0, by_chance, 1.0), 0.0)
    usable = (seen > 0) & (share > 1e-12)
    wrong = (seen - same) / np.where(seen > 0, seen, 1.0)
    return np.where(usable, 1 - wrong / np.where(usable, share, 1.0), np.nan)


def _inner(weights: FloatArray, sums: UnitSums) -> tuple[FloatArray, FloatArray]:
    inner = _weighted(weights, sums.observed[:, 1:, 1:])
    return inner, _expected(inner, _weighted(weights, sums.own_pairable[:, 1:]))
