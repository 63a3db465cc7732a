from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score, precision_score, recall_score
from statsmodels.stats.inter_rater import cohens_kappa  # type: ignore[import-untyped]

from eval.statistics.agreement import (
    ALL,
    HEADLINE,
    STATISTICS,
    alpha_from_coincidences,
    measure,
    measure_all,
)
from eval.statistics.categories import category_counts, gwet_parts
from eval.statistics.counts import PairCounts, coincidences, count_cells, resampled
from eval.statistics.values import BoolArray, IntArray, Undefined, is_defined
from tests.eval import oracles

tables = st.tuples(*[st.integers(0, 40)] * 4)


def cells(rows: Sequence[Sequence[int]]) -> IntArray:
    """A table with the first coder's yes in the first row."""
    (a, b), (c, d) = rows
    return np.array([a, b, c, d])


def test_counts_by_transcript_code_and_scope() -> None:
    first = np.array([[1, 0], [1, 1], [0, 0], [0, 1]], dtype=bool)
    second = np.array([[1, 0], [0, 1], [1, 0], [0, 0]], dtype=bool)
    scope = np.ones((4, 2), dtype=bool)
    scope[3, 1] = False  # one coder did not look for the second code in the last unit
    counted = count_cells(first, second, scope, np.array([0, 0, 1, 1]), 3)
    assert counted.tolist() == [
        [[1, 1, 0, 0], [1, 0, 0, 1]],
        [[0, 0, 1, 1], [0, 0, 0, 1]],
        [[0, 0, 0, 0], [0, 0, 0, 0]],  # a transcript without units
    ]
    assert np.array_equal(
        count_cells(first, second, None, np.array([0, 0, 1, 1]), 3)[1, 1], [0, 1, 0, 1]
    )
    pair = PairCounts("Ann", "Ben", ("t1", "t2", "t3"), ("a", "b"), counted)
    assert pair.by_code.tolist() == [[1, 1, 1, 1], [1, 0, 0, 2]]
    assert pair.pooled.tolist() == [2, 1, 1, 3]
    weights = np.array([[2.0, 0.0, 5.0], [1.0, 1.0, 1.0]])
    assert resampled(weights, counted)[0, 0].tolist() == [2, 2, 0, 0]
    with pytest.raises(ValueError, match="expected"):
        PairCounts("Ann", "Ben", ("t1",), ("a", "b"), counted)


def test_o3_ten_binary_units() -> None:
    # 1 yes-yes, 1 yes-no, 3 no-yes, 5 no-no. Observed disagreement 4/10. 6 yes and 14 no among 20
    # values: expected 2 * 6 * 14 / (20 * 19) = .442; alpha = 1 - .400/.442 = .095.
    first, second = oracles.O3
    table = count_cells(first[:, None], second[:, None], None, np.zeros(10, int), 1)[0, 0]
    assert table.tolist() == [1, 1, 3, 5]
    assert measure("agreement", table) == pytest.approx(0.60)
    assert measure("alpha", table) == pytest.approx(0.095, abs=5e-4)


def test_o7_artstein_and_poesio() -> None:
    # p_o = .7. S: (.7 - .5)/.5. pi: p_e = .35^2 + .65^2 = .545, (.7 - .545)/.455 = .341.
    # kappa: p_e = .3*.4 + .7*.6 = .54, .16/.46 = .348.
    table = cells(oracles.O7)
    assert measure("agreement", table) == pytest.approx(0.70)
    assert measure("brennan_prediger", table) == pytest.approx(0.400)
    assert measure("pi", table) == pytest.approx(0.341, abs=5e-4)
    assert measure("kappa", table) == pytest.approx(0.348, abs=5e-4)
    # 2*20/(2*20+30) = .571; 2*50/(2*50+30) = .769
    assert measure("positive_agreement", table) == pytest.approx(0.571, abs=5e-4)
    assert measure("negative_agreement", table) == pytest.approx(0.769, abs=5e-4)


