"""Better, worse, no change, cannot tell: and chance alone is hardly ever called different."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.comparing import share_different, tables
from eval.compare.answers import ALL, CodeAnswer, answers_of, least_transcripts, weighted_holm
from eval.compare.deciding import decide
from eval.evaluation.figures import by_code
from eval.intervals.resampling import DEFAULT, Interval, intervals
from eval.intervals.significance import holm
from eval.statistics.agreement import STATISTICS
from eval.statistics.values import IntArray, Undefined, is_defined
from tests.eval.known import known

CODES = tuple(f"c{n}" for n in range(12))


@pytest.mark.slow
def test_of_runs_that_differ_by_chance_at_most_five_percent_are_called_different() -> None:
    anything, together, _ = share_different(12, 120, 11)
    # 5% of 120 is 6; 11 or more would come up less than once in thirty times.
    assert anything * 120 <= 10
    assert together <= anything


def test_no_word_without_an_interval_beside_it() -> None:
    why = Undefined("it is undefined when one transcript is left out")
    there = Interval(-0.3, -0.4, -0.2, 0.95, "jackknife-t", 12, 0.05, 11.0)
    gone = replace(there, low=why, high=why)
    about = (0.001, 5, 0.05, 0.05, None, 0.05)
    assert decide(there, *about)[0] == "worse"
    assert decide(gone, *about) == ("cannot tell", f"no interval: {why.reason}", None)


def test_a_true_difference_is_found_with_enough_transcripts_and_has_a_sign() -> None:
    rng = np.random.default_rng(5)
    cells = tables(24, rng, worse=0.25)
    found = answers_of(cells, CODES, DEFAULT)
    assert found.together.answer == "better"
    assert found.different
    swapped = answers_of(cells[:, :, ::-1], CODES, DEFAULT)
    assert swapped.together.answer == "worse"
    assert swapped.together.p == found.together.p
    one, other = (f.together.difference["kappa"] for f in (found, swapped))
    assert one.estimate == pytest.approx(-known(other.estimate))
    assert found.together.first["kappa"] == swapped.together.second["kappa"]


def test_six_transcripts_cannot_tell_whatever_they_show() -> None:
    rng = np.random.default_rng(5)
    found = answers_of(tables(6, rng, worse=0.4), CODES, DEFAULT)
    assert not found.different
    assert found.together.answer == "cannot tell"
    assert found.together.more is not None
    assert found.together.more >= 1
    assert least_transcripts(0.025) == 7


@pytest.mark.parametrize("transcripts", [2, 4])
def test_from_a_few_transcripts_it_is_not_foretold_how_many_more_would_tell(
    transcripts: int,
) -> None:
    found = answers_of(tables(transcripts, np.random.default_rng(5), worse=0.1), CODES, DEFAULT)
    assert found.together.answer == "cannot tell"
    assert f"cannot be foretold from {transcripts} transcripts" in found.together.why
    assert all(row.more is None for row in (found.together, *found.codes))


def test_the_same_answers_twice_are_no_change() -> None:
    rng = np.random.default_rng(5)
    cells = tables(12, rng)
    cells[:, :, 1] = cells[:, :, 0]
    found = answers_of(cells, CODES, DEFAULT, same=(True,) * len(CODES))
    assert {a.answer for a in (found.together, *found.codes)} <= {"no change", "cannot tell"}
    assert found.together.answer == "no change"
    assert found.together.difference["kappa"].estimate == 0


def test_as_often_in_every_transcript_is_no_proof_of_no_change() -> None:
    """One passage fixed and one broken in each of two transcripts: other places, equal counts."""
    cells = np.zeros((2, 1, 2, 1, 4), dtype=np.int64)
    cells[:] = (4, 3, 2, 40)
    found = answers_of(cells, ("c0",), DEFAULT, same=(False,))
    for row in (found.together, found.codes[0]):
        assert row.difference["kappa"].estimate == 0
        assert row.answer == "cannot tell"
        assert "as often in every transcript, but are not the same" in row.why
    alike = answers_of(cells, ("c0",), DEFAULT, same=(True,))
    assert {row.answer for row in (alike.together, *alike.codes)} == {"no change"}


def test_hardly_any_difference_in_many_transcripts_is_no_change() -> None:
    rng = np.random.default_rng(8)
    found = answers_of(tables(200, rng, wobble=0.05), CODES, DEFAULT)
    assert found.together.answer == "no change"
    assert "lies within" in found.together.why


def test_a_difference_no_larger_than_that_of_repeats_is_no_change() -> None:
    rng = np.random.default_rng(5)
    cells = tables(24, rng, worse=0.25)
    found = answers_of(cells, CODES, DEFAULT, floor={ALL: 0.9})
    assert found.together.answer == "no change"
    assert "repeats" in found.together.why


def test_what_is_undefined_is_said_and_counts_in_no_family() -> None:
    rng = np.random.default_rng(5)
    cells = tables(12, rng)
    cells[:, :, :, 3, :3] = 0  # nobody uses the code
    found = answers_of(cells, CODES, DEFAULT)
    assert found.codes[3].answer == "cannot tell"
    assert "undefined" in found.codes[3].why


def test_weighted_holm_with_equal_weights_is_holm() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        p = rng.random(6) ** 3
        assert weighted_holm(p, np.full(6, 1 / 6)) == pytest.approx(holm(p))
    one = weighted_holm(np.array([0.02, np.nan, 0.5]), np.array([0.5, 0.25, 0.25]))
    assert one[0] == pytest.approx(0.03)
    assert np.isnan(one[1])


def test_more_transcripts_are_asked_for_where_the_difference_is_smaller() -> None:
    rng = np.random.default_rng(12)
    many = [answers_of(tables(8, rng, worse=w), CODES, DEFAULT).together for w in (0.0, 0.08)]
    known = [a.more for a in many if a.answer == "cannot tell"]
    assert known
    assert all(more is None or more >= 1 for more in known)


def test_the_test_is_over_the_people_of_the_interval() -> None:
    """Ben never gives the code in what the second run looked at: his kappa is of one run alone."""
    rng = np.random.default_rng(3)
    ana = tables(12, rng, worse=0.2)[:, :1, :, :1]
    ben = np.zeros_like(ana)
    ben[:, 0, 0, 0] = (1, 0, 0, 19)
    ben[:, 0, 1, 0] = (0, 0, 0, 20)
    both = np.concatenate([ana, ben], axis=1)
    alone, together = (answers_of(c, ("c0",), DEFAULT).codes[0] for c in (ana, both))
    assert together.difference["kappa"].estimate == alone.difference["kappa"].estimate
    assert together.p == alone.p


def test_they_are_the_same_people_without_any_of_the_transcripts() -> None:
    """Ben and Cy never give the code, and the second run does once: without that transcript there
    would be a difference of Ana alone, and the change of people would pass for what it does."""
    ana = tables(12, np.random.default_rng(3), worse=0.2)[:, :1, :, :1]
    ben = np.zeros_like(ana)
    ben[..., 2], ben[..., 3] = 1, 40
    ben[:, :, 1, :, 2] = 0
    ben[0, :, 1, :, 2] = 1
    both = np.concatenate([ana, ben, ben], axis=1)
    row = answers_of(both, ("c0",), DEFAULT).codes[0]
    apart = row.difference["kappa"]
    assert is_defined(apart.estimate)
    assert not is_defined(apart.low)
    assert "undefined when one transcript is left out" in apart.low.reason
    ben[1, :, 1, :, 2] = 1
    both = np.concatenate([ana, ben, ben], axis=1)
    assert is_defined(answers_of(both, ("c0",), DEFAULT).codes[0].difference["kappa"].low)


def test_what_was_hardly_ever_seen_asks_for_no_more_transcripts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its bound shrinks faster than the root of their number, and the test does not know it."""
    cells = tables(8, np.random.default_rng(12), worse=0.08)
    cells[:, :, :, 0, 1] += cells[:, :, :, 0, 0]
    cells[:, :, 1, 0, 2] += cells[:, :, 1, 0, 0]
    cells[:, :, :, 0, 0] = 0
    cells[:2, :, :, 0, 0] = 1
    cells[1, :, 0, 0, 0] = 0
    row = answers_of(cells, CODES, DEFAULT).codes[0]
    wide = row.difference["kappa"]
    monkeypatch.setattr(
        "eval.intervals.never_both.rise", lambda _, cells, __: np.zeros(cells.shape[1:-1])
    )
    alone = answers_of(cells, CODES, DEFAULT).codes[0]
    narrow = alone.difference["kappa"]
    assert known(wide.high) - known(wide.low) > known(narrow.high) - known(narrow.low)
    assert wide.se == narrow.se
    assert alone.more is not None
    assert row.more == alone.more


