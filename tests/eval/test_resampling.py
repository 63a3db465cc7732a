from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from eval.intervals.resampling import (
    ONE_TRANSCRIPT,
    Estimator,
    Method,
    Resampling,
    draw_weights,
    intervals,
    leave_one_out,
)
from eval.intervals.significance import holm, holm_lower, mcnemar_exact, one_sided_p, sign_flip
from eval.statistics.agreement import cohen_kappa, precision
from eval.statistics.counts import resampled
from eval.statistics.values import FloatArray, IntArray, Undefined, is_defined
from tests.eval import oracles

METHODS: tuple[Method, ...] = ("jackknife-t", "percentile", "bca")


def kappa_of(
    cells: ArrayLike,
    statistic: Callable[[FloatArray], FloatArray] = cohen_kappa,
    lowest: float = -1.0,
    highest: float = 1.0,
) -> Estimator:
    cells = np.asarray(cells)
    return Estimator(
        compute=lambda w: statistic(resampled(w, cells)),
        mass=cells[..., :3].sum(axis=-1).astype(float),
        units=cells.sum(axis=-1).astype(float),
        lowest=lowest,
        highest=highest,
    )


def mean_of(values: ArrayLike) -> Estimator:
    """The mean of one number a transcript, as an estimator."""
    values = np.asarray(values, dtype=float)
    ones = np.ones(len(values))
    return Estimator(lambda w: (w @ values) / (w @ ones), ones, ones)


def some_cells(transcripts: int, codes: int = 3, seed: int = 0) -> IntArray:
    rng = np.random.default_rng(seed)
    return rng.multinomial(80, [0.1, 0.05, 0.05, 0.8], size=(transcripts, codes))


def test_the_same_seed_draws_the_same() -> None:
    assert np.array_equal(draw_weights(7, 100, 5), draw_weights(7, 100, 5))
    assert not np.array_equal(draw_weights(7, 100, 5), draw_weights(7, 100, 6))
    assert (draw_weights(7, 100, 5).sum(axis=1) == 7).all()
    assert leave_one_out(3).tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]


def test_jackknife_of_a_mean_is_student_t() -> None:
    # The jackknife standard error of a mean is s / sqrt(n); t(4, .975) = 2.776.
    values = [1.0, 2.0, 4.0, 5.0, 8.0]
    found = intervals(mean_of(values)).at()
    se = np.std(values, ddof=1) / np.sqrt(5)
    assert found.estimate == pytest.approx(4.0)
    assert found.se == pytest.approx(se)
    assert found.df == pytest.approx(4.0)
    assert found.low == pytest.approx(4.0 - 2.776445 * se)
    assert found.high == pytest.approx(4.0 + 2.776445 * se)


@pytest.mark.parametrize("method", METHODS)
def test_interval_holds_the_estimate_and_stays_in_range(method: Method) -> None:
    settings = Resampling(method=method, resamples=400)
    found = intervals(kappa_of(some_cells(8)), settings)
    assert found.estimate.shape == (3,)
    assert (found.low <= found.estimate).all()
    assert (found.estimate <= found.high).all()
    assert (found.low >= -1).all()
    assert (found.high <= 1).all()
    wider = intervals(kappa_of(some_cells(8)), Resampling(method=method, level=0.99))
    assert (wider.high - wider.low > found.high - found.low).all()


@pytest.mark.parametrize("method", METHODS)
def test_more_transcripts_narrow_the_interval(method: Method) -> None:
    settings = Resampling(method=method, resamples=400)
    few = intervals(kappa_of(some_cells(6)), settings)
    many = intervals(kappa_of(some_cells(60)), settings)
    assert ((many.high - many.low) < (few.high - few.low)).all()


@pytest.mark.parametrize("method", METHODS)
def test_one_transcript_gives_no_interval(method: Method) -> None:
    found = intervals(kappa_of(some_cells(1)), Resampling(method=method)).at(0)
    assert is_defined(found.estimate)
    assert found.low == found.high == Undefined(ONE_TRANSCRIPT)
    assert found.transcripts == 1


def test_undefined_estimate_keeps_its_reason() -> None:
    nothing = np.zeros((5, 1, 4), dtype=int)
    nothing[..., 3] = 20
    found = intervals(kappa_of(nothing)).at(0, "neither coder used this code")
    assert found.estimate == found.low == Undefined("neither coder used this code")
    assert found.json()["estimate"] == {"undefined": "neither coder used this code"}


def test_a_code_in_one_transcript_only_has_no_interval() -> None:
    cells = np.zeros((6, 1, 4), dtype=int)
    cells[..., 3] = 20
    cells[2, 0] = (5, 1, 1, 20)
    found = intervals(kappa_of(cells)).at(0)
    assert is_defined(found.estimate)
    assert isinstance(found.low, Undefined)
    assert "single transcript" in found.low.reason


def test_a_transcript_out_of_scope_does_not_count() -> None:
    cells = some_cells(6)
    more = np.concatenate([cells, np.zeros((4, 3, 4), dtype=int)])
    one, other = intervals(kappa_of(cells)), intervals(kappa_of(more))
    assert np.allclose(one.low, other.low)
    assert np.allclose(one.high, other.high)
    assert other.transcripts.tolist() == [6, 6, 6]


def test_ten_hits_in_ten_are_not_certainty() -> None:
    # 2 hits in each of 5 transcripts: design effect 1 + (2-1)*.2 = 1.2, 8.33 effective units,
    # exact lower end .025^(1/8.33) = .6423.
    cells = np.zeros((5, 1, 4), dtype=int)
    cells[..., 0], cells[..., 3] = 2, 30
    found = intervals(kappa_of(cells, precision, 0.0, 1.0)).at(0)
    assert found.estimate == found.high == 1.0
    assert found.low == pytest.approx(0.025 ** (1.2 / 10))


