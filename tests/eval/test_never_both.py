"""Two coders were hardly ever seen to say yes to the same passage: that is no certainty either."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench import beats
from bench.coverage import World
from bench.never_both import HARDLY_EVER, measure
from eval.compare.answers import answers_of
from eval.evaluation.ceiling import people_alpha
from eval.evaluation.difference import difference
from eval.evaluation.figures import by_code, pooled, summarise, together
from eval.evaluation.gain import gain, gain_cells
from eval.intervals.never_both import rise
from eval.intervals.resampling import Interval, Resampling, intervals
from eval.statistics.agreement import STATISTICS
from eval.statistics.counts import PairCounts
from eval.statistics.values import is_defined
from eval.units.records import UnitMatrix
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


def test_fewer_passages_allow_more() -> None:
    kappa = STATISTICS["kappa"]
    few, many = (cells_of(NEVER, transcripts=n) for n in (6, 40))
    assert rise(kappa, few, 0.025)[0, 0] > 2 * rise(kappa, many, 0.025)[0, 0] > 0
    for one_sided in ((0, 0, 0, 80), (0, 3, 0, 80), (0, 0, 3, 80)):
        assert rise(kappa, cells_of(one_sided), 0.025).tolist() == [[0.0]]
    # F1 at 0 has its own bound, and AC1 its own spread.
    assert rise(STATISTICS["ac1"], few, 0.025).tolist() == [[0.0]]


def seen_together(times: int, transcripts: int = 24) -> np.ndarray:
    """As `cells_of`, of one code that both gave to one passage in so many of the transcripts."""
    cells = cells_of(NEVER, transcripts=transcripts)
    cells[:times, 0, 0] += (1, 0, 0, -1)
    return cells


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("key", FIGURES)
def test_the_upper_end_is_what_a_few_of_so_many_allow(key: str, method: str) -> None:
    """Of 98 passages that either marked, 2 in two of 24 transcripts are marked by both. They are
    spread like single passages, so that up to 7.4% may be: exact for 2 of 93, which are 98 times
    normal over t of 23 degrees."""
    cells = seen_together(2)
    made = intervals(by_code(cells, STATISTICS[key]), Resampling(method=method))  # type: ignore[arg-type]
    low, estimate, high = ends(made.at(0))
    share = 0.0739
    most = np.array([98 * share, 49 * (1 - share), 49 * (1 - share), 1918])
    # Both ways know a spread, not quite the same one.
    assert high >= float(STATISTICS[key].compute(most)) - 0.002
    alone = intervals(replace(by_code(cells, STATISTICS[key]), rises=None))
    assert high > float(alone.high[0])
    if method == "jackknife-t":
        # What may be higher is no reason to doubt that it is above a bound.
        assert (made.low, made.se) == (alone.low, alone.se)
    assert low <= estimate


@pytest.mark.parametrize("each", [1, 3])
def test_with_one_passage_more_of_both_it_goes_further(each: int) -> None:
    """At no number of passages of both does another rule begin: at ten the end fell."""
    cells = cells_of((0, 2 * each, 2 * each, 80 * each), transcripts=24)
    tables = []
    for n in range(23):
        cells[n, 0, 0] += (1, 0, -1, 0) if n % 2 else (1, -1, 0, 0)
        tables.append(cells.copy())
    made = intervals(by_code(np.concatenate(tables, axis=2), STATISTICS["kappa"]))
    assert (np.diff(made.estimate) > 0).all()
    assert (np.diff(made.high) > 0).all()


def test_where_most_is_agreed_the_spread_says_enough() -> None:
    """Else a difference between two who agree well could not be shown."""
    kappa = STATISTICS["kappa"]
    tables = [cells_of((n, 12 - n // 2, 12 - n // 2, 300), transcripts=24) for n in range(4, 20, 2)]
    for number, table in enumerate(tables):
        table[number % 24, 0, 0] += (1, -1, 0, 0)
    cells = np.concatenate(tables, axis=2)
    shares = cells[..., 0].sum(axis=(0, 1)) / cells[..., :3].sum(axis=(0, 1, 3))
    rises = rise(kappa, cells, 0.025)[0]
    assert (rises[shares < 0.45] > 0).all()
    assert (rises[shares >= 0.5] == 0).all()
    assert (np.diff(rises[shares > 0.3]) <= 0).all()


def test_one_who_marks_only_what_the_other_marks_too_is_no_exception() -> None:
    cells = cells_of((0, 4, 0, 80))
    cells[:2, 0, 0] += (1, 0, 0, -1)
    wide, alone = (
        intervals(one)
        for one in (
            by_code(cells, STATISTICS["kappa"]),
            replace(by_code(cells, STATISTICS["kappa"]), rises=None),
        )
    )
    assert wide.high[0] > alone.high[0] + 0.05
    assert wide.low[0] == alone.low[0]


def test_of_a_code_that_stands_nearly_everywhere_the_no_is_what_is_rare() -> None:
    kappa = STATISTICS["kappa"]
    for times in (0, 2):
        cells = seen_together(times)
        assert rise(kappa, cells[..., ::-1], 0.025) == rise(kappa, cells, 0.025) > 0
    world = HARDLY_EVER[1]
    found = measure(world, 12, 300, 5, yes_is_no=True)["all", True]
    assert found.codes > 200
    assert found.held >= 0.95
    assert found.below <= 0.03


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


def people_who_never_agree() -> UnitMatrix:
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


def test_what_several_people_hardly_saw_is_not_added_up_as_if_all_were_wrong_at_once() -> None:
    """Three people who say the same have the spread of one, and a third of the variance of what
    was never seen; the baseline's own figure is no better known by that."""
    matrix = people_who_never_agree()
    ann, ben, model = matrix.positive
    three = matrix_of(
        np.stack([ann, ann, ann, ben, model]),
        transcript=matrix.transcript,
        coders=("Ann", "Anna", "Anne", "Ben", "model"),
    )
    one = gain(matrix, ["Ann"], "model", "Ben").row("c1")
    all_three = gain(three, ["Ann", "Anna", "Anne"], "model", "Ben").row("c1")
    assert all_three.difference.estimate == one.difference.estimate
    assert beyond(all_three.difference, 0, 2) == pytest.approx(beyond(one.difference, 0, 2) / 3)
    assert ends(all_three.second) == pytest.approx(ends(one.second))
    people = [["Ann"], ["Ann", "Anna", "Anne"]]
    runs = [answers_of(gain_cells(three, who, "Ben", "model"), ("c1",)) for who in people]
    by_one, by_three = (beyond(f.codes[0].difference["kappa"], 0, 2) for f in runs)
    assert by_three == pytest.approx(by_one / 3)
    assert by_three > 0.005


def test_a_baseline_that_is_truly_beaten_can_be_shown_to_be() -> None:
    """A bound for three people that supposes all wrong at once shows it in one case of ten."""
    found = beats.measure(beats.Code(0.50, 0.03), 12, 3, 300, 4, 0.268)
    now, alone = found[True], found[False]
    assert now.codes > 250
    assert now.above <= 0.025
    assert 0.2 < now.shown < alone.shown


def beyond(found: Interval, wide: int, narrow: int) -> float:
    """How much further one end is than the other, in squares: what the spread does not know."""
    three = ends(found)
    return (three[wide] - three[1]) ** 2 - (three[narrow] - three[1]) ** 2


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
@pytest.mark.parametrize("transcripts", [8, 12, 24, 50])
def test_such_intervals_hold_the_truth(world: World, transcripts: int) -> None:
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
