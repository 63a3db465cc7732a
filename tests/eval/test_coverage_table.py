from __future__ import annotations

import numpy as np
import pytest

from bench.coverage import WORLDS, World, draw, estimator
from eval.intervals.coverage_table import MEASURED, measured_coverage
from eval.intervals.resampling import DEFAULT, Resampling, intervals


def test_the_line_for_a_number_of_transcripts() -> None:
    assert measured_coverage(5) is None
    for number, line in ((6, 6), (11, 8), (300, 50)):
        measured = measured_coverage(number)
        assert measured is not None
        assert measured.transcripts == line
    assert "held the true figure in 97%" in str(measured_coverage(12))
    percentile = measured_coverage(12, "percentile")
    assert percentile is not None
    assert percentile.mean < 0.91


def test_the_default_is_the_method_that_held_best() -> None:
    for transcripts in (6, 8, 12, 24, 50):
        lines = [line for line in MEASURED if line.transcripts == transcripts]
        best = min(lines, key=lambda line: abs(line.mean - 0.95))
        assert best.method == DEFAULT.method


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("figure", ["kappa", "difference"])
def test_a_small_run_gives_what_the_table_says(world: World, figure: str) -> None:
    """At 12 transcripts; a plain percentile interval would fail this."""
    rng = np.random.default_rng(3)
    truth = estimator(draw(world, 5000, 1, rng), figure).compute(np.ones((1, 5000)))[0, 0]
    tables = draw(world, 12, 600, rng)
    marked = tables[:, 1, :, :2].sum(axis=-1)
    kept = (marked.sum(axis=0) >= 10) & ((marked > 0).sum(axis=0) >= 5)
    found = intervals(estimator(tables[:, :, kept], figure), Resampling())
    held = ((found.low <= truth) & (truth <= found.high)).mean()
    assert held >= 0.92
