from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from eval.evaluation.ceiling import (
    ReferenceCounts,
    model_person,
    people_alpha,
    person_person,
    reference_counts,
)
from eval.evaluation.difference import difference
from eval.evaluation.figures import summarise
from eval.evaluation.gain import gain
from eval.evaluation.pairs import units_of
from eval.intervals.resampling import Interval, Intervals, Method, Resampling, bounded
from eval.statistics.agreement import ALL, measure
from eval.statistics.values import BoolArray, Undefined, is_defined
from eval.units.records import UnitMatrix
from tests.eval.known import known
from tests.eval.matrices import matrix_of, noisy

PEOPLE = ("Ann", "Ben", "Cy")
NAMES = (*PEOPLE, "model")


def four(errors: Sequence[float] = (0.03, 0.03, 0.03, 0.03), **more: Any) -> UnitMatrix:
    return noisy(errors, coders=NAMES, **more)


def test_mean_over_pairs_of_people() -> None:
    matrix = four()
    pairs = person_person(matrix, PEOPLE)
    assert [(pair.first, pair.second) for pair in pairs] == [
        ("Ann", "Ben"),
        ("Ann", "Cy"),
        ("Ben", "Cy"),
    ]
    summary = summarise(pairs, ALL, both_ways=True)
    expected = np.mean([measure("kappa", pair.by_code[1]) for pair in pairs])
    assert summary.row("c2").values["kappa"].estimate == pytest.approx(expected)
    pooled = np.mean([measure("kappa", pair.pooled) for pair in pairs])
    assert summary.pooled.values["kappa"].estimate == pytest.approx(pooled)
    macro = np.mean([row.values["f1"].estimate for row in summary.codes])
    assert summary.macro["f1"].estimate == pytest.approx(macro)
    assert summary.macro_codes["f1"] == 4
    # The mean over two directions of precision is that of precision and recall.
    one, two = (known(measure(key, pairs[0].by_code[0])) for key in ("precision", "recall"))
    alone = summarise(pairs[:1], ALL, both_ways=True)
    assert alone.row("c1").values["precision"].estimate == pytest.approx((one + two) / 2)
    assert alone.row("c1").values["recall"].estimate == pytest.approx((one + two) / 2)


def test_all_pairs_together() -> None:
    matrix = four(errors=(0.02, 0.06, 0.03, 0.03))
    pairs = person_person(matrix, PEOPLE)
    summary = summarise(pairs, ALL, both_ways=True)
    tables = np.array([pair.pooled for pair in pairs])
    # All coded the same units: Conger's kappa, from mean agreement and mean chance over pairs.
    n = tables.sum(axis=1)
    seen = (tables[:, 0] + tables[:, 3]) / n
    yes = [(tables[:, 0] + tables[:, i]) / n for i in (1, 2)]
    chance = yes[0] * yes[1] + (1 - yes[0]) * (1 - yes[1])
    conger = (seen.mean() - chance.mean()) / (1 - chance.mean())
    assert summary.together.values["kappa"].estimate == pytest.approx(conger)
    for key in ("f1", "ac1", "alpha"):
        expected = measure(key, tables.sum(axis=0))
        assert summary.together.values[key].estimate == pytest.approx(expected)
    turned = summarise(person_person(matrix, PEOPLE[::-1]), ALL, both_ways=True)
    for key in ("kappa", "precision", "recall", "alpha"):
        one, other = (s.together.values[key].estimate for s in (summary, turned))
        assert one == pytest.approx(other, abs=1e-12)
    alone = summarise(pairs[:1], ALL, both_ways=True)
    assert alone.together.values["kappa"].estimate == pytest.approx(
        alone.pooled.values["kappa"].estimate
    )


