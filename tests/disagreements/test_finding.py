"""Which disagreements are found, who agrees with whom, and in what they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.model.runs import run
from eval.disagreements import Disagreement, Wanted, find_disagreements, gather
from eval.disagreements.codes import by_code, confusable, one_sided
from tests.disagreements.studies import BOOK, interview, model, person


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def found(store: Store, run_id: int | None = None, **wanted: Any) -> tuple[Disagreement, ...]:
    row = None if run_id is None else run(store, run_id)
    return find_disagreements(store, BOOK, run=row, wanted=Wanted(**wanted))


def brief(rows: tuple[Disagreement, ...]) -> list[tuple[object, ...]]:
    return [(d.who, d.kind, d.codes, d.first_segment, d.last_segment, d.alone) for d in rows]


def three(
    store: Store, *given: Mapping[int | tuple[int, int], Sequence[str]], size: int = 6
) -> int:
    """Ana, Ben and Cem code one interview."""
    key = interview(store, "Plot", size)
    for name, mine in zip(("Ana", "Ben", "Cem"), given, strict=False):
        person(store, key, name, mine)
    return key


def test_two_people_need_no_model(store: Store) -> None:
    three(store, {1: ["frost"], 3: ["rain"]}, {1: ["frost"]})
    assert brief(found(store)) == [("people-differ", "one-side", ("rain",), 3, 3, "")]


def test_people_agree_and_the_model_differs(store: Store) -> None:
    key = three(store, {1: ["frost"]}, {1: ["frost"]})
    number = model(store, {key: {2: ["rain"]}})
    rows = found(store, number)
    assert brief(rows) == [
        ("people-agree", "missed", ("frost",), 1, 1, "model one"),
        ("people-agree", "over-coded", ("rain",), 2, 2, "model one"),
    ]
    assert "prompt or the model" in rows[0].look
    side = rows[1].sides[-1]
    assert side.is_model
    assert side.rationale == "Because of In Plot part."
    assert side.confidence == 0.75


def test_the_model_makes_one_of_two_people_stand_alone(store: Store) -> None:
    key = three(store, {1: ["frost"], 2: ["rain"]}, {})
    number = model(store, {key: {1: ["frost"]}})
    assert brief(found(store, number)) == [
        ("one-alone", "missed", ("frost",), 1, 1, "Ben"),
        ("one-alone", "over-coded", ("rain",), 2, 2, "Ana"),
    ]
    assert found(store, number)[0].look == "A second look by Ben."


def test_one_person_and_the_model(store: Store) -> None:
    key = interview(store, "Plot")
    person(store, key, "Ana", {1: ["frost"]})
    number = model(store, {key: {2: ["rain"]}})
    assert brief(found(store, number)) == [
        ("person-and-model", "missed", ("frost",), 1, 1, ""),
        ("person-and-model", "over-coded", ("rain",), 2, 2, ""),
    ]


def test_all_differ(store: Store) -> None:
    three(store, {1: ["frost"]}, {1: ["rain"]}, {})
    assert brief(found(store)) == [("all-differ", "confused", ("frost", "rain"), 1, 1, "")]


def test_two_against_two_is_for_the_codebook(store: Store) -> None:
    key = three(store, {1: ["frost"]}, {1: ["frost"]}, {})
    number = model(store, {key: {}})
    assert brief(found(store, number)) == [("people-differ", "one-side", ("frost",), 1, 1, "")]


def test_two_names_for_one_passage_are_one_disagreement(store: Store) -> None:
    three(store, {1: ["frost", "tools"]}, {1: ["rain", "tools"]})
    (row,) = found(store)
    assert (row.kind, row.codes, row.same_family) == ("confused", ("frost", "rain"), True)
    assert [side.codes for side in row.sides] == [("frost",), ("rain",)]
    assert row.sides[0].others == ("tools",)


def test_codes_on_different_sentences_are_not_confused(store: Store) -> None:
    key = interview(store, "Plot")
    person(store, key, "Ana", {1: ["frost"]}, part=(0.0, 0.7))
    person(store, key, "Ben", {1: ["rain"]}, part=(0.3, 1.0))
    assert [d.kind for d in found(store)] == ["confused"]
    key = interview(store, "Field", [("Ida", f"{'One half of it. ' * 6}{'The other half. ' * 6}")])
    person(store, key, "Ana", {0: ["frost"]}, part=(0.0, 0.5))
    person(store, key, "Ben", {0: ["rain"]}, part=(0.5, 1.0))
    there = found(store, transcripts=("Field",))
    assert [(d.kind, d.codes) for d in there] == [("one-side", ("frost",)), ("one-side", ("rain",))]


def test_a_parent_instead_of_its_child(store: Store) -> None:
    key = three(store, {1: ["spades"], 3: ["tools"]}, {1: ["spades"], 3: ["tools"]})
    number = model(store, {key: {1: ["tools"], 3: ["spades"]}})
    assert [(d.kind, d.first_segment) for d in found(store, number)] == [
        ("too-general", 1),
        ("too-specific", 3),
    ]
    assert found(store) == ()


def test_people_at_two_levels(store: Store) -> None:
    three(store, {1: ["spades"]}, {1: ["tools"]})
    assert [d.kind for d in found(store)] == ["level"]


def test_the_same_code_on_overlapping_passages_is_a_border(store: Store) -> None:
    three(store, {(1, 3): ["frost"]}, {(2, 2): ["frost"]})
    rows = found(store)
    assert brief(rows) == [("people-differ", "border", ("frost",), 1, 3, "")]
    assert [side.codes for side in rows[0].sides] == [("frost",), ()]
    assert len(rows[0].parties) == 2


def test_paragraphs_of_one_turn_are_a_border_and_those_of_two_are_not(store: Store) -> None:
    words = "Ten words stand here so that it counts as one."
    said = [("Ann", words), ("Ann", words), ("Ben", words)]
    key = interview(store, "Talk", said)
    person(store, key, "Ana", {0: ["frost"]})
    person(store, key, "Ben", {1: ["frost"]})
    assert brief(found(store)) == [("people-differ", "border", ("frost",), 0, 1, "")]
    other = interview(store, "Talk 2", [*said, ("Ann", "And an end.")])
    person(store, other, "Ana", {1: ["frost"]})
    person(store, other, "Ben", {2: ["frost"]})
    assert [d.kind for d in found(store, transcripts=("Talk 2",))] == ["one-side", "one-side"]


def test_a_long_passage_is_one_disagreement(store: Store) -> None:
    three(store, {(1, 4): ["frost"]}, {(2, 3): ["rain"]})
    assert brief(found(store)) == [("people-differ", "confused", ("frost", "rain"), 1, 4, "")]


def test_no_is_said_only_inside_a_scope(store: Store) -> None:
    key = interview(store, "Plot")
    person(store, key, "Ana", {1: ["frost"], 4: ["frost", "rain"]})
    person(store, key, "Ben", {}, looked=(3, 5), codes=("rain",))
    (row,) = found(store)
    assert (row.codes, row.first_segment) == (("rain",), 4)


def test_a_failed_segment_is_missing_and_named(store: Store) -> None:
    key = three(store, {1: ["frost"], 2: ["rain"]}, {2: ["rain"]})
    number = model(store, {key: {2: ["rain"]}}, failed=[(key, 1)])
    (row,) = found(store, number)
    assert row.who == "people-differ"
    assert row.missing == ("model one",)
    assert [side.coder for side in row.sides] == ["Ana", "Ben"]


def test_codings_made_after_seeing_the_model_take_no_side(store: Store) -> None:
    key = interview(store, "Plot")
    person(store, key, "Ana", {1: ["frost"]})
    person(store, key, "Ben", {}, exposure="after-model")
    person(store, key, "Cem", {}, exposure="adjudicated")
    assert found(store) == ()
    assert len(found(store, with_adjudicated=True)) == 1


def test_a_code_of_a_whole_transcript(store: Store) -> None:
    three(store, {2: ["patience"]}, {4: ["rain"]})
    rows = found(store)
    assert [(d.codes, d.first_segment, d.last_segment) for d in rows] == [
        (("patience",), 0, 5),
        (("rain",), 4, 4),
    ]


def test_filters_and_their_mistakes(store: Store) -> None:
    key = three(store, {1: ["frost"], 2: ["rain"]}, {1: ["frost"]}, {})
    number = model(store, {key: {}})
    assert [d.codes for d in found(store, between=("Ana", "Ben"))] == [("rain",)]
    assert [d.codes for d in found(store, codes=("Frost",))] == [("frost",)]
    assert len(found(store, number, between=("Ana", "model"))) == 2
    for wanted, said in (
        ({"between": ("Ana", "Zoe")}, "No coder “Zoe”"),
        ({"between": ("Ana", "Ana")}, "Two different coders"),
        ({"between": ("Ana", "model")}, "no model among the coders"),
        ({"codes": ("snow",)}, "no code “snow”"),
        ({"transcripts": ("Shed",)}, "no transcript named “Shed”"),
    ):
        with pytest.raises(UserError, match=said):
            found(store, **wanted)


def test_keys_stay_when_a_run_comes(store: Store) -> None:
    key = three(store, {1: ["frost"], 3: ["rain"]}, {})
    before = {(d.first_segment, d.codes): d.key for d in found(store)}
    number = model(store, {key: {3: ["rain"]}})
    after = {(d.first_segment, d.codes): d.key for d in found(store, number)}
    assert after == before
    assert len(set(before.values())) == 2


def test_counts_pairs_and_one_sided_codes(store: Store) -> None:
    three(store, {1: ["frost"], 2: ["frost"], 4: ["tools"]}, {1: ["rain"], 2: ["frost"]})
    g = gather(store, BOOK)
    counts = {row.code: (row.agreed, row.disputed, row.confused_with) for row in by_code(g)}
    assert counts == {"frost": (1, 1, "rain"), "rain": (0, 1, "frost"), "tools": (0, 1, "")}
    (pair,) = confusable(g)
    assert (pair.one, pair.other, pair.times, pair.same_family) == ("frost", "rain", 1, True)
    assert [(o.code, o.user, o.never, o.times) for o in one_sided(g)] == [
        ("rain", "Ben", "Ana", 1),
        ("tools", "Ana", "Ben", 1),
    ]
