"""Passages: characters, one-to-one matching, borders, gamma with its alignment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, jaccard_score

from eval.statistics.boundaries import boundaries_of, boundary_similarity
from eval.statistics.gamma import align, gamma
from eval.statistics.krippendorff import Level, alpha
from eval.statistics.spans import (
    THRESHOLDS,
    character_f1,
    clip,
    compare,
    intersection_over_union,
    matched_f1,
    matches,
    union,
)
from eval.statistics.unitizing import Unit
from eval.statistics.values import IntArray, Undefined, is_defined
from tests.eval import oracles

span = st.tuples(st.integers(0, 80), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1]))
spans = st.lists(span, max_size=8)


@pytest.mark.parametrize(
    ("level", "expected"),
    [("nominal", 0.4765), ("ordinal", 0.7598), ("interval", 0.7574), ("ratio", 0.6621)],
)
def test_o5_five_observers(level: Level, expected: float) -> None:
    assert oracles.O5.shape == (5, 40)
    assert alpha(oracles.O5, level) == pytest.approx(expected, abs=5e-5)


def painted(marked: list[tuple[int, int]]) -> IntArray:
    line = np.zeros(101, dtype=int)
    for start, end in marked:
        line[start:end] = 1
    return line


@pytest.mark.slow
@given(spans, spans)
def test_characters_are_those_of_painted_texts(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    counts = compare(first, second)
    one, other = painted(first), painted(second)
    if one.any() or other.any():
        assert character_f1(counts) == pytest.approx(f1_score(one, other), abs=1e-9)
        assert intersection_over_union(counts) == pytest.approx(jaccard_score(one, other), abs=1e-9)
    else:
        assert np.isnan(character_f1(counts))


@given(spans, spans)
def test_order_of_coders_and_doubling_change_nothing(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    counts, swapped = compare(first, second), compare(second, first)
    far = [(start + 1000, end + 1000) for start, end in first]
    also = [(start + 1000, end + 1000) for start, end in second]
    double = compare(first + far, second + also)
    assert (double == 2 * counts).all()
    for figure in (character_f1, intersection_over_union):
        assert np.array_equal(figure(counts), figure(swapped), equal_nan=True)
        assert np.allclose(figure(counts), figure(double), equal_nan=True)
    for threshold in THRESHOLDS:
        assert np.array_equal(
            matched_f1(counts, threshold), matched_f1(swapped, threshold), equal_nan=True
        )
    if first:
        same = compare(first, first)
        assert character_f1(same) == 1
        assert all(matched_f1(same, threshold) == 1 for threshold in THRESHOLDS)


def test_matching_is_one_to_one_and_the_best() -> None:
    # Greedy matching would give the long one to the first and leave the second without.
    assert matches([(0, 10), (0, 6)], [(0, 9), (0, 30)], 0.2) in (
        [(0, 1), (1, 0)],
        [(0, 0), (1, 1)],
    )
    assert len(matches([(0, 10), (0, 6)], [(0, 9), (0, 30)], 0.3)) == 2
    assert matches([(0, 10)], [(0, 10), (0, 9)], 0.5) == [(0, 0)]
    assert matches([(0, 10)], [(20, 30)], 0.3) == []
    assert union([(5, 9), (0, 5), (20, 20), (30, 31)]) == [(0, 9), (30, 31)]
    assert clip([(0, 10), (40, 50)], [(5, 45)]) == [(5, 10), (40, 45)]


@pytest.mark.parametrize(("one", "other", "expected"), oracles.O14)
def test_o14_boundary_similarity(one: list[int], other: list[int], expected: float) -> None:
    found = boundary_similarity(boundaries_of(one), boundaries_of(other))
    assert found == pytest.approx(expected, abs=5e-5)
    assert boundary_similarity(boundaries_of(other), boundaries_of(one)) == found


def test_borders() -> None:
    assert isinstance(boundary_similarity(set(), set()), Undefined)
    assert boundary_similarity({3, 9}, {3, 9}) == 1
    assert boundary_similarity({3}, {9}) == 0


def units(line: str) -> list[Unit]:
    made = []
    for part in line.split():
        ends, code = part[:-1], part[-1]
        start, end = ends.split("-")
        made.append(Unit(int(start), int(end), code))
    return made


@pytest.mark.parametrize(("coders", "expected"), oracles.O13)
def test_o13_disorder(coders: tuple[str, str], expected: float) -> None:
    first, second = (units(line) for line in coders)
    assert align(first, second).disorder == pytest.approx(expected, abs=5e-7)
    if expected == 0:
        assert gamma(first, second, 100).value == 1


def test_gamma_aligns_and_falls_with_chance() -> None:
    first, second = units("1-5a 20-30b 50-60a"), units("2-6a 21-30c")
    found = gamma(first, second, 100)
    assert set(found.alignment.pairs) == {(0, 0), (1, 1), (2, None)}
    assert is_defined(found.value)
    assert found.value < 1
    assert found == gamma(first, second, 100)
    assert isinstance(gamma([], [], 100).value, Undefined)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 15), st.sampled_from("ab")), max_size=5)
)
def test_gamma_of_identical_passages_is_one(marked: list[tuple[int, int, str]]) -> None:
    one = [Unit(start, start + size, code) for start, size, code in marked]
    found = gamma(one, one, 100, samples=30)
    assert found.observed == 0
    if one:
        assert found.value == 1 or isinstance(found.value, Undefined)


marks = st.lists(
    st.tuples(st.integers(0, 80), st.integers(1, 15), st.sampled_from("ab")), max_size=5
)


@settings(max_examples=40, deadline=None)
@given(marks, marks)
def test_gamma_does_not_know_who_comes_first(
    one: list[tuple[int, int, str]], other: list[tuple[int, int, str]]
) -> None:
    first, second = (
        [Unit(start, start + size, code) for start, size, code in marked] for marked in (one, other)
    )
    found, swapped = gamma(first, second, 100, samples=10), gamma(second, first, 100, samples=10)
    assert swapped.value == found.value
    assert (swapped.observed, swapped.expected) == (found.observed, found.expected)
    assert [(j, i) for i, j in swapped.alignment.pairs] == list(found.alignment.pairs)
    assert align(second, first).disorder == align(first, second).disorder