def test_a_code_that_stands_in_two_interviews_is_known_from_two() -> None:
    even = np.tile(np.array([4, 2, 2, 60]), (8, 1, 1))
    even[::2, 0, 0] += 1
    uneven = np.tile(np.array([0, 1, 0, 60]), (8, 1, 1))
    uneven[:2, 0] = (16, 6, 8, 40)
    assert intervals(kappa_of(even)).df[0] > 6
    assert intervals(kappa_of(uneven)).df[0] < 2


@pytest.mark.slow
@given(st.permutations(range(6)))
def test_order_of_transcripts_does_not_matter(order: list[int]) -> None:
    cells = some_cells(6)
    one, other = intervals(kappa_of(cells)), intervals(kappa_of(cells[list(order)]))
    assert np.allclose(one.low, other.low)
    assert np.allclose(one.high, other.high)


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match="level"):
        Resampling(level=1.0)
    with pytest.raises(ValueError, match="resamples"):
        Resampling(resamples=20)


def test_sign_flip_cannot_go_below_two_in_two_to_the_n() -> None:
    # The second run is better in each of 6 transcripts: p = 2/64.
    first = np.tile(np.array([5, 5, 5, 60]), (6, 1, 1))
    second = np.tile(np.array([9, 1, 1, 64]), (6, 1, 1))
    found = sign_flip(first, second, cohen_kappa)
    assert found.exact
    assert found.swaps == 64
    assert found.p[0] == pytest.approx(2 / 64)
    assert found.difference[0] > 0
    assert found.transcripts[0] == 6


def test_sign_flip_by_hand() -> None:
    # Differences of hits by transcript 3, 1, -2: |sum| is 2 at first; of the 8 sign patterns
    # the sums are +-6, +-2, +-4, +-0: six of eight are at least 2.
    first = np.zeros((3, 1, 4), dtype=int)
    second = np.zeros((3, 1, 4), dtype=int)
    second[0, 0, 0], second[1, 0, 0], first[2, 0, 0] = 3, 1, 2
    found = sign_flip(first, second, lambda cells: cells[..., 0])
    assert found.difference.tolist() == [2.0]
    assert found.p.tolist() == [6 / 8]


def test_sign_flip_of_equal_runs_is_one_and_of_many_transcripts_is_drawn() -> None:
    same = some_cells(9)
    assert sign_flip(same, same, cohen_kappa).p.tolist() == [1.0, 1.0, 1.0]
    one, other = some_cells(30, seed=1), some_cells(30, seed=2)
    drawn = sign_flip(one, other, cohen_kappa, Resampling(resamples=500))
    assert not drawn.exact
    assert (drawn.p >= 1 / 501).all()
    assert np.array_equal(drawn.p, sign_flip(one, other, cohen_kappa, Resampling(resamples=500)).p)


def test_sign_flip_of_an_undefined_statistic() -> None:
    nothing = np.zeros((4, 1, 4), dtype=int)
    value, p = sign_flip(nothing, nothing, cohen_kappa).at(0)
    assert isinstance(value, Undefined)
    assert isinstance(p, Undefined)


def test_false_alarms_of_the_sign_flip_test_stay_below_the_level() -> None:
    # 300 comparisons of two runs that are alike, 8 transcripts each.
    rng = np.random.default_rng(4)
    tables = rng.multinomial(60, [0.08, 0.04, 0.04, 0.84], size=(2, 8, 300))
    p = sign_flip(tables[0], tables[1], cohen_kappa).p
    assert (p <= 0.05).mean() <= 0.075


def test_holm_by_hand() -> None:
    # .01*4, .02*3, .03*2 (raised to .06), .5*1
    p = np.array([0.5, 0.01, np.nan, 0.03, 0.02])
    raised = holm(p)
    assert raised[[1, 4, 3, 0]] == pytest.approx([0.04, 0.06, 0.06, 0.5])
    assert np.isnan(raised[2])
    assert holm(np.array([np.nan])).shape == (1,)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_holm_against_statsmodels(seed: int) -> None:
    from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

    p = np.random.default_rng(seed).random(12) ** 3
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_controlled_lower_end_is_above_the_bound_where_holm_rejects(seed: int) -> None:
    found = intervals(kappa_of(some_cells(9, codes=12, seed=seed)))
    bound = float(np.median(found.low))
    p = one_sided_p(found, bound)
    lower = holm_lower(found, bound)
    assert ((lower > bound) == (holm(p) < 0.025)).all()
    single = holm_lower(intervals(kappa_of(some_cells(9, codes=12, seed=seed)[:, :1])), bound)
    assert lower[0] <= single[0] + 1e-12  # one of many is judged harder than one alone


def test_controlled_lower_end_without_any_spread() -> None:
    # Two hits in each of 6 transcripts, no miss: p = .3^(12/1.2) that agreement is not above .7.
    cells = np.zeros((6, 1, 4), dtype=int)
    cells[..., 0], cells[..., 3] = 2, 30
    found = intervals(kappa_of(cells))
    assert one_sided_p(found, 0.7)[0] == pytest.approx(0.7**10)
    assert holm_lower(found, 0.7)[0] == pytest.approx(0.025**0.1)


def test_o15_mcnemar() -> None:
    for only_first, only_second, p in oracles.O15_MCNEMAR:
        assert mcnemar_exact(only_first, only_second) == pytest.approx(p, abs=5e-7)
        assert mcnemar_exact(only_second, only_first) == pytest.approx(p, abs=5e-7)
    assert mcnemar_exact(0, 0) == 1.0
