from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.units.building import build_units
from eval.units.records import (
    CodedTranscript,
    CoderScope,
    CodingSpan,
    UnitMatrix,
    UnitPlan,
    UnitSegment,
    exchanges,
    to_families,
)
from eval.units.words import RULES, Rule, word_index

Q = "What did you do then, and why?"
SHORT = "Yes."
LONG = (
    "We had a long walk by the sea and then we talked about it for a whole hour or more, I think."
)


def talk(
    *turns: tuple[str, str],
    name: str = "t1",
    codings: Sequence[tuple[str, str, str]] = (),
    scopes: Sequence[CoderScope] | None = None,
    coders: Sequence[str] = ("Ann", "Ben"),
) -> CodedTranscript:
    """A transcript from (speaker, text); codings as (coder, code, first words, last words)."""
    text, segments = "", []
    for number, (speaker, said) in enumerate(turns):
        start = len(text)
        text += said + "\n\n"
        segments.append(UnitSegment(start, len(text), speaker, number, speaker == "I"))
    spans = []
    for coder, code, passage in codings:
        start = text.index(passage)
        spans.append(CodingSpan(coder, code, start, start + len(passage)))
    if scopes is None:
        scopes = [CoderScope(coder) for coder in coders]
    return CodedTranscript(name, text, tuple(segments), tuple(spans), tuple(scopes))


def plan(**changes: Any) -> UnitPlan:
    return UnitPlan(**{"codes": ("a", "b"), "coders": ("Ann", "Ben"), **changes})


def yes(matrix: UnitMatrix, coder: str, code: str) -> list[bool]:
    given = matrix.positive[matrix.coder(coder), :, matrix.codes.index(code)]
    return [bool(x) for x in given]


def test_half_of_it_or_ten_words() -> None:
    # LONG has 22 words: nine are neither half nor ten, ten are enough.
    nine = "We had a long walk by the sea and"
    assert len(LONG.split()) == 22
    assert len(nine.split()) == 9
    for passage, counts in ((nine, False), (nine + " then", True)):
        matrix = build_units([talk(("P", LONG), codings=[("Ann", "a", passage)])], plan())
        assert yes(matrix, "Ann", "a") == [counts]
        assert matrix.left_out.too_small == (0 if counts else 1)
    # Half of a short segment is enough.
    matrix = build_units([talk(("P", "Never mind."), codings=[("Ann", "a", "mind")])], plan())
    assert yes(matrix, "Ann", "a") == [True]


def test_two_short_spans_of_one_code_add_up_and_doubles_do_not() -> None:
    parts = [("Ann", "a", "We had a long walk"), ("Ann", "a", "for a whole hour or")]
    matrix = build_units([talk(("P", LONG), codings=parts)], plan())
    assert yes(matrix, "Ann", "a") == [True]
    twice = [("Ann", "a", "We had a long walk")] * 3
    matrix = build_units([talk(("P", LONG), codings=twice)], plan())
    assert yes(matrix, "Ann", "a") == [False]
    assert matrix.left_out.too_small == 3


def test_ten_characters_where_there_are_no_spaces() -> None:
    said = "我们昨天去了海边散步然后谈了很久的话题一直到晚上"
    for length, counts in ((9, False), (10, True)):
        case = talk(("P", said), codings=[("Ann", "a", said[:length])])
        assert yes(build_units([case], plan()), "Ann", "a") == [counts]


def test_rules_from_generous_to_strict() -> None:
    case = talk(("P", LONG), codings=[("Ann", "a", "We had a long walk by")])
    found = [yes(build_units([case], plan(rule=rule)), "Ann", "a") == [True] for rule in RULES]
    assert found == [True, True, False, False, False]
    assert [str(rule) for rule in RULES] == [
        "any word",
        "25% of it or 5 words",
        "50% of it or 10 words",
        "50% of it",
        "all of it",
    ]
    whole = talk(("P", LONG), codings=[("Ann", "a", LONG)])
    assert yes(build_units([whole], plan(rule=RULES[-1])), "Ann", "a") == [True]


