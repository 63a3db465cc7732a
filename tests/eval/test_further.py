"""Passages, set-valued coefficients and planning on studies whose answers are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.evaluation.ceiling import person_person
from eval.further.coefficients import measure_further
from eval.further.passages import closed_up, common_passages, several_codes
from eval.further.spans import measure_spans
from eval.intervals.resampling import DEFAULT
from eval.statistics.categories import category_counts, fleiss, gwet
from eval.statistics.krippendorff import alpha
from eval.statistics.sets import jaccard, masi, masi_difference_first, set_alpha
from eval.statistics.unitizing import Unit, family_of
from eval.statistics.unitizing_sums import (
    binary_alpha,
    code_alpha,
    common_alpha,
    place_alpha,
    unit_sums,
)
from eval.statistics.values import Undefined, is_defined, show
from eval.units.building import build_units
from eval.units.records import CodedTranscript, CoderScope, CodingSpan, UnitPlan, UnitSegment
from eval.verdicts.planning import kappa_below, plan_next
from eval.verdicts.policy import Policy
from eval.verdicts.roughness import roughness
from eval.verdicts.simulating import like_a_colleague, pair_tables
from tests.eval.matrices import matrix_of, noisy

CODES = ("a", "b", "c")
LENGTH = 400


def study(seed: int = 3, transcripts: int = 5) -> list[CodedTranscript]:
    rng = np.random.default_rng(seed)
    made = []
    text = ("word " * (LENGTH // 5))[:LENGTH]
    segments = tuple(UnitSegment(s, s + 40) for s in range(0, LENGTH, 40))
    for t in range(transcripts):
        spans = []
        for segment in segments:
            for code in CODES:
                if rng.random() < 0.3:
                    spans.append(CodingSpan("Ann", code, segment.start, segment.end - 5))
                    if rng.random() < 0.7:
                        spans.append(CodingSpan("Ben", code, segment.start, segment.end - 10))
        scopes = (CoderScope("Ann"), CoderScope("Ben"))
        made.append(CodedTranscript(f"t{t}", text, segments, tuple(spans), scopes))
    return made


unit_lists = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 9), st.sampled_from("ab")), max_size=6
)


@pytest.mark.slow
@given(st.lists(st.tuples(unit_lists, unit_lists), min_size=1, max_size=4))
def test_sums_by_transcript_give_the_family(
    raw: list[tuple[list[tuple[int, int, str]], list[tuple[int, int, str]]]],
) -> None:
    """Oracles of the family are properties; that both ways agree is one of them."""

    def units(marks: list[tuple[int, int, str]]) -> list[Unit]:
        return [
            Unit(10 * i + s % 5, 10 * i + s % 5 + 1 + size % 5, code)
            for i, (s, size, code) in enumerate(marks)
        ]

    continua = [[units(one), units(other)] for one, other in raw]
    lengths = [100] * len(continua)
    whole = family_of(continua, lengths)
    sums = unit_sums(continua, lengths, ("a", "b"))
    ones = np.ones((1, len(continua)))
    for value, found in (
        (whole.u, place_alpha(ones, sums)[0]),
        (whole.binary, binary_alpha(ones, sums)[0]),
        (whole.cu, common_alpha(ones, sums)[0]),
        *(
            (whole.codes.get(c, Undefined("")), code_alpha(ones, sums)[0, i])
            for i, c in enumerate("ab")
        ),
    ):
        if is_defined(value):
            assert found == pytest.approx(value, abs=1e-9)
        else:
            assert np.isnan(found)


def test_spans_of_identical_people_are_perfect_and_order_does_not_matter() -> None:
    texts = [
        CodedTranscript(
            t.name,
            t.text,
            t.segments,
            tuple(
                CodingSpan(who, c.code, c.start, c.end)
                for c in t.codings
                if c.coder == "Ann"
                for who in ("Ann", "Ben")
            ),
            t.scopes,
        )
        for t in study()
    ]
    found = measure_spans(texts, CODES, [("Ann", "Ben")], DEFAULT)
    assert found is not None
    for row in (found.together, *found.codes):
        assert row.character_f1.estimate == row.iou.estimate == 1
        assert all(value.estimate == 1 for value in row.matched.values())
        assert row.u_alpha.estimate == pytest.approx(1)
    one = measure_spans(study(), CODES, [("Ann", "Ben")], DEFAULT)
    other = measure_spans(study(), CODES, [("Ben", "Ann")], DEFAULT)
    assert one is not None
    assert other is not None
    assert one.together.character_f1 == other.together.character_f1
    assert one.binary == other.binary
    assert is_defined(one.binary.low)
    assert one.together.first == other.together.second


def marked_by(*marks: tuple[str, str, int, int]) -> list[CodedTranscript]:
    """Six transcripts with the same marks (coder, code, start, end) and a little chance."""
    rng = np.random.default_rng(4)
    text = ("word " * (LENGTH // 5))[:LENGTH]
    segments = tuple(UnitSegment(s, s + 40) for s in range(0, LENGTH, 40))
    scopes = (CoderScope("Ann"), CoderScope("Ben"))
    return [
        CodedTranscript(
            f"t{t}",
            text,
            segments,
            tuple(
                CodingSpan(who, code, start, end + int(rng.integers(0, 9)))
                for who, code, start, end in marks
            ),
            scopes,
        )
        for t in range(6)
    ]


def test_a_code_that_one_never_used_has_a_figure_without_a_false_certainty() -> None:
    texts = marked_by(
        ("Ann", "a", 0, 30),
        ("Ben", "a", 5, 30),
        ("Ann", "b", 100, 120),  # Ben never uses b
        ("Ann", "c", 200, 220),  # and c never at the same place
        ("Ben", "c", 300, 320),
    )
    found = measure_spans(texts, CODES, [("Ann", "Ben")], DEFAULT)
    assert found is not None
    alike, alone, apart = found.codes
    assert is_defined(alike.u_alpha.low)
    assert is_defined(found.binary.low)
    for row in (alone, apart):
        assert is_defined(row.u_alpha.estimate)
        assert -0.1 < row.u_alpha.estimate < 0
        for end in (row.u_alpha.low, row.u_alpha.high, row.u_alpha.se):
            assert isinstance(end, Undefined)
            assert "no passage was marked alike" in end.reason
    only = measure_spans(texts, ("b",), [("Ann", "Ben")], DEFAULT)
    assert only is not None
    assert is_defined(only.binary.estimate)
    assert not is_defined(only.binary.low)
    assert not is_defined(only.together.u_alpha.low)
    # The same where both marked something and one of them never this code.
    crossed = marked_by(("Ann", "a", 0, 30), ("Ben", "a", 5, 30), ("Ann", "b", 60, 90))
    crossed += marked_by(("Ann", "b", 0, 30), ("Ben", "a", 5, 30))
    kinds = measure_spans(crossed, ("a", "b"), [("Ann", "Ben")], DEFAULT)
    assert kinds is not None
    assert is_defined(kinds.codes[0].kind_alpha.low)
    assert is_defined(kinds.codes[1].kind_alpha.estimate)
    assert not is_defined(kinds.codes[1].kind_alpha.low)


def test_the_row_of_all_codes_has_no_alpha_of_one_code() -> None:
    found = measure_spans(study(), CODES, [("Ann", "Ben")], DEFAULT)
    assert found is not None
    value = found.together.kind_alpha.estimate
    assert isinstance(value, Undefined)
    assert "one code against the others" in value.reason
    assert is_defined(found.common.estimate)
    assert all(is_defined(row.kind_alpha.estimate) for row in found.codes)


def test_names_of_codes_do_not_change_where_anything_is() -> None:
    renamed = [
        CodedTranscript(
            t.name,
            t.text,
            t.segments,
            tuple(
                CodingSpan(c.coder, {"a": "x", "b": "y", "c": "z"}[c.code], c.start, c.end)
                for c in t.codings
            ),
            t.scopes,
        )
        for t in study()
    ]
    one = measure_spans(study(), CODES, [("Ann", "Ben")], DEFAULT)
    other = measure_spans(renamed, ("x", "y", "z"), [("Ann", "Ben")], DEFAULT)
    assert one is not None
    assert other is not None
    assert one.binary == other.binary
    assert one.common == other.common
    assert one.together.matched == other.together.matched


def test_only_what_both_looked_at_counts() -> None:
    text = study()[0]
    half = CoderScope("Ben", passages=((0, 200),))
    part = CodedTranscript(
        text.name, text.text, text.segments, text.codings, (text.scopes[0], half)
    )
    assert common_passages(part, ("Ann", "Ben")) == [(0, 200)]
    assert common_passages(part, ("Ann", "Nobody")) == []
    assert closed_up([(12, 18)], [(0, 5), (10, 20)]) == [(7, 13)]
    assert several_codes([{"a": [(0, 10)], "b": [(5, 12)], "c": [(20, 30)]}]) == [(5, 10)]
    assert measure_spans([part], CODES, [("Ann", "Nobody")], DEFAULT) is None


def test_further_coefficients_are_those_of_the_plain_functions() -> None:
    texts = study(transcripts=6)
    matrix = build_units(texts, UnitPlan(CODES, ("Ann", "Ben")))
    found = measure_further(matrix, texts, person_person(matrix, ("Ann", "Ben")), DEFAULT)
    answers = [
        [frozenset(np.flatnonzero(row).tolist()) for row in matrix.positive[k]] for k in range(2)
    ]
    for coefficient, distance in zip(
        found.sets, (jaccard, masi, masi_difference_first), strict=True
    ):
        expected = set_alpha(answers, distance)
        assert coefficient.value.estimate == pytest.approx(expected, abs=1e-9)
        assert is_defined(coefficient.value.low)
    numbers = matrix.positive.sum(axis=2).astype(float)
    _, counts = category_counts(numbers)
    expected_values = [
        *(alpha(numbers, level) for level in ("ordinal", "interval", "ratio")),
        *(gwet(counts, kind) for kind in ("linear", "quadratic", "ordinal")),
        fleiss(counts),
    ]
    assert len({c.name for c in (*found.sets, *found.numbers)}) == 10
    for coefficient, expected in zip(found.numbers, expected_values, strict=True):
        assert coefficient.value.estimate == pytest.approx(expected, abs=1e-9), coefficient.name
    assert {g.transcript for g in found.gamma} == {t.name for t in texts}


# --- planning ----------------------------------------------------------------------------------


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
