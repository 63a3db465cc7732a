"""Tables that have two people side by side: each person in one column throughout."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.store.database import Store, open_store
from eval.disagreements import gather
from eval.disagreements.cards import card
from eval.report.wording import order_of_pairs, pair_names
from eval.units.columns import in_columns
from eval.units.loading import load
from tests.disagreements.studies import BOOK, interview, person


@pytest.mark.parametrize(
    ("together", "expected"),
    [
        ([], "ABCD"),
        (["AB"], "ACDB"),
        (["AB", "BC"], "BDAC"),
        (["AB", "BC", "CA"], "ABCD"),
        (["AC", "BD"], "ABCD"),
        (["AD", "BD", "CD"], "DABC"),
        (["ABC", "CD"], "ABCD"),
    ],
)
def test_who_coded_with_several_comes_first(together: list[str], expected: str) -> None:
    assert "".join(in_columns("ABCD", together)) == expected


@given(st.lists(st.sets(st.sampled_from("ABCDEF"), min_size=2, max_size=2), max_size=8))
def test_nobody_is_in_two_columns_where_that_can_be(together: list[set[str]]) -> None:
    names = in_columns("ABCDEF", [sorted(pair) for pair in together])
    assert sorted(names) == list("ABCDEF")
    pairs = [(a, b) for a, b in combinations(names, 2) if {a, b} in together]
    two_columns = any(
        all(len(chosen & pair) == 1 for pair in together)
        for size in range(7)
        for chosen in map(set, combinations("ABCDEF", size))
    )
    if two_columns:
        assert not {a for a, _ in pairs} & {b for _, b in pairs}


@pytest.fixture
def store() -> Store:
    """Cem codes one interview with Ana and another with Ben."""
    opened = open_store()[0]
    for name, other in (("Plot", "Ana"), ("Field", "Ben")):
        key = interview(opened, name)
        person(opened, key, "Cem", {1: ["frost"], 3: ["rain"]})
        person(opened, key, other, {1: ["frost"], 5: ["rain"]})
    return opened


def test_a_study_loads_its_people_so(store: Store) -> None:
    assert load(store, BOOK, ()).coders == ("Cem", "Ana", "Ben")


def test_the_sides_of_a_disagreement_have_the_same_numbers_throughout(store: Store) -> None:
    g = gather(store, BOOK)
    first = {card(d, g).parties[0].names for d in g.disagreements}
    assert len(g.disagreements) == 4
    assert first == {"Cem"}


def test_a_column_of_pairs_bears_the_names_of_those_who_are_in_it() -> None:
    assert pair_names([("Cem", "Ana"), ("Cem", "Ben")]) == ("Cem", "Ana or Ben")
    assert pair_names([("Ana", "Ben"), ("Ana", "Ben")]) == ("Ana", "Ben")
    assert order_of_pairs([("Cem", "Ana"), ("Cem", "Ben")]) == ""


def test_where_a_column_cannot_bear_names_the_order_is_said() -> None:
    three = [("Ana", "Ben"), ("Ana", "Cem"), ("Ben", "Cem")]
    assert pair_names(three) == ("first", "second")
    assert order_of_pairs(three) == (
        "First and second person of each pair: Ana with Ben, Ana with Cem and Ben with Cem."
    )
    many = [("Ana", name) for name in ("Ben", "Cem", "Dora", "Eli")]
    assert pair_names(many) == ("Ana", "second")
    assert "Ana with Eli" in order_of_pairs(many)
    assert order_of_pairs([]) == ""
