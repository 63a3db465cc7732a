"""Error, missed share and their intervals, on batches of which everything is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from bench.audit_coverage import Batch, make_batch, measure, strata_of
from eval.audit.drawing import NOTHING, OTHER, Passage, allocate, draw, stratify
from eval.audit.estimate import Bound, Stratum, error_share, missed_share, wilson
from eval.statistics.values import Undefined
from eval.verdicts.policy import Audit


def stratum(population: int, said: list[int], wrong: list[int], missed: list[int]) -> Stratum:
    """``said`` are suggestions of the sampled passages; all of them have as many on average. Two
    codes count."""
    with_any = round(population * sum(bool(s) for s in said) / max(1, len(said)))
    total = round(population * sum(said) / max(1, len(said)))
    suggested, not_found, unseen = (np.array(x, dtype=float) for x in (said, wrong, missed))
    return Stratum(population, with_any, total, suggested, not_found, unseen, codes=2)


@pytest.mark.parametrize(("x", "n"), [(0, 20), (1, 20), (7, 30), (30, 30)])
def test_wilson_is_statsmodels(x: int, n: int) -> None:
    low, high = proportion_confint(x, n, method="wilson")
    ours = wilson(x / n, n)
    assert ours[0] == pytest.approx(max(0.0, low), abs=1e-12)
    assert ours[1] == pytest.approx(min(1.0, high), abs=1e-12)


def test_shares_by_hand() -> None:
    """20 of 100 passages with a suggestion are drawn, 2 wrong; 30 of 300 without, 3 missed."""
    with_code = stratum(100, [1] * 20, [1, 1] + [0] * 18, [0] * 20)
    without = stratum(300, [0] * 30, [0] * 30, [1, 1, 1] + [0] * 27)
    error, missed = error_share([with_code, without]), missed_share([with_code, without])
    assert isinstance(error, Bound)
    assert isinstance(missed, Bound)
    assert error.estimate == pytest.approx(2 / 20)
    # 90 right in the batch, 30 missed.
    assert missed.estimate == pytest.approx(30 / 120)
    assert error.low < 0.1 < error.high
    assert missed.low < 0.25 < missed.high


def test_no_fault_found_is_not_no_fault() -> None:
    error = error_share([stratum(400, [1] * 30, [0] * 30, [0] * 30)])
    missed = missed_share([stratum(400, [1] * 30, [0] * 30, [0] * 30)])
    assert isinstance(error, Bound)
    assert isinstance(missed, Bound)
    assert (error.estimate, error.low) == (0, 0)
    assert 0.08 < error.high < 0.15
    assert missed.high > 0.08


def test_a_stratum_of_which_nothing_was_drawn_takes_the_others_mean() -> None:
    drawn = stratum(100, [1] * 20, [0] * 20, [1] * 4 + [0] * 16)
    hidden = Stratum(300, 0, 0, np.zeros(0), np.zeros(0), np.zeros(0), 2)
    missed = missed_share([drawn, hidden])
    assert isinstance(missed, Bound)
    # 20 of 100 in the one, so 60 of 300 in the other; 100 suggestions are right.
    assert missed.estimate == pytest.approx(80 / 180)
    assert missed.high > 0.7


def test_all_of_it_looked_at_leaves_nothing_open() -> None:
    whole = stratum(8, [1] * 8, [1] + [0] * 7, [0] * 8)
    error = error_share([whole])
    assert isinstance(error, Bound)
    assert error.low == error.estimate == error.high == pytest.approx(1 / 8)


def test_no_fewer_are_wrong_or_missed_than_were_found() -> None:
    """18 of 20 suggestions looked at, 9 wrong: 9 of 20 are wrong for certain, and 9 are right. 190
    of 200 passages without any looked at, 19 missed."""
    with_code = Stratum(20, 20, 20, np.ones(18), np.array([1.0, 0] * 9), np.zeros(18), 1)
    without = Stratum(200, 0, 0, np.zeros(190), np.zeros(190), np.array([1.0] * 19 + [0] * 171), 1)
    error, missed = error_share([with_code, without]), missed_share([with_code, without])
    assert isinstance(error, Bound)
    assert isinstance(missed, Bound)
    # By the spread alone the ends were 0.40 and 0.57, and 0.62.
    assert (error.low, error.high) == (9 / 20, 11 / 20)
    assert missed.low >= 19 / (19 + 11)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(3, 40), st.integers(1, 120), st.integers(0, 10_000))
def test_ends_lie_within_what_is_certain(
    transcripts: int, segments: int, size: int, seed: int
) -> None:
    """Everything that was not looked at is taken at its best, then at its worst."""
    rng = np.random.default_rng(seed)
    one = make_batch(transcripts, segments, (0.3, 0.1), 0.4, 0.4, rng)
    plan = draw(one.passages, one.codes, size, seed)
    seen = {(d.transcript_id, d.segment) for d in plan.sample}
    ends: list[tuple[float, ...]] = []
    for worst in (False, True):
        person = [
            true if (p.transcript_id, p.segment) in seen else _left(p.suggested, one.codes, worst)
            for p, true in zip(one.passages, one.person, strict=True)
        ]
        every = Batch(one.passages, tuple(person), one.codes)
        any_said = any(p.suggested & set(one.codes) for p in one.passages)
        ends.append((every.error if any_said else 0, every.missed if any(person) else 0))
    strata = strata_of(one, size, seed)
    for n, found in enumerate((error_share(strata), missed_share(strata))):
        if isinstance(found, Bound):
            assert ends[0][n] - 1e-9 <= found.low <= found.high <= ends[1][n] + 1e-9


def _left(suggested: frozenset[str], codes: tuple[str, ...], worst: bool) -> frozenset[str]:
    """What a person would say there: all that the model says, or all that it does not."""
    return frozenset(codes) - suggested if worst else suggested & frozenset(codes)


def test_undefined_has_its_reason() -> None:
    nothing = stratum(50, [0] * 10, [0] * 10, [0] * 10)
    assert error_share([nothing]) == Undefined("nothing is suggested")
    assert isinstance(missed_share([nothing]), Undefined)


@pytest.mark.parametrize("alone", [0, 3])
def test_suggestions_that_nobody_looked_at_leave_the_missed_share_open(alone: int) -> None:
    """Taking them all to be right would give 0.00, or too little."""
    unseen = Stratum(40, 12, 12, np.zeros(0), np.zeros(0), np.zeros(0), 2)
    without = stratum(300, [0] * 30, [0] * 30, [1] * alone + [0] * (30 - alone))
    for found in (error_share([unseen, without]), missed_share([unseen, without])):
        assert found == Undefined("no passage with it came into the sample")


@pytest.mark.parametrize("wrong", [0, 1])
def test_what_is_suggested_nowhere_or_always_wrongly_is_wholly_missed(wrong: int) -> None:
    """However few passages were drawn of those without: none of what people find is suggested."""
    every_one = stratum(2, [wrong] * 2, [wrong] * 2, [0] * 2)
    for passages in (10, 300):
        rest = stratum(passages, [0] * 10, [0] * 10, [1] + [0] * 9)
        assert missed_share([every_one, rest]) == Bound(1.0, 1.0, 1.0)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from([0, 0.5, 1, 2])),
            min_size=1,
            max_size=6,
        ),
        min_size=1,
        max_size=3,
    )
)
def test_every_passage_looked_at_leaves_nothing_to_chance(
    batch: list[list[tuple[int, int, float]]],
) -> None:
    strata = []
    for rows in batch:
        said, wrong, missed = np.array(rows, dtype=float).T
        wrong = np.minimum(said, wrong)
        strata.append(
            Stratum(len(rows), int((said > 0).sum()), int(said.sum()), said, wrong, missed, 4)
        )
    for found in (error_share(strata), missed_share(strata)):
        if isinstance(found, Bound):
            assert found.low == pytest.approx(found.estimate, abs=1e-6)
            assert found.high == pytest.approx(found.estimate, abs=1e-6)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(20, 90), st.integers(0, 10_000))
def test_ends_lie_around_the_estimate(transcripts: int, segments: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    batch = make_batch(transcripts, segments, (0.15, 0.05), 0.2, 0.3, rng)
    strata = strata_of(batch, 40, seed)
    for found in (error_share(strata), missed_share(strata)):
        if isinstance(found, Bound):
            assert 0 <= found.low <= found.estimate <= found.high <= 1 + 1e-9


def test_everything_drawn_gives_the_truth() -> None:
    batch = make_batch(3, 40, (0.2, 0.1), 0.2, 0.2, np.random.default_rng(3))
    strata = strata_of(batch, 10_000, 1)
    error, missed = error_share(strata), missed_share(strata)
    assert isinstance(error, Bound)
    assert isinstance(missed, Bound)
    assert error.low == pytest.approx(batch.error)
    assert error.high == pytest.approx(batch.error)
    assert missed.low == pytest.approx(batch.missed)
    assert missed.high == pytest.approx(batch.missed)


@pytest.mark.slow
def test_intervals_hold_the_truth_and_bad_batches_do_not_pass() -> None:
    """Quick; ``bench/audit_coverage.py`` does it at length."""
    rng = np.random.default_rng(11)
    good = make_batch(6, 80, (0.10, 0.06, 0.03), 0.06, 0.10, rng)
    many = make_batch(12, 60, (0.10, 0.08, 0.06, 0.04, 0.03, 0.02), 0.08, 0.15, rng)
    bad = make_batch(6, 80, (0.10, 0.06, 0.03), 0.30, 0.10, rng)
    leaky = make_batch(6, 80, (0.10, 0.06, 0.03), 0.05, 0.50, rng)
    found = {
        name: measure(b, 120, 80, 5, Audit())
        for name, b in (("good", good), ("many", many), ("bad", bad), ("leaky", leaky))
    }
    for measured in found.values():
        assert measured.error_held >= 0.93
        assert measured.missed_held >= 0.93
    assert bad.error > Audit().max_error
    assert leaky.missed > Audit().max_missed
    assert found["bad"].passed <= 0.03
    assert found["leaky"].passed <= 0.03
    assert found["good"].passed >= 0.5


# --- the drawing


def batch(*counts: tuple[str, int]) -> list[Passage]:
    made = [frozenset([code] if code else []) for code, n in counts for _ in range(n)]
    return [Passage(1, n, codes) for n, codes in enumerate(made)]


def test_rare_codes_are_seen() -> None:
    passages = batch(("common", 200), ("rare", 6), ("", 600))
    plan = draw(passages, ("common", "rare"), 80, 1)
    by_name = {s.name: s for s in plan.strata}
    assert by_name["rare"].sampled >= 3
    assert by_name["common"].sampled > by_name["rare"].sampled
    assert by_name[NOTHING].sampled == 40
    assert sum(s.sampled for s in plan.strata) == len(plan.sample) == 80
    assert sum(s.sampled * s.weight for s in plan.strata) == pytest.approx(len(passages))


def test_the_order_of_passages_does_not_matter_and_the_seed_does() -> None:
    passages = batch(("a", 40), ("", 80))
    same = draw(passages, ("a",), 30, 5)
    assert draw(passages[::-1], ("a",), 30, 5) == same
    assert draw(passages, ("a",), 30, 6).sample != same.sample


def test_each_passage_of_a_stratum_is_drawn_as_often() -> None:
    passages = batch(("a", 10), ("", 30))
    times = np.zeros(len(passages))
    for seed in range(600):
        for drawn in draw(passages, ("a",), 12, seed).sample:
            times[drawn.segment] += 1
    a, none = times[:10] / 600, times[10:] / 600
    assert abs(a.mean() - 0.6) < 1e-9
    assert abs(none.mean() - 0.2) < 1e-9
    assert abs(a - 0.6).max() < 0.08
    assert abs(none - 0.2).max() < 0.07


def test_small_strata_are_put_together_and_other_codes_stand_apart() -> None:
    many = [(f"c{n}", 2) for n in range(20)]
    passages = batch(*many, ("not accepted", 5), ("", 50))
    names = set(stratify(passages, [c for c, _ in many], 40))
    assert names == {"rare codes", OTHER, NOTHING}


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["a", "b", "c", OTHER, NOTHING]), st.integers(1, 60)),
    st.integers(1, 150),
)
def test_no_more_is_drawn_than_there_is(sizes: dict[str, int], segments: int) -> None:
    found = allocate(sizes, segments)
    assert set(found) == set(sizes)
    assert all(0 <= found[n] <= sizes[n] for n in sizes)
    assert sum(found.values()) == min(segments, sum(sizes.values()))
