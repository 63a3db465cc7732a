from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.statistics.agreement import measure
from eval.statistics.unitizing import Unit, alpha_2004, family, family_of, merge_units
from eval.statistics.values import BoolArray, FloatArray, Undefined, is_defined
from tests.eval import oracles
from tests.eval.known import known


def units(code: str, *spans: tuple[int, int], shift: int = 0, stretch: int = 1) -> list[Unit]:
    return [Unit((s - shift) * stretch, (s - shift + n) * stretch, code) for s, n in spans]


def test_o10_book_of_2004() -> None:
    # Code c: units 225+70 and 220+80 differ by 5^2 + 5^2 = 50, 370+30 and 355+20 by 15^2 + 25^2 =
    # 850, and 400+20 lies in a gap: 400. (50+850+400) * 2 / (2 * 1 * 300^2) = .0144.
    coders = [
        [unit for code, spans in coder.items() for unit in units(code, *spans, shift=150)]
        for coder in (oracles.O10_I, oracles.O10_J)
    ]
    found = alpha_2004(coders, oracles.O10_LENGTH)
    assert found.observed["c"] == pytest.approx(0.014444, abs=5e-7)
    assert found.expected["c"] == pytest.approx(0.053222, abs=5e-7)
    assert found.codes["c"] == pytest.approx(0.728599, abs=5e-7)
    assert found.codes["k"] == 1.0
    assert found.overall == pytest.approx(0.858665, abs=5e-7)


@pytest.mark.parametrize(("one", "other", "distance"), oracles.O10_DISTANCES)
def test_o10_distances_of_single_units(
    one: list[tuple[int, int]], other: list[tuple[int, int]], distance: float
) -> None:
    # Two coders, counted both ways: D_o = 2 d / (2 * 1 * L^2).
    length = 500
    found = alpha_2004([units("x", *one), units("x", *other)], length)
    assert found.observed["x"] * length**2 == pytest.approx(distance, abs=1e-9)
    swapped = alpha_2004([units("x", *other), units("x", *one)], length)
    assert swapped.observed == found.observed


@pytest.mark.parametrize("name", list(oracles.O11))
def test_o11_article_of_1995(name: str) -> None:
    one, other, plain, fine, printed = oracles.O11[name]
    found = alpha_2004([units("x", *one), units("x", *other)], 24)
    assert found.observed["x"] == pytest.approx(oracles.O11_OBSERVED[name], abs=1e-5)
    assert found.overall == pytest.approx(plain, abs=1e-4)
    k = 50_000
    stretched = [units("x", *one, stretch=k), units("x", *other, stretch=k)]
    assert alpha_2004(stretched, 24 * k).overall == pytest.approx(fine, abs=1e-4)
    assert alpha_2004(stretched, 24 * k).overall == pytest.approx(printed, abs=0.02)


def test_o11_digitised() -> None:
    # Pair A by its 24 points: 6 marked by both, 8 by the first only, 10 by neither.
    one, other, *_ = oracles.O11["A"]
    marks = np.zeros((2, 24), dtype=bool)
    for row, spans in zip(marks, (one, other), strict=True):
        for start, length in spans:
            row[start : start + length] = True
    cells = [(marks[0] & marks[1]).sum(), (marks[0] & ~marks[1]).sum()]
    cells += [(~marks[0] & marks[1]).sum(), (~marks[0] & ~marks[1]).sum()]
    assert cells == [6, 8, 0, 10]
    assert measure("kappa", cells) == pytest.approx(0.385, abs=5e-4)
    assert measure("pi", cells) == pytest.approx(0.314, abs=5e-4)
    assert measure("alpha", cells) == pytest.approx(0.329, abs=5e-4)