def test_a_difference_is_never_shown_beyond_what_is_possible() -> None:
    """With two transcripts Student's t reaches many times as far."""
    wide = 0
    for seed in range(4):
        found = answers_of(tables(2, np.random.default_rng(seed), worse=0.2), CODES, DEFAULT)
        for row in (found.together, *found.codes):
            for key, most in (("kappa", 2), ("f1", 1)):
                apart = row.difference[key]
                if is_defined(apart.low) and is_defined(apart.high):
                    assert -most <= apart.low <= known(apart.estimate) <= apart.high <= most
                    wide += apart.low == -most or apart.high == most
    assert wide, "some would reach beyond"


def test_a_run_has_one_interval_whatever_run_it_is_set_beside() -> None:
    rng = np.random.default_rng(4)
    cells = tables(8, rng)
    eager = cells.copy()
    # The other run gives each code to many passages that nobody else gave it to.
    eager[:, :, 0, :, 2] += 20
    eager[:, :, :, :, 3] += 30
    eager[:, :, 0, :, 3] -= 20
    cells[:, :, :, :, 3] += 30
    for place, name in enumerate(CODES):
        alone = by_code(cells[:, :, 1, [place]], STATISTICS["kappa"])
        expected = intervals(alone, DEFAULT).at(0)
        for beside in (cells, eager):
            assert row_of(beside, name).second["kappa"] == expected


def row_of(cells: IntArray, name: str) -> CodeAnswer:
    return next(row for row in answers_of(cells, CODES, DEFAULT).codes if row.name == name)