def test_units_that_pairs_looked_at_count_once() -> None:
    matrix = four()
    scope = matrix.scope.copy()
    scope[1, matrix.transcript > 2] = False
    scope[2, matrix.transcript > 3] = False
    part = replace(matrix, scope=scope, positive=matrix.positive & scope)
    looked = {who: units_of(part, person_person(part, who)) for who in (PEOPLE, PEOPLE[1:])}
    assert looked == {PEOPLE: 4 * 60, PEOPLE[1:]: 3 * 60}


def test_worst_code_and_transcript() -> None:
    matrix = four(errors=(0.0, 0.05, 0.0, 0.0))
    summary = summarise(person_person(matrix, ("Ann", "Ben")))
    figures = {row.name: known(row.values["kappa"].estimate) for row in summary.codes}
    assert summary.worst_code["kappa"].name == min(figures, key=figures.__getitem__)
    local = {row.name: known(row.values["kappa"]) for row in summary.transcripts}
    assert summary.worst_transcript["kappa"].value == min(local.values())
    assert "prevalence" not in summary.worst_code
    counts = np.array([row.counts for row in summary.transcripts]).sum(axis=0)
    assert counts.tolist() == list(summary.pooled.counts)


def test_two_people_have_no_order() -> None:
    summary = summarise(person_person(four(), PEOPLE), both_ways=True)
    value = summary.pooled.values["bias_index"].estimate
    assert isinstance(value, Undefined)
    assert "no order" in value.reason
    # The model with each person has one: the person is the reference.
    against = summarise(model_person(four(), PEOPLE, "model"))
    assert is_defined(against.pooled.values["bias_index"].estimate)


def test_order_of_coders_and_names_of_codes_do_not_matter() -> None:
    matrix = four()
    turned = replace(
        matrix,
        coders=tuple(reversed(matrix.coders)),
        codes=("w", "x", "y", "z"),
        positive=matrix.positive[::-1],
        scope=matrix.scope[::-1],
    )
    one = difference(matrix, PEOPLE, "model")
    other = difference(turned, ("Cy", "Ann", "Ben"), "model")
    for a, b in zip(
        (*one.codes, one.pooled, one.macro), (*other.codes, other.pooled, other.macro), strict=True
    ):
        assert a.difference.estimate == pytest.approx(b.difference.estimate, abs=1e-12)
        assert a.difference.low == pytest.approx(b.difference.low, abs=1e-12)


def test_difference_is_mean_over_people_less_mean_over_pairs() -> None:
    matrix = four(errors=(0.02, 0.04, 0.03, 0.08))
    found = difference(matrix, PEOPLE, "model")
    for c, row in enumerate(found.codes):
        people = np.mean([measure("kappa", p.by_code[c]) for p in person_person(matrix, PEOPLE)])
        model = np.mean(
            [measure("kappa", p.by_code[c]) for p in model_person(matrix, PEOPLE, "model")]
        )
        assert row.model_person.estimate == pytest.approx(model)
        assert row.person_person.estimate == pytest.approx(people)
        assert row.difference.estimate == pytest.approx(model - people)
    assert known(found.pooled.difference.high) < 0  # the model errs more, and it shows
    assert known(found.pooled.p) > 0.5


def test_a_model_that_is_one_of_the_people_is_no_worse() -> None:
    matrix = four()
    copy = replace(matrix, positive=matrix.positive[[0, 1, 2, 0]])
    found = difference(copy, PEOPLE, "model")
    assert known(found.pooled.difference.estimate) > 0
    assert known(found.pooled.controlled_low) > -0.05
    assert known(found.pooled.p) < 0.01


