"""Agreement on where passages begin and end: unitizing alpha and its family.

Two definitions are here, and named apart:

- `alpha_2004`: squared differences of ends, one category at a time. Krippendorff 1995, On the
  reliability of unitizing continuous data, Sociol. Methodol. 25, 47-76; Krippendorff 2004, Content
  Analysis, 2nd ed., pp. 251-256.
- `family`: coincidences in lengths of intersections. Krippendorff, Mathet, Bouvry & Widlöcher
  2016, On the reliability of unitizing textual continua: further developments, Qual. Quant. 50,
  2347-2364; Krippendorff 2019, Content Analysis, 4th ed., ch. 12.6: u-alpha (place and code
  together), |u-alpha (place only), cu-alpha (code where both marked), (k)u-alpha (one code).

Cost goes with the number of units, never with characters. One coder's units of a code must
not overlap, and for `family` no units of a coder at all: there, for passages with several codes,
take one code at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.statistics.values import FloatArray, IntArray, Undefined, Value

__all__ = [
    "Family",
    "Unit",
    "Unitizing2004",
    "add_lengths",
    "alpha_2004",
    "check_units",
    "family",
    "family_of",
    "merge_units",
]

NOTHING = "nobody marked anything"
NO_OVERLAP = "no two coders marked a common passage"
ONE_KIND = "there is only one kind of passage, so that nothing can differ"
ONE_CODER = "there is only one coder"


@dataclass(frozen=True, slots=True)
class Unit:
    """A marked passage ``[start, end)``."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Unitizing2004:
    """Disagreements and alpha by code, and over all codes."""

    observed: dict[str, float]
    expected: dict[str, float]
    codes: dict[str, Value]
    overall: Value


@dataclass(frozen=True, slots=True)
class Family:
    """Coefficients of one or more continua."""

    u: Value
    """u-alpha: where passages are and which code they have."""
    binary: Value
    """|u-alpha: where passages are, whatever their code."""
    cu: Value
    """cu-alpha: which code, where two coders marked something."""
    codes: dict[str, Value]
    """(k)u-alpha: one code against the others, where two coders marked something."""


