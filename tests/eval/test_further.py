"""Passages, set-valued coefficients and planning on studies whose answers are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.evaluation.ceiling import person_person
from eval.further.coefficients import measure_further
from eval.further.passages import closed_up, common_passages, several_codes
from eval.further.spans import SpanRow, measure_spans
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
from eval.statistics.values import Undefined, Value, is_defined
from eval.units.building import build_units
from eval.units.records import CodedTranscript, CoderScope, CodingSpan, UnitPlan, UnitSegment

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


def test_behind_each_figure_of_all_codes_stand_its_codes_and_transcripts() -> None:
    texts = study()
    found = measure_spans(texts, CODES, [("Ann", "Ben")], DEFAULT)
    assert found is not None
    alone = {t.name: measure_spans([t], CODES, [("Ann", "Ben")], DEFAULT) for t in texts}
    figures: dict[str, Callable[[SpanRow], Value]] = {
        "character_f1": lambda row: row.character_f1.estimate,
        "iou": lambda row: row.iou.estimate,
        "u_alpha": lambda row: row.u_alpha.estimate,
        "common": lambda row: row.kind_alpha.estimate,
        **{at: lambda row, at=at: row.matched[at].estimate for at in found.together.matched},  # type: ignore[misc]
    }
    assert set(found.behind) == {*figures, "binary"}
    for name, of in figures.items():
        behind = found.behind[name]
        known = {row.code: x for row in found.codes if is_defined(x := of(row))}
        assert behind.codes == len(known)
        assert behind.macro.estimate == pytest.approx(sum(known.values()) / len(known), abs=1e-12)
        assert behind.worst_code.value == pytest.approx(min(known.values()), abs=1e-12)
        assert known[behind.worst_code.name] == pytest.approx(min(known.values()), abs=1e-12)
        whole = {
            t: one.common.estimate if name == "common" else of(one.together)
            for t, one in alone.items()
            if one is not None
        }
        least = min(x for x in whole.values() if is_defined(x))
        assert behind.worst_transcript.value == pytest.approx(least, abs=1e-12)
        assert whole[behind.worst_transcript.name] == pytest.approx(least, abs=1e-12)
    binary = found.behind["binary"]
    assert (binary.codes, is_defined(binary.macro.estimate)) == (0, False)
    each = [one.binary.estimate for one in alone.values() if one is not None]
    assert binary.worst_transcript.value == pytest.approx(
        min(x for x in each if is_defined(x)), abs=1e-12
    )


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