def test_same_cells_on_both_sides() -> None:
    # Ann and Ben coded t1 to t5, Ann and Cy t6 to t10; the model left out t1.
    matrix = four()
    scope = np.ones_like(matrix.scope)
    scope[1, matrix.transcript >= 5] = False
    scope[2, matrix.transcript < 5] = False
    scope[3, matrix.transcript == 0] = False
    matrix = replace(matrix, scope=scope, positive=matrix.positive & scope)
    found = difference(matrix, PEOPLE, "model")
    assert found.pairs == (("Ann", "Ben"), ("Ann", "Cy"))
    parts = []
    for first, second in found.pairs:
        three = scope[[matrix.coder(x) for x in (first, second, "model")]]
        within: BoolArray = np.asarray(three.all(axis=0))
        with_model = [
            known(measure("kappa", matrix.pair(p, "model", within).by_code[0]))
            for p in (first, second)
        ]
        with_person = known(measure("kappa", matrix.pair(first, second, within).by_code[0]))
        parts.append(np.mean(with_model) - with_person)
    assert found.codes[0].difference.estimate == pytest.approx(np.mean(parts))
    assert found.codes[0].difference.transcripts == 9


def test_no_two_people_no_difference() -> None:
    found = difference(four(), ("Ann",), "model")
    value = found.codes[0].difference.estimate
    assert isinstance(value, Undefined)
    assert "no two people" in value.reason
    assert isinstance(found.pooled.controlled_low, Undefined)


def test_controlled_over_the_family_only() -> None:
    matrix = four(codes=6)
    whole = difference(matrix, PEOPLE, "model")
    some = difference(matrix, PEOPLE, "model", family=("c1", "c2"))
    assert known(some.row("c1").controlled_low) >= known(whole.row("c1").controlled_low)
    outside = some.row("c3").controlled_low
    assert isinstance(outside, Undefined)
    assert "family" in outside.reason
    assert known(whole.row("c1").controlled_low) < known(whole.row("c1").difference.low)


def test_a_code_that_nobody_uses_is_undefined_and_left_out_of_the_mean() -> None:
    matrix = four()
    positive = matrix.positive.copy()
    positive[:, :, 0] = False
    matrix = replace(matrix, positive=positive)
    summary = summarise(model_person(matrix, PEOPLE, "model"))
    value = summary.row("c1").values["kappa"].estimate
    assert value == Undefined("neither coder used this code")
    assert summary.macro_codes["kappa"] == 3
    assert is_defined(summary.macro["kappa"].estimate)


def test_alpha_of_all_people() -> None:
    matrix = four()
    codes, together = people_alpha(matrix, PEOPLE)
    assert len(codes) == 4
    # With complete answers alpha lies by the mean of the pairs' alphas.
    pairs = [known(measure("alpha", p.pooled)) for p in person_person(matrix, PEOPLE)]
    assert together.estimate == pytest.approx(np.mean(pairs), abs=0.01)
    two, pooled = people_alpha(matrix, ("Ann", "Ben"))
    assert pooled.estimate == pytest.approx(pairs[0], abs=1e-9)
    assert is_defined(two[0].low)


def test_reference_counts() -> None:
    positive = np.zeros((2, 4, 2), dtype=bool)
    positive[0, 0, 0] = positive[1, 0, 0] = positive[1, 3, 0] = True
    scope = np.ones((2, 4, 2), dtype=bool)
    scope[1, :, 1] = False
    matrix = matrix_of(positive, scope, [0, 0, 1, 2], coders=("Ann", "Ben"))
    found = reference_counts(matrix, ("Ann", "Ben"))
    assert found == (ReferenceCounts(3, 2, 2, 2), ReferenceCounts(3, 0, 0, 1))


@pytest.mark.parametrize("method", ["jackknife-t", "percentile", "bca"])
def test_every_method_gives_intervals(method: Method) -> None:
    found = difference(four(), PEOPLE, "model", settings=Resampling(method=method, resamples=300))
    for row in (*found.codes, found.pooled, found.macro):
        apart = row.difference
        assert known(apart.low) < known(apart.estimate) < known(apart.high)