def test_o8_prevalence_paradox() -> None:
    table = cells(oracles.O8)
    assert measure("kappa", table) == pytest.approx(0.31444, abs=5e-6)
    assert measure("pi", table) == pytest.approx(0.31429, abs=5e-6)
    assert measure("brennan_prediger", table) == pytest.approx(0.700)
    # q = (87 + 88)/200 = .875, p_e = 2 * .875 * .125 = .21875, (.85 - .21875)/.78125 = .808
    assert measure("ac1", table) == pytest.approx(0.808, abs=5e-4)
    counts = category_counts(np.array(oracles.square(oracles.O8)))[1]
    assert gwet_parts(counts) == pytest.approx((0.85, 0.21875), abs=1e-12)
    hand = cells(oracles.O8_HAND)
    assert measure("ac1", hand) == pytest.approx(0.8658, abs=5e-5)
    assert measure("pi", hand) == pytest.approx(0.6078, abs=5e-5)


def test_o15_share_of_characters() -> None:
    # (800 + 50)/1000 = 85%; F1 = 100/(100 + 150) = .40
    assert measure("agreement", oracles.O15_CHARACTERS) == pytest.approx(0.85)
    assert measure("kappa", oracles.O15_CHARACTERS) == pytest.approx(0.3143, abs=5e-5)
    assert measure("f1", oracles.O15_CHARACTERS) == pytest.approx(0.40)


def test_kappa_tends_to_f1_as_blank_units_grow() -> None:
    # Hripcsak & Rothschild 2005: 50 hits, 50 misses each way.
    kappas = [measure("kappa", (50, 50, 50, d)) for d in (50, 850, 9850)]
    assert kappas == pytest.approx([0.0, 0.4444, 0.4949], abs=5e-5)
    assert {measure("f1", (50, 50, 50, d)) for d in (50, 850, 9850)} == {0.5}


def test_bias_and_prevalence() -> None:
    table = (10, 5, 15, 70)
    assert measure("prevalence", table) == pytest.approx(0.20)  # (15 + 25) / 200
    assert measure("prevalence_index", table) == pytest.approx(-0.60)
    assert measure("bias_index", table) == pytest.approx(0.10)  # the second says yes more
    assert measure("over_coding", table) == pytest.approx(25 / 15)
    assert measure("precision", table) == pytest.approx(0.4)
    assert measure("recall", table) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("table", "key", "words"),
    [
        ((0, 0, 0, 0), "agreement", "no unit"),
        ((0, 0, 0, 0), "ac1", "no unit"),
        ((0, 0, 0, 9), "kappa", "neither coder used"),
        ((0, 0, 0, 9), "alpha", "neither coder used"),
        ((0, 0, 0, 9), "pi", "neither coder used"),
        ((0, 0, 0, 9), "f1", "neither coder used"),
        ((9, 0, 0, 0), "kappa", "both coders used this code on every"),
        ((9, 0, 0, 0), "negative_agreement", "both coders used this code on every"),
        ((0, 0, 3, 9), "recall", "the reference never"),
        ((0, 0, 3, 9), "over_coding", "the reference never"),
        ((0, 3, 0, 9), "precision", "the other coder never"),
    ],
)
def test_undefined_has_a_reason(table: tuple[int, int, int, int], key: str, words: str) -> None:
    value = measure(key, table)
    assert isinstance(value, Undefined)
    assert words in value.reason


def test_agreeing_on_nothing_is_perfect_for_percent_and_ac1_only() -> None:
    measured = measure_all((0, 0, 0, 9), ALL)
    assert measured["agreement"] == measured["ac1"] == 1.0
    assert not is_defined(measured["kappa"])
    assert set(measure_all((1, 2, 3, 4))) == set(HEADLINE)


@given(tables)
def test_order_of_coders(table: tuple[int, int, int, int]) -> None:
    a, b, c, d = table
    for statistic in STATISTICS.values():
        if statistic.symmetric:
            assert measure(statistic.key, (a, c, b, d)) == measure(statistic.key, table)


