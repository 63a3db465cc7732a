"""Nobody ever saw two coders say yes to the same passage: that is not certainty that none does."""

from __future__ import annotations

import numpy as np
import pytest

from bench.never_both import HARDLY_EVER, measure
from eval.evaluation.ceiling import difference, people_alpha
from eval.evaluation.figures import by_code, pooled, summarise, together
from eval.evaluation.gain import gain
from eval.intervals.never_both import rise
from eval.intervals.resampling import Interval, Resampling, intervals
from eval.statistics.agreement import STATISTICS
from eval.statistics.counts import PairCounts
from eval.statistics.values import is_defined
from tests.eval.matrices import matrix_of

METHODS = ("jackknife-t", "percentile", "bca")
FIGURES = ("kappa", "alpha", "pi")
NEVER = (0, 2, 2, 80)


def cells_of(*tables: tuple[int, int, int, int], transcripts: int = 10) -> np.ndarray:
    """One pair, a code for each table, the same in every transcript: ``(T, 1, C, 4)``."""
    return np.broadcast_to(np.array(tables), (transcripts, 1, len(tables), 4)).copy()


def ends(found: Interval) -> tuple[float, float, float]:
    assert is_defined(found.low)
    assert is_defined(found.estimate)
    assert is_defined(found.high)
    return found.low, found.estimate, found.high


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("key", FIGURES)
def test_the_upper_end_is_what_none_of_so_many_allows(key: str, method: str) -> None:
    """40 passages that either marked, 4 a transcript, are worth 40 / 1.6 = 25; of these as many as
    1 - .025^(1/25) = 13.7% may be marked by both, which makes kappa about .2 and not -.02."""
    made = intervals(by_code(cells_of(NEVER), STATISTICS[key]), Resampling(method=method))  # type: ignore[arg-type]
    low, estimate, high = ends(made.at(0))
    share = 1 - 0.025 ** (1 / 25)
    most = np.array([40 * share, 20 * (1 - share), 20 * (1 - share), 800])
    assert estimate == pytest.approx(-0.024, abs=0.002)
    assert high >= float(STATISTICS[key].compute(most)) - 1e-9
    assert high > 0.2
    assert low <= estimate


def test_fewer_passages_allow_more_and_one_of_both_ends_it() -> None:
    kappa = STATISTICS["kappa"]
    few, many = (cells_of(NEVER, transcripts=n) for n in (6, 40))
    assert rise(kappa, few, 0.025)[0, 0] > 2 * rise(kappa, many, 0.025)[0, 0] > 0
    seen = cells_of(NEVER)
    seen[0, 0, 0] = (1, 1, 1, 81)
    assert rise(kappa, seen, 0.025).tolist() == [[0.0]]
    for one_sided in ((0, 0, 0, 80), (0, 3, 0, 80), (0, 0, 3, 80)):
        assert rise(kappa, cells_of(one_sided), 0.025).tolist() == [[0.0]]
    # F1 at 0 has its own bound, and AC1 its own spread.
    assert rise(STATISTICS["ac1"], few, 0.025).tolist() == [[0.0]]


@pytest.mark.parametrize("method", METHODS)
def test_f1_of_nothing_is_not_certain_either(method: str) -> None:
    made = intervals(by_code(cells_of(NEVER), STATISTICS["f1"]), Resampling(method=method))  # type: ignore[arg-type]
    low, estimate, high = ends(made.at(0))
    assert (low, estimate) == (0, 0)
    assert high > 0.1


def test_every_way_of_putting_codes_and_pairs_together_knows_it() -> None:
    kappa = STATISTICS["kappa"]
    never = cells_of(NEVER, NEVER)
    for made in (pooled(never, kappa), together(never, kappa)):
        low, estimate, high = ends(intervals(made).at(()))
        assert low <= estimate < 0.1 < high
    one, two = (
        summarise([PairCounts("Ann", "Ben", tuple("abcdefghij"), codes, cells_of(*tables)[:, 0])])
        for codes, tables in ((("x",), (NEVER,)), (("x", "y", "z", "w"), (NEVER,) * 4))
    )
    above = [s.macro["kappa"] for s in (one, two)]
    # Four codes are not all worse than they look at once.
    widths = [ends(one)[2] - ends(one)[1] for one in above]
    assert widths[1] == pytest.approx(widths[0] / 2, rel=0.1)


def people_who_never_agree() -> object:
    """Ann and Ben never mark the same, in ten transcripts; the model marks all that either does."""
    units, transcripts = 40, 10
    ann = np.zeros((transcripts, units, 1), dtype=bool)
    ben = ann.copy()
    ann[:, :2], ben[:, 2:4] = True, True
    marks = [each.reshape(-1, 1) for each in (ann, ben, ann | ben)]
    return matrix_of(
        np.stack(marks),
        transcript=np.repeat(np.arange(transcripts), units),
        coders=("Ann", "Ben", "model"),
    )


def test_a_difference_from_people_who_never_agree_is_wide_below() -> None:
    matrix = people_who_never_agree()
    made = difference(matrix, ("Ann", "Ben"), "model")
    row = made.row("c1")
    low, estimate, _ = ends(row.difference)
    people = ends(row.person_person)
    assert people[2] - people[1] > 0.15
    assert estimate - low >= people[2] - people[1] - 1e-9
    assert is_defined(row.controlled_low)
    assert row.controlled_low <= low + 1e-9
    assert ends(made.macro.difference)[0] <= low + 1e-9
    low, estimate, high = ends(gain(matrix, ["Ann"], "model", "Ben").row("c1").difference)
    assert estimate - low > 0.15
    assert high - estimate < estimate - low


def test_alpha_of_three_people_knows_it_too() -> None:
    matrix = people_who_never_agree()
    alone = matrix_of(
        np.stack([*matrix.positive[:2], np.zeros_like(matrix.positive[0])]),
        transcript=matrix.transcript,
        coders=("Ann", "Ben", "Cy"),
    )
    codes, everything = people_alpha(alone, ("Ann", "Ben", "Cy"))
    for found in (codes[0], everything):
        low, estimate, high = ends(found)
        assert low <= estimate < 0 < 0.1 < high


@pytest.mark.parametrize("world", HARDLY_EVER, ids=[w.name for w in HARDLY_EVER])
@pytest.mark.parametrize("transcripts", [8, 12])
def test_such_intervals_hold_the_truth(world: object, transcripts: int) -> None:
    found = measure(world, transcripts, 400, 3)
    now, before = found["all", True], found["all", False]
    assert now.codes > 50
    assert now.held >= 0.93
    assert now.below <= 0.05
    assert now.above == before.above
    never = found["never both", True]
    if never.codes >= 20:
        assert never.held >= 0.95
        assert found["never both", False].held < never.held