def test_a_difference_is_never_shown_beyond_what_is_possible() -> None:
    """With two transcripts Student's t reaches many times as far."""
    for seed in range(4):
        few = four(errors=(0.05, 0.15, 0.1, 0.2), transcripts=2, units=40, seed=seed)
        found = difference(few, PEOPLE, "model")
        for row in (*found.codes, found.pooled):
            if is_defined(row.difference.low):
                assert -2 <= row.difference.low <= known(row.difference.estimate)
                assert known(row.difference.estimate) <= known(row.difference.high) <= 2
        above = gain(few, PEOPLE, "model", "Ann")
        ends = [x for r in above.codes for x in (r.difference.low, r.difference.high)]
        assert all(abs(x) <= 2 for x in ends if is_defined(x))
    wide = Intervals(
        estimate=np.array([0.1]),
        low=np.array([-6.0]),
        high=np.array([7.0]),
        se=np.array([0.5]),
        df=np.array([1.0]),
        units=np.array([9.0]),
        transcripts=np.array([2]),
        method="jackknife-t",
        level=0.95,
    )
    assert bounded(wide, -2).low == -2
    assert bounded(wide, -2).high == 2
    assert bounded(wide, -np.inf) is wide


def test_the_same_people_have_one_interval_whatever_model_they_are_set_beside() -> None:
    """Ann uses the code in one transcript: without it her kappa with a silent model is undefined,
    while that with Ben is not."""
    yes = np.zeros((3, 60, 1), dtype=bool)
    yes[1, [0, 1, 2, 20, 21]] = True
    yes[0, [20, 22]] = True
    silent = matrix_of(
        yes, transcript=np.repeat([0, 1, 2], 20), coders=("Ann", "Ben", "model"), codes=("c1",)
    )
    talking = yes.copy()
    talking[2, 18:59] = True
    alone = summarise(person_person(silent, ("Ann", "Ben")), ("kappa",), both_ways=True)
    own = alone.row("c1").values["kappa"]
    assert is_defined(own.low)
    for matrix in (silent, replace(silent, positive=talking)):
        beside = difference(matrix, ("Ann", "Ben"), "model").row("c1").person_person
        assert beside.estimate == pytest.approx(own.estimate)
        assert beside.low == pytest.approx(own.low)
        assert beside.high == pytest.approx(own.high)


def test_a_figure_of_two_transcripts_is_not_said_to_rest_on_one() -> None:
    """People say no but for one transcript, where the model says yes: without it nobody does."""
    yes = np.zeros((3, 40, 1), dtype=bool)
    yes[:2, :3] = True
    yes[2, [1, 25]] = True
    found = matrix_of(
        yes, transcript=np.repeat([0, 1], 20), coders=("Ann", "Ben", "model"), codes=("c",)
    )
    row = difference(found, ("Ann", "Ben"), "model").row("c")
    assert isinstance(row.difference.low, Undefined)
    assert row.difference.low.reason == "it is undefined when one transcript is left out"
    assert isinstance(row.person_person.low, Undefined)
    assert row.person_person.low.reason == "it rests on a single transcript"


def test_a_difference_is_of_the_same_people_without_any_of_the_transcripts() -> None:
    """Ben gives the code once and Cy never, so that without that passage their pair has no kappa;
    the baseline gives it once too, so that neither has one with it."""
    transcripts, units = 8, 40
    marks = np.zeros((5, transcripts, units, 1), dtype=bool)
    ann, ben, _, model, baseline = marks
    ann[:, :3] = True
    model[:, 1:4] = True
    ben[0, 0] = True
    baseline[0, 0] = True

    def made() -> tuple[Interval, Interval]:
        matrix = matrix_of(
            marks.reshape(5, -1, 1),
            transcript=np.repeat(np.arange(transcripts), units),
            coders=(*PEOPLE, "model", "baseline"),
        )
        over = gain(matrix, PEOPLE, "model", "baseline").row("c1").difference
        return difference(matrix, PEOPLE, "model").row("c1").difference, over

    for apart in made():
        assert is_defined(apart.estimate)
        assert not is_defined(apart.low)
        assert "undefined when one transcript is left out" in apart.low.reason
    ben[1, 0] = baseline[1, 0] = True
    assert all(is_defined(apart.low) for apart in made())
