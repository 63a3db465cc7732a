"""Every cell in which coders differ is in exactly one dispute, whatever they said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.disagreements.matching import Cells, disputes
from eval.disagreements.pairing import Kinship
from eval.units.records import CodedTranscript, CodingSpan, UnitSegment

CODES = ("a", "b", "c")
ROWS = 5
WIDTH = 10

spans = st.lists(
    st.tuples(
        st.sampled_from(["P", "Q", "R"]),
        st.sampled_from(CODES),
        st.integers(0, ROWS - 1),
        st.integers(0, 2),
    ),
    max_size=14,
)


def cells_of(marked: list[tuple[str, str, int, int]], turns: list[int], scope: np.ndarray) -> Cells:
    coders = ("P", "Q", "R")
    positive = np.zeros((3, ROWS, 3), dtype=bool)
    codings = []
    for coder, code, first, more in marked:
        last = min(first + more, ROWS - 1)
        codings.append(CodingSpan(coder, code, first * WIDTH, (last + 1) * WIDTH - 1))
        positive[coders.index(coder), first : last + 1, CODES.index(code)] = True
    text = ("x" * (WIDTH - 1) + "\n") * ROWS
    segments = tuple(
        UnitSegment(n * WIDTH, (n + 1) * WIDTH, turn=turn) for n, turn in enumerate(turns)
    )
    return Cells(
        CodedTranscript("t", text, segments, tuple(codings), ()),
        coders,
        CODES,
        positive & scope,
        scope,
        tuple((n, n + 1) for n in range(ROWS)),
    )


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    marked=spans,
    turns=st.lists(st.booleans(), min_size=ROWS, max_size=ROWS),
    unseen=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, ROWS - 1), st.integers(0, 2)), max_size=4
    ),
    related=st.booleans(),
)
def test_each_disputed_cell_is_in_exactly_one_dispute(
    marked: list[tuple[str, str, int, int]],
    turns: list[bool],
    unseen: list[tuple[int, int, int]],
    related: bool,
) -> None:
    scope = np.ones((3, ROWS, 3), dtype=bool)
    for place in unseen:
        scope[place] = False
    cells = cells_of(marked, np.cumsum(turns).tolist(), scope)
    above = {c: frozenset({"a"} if related and c == "b" else ()) for c in CODES}
    made = disputes(cells, Kinship(above, dict.fromkeys(CODES, "")))
    yes, looked = cells.positive.sum(axis=0), scope.sum(axis=0)
    wanted = {
        (int(r), CODES[c]) for r, c in zip(*np.nonzero((yes > 0) & (yes < looked)), strict=True)
    }
    listed = []
    for dispute in made:
        assert len(dispute.answers) >= 2
        assert len(set(dispute.answers.values())) > 1, "somebody must differ from somebody"
        mine = {cell for answer in dispute.answers.values() for cell in answer}
        assert {code for _, code in mine} <= set(dispute.codes)
        if not dispute.border:
            assert dispute.rows == tuple(range(dispute.rows[0], dispute.rows[-1] + 1))
        listed += [cell for cell in wanted if cell[0] in dispute.rows and cell in mine]
    assert sorted(listed) == sorted(set(listed))
    # A cell drops out only where it was paired with a code that its giver did not look for.
    if not unseen:
        assert set(listed) == wanted


def test_the_order_of_coders_changes_nothing() -> None:
    scope = np.ones((3, ROWS, 3), dtype=bool)
    marked = [("P", "a", 0, 1), ("Q", "b", 0, 0), ("R", "b", 3, 0)]
    renamed = [({"P": "R", "R": "P"}.get(p, p), c, f, m) for p, c, f, m in marked]
    above = {c: frozenset[str]() for c in CODES}
    families = dict.fromkeys(CODES, "")
    one = disputes(cells_of(marked, [0, 1, 2, 3, 4], scope), Kinship(above, families))
    other = disputes(cells_of(renamed, [0, 1, 2, 3, 4], scope), Kinship(above, families))
    assert [(d.rows, d.codes) for d in one] == [(d.rows, d.codes) for d in other]


def _kinds(marked: list[tuple[str, str, int]], speakers: str) -> list[tuple[tuple[str, ...], bool]]:
    """(codes, border only) of the disputes of P and Q; a small letter is the interviewer's turn."""
    made = cells_of([(who, code, row, 0) for who, code, row in marked], [*range(ROWS)], _ALL)
    segments = tuple(
        replace(s, speaker=name.upper(), interviewer=name.islower())
        for s, name in zip(made.transcript.segments, speakers, strict=True)
    )
    cells = replace(made, transcript=replace(made.transcript, segments=segments))
    none = dict.fromkeys(CODES, frozenset[str]())
    return [(d.codes, d.border) for d in disputes(cells, Kinship(none, dict.fromkeys(CODES, "")))]


_ALL = np.stack([np.ones((ROWS, 3), bool), np.ones((ROWS, 3), bool), np.zeros((ROWS, 3), bool)])


def test_the_same_speaker_goes_on_in_another_turn() -> None:
    """P marks one paragraph, Q the next one of the same speaker: they differ in extent."""
    assert _kinds([("P", "a", 1), ("Q", "a", 2)], "AAAAA") == [(("a",), True)]
    assert not any(border for _, border in _kinds([("P", "a", 1), ("Q", "a", 2)], "ABABA"))


def test_a_question_with_its_answer() -> None:
    assert _kinds([("P", "a", 1), ("P", "a", 2), ("Q", "a", 2)], "AbAbA") == [(("a",), True)]
    # An answer and the next question belong to two exchanges.
    found = _kinds([("P", "a", 0), ("P", "a", 1), ("Q", "a", 0)], "AbAbA")
    assert found == [(("a",), False)]


def test_who_gives_the_place_another_code_differs_in_the_code() -> None:
    found = _kinds([("P", "a", 1), ("P", "a", 2), ("Q", "b", 1), ("Q", "a", 2)], "AAAAA")
    assert found == [(("a", "b"), False)]
