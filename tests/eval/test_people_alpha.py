"""Alpha of all people at once, in the figures of people with each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from eval.evaluation.ceiling import person_person
from eval.evaluation.figures import Summary, summarise
from eval.evaluation.pairs import summarise_together
from eval.intervals.resampling import Resampling
from eval.statistics.krippendorff import alpha
from eval.statistics.values import Undefined, is_defined
from eval.units.records import UnitMatrix
from tests.eval.known import known
from tests.eval.matrices import noisy

PEOPLE = ("Ann", "Ben", "Cy")


def part_of_it() -> UnitMatrix:
    """Three people; the third, who differs most, coded 4 of 10 transcripts."""
    found = noisy(
        (0.02, 0.02, 0.12), coders=PEOPLE, transcripts=10, units=40, rate=0.05, codes=3, seed=2
    )
    scope = found.scope.copy()
    scope[2, found.transcript >= 4] = False
    return replace(found, scope=scope, positive=found.positive & scope)


def summary(found: UnitMatrix, people: tuple[str, ...] = PEOPLE) -> Summary:
    return summarise_together(person_person(found, people), found, people, Resampling())


def answers(found: UnitMatrix, code: int, units: Any = slice(None)) -> np.ndarray:
    """Coders by units, nan where somebody did not look."""
    given = np.where(found.scope[:, :, code], found.positive[:, :, code], np.nan)
    return given[:, units]


def test_alpha_of_a_code_is_of_all_people_with_what_is_missing() -> None:
    found = part_of_it()
    made = summary(found)
    for c, code in enumerate(found.codes):
        expected = alpha(answers(found, c))
        assert made.row(code).values["alpha"].estimate == pytest.approx(expected, abs=1e-9)
        assert is_defined(made.row(code).values["alpha"].low)
    merged = summarise(person_person(found, PEOPLE), both_ways=True)
    assert made.row(found.codes[0]).values["alpha"].estimate != pytest.approx(
        merged.row(found.codes[0]).values["alpha"].estimate, abs=0.01
    )


def test_so_are_the_pooled_figure_the_mean_and_the_worst() -> None:
    found = part_of_it()
    made = summary(found)
    every = np.concatenate([answers(found, c) for c in range(3)], axis=1)
    assert made.pooled.values["alpha"].estimate == pytest.approx(alpha(every), abs=1e-9)
    by_code = {code: known(alpha(answers(found, c))) for c, code in enumerate(found.codes)}
    mean = made.macro["alpha"].estimate
    assert mean == pytest.approx(np.mean(list(by_code.values())), abs=1e-9)
    assert made.macro_codes["alpha"] == 3
    assert made.worst_code["alpha"].name == min(by_code, key=by_code.__getitem__)
    first = np.flatnonzero(found.transcript == 0)
    local = np.concatenate([answers(found, c, first) for c in range(3)], axis=1)
    assert made.transcripts[0].values["alpha"] == pytest.approx(alpha(local), abs=1e-9)


def test_no_figure_depends_on_who_stands_first() -> None:
    found = part_of_it()
    for people in (PEOPLE, PEOPLE[:2]):
        one, other = summary(found, people), summary(found, people[::-1])
        for key in ("bias_index", "over_coding"):
            assert isinstance(one.pooled.values[key].estimate, Undefined)
            assert isinstance(one.codes[0].values[key].estimate, Undefined)
        for key, figure in one.pooled.values.items():
            if is_defined(figure.estimate):
                assert figure.estimate == pytest.approx(other.pooled.values[key].estimate)
