"""What a card tells of each side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.store.database import open_store
from eval.disagreements import Wanted, gather
from eval.disagreements.cards import card
from tests.disagreements.studies import BOOK, interview, person


def frost_by_ana(
    given: Mapping[str, Sequence[str]],
    *,
    hide_sides: bool = False,
    too_little: Sequence[str] = (),
) -> list[object]:
    """What is told of Ana's side of the disagreement about frost at one passage."""
    store, _ = open_store()
    key = interview(store, "Plot")
    for name, codes in given.items():
        person(store, key, name, {1: codes}, part=(0.0, 0.3 if name in too_little else 1.0))
    gathered = gather(store, BOOK, run=None, wanted=Wanted())
    (found,) = [d for d in gathered.disagreements if "frost" in d.codes]
    parties = card(found, gathered, hide_sides=hide_sides).parties
    return [detail for party in parties if "Ana" in party.names for detail in party.details]


def test_what_several_give_besides_is_told_once() -> None:
    of_three = {"Ana": ["frost", "tools"], "Ben": ["frost", "tools"], "Cem": ["frost"]}
    told = ("Also give here", "Ana and Ben: tools")
    assert frost_by_ana({**of_three, "Dora": ["tools"]}) == [told]
    assert frost_by_ana({**of_three, "Dora": ["tools"]}, hide_sides=True) == [told]
    assert frost_by_ana({"Ana": ["frost", "tools"], "Dora": ["tools"]}) == [
        ("Also gives here", "tools")
    ]


def test_who_gives_something_else_besides_is_told_behind() -> None:
    given = {
        "Ana": ["frost", "tools"],
        "Ben": ["frost", "spades"],
        "Cem": ["frost", "tools"],
        "Dora": ["tools", "spades"],
    }
    assert frost_by_ana(given) == [("Also give here", "Ana and Cem: tools; Ben: spades")]


def test_a_note_on_several_is_told_once() -> None:
    given = {name: ["frost"] for name in ("Ana", "Ben", "Cem")}
    assert frost_by_ana(given, too_little=("Ana", "Ben")) == [
        ("Note", "Ana and Ben: What is marked covers too little to count.")
    ]
