from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa  # type: ignore[import-untyped]

from eval.statistics.agreement import measure
from eval.statistics.categories import (
    Weights,
    brennan_prediger_of,
    category_counts,
    cohen,
    conger,
    fleiss,
    gwet,
    gwet_parts,
    weights,
)
from eval.statistics.krippendorff import Level, alpha, alpha_of, coincidence_matrix, disagreement
from eval.statistics.sets import CodeSet, jaccard, masi, masi_difference_first, set_alpha, steps
from eval.statistics.values import Undefined, is_defined
from tests.eval import oracles


@pytest.mark.parametrize(
    ("level", "expected"),
    [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)],
)
def test_o1_alpha(level: Level, expected: float) -> None:
    assert alpha(oracles.O1, level) == pytest.approx(expected, abs=5e-7)


def test_o1_gwets_family() -> None:
    # One unit has a single answer: it counts in AC1's shares (.77544; without it .77515).
    _, counts = category_counts(oracles.O1)
    assert gwet(counts) == pytest.approx(0.77544, abs=5e-6)
    assert gwet(counts[counts.sum(axis=1) > 1]) == pytest.approx(0.77515, abs=5e-6)
    agreed, by_chance = gwet_parts(counts)
    assert agreed == pytest.approx(0.818, abs=5e-4)
    assert by_chance == pytest.approx(0.190, abs=5e-4)
    assert gwet(counts, "quadratic") == pytest.approx(0.914, abs=5e-4)
    assert gwet(counts, "linear") == pytest.approx(0.859, abs=5e-4)
    assert gwet(counts, "ordinal") == pytest.approx(0.899, abs=5e-4)
    assert brennan_prediger_of(counts) == pytest.approx(0.773, abs=5e-4)
    assert fleiss(counts) == pytest.approx(0.761, abs=5e-4)
    # Gwet's copy of the data gives the last unit's only answer to the third coder.
    gwets = oracles.O1.copy()
    gwets[1, 11], gwets[2, 11] = np.nan, 3
    assert conger(gwets) == pytest.approx(0.763, abs=5e-4)


def test_o2_alpha() -> None:
    assert alpha(oracles.O2) == pytest.approx(0.691358, abs=5e-7)
    assert alpha(oracles.O2, "interval") == pytest.approx(0.810845, abs=5e-7)


def test_o3_and_o4_alpha() -> None:
    # O4: 10 of 12 alike (.833); a 3, b 10, c 11 among 24: D_e = 2*(30+33+110)/(24*23) = .6268,
    # alpha = 1 - .1667/.6268 = .734
    answers = np.array(oracles.O3, dtype=float)
    observed, expected = disagreement(coincidence_matrix(answers)[1], 1 - np.eye(2))
    assert observed == pytest.approx(0.400)
    assert expected == pytest.approx(0.442, abs=5e-4)
    assert alpha(answers) == pytest.approx(0.095, abs=5e-4)
    letters = np.array([[float(ord(x)) for x in row] for row in oracles.O4])
    assert (letters[0] == letters[1]).mean() == pytest.approx(0.833, abs=5e-4)
    assert alpha(letters) == pytest.approx(0.734, abs=5e-4)


def test_o6_cohen_1960() -> None:
    first, second = oracles.square(oracles.O6_P45)
    table = np.array(oracles.O6_P45)
    assert cohen(table) == pytest.approx(0.492, abs=5e-4)
    assert gwet(category_counts(np.array([first, second]))[1]) == pytest.approx(0.5760, abs=5e-5)
    page37 = np.array(oracles.O6_P37)
    assert np.trace(page37) / page37.sum() == pytest.approx(0.29)
    both = np.array(oracles.square(oracles.O6_P37))
    assert gwet(category_counts(both)[1]) == pytest.approx(-0.0480, abs=5e-5)


def test_o7_three_categories_and_a_distance_of_ones_own() -> None:
    table = np.array(oracles.O7_THREE)
    both = np.array(oracles.square(oracles.O7_THREE))
    counts = category_counts(both)[1]
    assert np.trace(table) / table.sum() == pytest.approx(0.88)
    assert brennan_prediger_of(counts) == pytest.approx(0.820, abs=5e-4)
    assert fleiss(counts) == pytest.approx(0.799, abs=6e-4)  # .79953, printed without rounding
    assert cohen(table) == pytest.approx(0.801, abs=5e-4)
    assert alpha(both) == pytest.approx(0.800, abs=6e-4)  # .80053
    # Any pair with the third category is half a disagreement.
    own = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.5], [0.5, 0.5, 0.0]])
    assert alpha(both, lambda values: own) == pytest.approx(0.8156, abs=5e-5)
    assert cohen(table, 1 - own) == pytest.approx(0.8163, abs=5e-5)


def test_o8_ordinal() -> None:
    both = np.array(oracles.square(oracles.O8_ORDINAL))
    counts = category_counts(both)[1]
    assert gwet(counts) == pytest.approx(0.58046, abs=5e-6)
    assert gwet(counts, "quadratic") == pytest.approx(0.84028, abs=5e-6)


def test_o15_fleiss() -> None:
    assert fleiss(np.array(oracles.O15_FLEISS, dtype=float)) == pytest.approx(0.2099, abs=5e-5)


