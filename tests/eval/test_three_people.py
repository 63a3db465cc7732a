"""The difference of a model from three people who hardly ever agree: its lower end, by simulation.

Three people make three pairs that have people in common. What was hardly ever seen is therefore
averaged over pairs, as for errors that go together, and not added as for independent ones.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from eval.evaluation.difference import difference
from eval.intervals.never_both import part_rise, rise
from eval.statistics.agreement import STATISTICS
from eval.statistics.values import BoolArray, IntArray, is_defined
from tests.eval.matrices import matrix_of

KAPPA = STATISTICS["kappa"]
PEOPLE = ("Ann", "Ben", "Cy")
RATE, SPREAD, HITS, ALARMS, WOBBLE = 0.05, 20, 0.25, 0.015, 0.4
UNITS, TRANSCRIPTS = 100, 24


def marks(transcripts: int, codes: int, rng: np.random.Generator) -> BoolArray:
    """``(4, transcripts * UNITS, codes)``: three people and a model, all equally good."""
    rate = rng.beta(RATE * SPREAD, (1 - RATE) * SPREAD, (transcripts, 1, codes))
    true = rng.random((transcripts, UNITS, codes)) < rate
    said = []
    for _ in range(4):
        shares = []
        for mean in (HITS, ALARMS):
            away = rng.standard_normal((transcripts, 1, codes)) * WOBBLE
            shares.append(1 / (1 + np.exp(-(np.log(mean / (1 - mean)) + away))))
        said.append(rng.random(true.shape) < np.where(true, *shares))
    made: BoolArray = np.stack(said).reshape(4, -1, codes)
    return made


def test_its_lower_end_is_rarely_above_the_truth() -> None:
    """All four are equally good, so the true difference is 0; 2.5% may be above."""
    rng = np.random.default_rng(3)
    codes = 250
    matrix = matrix_of(
        marks(TRANSCRIPTS, codes, rng),
        transcript=np.repeat(np.arange(TRANSCRIPTS), UNITS),
        coders=(*PEOPLE, "model"),
    )
    made = difference(matrix, PEOPLE, "model")
    low = np.array([row.difference.low for row in made.codes if is_defined(row.difference.low)])
    assert len(low) > 0.95 * codes
    assert (low > 0).mean() <= 0.025
    tables = trios(matrix.positive, codes)
    people, model = (part_rise(KAPPA, tables, parts)(0.025) for parts in ((0,), (1, 2)))
    each = rise(KAPPA, tables, 0.025)[:, 0]
    assert np.allclose(people, each.mean(axis=0))
    assert (people > 1.2 * np.sqrt((each**2).sum(axis=0)) / 3).mean() > 0.9
    for c, row in enumerate(made.codes):
        apart = row.difference
        if is_defined(apart.low) and is_defined(apart.high) and is_defined(apart.estimate):
            below, above = apart.estimate - apart.low, apart.high - apart.estimate
            assert below**2 - above**2 == pytest.approx(people[c] ** 2 - model[c] ** 2, abs=1e-9)


def trios(positive: BoolArray, codes: int) -> IntArray:
    """``(T, 3 pairs, 3, C, 4)``: two people, then each of them with the model."""
    said = positive.reshape(4, TRANSCRIPTS, UNITS, codes)

    def table(a: BoolArray, b: BoolArray) -> IntArray:
        cells = [(a & b), (a & ~b), (~a & b), (~a & ~b)]
        return np.stack([one.sum(axis=1) for one in cells], axis=-1).astype(np.int64)

    made = [
        np.stack([table(said[a], said[b]), table(said[a], said[3]), table(said[b], said[3])], 1)
        for a, b in combinations(range(3), 2)
    ]
    return np.stack(made, axis=1)