def merge_units(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Units of one code that overlap or touch become one, in order."""
    merged: list[Unit] = []
    for unit in sorted(units, key=lambda unit: (unit.code, unit.start, unit.end)):
        if merged and merged[-1].code == unit.code and unit.start <= merged[-1].end:
            last = merged.pop()
            unit = Unit(last.start, max(last.end, unit.end), unit.code)
        merged.append(unit)
    return tuple(sorted(merged, key=lambda unit: (unit.start, unit.end, unit.code)))


def check_units(
    coders: Sequence[Sequence[Unit]], length: int, *, by_code: bool = False
) -> list[list[Unit]]:
    """In order; ValueError where units overlap or lie outside. ``by_code``: codes may overlap."""
    ordered = [sorted(units, key=lambda unit: (unit.start, unit.end)) for units in coders]
    for number, units in enumerate(ordered):
        for unit in units:
            if not 0 <= unit.start <= unit.end <= length:
                raise ValueError(f"unit {unit.start}-{unit.end} is not within 0-{length}")
        last: dict[str, Unit] = {}
        for other in units:
            one = last.get(other.code if by_code else "")
            last[other.code if by_code else ""] = other
            if one is not None and other.start < one.end:
                raise ValueError(
                    f"coder {number} has overlapping units {one.start}-{one.end} and "
                    f"{other.start}-{other.end}"
                )
    return ordered


# Squared differences of ends, 2004


def alpha_2004(coders: Sequence[Sequence[Unit]], length: int) -> Unitizing2004:
    """u-alpha of 1995 and 2004 for coders' units on a continuum ``[0, length)``.

    Oracles O10 (.7286, 1.000, .859), O11, O12. Where only units without length exist alpha is 0.
    """
    ordered = check_units(coders, length, by_code=True)
    if len(ordered) < 2:
        return Unitizing2004({}, {}, {}, Undefined(ONE_CODER))
    codes = sorted({unit.code for units in ordered for unit in units})
    observed: dict[str, float] = {}
    expected: dict[str, float] = {}
    found: dict[str, Value] = {}
    for code in codes:
        mine = [_ends([unit for unit in units if unit.code == code]) for units in ordered]
        observed[code] = _observed(mine, length)
        expected[code] = _expected(mine, length)
        found[code] = _ratio(observed[code], expected[code])
    if not codes:
        return Unitizing2004({}, {}, {}, Undefined(NOTHING))
    overall = _ratio(sum(observed.values()), sum(expected.values()))
    return Unitizing2004(observed, expected, found, overall)


def _ratio(observed: float, expected: float) -> Value:
    # Only units without length give no expected disagreement: they show no agreement either.
    return 1 - observed / expected if expected > 0 else 0.0


def _ends(units: Sequence[Unit]) -> IntArray:
    return np.array([(u.start, u.end) for u in units], dtype=np.int64).reshape(-1, 2)


def _gaps(units: IntArray, length: int) -> IntArray:
    edges = np.concatenate([[0], units.ravel(), [length]]).reshape(-1, 2)
    return np.asarray(edges[edges[:, 1] > edges[:, 0]])


def _observed(coders: Sequence[IntArray], length: int) -> float:
    total = 0.0
    for i, one in enumerate(coders):
        for j, other in enumerate(coders):
            if i != j:
                total += _between(one, other, length)
    m = len(coders)
    return total / (m * (m - 1) * length**2)


def _between(one: IntArray, other: IntArray, length: int) -> float:
    """Half of the difference of two coders counted both ways: units, and units in gaps."""
    total = 0.0
    for start, end in one.tolist():
        first = int(np.searchsorted(other[:, 1], start, side="right"))
        last = int(np.searchsorted(other[:, 0], end, side="left"))
        hit = other[first:last]
        if len(hit):
            ends = (hit[:, 0] - start) ** 2 + (hit[:, 1] - end) ** 2
            total += float(ends.sum())
        else:
            # The unit lies wholly in a gap of the other: it differs by its whole length, counted
            # as unit against gap and as gap against unit.
            total += 2.0 * (end - start) ** 2
    return total


def _expected(coders: Sequence[IntArray], length: int) -> float:
    m = len(coders)
    spans = [units[:, 1] - units[:, 0] for units in coders]
    lengths = np.concatenate(spans).astype(np.float64)
    gap_spans = []
    for units in coders:
        between = _gaps(units, length)
        gap_spans.append(between[:, 1] - between[:, 0])
    gaps = np.sort(np.concatenate(gap_spans).astype(np.float64))
    # For each unit, the sum over gaps that could hold it of (gap - unit + 1).
    tail = np.concatenate([np.cumsum(gaps[::-1])[::-1], [0.0]])
    first = np.searchsorted(gaps, lengths, side="left")
    places = tail[first] - (len(gaps) - first) * (lengths - 1)
    with_units = (len(lengths) - 1) / 3 * (2 * lengths**3 - 3 * lengths**2 + lengths)
    above = 2 / length * float((with_units + lengths**2 * places).sum())
    below = m * length * (m * length - 1) - float((lengths * (lengths - 1)).sum())
    return above / below if below > 0 else 0.0


# Coincidences in lengths, 2016


def family(coders: Sequence[Sequence[Unit]], length: int) -> Family:
    """The family for one continuum ``[0, length)``; see `family_of` for several."""
    return family_of([coders], [length])


def family_of(continua: Sequence[Sequence[Sequence[Unit]]], lengths: Sequence[int]) -> Family:
    """The family over several continua (transcripts), as if they were one after the other.

    ``continua`` holds for each transcript the units of each coder; every coder coded all of them.
    Units do not run over from one to the next.
    """
    if not continua or min(len(coders) for coders in continua) < 2:
        why = Undefined(ONE_CODER)
        return Family(why, why, why, {})
    found = {u.code for coders in continua for units in coders for u in units}
    codes = sorted(found)
    if not codes:
        nothing = Undefined(NOTHING)
        return Family(nothing, nothing, nothing, {})
    number = {code: i + 1 for i, code in enumerate(codes)}  # 0 is the gap
    size = len(codes) + 1
    observed = np.zeros((size, size))
    own = np.zeros(size)
    own_pairable = np.zeros(size)
    for coders, length in zip(continua, lengths, strict=True):
        add_lengths(check_units(coders, length), length, number, observed, own, own_pairable)
    expected = _expected_lengths(observed, own)
    inner = observed[1:, 1:]
    if inner.sum() > 0:
        inner_expected = _expected_lengths(inner, own_pairable[1:])
        cu = _off_diagonal(inner, inner_expected)
        each = {code: _one(inner, inner_expected, i) for i, code in enumerate(codes)}
    else:
        cu = Undefined(NO_OVERLAP)
        each = dict.fromkeys(codes, cu)
    return Family(
        u=_off_diagonal(observed, expected),
        binary=_off_diagonal(_collapse(observed), _collapse(expected)),
        cu=cu,
        codes=each,
    )


def add_lengths(
    coders: Sequence[Sequence[Unit]],
    length: int,
    number: Mapping[str, int],
    observed: FloatArray,
    own: FloatArray,
    own_pairable: FloatArray,
) -> None:
    """Add one continuum's lengths of intersections and of units with themselves."""
    m = len(coders)
    edges = np.unique([0, length, *(x for us in coders for u in us for x in (u.start, u.end))])
    pieces = np.diff(edges).astype(np.float64)
    code = np.zeros((m, len(pieces)), dtype=np.int64)
    ranges: list[list[tuple[int, int]]] = []
    for i, units in enumerate(coders):
        mine = [
            (int(np.searchsorted(edges, u.start)), int(np.searchsorted(edges, u.end)))
            for u in units
        ]
        for unit, (first, last) in zip(units, mine, strict=True):
            code[i, first:last] = number[unit.code]
        ranges.append(mine)
    for i in range(m):
        for j in range(m):
            if i != j:
                np.add.at(observed, (code[i], code[j]), pieces / (m - 1))
    marks = (code > 0).sum(axis=0)
    for i, units in enumerate(coders):
        # A gap is no unit: each of its points could pair with every other, so that only the
        # point with itself is taken out; a unit pairs as a whole.
        own[0] += pieces[code[i] == 0].sum()
        pairable = np.concatenate([[0.0], np.cumsum(pieces * (marks - (code[i] > 0) > 0))])
        for unit, (first, last) in zip(units, ranges[i], strict=True):
            own[number[unit.code]] += float(unit.end - unit.start) ** 2
            own_pairable[number[unit.code]] += (pairable[last] - pairable[first]) ** 2


def _expected_lengths(observed: FloatArray, own: FloatArray) -> FloatArray:
    """Products of marginals less what units would pair with themselves, to the same total."""
    total = observed.sum()
    product = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    product[np.diag_indices_from(product)] -= own
    left = total**2 - own.sum()
    return np.asarray(product * (total / left if left > 0 else 0.0))


def _collapse(matrix: FloatArray) -> FloatArray:
    """To gap and passage."""
    return np.array(
        [[matrix[0, 0], matrix[0, 1:].sum()], [matrix[1:, 0].sum(), matrix[1:, 1:].sum()]]
    )


def _off_diagonal(observed: FloatArray, expected: FloatArray) -> Value:
    by_chance = float(expected.sum() - np.trace(expected))
    if by_chance <= 0:
        return Undefined(ONE_KIND)
    return 1 - float(observed.sum() - np.trace(observed)) / by_chance


def _one(observed: FloatArray, expected: FloatArray, k: int) -> Value:
    seen, by_chance = observed[:, k].sum(), expected[:, k].sum()
    if seen <= 0:
        return Undefined(NO_OVERLAP)
    share = (by_chance - expected[k, k]) / by_chance if by_chance > 0 else 0.0
    if share <= 0:
        return Undefined(ONE_KIND)
    return 1 - float((seen - observed[k, k]) / seen / share)
