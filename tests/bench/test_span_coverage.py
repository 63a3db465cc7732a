"""The coverage of figures about marked words is measured on what the reports are made of."""

from __future__ import annotations

import numpy as np
import pytest

from bench import span_coverage, statistics
from bench.measured import Measured
from eval.further.span_sums import sum_spans
from eval.further.spans import measure_spans, span_figures
from eval.intervals.resampling import DEFAULT


def test_chosen_sums_give_what_the_chosen_transcripts_give() -> None:
    rng = np.random.default_rng(0)
    population = [span_coverage.interview(i, rng) for i in range(8)]
    made = sum_spans(population, span_coverage.CODES, [("Ann", "Ben")])
    assert made is not None
    chosen = np.array([1, 4, 6, 7])
    whole = measure_spans(
        [population[i] for i in chosen], span_coverage.CODES, [("Ann", "Ben")], DEFAULT
    )
    assert whole is not None
    drawn = span_figures(made[0].of(chosen), whole.several_codes_share, DEFAULT)
    assert list(span_coverage.figures(drawn)) == list(span_coverage.figures(whole))


def test_a_small_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(span_coverage, "POPULATION", 150)
    rows = span_coverage.measure(12, 40, "jackknife-t", 1)
    assert len(rows) == 29
    held = [row[1] for row in rows.values()]
    assert np.mean(held) > 0.85
    assert all(0 <= above <= 0.3 for _, _, above, _, _ in rows.values())


def test_other_packages_are_measured_in_the_same_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "IN_A_LOOP", 1)
    monkeypatch.setattr(statistics, "DRAWS", 200)
    rng = np.random.default_rng(0)
    first, second = rng.random((2, 400, 2)) < 0.3
    rows = list(statistics.beside_others(first, second, np.repeat(np.arange(4), 100), 4))
    kappa = next(row for row in rows if isinstance(row, Measured) and "scikit-learn" in row.what)
    assert kappa.unit == "times"
    assert kappa.value > 0
    assert len(rows) == 2
