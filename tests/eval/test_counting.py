"""Corrected counts: right on average, exact when everything was coded, refused without a draw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UserError
from assistant.store.database import open_store
from assistant.study import create_study
from bench.counts import WORLDS, measure
from eval.sampling.counting import corrected_total, count_study
from tests.store.filled import add_interview, fill


def said(*answers: float) -> np.ndarray:
    return np.array(answers, dtype=float)


def test_everything_coded_leaves_nothing_to_chance() -> None:
    found = corrected_total([(3, said(1, 1, 0), True), (2, said(0, 1), False)])
    assert found == (3.0, 3.0, 3.0)


def test_marked_and_unmarked_are_corrected_apart() -> None:
    # Of 10 marked 2 in 4 are right; of 90 unmarked 1 in 9 was missed: 5 + 10.
    estimate, low, high = corrected_total(
        [(10, said(1, 0, 1, 0), True), (90, said(*[0] * 8, 1), False)]
    )
    assert estimate == pytest.approx(15)
    assert 2 <= low < 15 < high <= 100


def test_a_cell_without_a_draw_could_be_anything() -> None:
    _, low, high = corrected_total([(10, said(1, 1), True), (20, said(), True)])
    assert high == 30
    assert low < 15
    assert corrected_total([]) == (0.0, 0.0, 0.0)


@given(st.lists(st.tuples(st.integers(1, 40), st.lists(st.booleans(), max_size=30), st.booleans())))
def test_ends_hold_the_estimate_within_the_batch(raw: list[tuple[int, list[bool], bool]]) -> None:
    cells = [(max(size, len(a)), said(*map(float, a)), marked) for size, a, marked in raw]
    estimate, low, high = corrected_total(cells)
    # What people found in the sample is there for certain, what they did not find is not.
    found = sum(float(a.sum()) for _, a, _ in cells)
    assert found <= low <= estimate + 1e-9
    assert estimate <= high + 1e-9
    assert high <= sum(size - len(a) for size, a, _ in cells) + found + 1e-9


@pytest.mark.parametrize("world", WORLDS, ids=[name for name, *_ in WORLDS])
def test_intervals_hold_the_truth(world: tuple[str, float, float, float]) -> None:
    _, rate, hits, alarms = world
    held, _, _, _ = measure(rate, hits, alarms, 120, 400, 3)
    assert held >= 0.92


def test_correction_beats_a_model_that_is_far_off() -> None:
    _, _, naive, corrected = measure(0.10, 0.7, 0.05, 240, 200, 3)
    _, _, over, mended = measure(0.02, 0.8, 0.04, 240, 200, 3)
    assert mended < over
    assert corrected < naive + 15


def test_refused_where_nothing_was_drawn_at_random(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    with open_store(study.database)[0] as store:
        made = fill(store, add_interview(store, "One", [("Ann", "We had one spade between us.")]))
        with pytest.raises(UserError, match="how its sample was drawn"):
            count_study(study, store, made.run_id)
        store.write("DELETE FROM audits")
        with pytest.raises(UserError, match="drawn at random"):
            count_study(study, store, made.run_id)
        with pytest.raises(UserError, match="no run"):
            count_study(study, store, 99)
        with pytest.raises(UserError, match="no code"):
            count_study(study, store, made.run_id, ["unheard-of"])
