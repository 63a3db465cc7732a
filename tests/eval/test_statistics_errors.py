"""Standard errors by unit, as papers print them, against what leaving units out gives.

The program prints none of these: passages of one interview resemble each other, so that an error
by passage is too small, often by half. What it prints comes from leaving out whole transcripts.
Here each unit stands for a transcript of its own, and then both must agree.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import stats  # type: ignore[import-untyped]
from statsmodels.stats.inter_rater import cohens_kappa  # type: ignore[import-untyped]

from eval.intervals.resampling import Estimator, Interval, intervals
from eval.statistics.categories import category_counts, cohen, gwet, gwet_parts
from eval.statistics.krippendorff import alpha
from eval.statistics.values import FloatArray, Value, is_defined
from tests.eval import oracles


def kappa_error(table: ArrayLike) -> float:
    """Fleiss, Cohen & Everitt 1969, Psychol. Bull. 72, 323-327, eq. 13, for any table."""
    p = np.asarray(table, dtype=float) / np.sum(table)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    agreed, chance = np.trace(p), float(rows @ columns)
    kappa = (agreed - chance) / (1 - chance)
    total = sum(
        p[i, i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in range(len(p))
    ) + (1 - kappa) ** 2 * sum(
        p[i, j] * (columns[i] + rows[j]) ** 2
        for i in range(len(p))
        for j in range(len(p))
        if i != j
    )
    left = total - (kappa - chance * (1 - kappa)) ** 2
    return float(np.sqrt(left / np.sum(table)) / (1 - chance))


def ac1_error(counts: FloatArray) -> float:
    """Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., ch. 5: from each unit's share."""
    r, n = counts.sum(axis=1), len(counts)
    several = r >= 2
    agreed, chance = gwet_parts(counts)
    value = (agreed - chance) / (1 - chance)
    share = (counts / r[:, None]).mean(axis=0)
    pairs = (counts * (counts - 1)).sum(axis=1) / np.where(several, r * (r - 1), 1)
    own = n / several.sum() * (pairs - chance) * several / (1 - chance)
    by_chance = (counts / r[:, None] * (1 - share)).sum(axis=1) / (counts.shape[1] - 1)
    each = own - 2 * (1 - value) * (by_chance - chance) / (1 - chance)
    return float(np.sqrt(((each - value) ** 2).sum() / (n * (n - 1))))


def alpha_error(counts: FloatArray) -> float:
    """The same for nominal alpha, of units with two answers or more; Gwet 2014, ch. 5."""
    counts = counts[counts.sum(axis=1) >= 2]
    r, n = counts.sum(axis=1), len(counts)
    mean = r.mean()
    share = counts.sum(axis=0) / (n * mean)
    pairs = (counts * (counts - 1)).sum(axis=1) / (mean * (r - 1))
    agreed, chance = pairs.mean(), float(share @ share)
    value = (agreed - chance) / (1 - chance)
    longer = (r - mean) / mean
    own = (pairs - agreed * longer - chance) / (1 - chance)
    by_chance = counts @ share / mean - chance * longer
    each = own - 2 * (1 - value) * (by_chance - chance) / (1 - chance)
    return float(np.sqrt(((each - value) ** 2).sum() / (n * (n - 1))))


def left_out(compute: Callable[[FloatArray], Value], units: int) -> Interval:
    """The program's standard error where every unit is a transcript."""
    return intervals(
        Estimator(
            lambda weights: np.array([compute(w) for w in weights]),
            np.ones(units),
            np.ones(units),
            -1.0,
            1.0,
        )
    ).at(())


def kappa_left_out(table: list[list[int]]) -> Interval:
    first, second = (answers.astype(int) for answers in oracles.square(table))
    one = np.zeros((len(first), len(table), len(table)))
    one[np.arange(len(first)), first, second] = 1
    return left_out(lambda w: cohen(np.tensordot(w, one, axes=1)), len(first))


def test_o6_kappas_error_and_interval() -> None:
    table = oracles.O6_P45
    error = kappa_error(table)
    assert error == pytest.approx(0.051, abs=5e-4)
    assert error == pytest.approx(cohens_kappa(np.array(table)).std_kappa, abs=1e-9)
    kappa = cohen(np.array(table))
    reach = stats.norm.ppf(0.975) * error
    # Printed .392, from figures that were rounded before; unrounded it is .3916.
    assert (kappa - reach, kappa + reach) == pytest.approx((0.392, 0.592), abs=6e-4)
    found = kappa_left_out(table)
    assert found.se == pytest.approx(error, rel=0.01)
    # Made on another scale, so that the ends lie a little lower.
    assert (found.low, found.high) == pytest.approx((0.392, 0.592), abs=0.01)


def test_o1_errors_of_ac1_and_alpha() -> None:
    counts = category_counts(oracles.O1)[1]
    error = ac1_error(counts)
    value = gwet(counts)
    assert error == pytest.approx(0.143, abs=5e-4)
    reach = stats.t.ppf(0.975, len(counts) - 1) * error
    assert value - reach == pytest.approx(0.461, abs=5e-4)
    assert min(value + reach, 1) == 1
    # Printed .146; by the formula .14548.
    assert alpha_error(counts) == pytest.approx(0.146, abs=6e-4)
    found = left_out(lambda w: alpha(oracles.O1[:, w > 0]), oracles.O1.shape[1])
    assert found.se == pytest.approx(0.146, abs=2e-3)


@pytest.mark.parametrize("seed", range(3))
def test_leaving_units_out_gives_the_errors_of_the_formulas(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, 150)
    answers = np.where(rng.random((3, 150)) < 0.7, truth, rng.integers(0, 3, (3, 150)))
    answers = np.where(rng.random(answers.shape) < 0.15, np.nan, answers)
    answers = answers[:, np.isfinite(answers).any(axis=0)]
    counts = category_counts(answers)[1]
    for compute, error in (
        (lambda w: gwet(counts[w > 0]), ac1_error(counts)),
        (lambda w: alpha(answers[:, w > 0]), alpha_error(counts)),
    ):
        found = left_out(compute, answers.shape[1])
        assert is_defined(found.se)
        assert found.se == pytest.approx(error, rel=0.02)