def test_no_is_data_only_inside_a_scope() -> None:
    scopes = [
        CoderScope("Ann"),
        CoderScope("Ben", codes=frozenset({"a"}), passages=((0, len(Q) + 2),)),
    ]
    case = talk(("I", Q), ("P", LONG), codings=[("Ben", "a", LONG), ("Ann", "b", Q)], scopes=scopes)
    matrix = build_units([case], plan())
    assert matrix.scope[0].all()
    assert matrix.scope[1].tolist() == [[True, False], [False, False]]
    # Ben's coding lies outside what Ben is said to have looked at: it is counted, not used.
    assert yes(matrix, "Ben", "a") == [False, False]
    assert matrix.left_out.out_of_scope == 1
    assert matrix.left_out.units_unseen == (("Ann", 0), ("Ben", 1))
    assert matrix.pair("Ann", "Ben").pooled.tolist() == [0, 0, 0, 1]


def test_a_coder_without_scope_has_no_data() -> None:
    case = talk(("P", LONG), scopes=[CoderScope("Ann")])
    matrix = build_units([case], plan())
    assert not matrix.scope[1].any()
    assert matrix.pair("Ann", "Ben").pooled.sum() == 0


def test_unknown_codes_are_listed() -> None:
    case = talk(
        ("P", LONG), codings=[("Ann", "old", LONG), ("Ann", "old", "sea"), ("Zoe", "a", Q)][:2]
    )
    assert build_units([case], plan()).left_out.unknown_codes == (("old", 2),)


def test_interviewers_may_be_left_out_and_are_counted() -> None:
    codings = [("Ann", "a", Q), ("Ann", "b", LONG)]
    case = talk(("I", Q), ("P", LONG), ("I", SHORT), codings=codings)
    matrix = build_units([case], plan(leave_out_interviewers=True))
    assert matrix.positive.shape == (2, 1, 2)
    assert matrix.segment.tolist() == [[1, 2]]
    assert matrix.left_out.interviewer_segments == 2
    assert matrix.left_out.only_interviewer == 1
    assert build_units([case], plan()).left_out.interviewer_segments == 0


def test_exchanges() -> None:
    speakers = "P I I P P I P"
    segments = [UnitSegment(i, i + 1, s, i, s == "I") for i, s in enumerate(speakers.split())]
    found = exchanges(segments)
    assert found is not None
    assert found.tolist() == [0, 1, 1, 1, 1, 2, 2]
    assert exchanges([UnitSegment(0, 1, "P")]) is None


def test_a_coding_over_question_and_answers_is_one_positive_by_exchange() -> None:
    turns = [("I", Q), ("P", LONG), ("I", "And now, what is there?"), ("P", SHORT)]
    over = f"{Q}\n\n{LONG}"
    case = talk(*turns, codings=[("Ann", "a", over), ("Ann", "b", SHORT)])
    by_segment = build_units([case], plan())
    assert yes(by_segment, "Ann", "a") == [True, True, False, False]
    matrix = build_units([case], plan(unit="exchange"))
    assert yes(matrix, "Ann", "a") == [True, False]
    # A coded "Yes." counts although it is a small part of its exchange.
    assert yes(matrix, "Ann", "b") == [False, True]
    assert matrix.segment.tolist() == [[0, 2], [2, 4]]


def test_no_exchanges_where_nobody_asks() -> None:
    matrix = build_units([talk(("P", LONG))], plan(unit="exchange"))
    assert matrix.positive.shape == (2, 0, 2)
    assert matrix.left_out.transcripts == (("t1", "nobody is marked as interviewer"),)
    assert build_units([], plan()).positive.shape == (2, 0, 2)


def test_a_code_of_the_whole_transcript_is_one_answer() -> None:
    case = talk(("I", Q), ("P", LONG), ("I", SHORT), codings=[("Ann", "a", "hour")])
    matrix = build_units([case], plan(code_units={"a": "transcript"}))
    assert matrix.scope[0, :, 0].tolist() == [True, False, False]
    assert yes(matrix, "Ann", "a") == [True, False, False]
    assert matrix.pair("Ann", "Ben").by_code.tolist() == [[0, 1, 0, 0], [0, 0, 0, 3]]
    assert matrix.left_out.too_small == 0
    # "Nowhere in it" is no data for somebody who saw a part.
    part = [CoderScope("Ann"), CoderScope("Ben", passages=((0, len(Q)),))]
    case = talk(("I", Q), ("P", LONG), scopes=part)
    matrix = build_units([case], plan(code_units={"a": "transcript"}))
    assert matrix.scope[:, :, 0].tolist() == [[True, False], [False, False]]