@given(tables)
def test_in_range_or_undefined_and_doubling_changes_nothing(
    table: tuple[int, int, int, int],
) -> None:
    double = tuple(2 * cell for cell in table)
    for statistic in STATISTICS.values():
        value = measure(statistic.key, table)
        if not is_defined(value):
            assert value.reason != "it cannot be computed from these counts"
            continue
        assert statistic.lowest - 1e-12 <= value <= statistic.highest + 1e-12
        # alpha corrects for a small sample, so that it moves a little (n - 1)
        if statistic.key != "alpha":
            assert measure(statistic.key, double) == pytest.approx(value, abs=1e-12)


@given(tables)
def test_yes_and_no_exchanged(table: tuple[int, int, int, int]) -> None:
    a, b, c, d = table
    for key in ("agreement", "kappa", "pi", "alpha", "ac1", "brennan_prediger"):
        one, other = measure(key, table), measure(key, (d, c, b, a))
        if is_defined(one):
            assert other == pytest.approx(one, abs=1e-12)
        else:
            assert not is_defined(other)


@given(st.integers(1, 30), st.integers(1, 30))
def test_identical_coders_agree_perfectly(yes: int, no: int) -> None:
    perfect = ("agreement", "kappa", "pi", "alpha", "ac1", "f1", "precision", "recall")
    for key in perfect:
        assert measure(key, (yes, 0, 0, no)) == 1.0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_against_independent_implementations(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rate = rng.uniform(0.05, 0.9)
    first = rng.random((200, 3)) < rate
    second = np.where(rng.random((200, 3)) < 0.7, first, rng.random((200, 3)) < rate)
    by_code = count_cells(first, second, None, np.zeros(200, int), 1)[0]
    for code in range(3):
        x, y = first[:, code], second[:, code]
        table = by_code[code]
        close: dict[str, Any] = {"rel": 0, "abs": 1e-9}
        assert measure("kappa", table) == pytest.approx(cohen_kappa_score(x, y), **close)
        a, b, c, d = table
        assert measure("kappa", table) == pytest.approx(
            cohens_kappa(np.array([[a, b], [c, d]])).kappa, **close
        )
        assert measure("f1", table) == pytest.approx(f1_score(x, y), **close)
        assert measure("precision", table) == pytest.approx(precision_score(x, y), **close)
        assert measure("recall", table) == pytest.approx(recall_score(x, y), **close)


@pytest.mark.parametrize("seed", range(5))
def test_coincidences_of_two_coders_are_their_tables(seed: int) -> None:
    rng = np.random.default_rng(seed)
    positive = rng.random((2, 60, 2)) < 0.3
    scope = rng.random((2, 60, 2)) < 0.9
    transcript = rng.integers(0, 4, 60)
    pairs = coincidences(positive, scope, transcript, 4)
    both: BoolArray = np.asarray(scope.all(axis=0))
    table = count_cells(positive[0], positive[1], both, transcript, 4)
    assert np.allclose(pairs[..., 0], 2 * table[..., 0])
    assert np.allclose(pairs[..., 1], table[..., 1] + table[..., 2])
    assert np.allclose(pairs[..., 2], 2 * table[..., 3])


def test_alpha_of_three_coders_with_missing_answers_by_hand() -> None:
    # Units (yes of coders): 2/3, 3/3, 0/2, 1/1 (unpaired, left out).
    # yes-yes: 2*1/2 + 3*2/2 + 0 = 4; yes-no: 2*1/2 = 1; no-no: 1*0/2 + 2*1/1 = 2.
    # n = 8, 5 yes, 3 no: alpha = 1 - (8-1) * 1 / (5*3) = .5333
    positive = np.array([[1, 1, 0, 0], [1, 1, 0, 1], [0, 1, 0, 0]], dtype=bool)[:, :, None]
    scope = np.array([[1, 1, 1, 0], [1, 1, 1, 1], [1, 1, 0, 0]], dtype=bool)[:, :, None]
    pairs = coincidences(positive, scope, np.zeros(4, int), 1)
    assert pairs[0, 0].tolist() == [4, 1, 2]
    assert float(alpha_from_coincidences(pairs)[0, 0]) == pytest.approx(1 - 7 / 15)
