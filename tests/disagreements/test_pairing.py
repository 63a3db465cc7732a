"""Which two codes stand for each other where several could: evidence, not the codebook's order."""

from __future__ import annotations

import pytest

from assistant.codebook.records import Codebook
from assistant.store.database import Store, open_store
from eval.disagreements import Disagreement, find_disagreements, gather
from eval.disagreements.cards import card
from eval.disagreements.pairing import Kinship, certain, choose
from tests.disagreements.studies import book_of, interview, person

CODES = ("a", "b", "c", "d")
FULL = {"a-b": 1.0, "a-c": 1.0}


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def couples(**shares: float) -> dict[tuple[str, str], float]:
    return {(pair[0], pair[1]): share for pair, share in shares.items()}


def kinship(family: str = "", above: str = "", **entries: str) -> Kinship:
    """``family``: codes of one family; ``above``: two codes, the first more general."""
    return Kinship(
        {c: frozenset({above[0]} if above and c == above[1] else ()) for c in CODES},
        {c: "f" if c in family else "" for c in CODES},
        entries,
    )


def chosen(
    shares: dict[tuple[str, str], float], known: Kinship | None = None, **often: int
) -> list[tuple[str, ...]]:
    counts = {(pair[0], pair[1]): n for pair, n in often.items()}
    return [pair[1:] for pair in choose({0: shares}, known or kinship(), counts)[0]]


def test_evidence_in_its_order() -> None:
    same = couples(ab=1.0, ac=1.0)
    # Words that overlap further, whatever the codebook says.
    assert chosen(couples(ab=0.5, ac=0.9), kinship(family="ab")) == [("a", "c")]
    # A hair's breadth is no evidence.
    assert chosen(couples(ab=0.96, ac=0.98), kinship(family="ab")) == [("a", "b")]
    assert chosen(same, kinship(family="ac")) == [("a", "c")]
    assert chosen(same, kinship(family="ab", above="ac")) == [("a", "c")]
    alike = kinship(a="harm by cold", b="water from above", c="harm done by great cold")
    assert chosen(same, alike, ab=9) == [("a", "c")]
    assert chosen(same, ac=2, ab=1) == [("a", "c")]


def test_each_code_is_in_one_pair_and_the_rest_may_still_meet() -> None:
    shares = couples(ac=1.0, ad=0.4, bc=0.4, bd=0.2)
    assert chosen(shares) == [("a", "c"), ("b", "d")]


def test_only_places_without_a_choice_count_elsewhere() -> None:
    found = certain({0: couples(ab=1.0), 1: couples(ab=1.0, ac=1.0), 2: couples(ab=0.1, cd=0.1)})
    assert found == {("a", "b"): 2, ("c", "d"): 1}


def test_a_tie_is_kept_with_what_could_be_meant() -> None:
    made, tied = choose({3: couples(ac=1.0, ad=1.0, bc=1.0, bd=1.0)}, kinship(), {})
    assert made == [(3, "a", "c"), (3, "b", "d")]
    assert tied[3, "a"] == {("a", "c"), ("a", "d")}
    assert tied[3, "d"] == {("a", "d")}
    assert choose({3: couples(ac=1.0, ad=0.3)}, kinship(), {})[1] == {}


BOOK = book_of(
    """\
name: Beds
codes:
  - id: rain
    definition: Water that falls.
  - id: slugs
    definition: Animals that eat leaves.
  - id: snails
    definition: Animals that eat leaves and carry a house.
  - id: weeds
  - id: moss
  - id: shade
"""
)


def study(store: Store) -> None:
    """Plot: one against two, where the definitions tell; Field: where nothing does."""
    key = interview(store, "Plot", 3)
    person(store, key, "Ana", {1: ["slugs"]})
    person(store, key, "Ben", {1: ["rain", "snails"]})
    key = interview(store, "Field", 3)
    person(store, key, "Ana", {1: ["weeds"]})
    person(store, key, "Ben", {1: ["shade", "moss"]})


def brief(found: tuple[Disagreement, ...]) -> list[tuple[object, ...]]:
    return sorted((d.key, d.place, d.transcript, d.codes, d.kind, d.instead) for d in found)


def test_the_same_whatever_the_order_of_the_codebook(store: Store) -> None:
    study(store)
    found = find_disagreements(store, BOOK)
    pairs = {d.transcript: d.codes for d in found if len(d.codes) == 2}
    assert pairs == {"Plot": ("slugs", "snails"), "Field": ("moss", "weeds")}
    orders: set[tuple[str, ...]] = set()
    for seed in range(12):
        other: Codebook = BOOK.in_another_order(seed)
        orders.add(tuple(c.id for c in other.codes))
        again = find_disagreements(store, other)
        assert brief(again) == brief(found)
        assert [d.key for d in again] == [d.key for d in found]
    assert len(orders) > 6


def test_what_is_met_elsewhere_decides_a_tie(store: Store) -> None:
    study(store)
    key = interview(store, "Yard", 3)
    person(store, key, "Ana", {1: ["weeds"]})
    person(store, key, "Ben", {1: ["shade"]})
    found = find_disagreements(store, BOOK)
    pairs = {d.transcript: (d.codes, d.instead) for d in found if len(d.codes) == 2}
    assert pairs["Field"] == (("shade", "weeds"), ())


def test_a_tie_is_said(store: Store) -> None:
    study(store)
    g = gather(store, BOOK)
    said = {d.codes: card(d, g).several for d in g.disagreements if d.transcript == "Field"}
    assert said == {
        ("moss", "weeds"): "Several could be meant, and as much speaks for each: moss or weeds; "
        "shade or weeds.",
        ("shade",): "Several could be meant: this may as well be about shade or weeds.",
    }
    assert not any(card(d, g).several for d in g.disagreements if d.transcript == "Plot")