def test_o12_degenerate() -> None:
    alone = alpha_2004([units("X", (0, 1)), [], []], 20)
    assert alone.overall == pytest.approx(0.0, abs=1e-12)
    assert alpha_2004([[], [], []], 20).overall == Undefined("nobody marked anything")
    assert alpha_2004([units("X", (3, 0)), units("X", (3, 0))], 20).overall == 0.0
    split = alpha_2004([units("A", (1, 8)), units("A", (2, 1), (4, 1), (6, 1))], 10)
    assert split.observed["A"] == pytest.approx(0.9100)
    assert split.expected["A"] == pytest.approx(0.5351, abs=1e-4)
    assert split.overall == pytest.approx(-0.7003, abs=5e-5)


def test_units_are_checked() -> None:
    for found in (alpha_2004, family):
        with pytest.raises(ValueError, match="overlapping"):
            found([units("a", (0, 5), (3, 4)), []], 20)
        with pytest.raises(ValueError, match="not within"):
            found([units("a", (18, 5)), []], 20)
    with pytest.raises(ValueError, match="overlapping"):
        family([[*units("a", (0, 5)), *units("b", (3, 4))], []], 20)
    assert not is_defined(alpha_2004([units("a", (0, 5))], 20).overall)
    assert not is_defined(family([units("a", (0, 5))], 20).u)


def test_merging() -> None:
    found = merge_units([*units("a", (3, 4), (0, 4), (9, 1)), *units("b", (2, 2))])
    assert found == (Unit(0, 7, "a"), Unit(2, 4, "b"), Unit(9, 10, "a"))


# The family, against the plain way: every character a point.


def plain_family(coders: Sequence[Sequence[Unit]], length: int) -> tuple[float, float, float]:
    codes = sorted({u.code for coder in coders for u in coder})
    m, size = len(coders), len(codes) + 1
    points = np.zeros((m, length), dtype=int)
    for i, coder in enumerate(coders):
        for u in coder:
            points[i, u.start : u.end] = codes.index(u.code) + 1
    observed = np.zeros((size, size))
    for x in range(length):
        for i in range(m):
            for j in range(m):
                if i != j:
                    observed[points[i, x], points[j, x]] += 1 / (m - 1)

    def expected(matrix: FloatArray, own: FloatArray) -> FloatArray:
        total = float(matrix.sum())
        product: FloatArray = np.outer(matrix.sum(1), matrix.sum(0)) - np.diag(own)
        return np.asarray(total * product / (total**2 - sum(own)))

    own, inner_own = np.zeros(size), np.zeros(size)
    own[0] = (points == 0).sum()
    for i, coder in enumerate(coders):
        others: BoolArray = np.asarray((np.delete(points, i, axis=0) > 0).any(axis=0))
        for u in coder:
            own[codes.index(u.code) + 1] += (u.end - u.start) ** 2
            inner_own[codes.index(u.code) + 1] += others[u.start : u.end].sum() ** 2
    by_chance = expected(observed, own)

    def off(matrix: FloatArray) -> float:
        return float(matrix.sum() - np.trace(matrix))

    def gap(matrix: FloatArray) -> FloatArray:
        rows = np.array([matrix[0], matrix[1:].sum(axis=0)])
        return np.stack([rows[:, 0], rows[:, 1:].sum(axis=1)], axis=1)

    inner = observed[1:, 1:]
    inner_chance = expected(inner, inner_own[1:])
    return (
        1 - off(observed) / off(by_chance),
        1 - off(gap(observed)) / off(gap(by_chance)),
        1 - off(inner) / off(inner_chance),
    )


THREE = [
    [*units("a", (0, 10), (30, 8)), *units("b", (15, 10))],
    [*units("a", (2, 9), (31, 4)), *units("b", (16, 6), (36, 4))],
    [*units("a", (0, 8)), *units("b", (20, 9), (31, 5))],
]


@pytest.mark.parametrize("coders", [THREE, THREE[:2], THREE[1:]])
def test_family_against_every_character_by_itself(coders: list[list[Unit]]) -> None:
    found = family(coders, 50)
    assert (found.u, found.binary, found.cu) == pytest.approx(plain_family(coders, 50), abs=1e-12)