@pytest.mark.parametrize(
    ("distance", "observed", "expected", "result", "digits"),
    [
        # The first two are printed without rounding: .40959, .25295.
        (steps, 0.333, 0.409, 0.186, 1e-3),
        (masi_difference_first, 0.253, 0.338, 0.252, 1e-3),
        (masi, None, None, 0.2731, 5e-5),
        (jaccard, None, None, 0.3156, 5e-5),
    ],
)
def test_o9_sets(
    distance: Callable[[CodeSet, CodeSet], float],
    observed: float | None,
    expected: float | None,
    result: float,
    digits: float,
) -> None:
    answers = [[frozenset(pair[i]) for pair in oracles.O9] for i in range(2)]
    assert set_alpha(answers, distance) == pytest.approx(result, abs=digits)
    if observed is not None:
        kinds = sorted({a for row in answers for a in row}, key=sorted)
        coded = np.array([[float(kinds.index(a)) for a in row] for row in answers])
        between = np.array([[distance(a, b) for b in kinds] for a in kinds])
        found = disagreement(coincidence_matrix(coded)[1], between)
        assert found == pytest.approx((observed, expected), abs=1e-3)


def test_o9_single_distances() -> None:
    one, two, other = frozenset("A"), frozenset("AB"), frozenset("BC")
    assert masi_difference_first(one, two) == pytest.approx(1 / 6)
    assert masi(one, two) == pytest.approx(2 / 3)
    assert masi_difference_first(two, other) == pytest.approx(4 / 9)
    assert masi(two, other) == pytest.approx(8 / 9)
    for distance in (steps, masi, masi_difference_first, jaccard):
        assert distance(frozenset(), frozenset()) == 0
        assert distance(two, two) == 0
        assert distance(one, other) == 1


def test_undefined() -> None:
    nothing = np.full((2, 4), np.nan)
    assert alpha(nothing) == Undefined("no unit was answered by two coders")
    assert alpha(np.ones((2, 4))) == Undefined("all answers are the same")
    assert not is_defined(alpha(np.array([[1.0, np.nan], [np.nan, 2.0]])))
    assert not is_defined(fleiss(category_counts(np.ones((2, 4)))[1]))
    assert not is_defined(cohen(np.zeros((2, 2))))
    assert not is_defined(conger(np.array([[1.0, 2.0], [np.nan, np.nan]])))
    assert not is_defined(gwet(np.zeros((0, 1))))
    assert not is_defined(set_alpha([[None], [None]]))
    assert alpha_of(np.zeros((0, 0)), np.zeros((0, 0))) == Undefined(
        "no unit was answered by two coders"
    )


answers = st.lists(st.tuples(*[st.sampled_from([1.0, 2.0, 3.0, np.nan])] * 3), min_size=1)


@pytest.mark.slow
@given(answers, st.permutations(range(3)))
def test_order_of_coders_and_names_of_values(
    rows: list[tuple[float, ...]], order: list[int]
) -> None:
    table = np.array(rows).T
    one, other = alpha(table), alpha(table[list(order)])
    renamed = np.where(table == 1, 7.0, np.where(table == 2, 5.0, table))
    third = alpha(renamed)
    if is_defined(one):
        assert other == pytest.approx(one, abs=1e-9)
        assert third == pytest.approx(one, abs=1e-9)
    else:
        assert one == other == third


@given(st.lists(st.integers(1, 3), min_size=2), st.integers(2, 4))
def test_identical_coders(units: list[int], coders: int) -> None:
    table = np.tile(np.array(units, dtype=float), (coders, 1))
    for level in ("nominal", "ordinal", "interval", "ratio"):
        value = alpha(table, level)
        assert value == 1.0 if len(set(units)) > 1 else not is_defined(value)


@pytest.mark.parametrize("seed", range(8))
def test_against_independent_implementations(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 4, 150)
    second = np.where(rng.random(150) < 0.6, first, rng.integers(0, 4, 150))
    third = np.where(rng.random(150) < 0.5, first, rng.integers(0, 4, 150))
    close: dict[str, Any] = {"rel": 0, "abs": 1e-9}
    table = np.zeros((4, 4))
    np.add.at(table, (first, second), 1)
    kinds: dict[Weights, str | None] = {
        "identity": None,
        "linear": "linear",
        "quadratic": "quadratic",
    }
    for kind, name in kinds.items():
        theirs = cohen_kappa_score(first, second, weights=name)
        assert cohen(table, kind) == pytest.approx(theirs, **close)
    assert cohen(table) == pytest.approx(conger(np.array([first, second], dtype=float)), **close)
    answers = np.array([first, second, third])
    counted, _ = aggregate_raters(answers.T)
    assert fleiss(category_counts(answers.astype(float))[1]) == pytest.approx(
        fleiss_kappa(counted), **close
    )
    # Two values: the same as from fourfold tables.
    yes = np.array([first > 1, second > 1])
    cells = [(yes[0] & yes[1]).sum(), (yes[0] & ~yes[1]).sum()]
    cells += [(~yes[0] & yes[1]).sum(), (~yes[0] & ~yes[1]).sum()]
    counts = category_counts(yes.astype(float))[1]
    assert alpha(yes.astype(float)) == pytest.approx(measure("alpha", cells), **close)
    assert gwet(counts) == pytest.approx(measure("ac1", cells), **close)
    assert fleiss(counts) == pytest.approx(measure("pi", cells), **close)
    assert brennan_prediger_of(counts) == pytest.approx(measure("brennan_prediger", cells), **close)


def test_weights() -> None:
    assert weights(3, "linear")[0].tolist() == [1, 0.5, 0]
    assert weights(3, "quadratic")[0].tolist() == [1, 0.75, 0]
    # Between the first and third of three lie 3 pairs of categories, between neighbours 1.
    assert weights(3, "ordinal")[0] == pytest.approx([1, 2 / 3, 0])
