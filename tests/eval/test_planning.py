"""Planning: what more coding could show, and how rough a chance is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eval.statistics.values import Undefined, is_defined, show
from eval.verdicts.planning import kappa_below, plan_next
from eval.verdicts.policy import Policy
from eval.verdicts.roughness import roughness
from eval.verdicts.simulating import like_a_colleague, pair_tables
from tests.eval.matrices import matrix_of, noisy


def test_a_simulated_colleague_agrees_as_people_do() -> None:
    rng = np.random.default_rng(1)
    tables = np.tile(np.array([[[60, 12, 8, 920]]]), (2000, 1, 1))
    from eval.verdicts.simulating import matching_rates

    beside = like_a_colleague(tables, rng, matching_rates(tables))
    assert (beside.sum(axis=-1) == 1000).all()
    mean = beside.mean(axis=0)[:, 0]
    # One of the two says yes more often than the other, so it is their mean that agrees.
    assert (mean[1] + mean[2])[0] / 2 == pytest.approx(60, abs=0.3)
    assert (mean[1] + mean[2])[1:3].sum() / 2 == pytest.approx(20, abs=0.6)


@pytest.mark.slow
def test_more_and_better_evidence_raises_the_chance() -> None:
    people = ("P1", "P2")
    clear = noisy([0.004, 0.004], transcripts=6, codes=2, rate=0.2, units=80)
    plan = plan_next(clear, people, Policy(), lanes={}, missing={})
    assert plan.doubly_coded == 6
    for code in plan.codes:
        assert code.now == 0  # six transcripts are too few, whatever they say
        assert code.enough is not None
        assert code.chances[-1].chance >= 0.8
    vague = noisy([0.15, 0.15], transcripts=6, codes=2, rate=0.2, units=80)
    for code in plan_next(vague, people, Policy(), lanes={}, missing={}).codes:
        assert code.enough is None
        assert "People do not agree" in code.advice
        assert code.people_kappa is not None
        assert code.people_kappa < 0.6
        assert code.people is not None
        assert is_defined(code.people.high)
        assert code.people.high < 0.6
    assert plan == plan_next(clear, people, Policy(), lanes={}, missing={})
    assert not plan_next(
        clear, people, Policy(), lanes={"c1": "accept", "c2": "accept"}, missing={}
    ).codes


def test_people_are_said_not_to_agree_only_where_the_whole_interval_is_below_the_bar() -> None:
    """Of three transcripts nothing is shown, whatever the figure; coding more would tell."""
    few = noisy([0.15, 0.15], transcripts=3, codes=2, rate=0.2, units=80)
    for code in plan_next(few, ("P1", "P2"), Policy(), lanes={}, missing={}).codes:
        assert code.people_kappa is not None
        assert code.people_kappa < 0.6
        assert code.people is not None
        assert code.disagreed is False
        assert "People are not shown to agree on it" in code.advice
        assert f"{show(code.people_kappa)} [{show(code.people.low)}, " in code.advice
        assert "more doubly coded transcripts would tell" in code.advice
        assert "before coding more" not in code.advice


def test_a_figure_below_the_bar_never_reads_as_the_bar() -> None:
    assert kappa_below(0.5979, 0.6) == "0.598"
    assert kappa_below(0.59999, 0.6) == "0.59999"
    assert kappa_below(0.52, 0.6) == "0.52"


@pytest.mark.slow
def test_how_rough_a_chance_is_stands_beside_it() -> None:
    people = ("P1", "P2")
    few = noisy([0.004, 0.004], transcripts=5, codes=2, rate=0.2, units=80)
    for code in plan_next(few, people, Policy(), lanes={}, missing={}).codes:
        assert code.rough_now is not None
        assert code.rough_most is not None
        assert 0 < code.rough_most <= 0.5
        assert f"(give or take {max(code.rough_now, 0.01):.2f})" in code.advice
    one = noisy([0.004, 0.004], transcripts=1, codes=2, rate=0.2, units=200)
    for code in plan_next(one, people, Policy(), lanes={}, missing={}).codes:
        assert code.rough_now is None
        assert "cannot be told from one transcript" in code.advice


def test_roughness_is_the_jackknife_of_groups_and_the_drawing() -> None:
    tables = np.arange(10).reshape(10, 1, 1)
    found = np.array([[0.5]])

    def alike(left: np.ndarray) -> np.ndarray:
        return np.array([[0.5]])

    certain = roughness(tables, found, 200, alike, 1)[0, 0]
    assert certain == pytest.approx(math.sqrt(0.25 / 200))
    assert roughness(tables, np.array([[0.0]]), 200, alike, 1)[0, 0] > 0

    seen: list[float] = []

    def differs(left: np.ndarray) -> np.ndarray:
        seen.append(float(left.mean() / 10))
        return np.array([[seen[-1]]])

    rough = roughness(tables, found, 200, differs, 1)[0, 0]
    assert len(seen) == 5
    by_hand = 4 / 5 * sum((x - sum(seen) / 5) ** 2 for x in seen)
    assert rough == pytest.approx(math.sqrt(by_hand + 0.25 / 200))
    assert np.isnan(roughness(tables[:1], found, 200, alike, 1)).all()


@pytest.mark.slow
def test_latent_rare_and_unpaired_codes_are_told_apart() -> None:
    clear = noisy([0.004, 0.004], transcripts=6, codes=2, rate=0.2, units=80)
    latent = plan_next(clear, ("P1", "P2"), Policy(), lanes={}, missing={}, latent=("c1",))
    assert "latent" in next(c for c in latent.codes if c.code == "c1").advice
    alone = plan_next(clear, ("P1",), Policy(), lanes={}, missing={})
    assert alone.doubly_coded == 0
    assert all(isinstance(c.now, Undefined) for c in alone.codes)
    once = np.zeros((2, 480, 2), dtype=bool)
    once[:, 7, 0] = True
    rare = matrix_of(once, transcript=np.repeat(np.arange(6), 80))
    found = plan_next(rare, ("P1", "P2"), Policy(), lanes={}, missing={}).codes
    assert "Too rare" in next(c for c in found if c.code == "c1").advice
    assert isinstance(next(c for c in found if c.code == "c2").now, Undefined)


@pytest.mark.slow
def test_the_transcript_with_what_is_missing_comes_first() -> None:
    clear = noisy([0.004, 0.004], transcripts=6, codes=2, rate=0.2, units=80)
    expected = {
        "rich": ("a person", ("P1",), np.array([30.0, 30.0])),
        "poor": ("the run", (), np.array([1.0, 0.0])),
    }
    plan = plan_next(clear, ("P1", "P2"), Policy(), lanes={}, missing={}, expected=expected)
    assert [t.transcript for t in plan.transcripts] == ["rich", "poor"]
    tables, names = pair_tables(clear, ("P1", "P2"))
    assert len(names) == len(tables) == 6