def test_family_of_one_code_by_hand() -> None:
    # 0-4 by both, 4-6 by the first only, 6-10 by neither. Lengths: both 8, one 4, none 8, of 20.
    # Marginals 10 and 10. Own pairs: units 6^2 + 4^2 = 52, gaps 4 + 6 = 10. Expected apart:
    # 2 * 10 * 10 * 20 / (400 - 62) = 11.834; alpha = 1 - 4 / 11.834.
    found = family([units("a", (0, 6)), units("a", (0, 4))], 10)
    assert found.u == pytest.approx(1 - 4 * 338 / 4000)
    assert found.binary == found.u
    assert isinstance(found.cu, Undefined)  # one code: where both marked nothing can differ


def test_family_identical_and_empty() -> None:
    same = family([THREE[0], THREE[0]], 50)
    assert same.u == same.binary == same.cu == 1.0
    assert same.codes == {"a": 1.0, "b": 1.0}
    empty = family([THREE[0], []], 50)
    assert known(empty.u) <= 0
    assert known(empty.binary) <= 0
    assert empty.cu == Undefined("no two coders marked a common passage")
    assert family([[], []], 50).u == Undefined("nobody marked anything")


def test_place_only_does_not_see_codes_and_codes_only_not_borders() -> None:
    swap = {"a": "b", "b": "a"}
    renamed = [[Unit(u.start, u.end, swap[u.code]) for u in THREE[0]], THREE[1]]
    assert family(renamed, 50).binary == pytest.approx(family(THREE[:2], 50).binary)
    assert known(family(renamed, 50).cu) < known(family(THREE[:2], 50).cu)
    # Borders that move while every code stays on its passages leave cu-alpha perfect.
    moved = [[*units("a", (1, 9), (30, 6)), *units("b", (16, 8))], THREE[0]]
    found = family(moved, 50)
    assert found.cu == 1.0
    assert known(found.u) < 1.0
    assert known(found.binary) < 1.0


def test_several_transcripts_are_one_continuum() -> None:
    # The same twice, 50 apart: as one text and as two transcripts.
    long = [coder + [Unit(u.start + 50, u.end + 50, u.code) for u in coder] for coder in THREE]
    one, two = family(long, 100), family_of([THREE, THREE], [50, 50])
    assert (one.u, one.binary, one.cu) == pytest.approx((two.u, two.binary, two.cu))
    assert one.codes == pytest.approx(two.codes)


spans = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6), st.sampled_from("ab")), max_size=4)


def laid_out(parts: list[tuple[int, int, str]]) -> list[Unit]:
    found, at = [], 0
    for gap, length, code in parts:
        found.append(Unit(at + gap, at + gap + length, code))
        at += gap + length
    return found


@settings(max_examples=60)
@given(spans, spans, spans)
def test_order_of_coders_and_names_of_codes(
    one: list[tuple[int, int, str]],
    two: list[tuple[int, int, str]],
    three: list[tuple[int, int, str]],
) -> None:
    coders = [laid_out(parts) for parts in (one, two, three)]
    renamed = [[Unit(u.start, u.end, {"a": "y", "b": "x"}[u.code]) for u in c] for c in coders]
    first, second, third = (family(c, 60) for c in (coders, coders[::-1], renamed))
    for name in ("u", "binary", "cu"):
        value = getattr(first, name)
        if is_defined(value):
            assert value <= 1 + 1e-12
            assert getattr(second, name) == pytest.approx(value, abs=1e-9)
            assert getattr(third, name) == pytest.approx(value, abs=1e-9)
        else:
            assert getattr(second, name) == getattr(third, name) == value
    old, new = alpha_2004(coders, 60), alpha_2004(coders[::-1], 60)
    assert old.overall == (pytest.approx(new.overall) if is_defined(new.overall) else new.overall)


def test_cost_goes_with_units_not_with_characters() -> None:
    k = 10**12  # something for each character would fit into no memory
    wide = [[Unit(u.start * k, u.end * k, u.code) for u in coder] for coder in THREE]
    assert is_defined(family(wide, 50 * k).u)
    assert is_defined(alpha_2004(wide, 50 * k).overall)
