from __future__ import annotations

import numpy as np
import pytest

from eval.statistics.alternative_annotator import (
    AlternativeAnnotator,
    alternative_annotator,
    benjamini_yekutieli,
)
from eval.statistics.values import BoolArray, Undefined, is_defined
from tests.eval.known import known

PEOPLE = ("Ann", "Ben", "Cem")
TRANSCRIPT = np.repeat(np.arange(12), 30)


def coded(model_error: float, seed: int = 1) -> BoolArray:
    rng = np.random.default_rng(seed)
    truth = rng.random((360, 4)) < 0.2
    return np.stack(
        [truth ^ (rng.random(truth.shape) < e) for e in (0.04, 0.04, 0.04, model_error)]
    )


def judged(positive: BoolArray, **more: float) -> AlternativeAnnotator:
    return alternative_annotator(positive, np.ones_like(positive), TRANSCRIPT, PEOPLE, **more)


def test_one_like_the_others_passes_and_a_bad_one_does_not() -> None:
    good, bad = judged(coded(0.04)), judged(coded(0.3))
    assert good.passed
    assert good.winning_rate == 1
    assert not bad.passed
    assert bad.winning_rate == 0
    assert known(good.advantage) > known(bad.advantage)


def test_a_copy_of_a_person_is_never_behind_that_person() -> None:
    positive = coded(0.0)
    positive[3] = positive[0]
    first = judged(positive).people[0]
    assert first.model_at_least == first.person_at_least == 1
    assert first.won


def test_order_and_names_of_codes_change_nothing() -> None:
    positive = coded(0.1)
    one = judged(positive)
    assert one == judged(positive[:, :, ::-1])
    turned = alternative_annotator(
        positive[[2, 1, 0, 3]], np.ones_like(positive), TRANSCRIPT, PEOPLE[::-1]
    )
    assert {r.person: r for r in turned.people} == {r.person: r for r in one.people}


def test_two_people_or_one_transcript_are_too_few() -> None:
    positive = coded(0.1)
    two = alternative_annotator(positive[1:], np.ones_like(positive[1:]), TRANSCRIPT, PEOPLE[1:])
    assert isinstance(two.winning_rate, Undefined)
    assert "three people" in two.winning_rate.reason
    alone = alternative_annotator(
        positive, np.ones_like(positive), np.zeros(360, dtype=int), PEOPLE
    )
    assert isinstance(alone.winning_rate, Undefined)
    assert not alone.passed
    unseen = alternative_annotator(positive, np.zeros_like(positive), TRANSCRIPT, PEOPLE)
    assert not is_defined(unseen.winning_rate)


def test_false_discoveries_are_controlled() -> None:
    assert benjamini_yekutieli(np.array([0.001, 0.5, 0.01]), 0.05).tolist() == [True, False, True]
    assert not benjamini_yekutieli(np.array([0.04]), 0.03).any()
    assert benjamini_yekutieli(np.array([0.05]), 0.05).tolist() == [True]


@pytest.mark.parametrize("epsilon", [0.0, 0.1, 0.4])
def test_a_wider_margin_never_loses(epsilon: float) -> None:
    narrow, wide = judged(coded(0.08), epsilon=epsilon), judged(coded(0.08), epsilon=epsilon + 0.1)
    assert known(wide.winning_rate) >= known(narrow.winning_rate)