def test_a_code_of_exchanges_among_segments() -> None:
    turns = [("I", Q), ("P", LONG), ("I", Q), ("P", SHORT)]
    case = talk(*turns, codings=[("Ann", "a", LONG)])
    matrix = build_units([case], plan(code_units={"a": "exchange"}))
    assert matrix.scope[0, :, 0].tolist() == [True, False, True, False]
    assert yes(matrix, "Ann", "a") == [True, False, False, False]


def test_transcripts_stand_one_under_the_other() -> None:
    first = talk(("I", Q), ("P", LONG), codings=[("Ann", "a", LONG), ("Ben", "a", LONG)])
    second = talk(("P", SHORT), name="t2", codings=[("Ben", "a", SHORT)])
    matrix = build_units([first, second], plan())
    assert matrix.transcript.tolist() == [0, 0, 1]
    assert matrix.words.tolist() == [7, 22, 1]
    cells = matrix.pair("Ann", "Ben").cells
    assert cells[:, 0].tolist() == [[1, 0, 0, 1], [0, 0, 1, 0]]
    within = np.zeros((3, 2), dtype=bool)
    within[2] = True
    assert matrix.pair("Ann", "Ben", within).cells[:, 0].tolist() == [[0] * 4, [0, 0, 1, 0]]


def test_families() -> None:
    scopes = [CoderScope("Ann"), CoderScope("Ben", codes=frozenset({"a", "c"}))]
    case = talk(("I", Q), ("P", LONG), codings=[("Ann", "a", Q), ("Ann", "b", LONG)], scopes=scopes)
    matrix = build_units([case], plan(codes=("a", "b", "c")))
    families = to_families(matrix, {"a": "F", "b": "F"})
    assert families.codes == ("F", "c")
    assert yes(families, "Ann", "F") == [True, True]
    # Ben did not look for b, so that Ben's "no" to the family is unknown.
    assert families.scope[1].tolist() == [[False, True], [False, True]]


def test_a_segment_without_words_can_be_covered() -> None:
    case = talk(("P", "..."), codings=[("Ann", "a", "...")])
    assert yes(build_units([case], plan()), "Ann", "a") == [True]
    assert Rule().holds(np.array([[0]]), np.array([1])).tolist() == [[False]]


@given(st.data())
def test_words_covered_are_those_under_any_span(data: st.DataObject) -> None:
    """Against the plain way: look at every word on its own."""
    words = data.draw(st.lists(st.sampled_from(["ah", "well,", "no", "then…"]), min_size=1))
    text = " ".join(words)
    cut = data.draw(st.integers(0, len(text)))
    segments = [(0, cut), (cut, len(text))]
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    spans = [tuple(sorted(span)) for span in data.draw(st.lists(ends, max_size=4))]
    index = word_index(text, segments)
    got = index.covered(
        np.array(spans, dtype=np.int64).reshape(-1, 2), np.zeros(len(spans), int), 1
    )
    expected = [
        sum(any(a <= m < b for a, b in spans) for m in index.middles[lo:hi])
        for lo, hi in zip(index.borders, index.borders[1:], strict=False)
    ]
    assert got[:, 0].tolist() == expected
    for start, end in spans:
        alone = index.covered(np.array([[start, end]]), np.zeros(1, int), 1)[:, 0]
        first, last = index.touched(start, end)
        assert [i for i in range(2) if alone[i]] == [i for i in range(first, last) if alone[i]]


def test_a_text_is_indexed_once_and_nobody_can_change_that() -> None:
    text, segments = "So we went on. And then?", [(0, 15), (15, 24)]
    index = word_index(text, segments)
    assert word_index("".join(text), list(segments)) is index
    assert word_index(text, [(0, 24)]) is not index
    with pytest.raises(ValueError, match="read-only"):
        index.middles[0] = 3


@pytest.mark.parametrize("said", ["mot à mot", "слово за слово", "one\u00a0two three"])
def test_words_of_other_languages(said: str) -> None:
    assert word_index(said, [(0, len(said))]).words.tolist() == [3]
