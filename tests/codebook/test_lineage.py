"""What coders say about codes that changed since they coded."""

from __future__ import annotations

from assistant.codebook.lineage import Lineage, Silences
from assistant.codebook.records import Code, Codebook, Operation, RecordedVersion


def book(**definitions: str) -> Codebook:
    return Codebook(
        name="Garden",
        codes=tuple(Code(id=i, name=i, definition=text) for i, text in definitions.items()),
    )


def version(made: Codebook, at: str, *declared: Operation) -> RecordedVersion:
    return RecordedVersion(sha256=made.sha256, book=made, recorded_at=at, declared=declared)


FIRST = book(tools="What is dug with.", weather="What the sky does.")
SECOND = book(
    tools="What is dug or cut with.", weather="What the sky does.", money="What it costs."
)


def test_a_redefined_code_and_one_added_later_are_no_data_of_earlier_coders() -> None:
    lineage = Lineage([version(FIRST, "2026-01"), version(SECOND, "2026-02")], SECOND)
    assert lineage.silent(0) == {"tools": "older definition", "money": "added later"}
    assert lineage.silent(1) == {}


def test_under_the_older_book_a_later_coder_says_nothing_of_what_changed() -> None:
    lineage = Lineage([version(FIRST, "2026-01"), version(SECOND, "2026-02")], FIRST)
    assert lineage.silent(1) == {"tools": "older definition"}


def test_a_first_definition_takes_nothing_away() -> None:
    derived, written = book(tools="", weather=""), book(tools="What is dug with.", weather="Sky.")
    lineage = Lineage([version(derived, "2026-01")], written)
    assert lineage.silent(0) == {}


def test_codes_that_an_import_called_by_their_names_are_those_of_the_codebook_that_came_later() -> (
    None
):
    """A table of codings makes “Joy in teaching”, the table of codes after it `Joy-in-teaching`."""
    name = "Joy in teaching"
    imported = Codebook(name="Study", codes=(Code(id=name),))
    defined = Code(id="Joy-in-teaching", name=name, definition="Why it is worth it.")
    taken = Codebook(name="Codebook", codes=(defined,))
    assert Lineage([version(imported, "2026-01")], taken).silent(0) == {}
    ruled = Codebook(
        name="Codebook", codes=(defined.model_copy(update={"exclude": "Relief after a bad day."}),)
    )
    rule = Operation(op="redefine", codes=("Joy-in-teaching",), why="a decision rule was added")
    versions = [version(imported, "2026-01"), version(taken, "2026-02", rule)]
    lineage = Lineage([*versions, version(ruled, "2026-03")], ruled)
    assert lineage.silent(0) == {"Joy-in-teaching": "older definition"}
    assert lineage.became(name, 0) == "Joy-in-teaching"


def test_what_is_declared_counts() -> None:
    better = Operation(op="change", codes=("tools",), why="only said better")
    kept = Lineage([version(FIRST, "2026-01", better), version(SECOND, "2026-02")], SECOND)
    assert kept.silent(0) == {"money": "added later"}
    other = Operation(op="redefine", codes=("weather",), why="it was used for frost only")
    again = Lineage([version(FIRST, "2026-01", other), version(SECOND, "2026-02")], SECOND)
    assert again.silent(0)["weather"] == "older definition"


def test_a_definition_changed_and_changed_back_is_the_same() -> None:
    lineage = Lineage([version(FIRST, "2026-01"), version(SECOND, "2026-02")], FIRST)
    assert lineage.silent(0) == {}
    between = book(tools="What is dug or cut with.", weather="What the sky does.")
    third = book(tools="What is dug with.", weather="What the sky does.", money="What it costs.")
    back = Lineage(
        [version(FIRST, "2026-01"), version(between, "2026-02"), version(third, "2026-03")], third
    )
    assert back.silent(0) == {"money": "added later"}


def test_a_colleagues_codebook_in_between_takes_nothing_away() -> None:
    theirs = book(hours="How long it takes.")
    versions = [version(FIRST, "2026-01"), version(theirs, "2026-02"), version(SECOND, "2026-03")]
    assert Lineage(versions, SECOND).silent(0) == {
        "tools": "older definition",
        "money": "added later",
    }


def test_a_renamed_code_goes_along() -> None:
    renamed = Codebook(
        name="Garden",
        codes=(
            Code(id="implements", name="implements", definition="What is dug with."),
            Code(id="weather", name="weather", definition="What the sky does."),
        ),
    )
    assert Lineage([version(FIRST, "2026-01")], renamed).silent(0) == {}


def test_the_place_of_a_scope_is_what_it_names_or_when_it_came() -> None:
    lineage = Lineage([version(FIRST, "2026-01"), version(SECOND, "2026-03")], SECOND)
    assert lineage.place("", "2026-02") == 0
    assert lineage.place("", "2026-04") == 1
    assert lineage.place("", "2025-12") == 0, "before the first version: what people went by"
    assert lineage.place(SECOND.sha256, "2026-02") == 1


def test_a_code_that_somebody_used_before_it_was_written_down_was_in_use() -> None:
    lineage = Lineage([version(FIRST, "2026-01"), version(SECOND, "2026-03")], SECOND)
    ana, ben = (1, 7), (2, 7)
    scopes = [(ana, "", "2026-02"), (ben, "", "2026-02")]
    nobody = Silences(lineage, scopes, [(ana, "weather", "2026-02")])
    assert nobody.of(2, 7) == {"tools": "older definition", "money": "added later"}
    used = Silences(lineage, scopes, [(ana, "money", "2026-02")])
    assert used.of(2, 7) == {"tools": "older definition"}
    assert used.of(3, 7) == {}, "who coded nothing there has no scope"
    later = Silences(lineage, scopes, [(ana, "money", "2026-04")])
    assert later.of(2, 7)["money"] == "added later", "one late use says nothing about the others"


def test_a_second_definition_is_a_redefinition_also_after_none() -> None:
    derived, first = book(tools="", weather=""), book(tools="What is dug with.", weather="Sky.")
    second = book(tools="What is cut with.", weather="Sky.")
    versions = [version(derived, "2026-01"), version(first, "2026-02"), version(second, "2026-03")]
    assert Lineage(versions, second).silent(0) == {"tools": "older definition"}
    assert Lineage(versions, first).silent(0) == {}


def test_a_coding_goes_along_with_a_code_that_was_renamed() -> None:
    renamed = Codebook(
        name="Garden",
        codes=(
            Code(id="implements", name="implements", definition="What is dug with."),
            Code(id="weather", name="weather", definition="What the sky does."),
        ),
    )
    ana = (1, 7)
    forward = Lineage([version(FIRST, "2026-01")], renamed)
    there = Silences(forward, [(ana, "", "2026-02")], [(ana, "tools", "2026-02")])
    assert there.resolve(1, 7, "tools") == "implements"
    assert there.resolve(1, 7, "nothing") is None
    backward = Lineage([version(FIRST, "2026-01"), version(renamed, "2026-02")], FIRST)
    here = Silences(backward, [(ana, "", "2026-03")], [(ana, "implements", "2026-03")])
    assert here.resolve(1, 7, "implements") == "tools"


BETTER = Operation(op="change", codes=("tools",), why="only said better")


def garden(tools: str) -> Codebook:
    return book(tools=tools, weather="What the sky does.")


def test_a_declaration_counts_though_another_version_came_in_between() -> None:
    first, second = garden("What is dug with."), garden("Whatever one digs with.")
    theirs = book(hours="How long it takes.")
    declared = RecordedVersion(
        sha256=first.sha256,
        book=first,
        recorded_at="2026-01",
        declared_further={second.sha256: (BETTER,)},
    )
    versions = [declared, version(theirs, "2026-02"), version(second, "2026-03")]
    assert Lineage(versions, second).silent(0) == {}
    assert Lineage(versions, first).silent(2) == {}
    undeclared = [version(first, "2026-01"), *versions[1:]]
    assert Lineage(undeclared, second).silent(0) == {"tools": "older definition"}


def test_a_chain_of_declarations_and_of_same_definitions_counts() -> None:
    one, two = garden("What is dug with."), garden("Whatever one digs with.")
    other = garden("What is cut with.")
    third = book(tools="Whatever one digs with.", weather="What the sky does.", money="Money.")
    versions = [
        version(one, "2026-01", BETTER),
        version(two, "2026-02"),
        version(other, "2026-03"),
        version(third, "2026-04"),
    ]
    assert Lineage(versions, third).silent(0) == {"money": "added later"}
    assert Lineage(versions, third).silent(2)["tools"] == "older definition"
    assert Lineage(versions, other).silent(0) == {"tools": "older definition"}


def test_a_chain_leads_over_no_declared_redefinition_and_over_no_missing_definition() -> None:
    redefined = Operation(op="redefine", codes=("tools",), why="it was used for spades only")
    one, two = garden("What is dug with."), garden("Whatever one digs with.")
    same = book(tools="What is dug with.", weather="What the sky does.", money="Money.")
    declared = [version(one, "2026-01", redefined), version(same, "2026-02", BETTER)]
    assert Lineage([*declared, version(two, "2026-03")], two).silent(0) == {
        "tools": "older definition"
    }
    derived = garden("")
    versions = [version(derived, "2026-01", BETTER), version(one, "2026-02"), version(two, "2026")]
    assert Lineage(versions, two).silent(1) == {"tools": "older definition"}


def test_who_looked_again_for_one_code_says_something_of_that_one_only() -> None:
    second = book(tools="Cut or dug.", weather="Sky and soil.", money="What it costs.")
    third = book(tools="Cut or dug.", weather="Sky and soil.", money="What it costs.", soil="Soil.")
    versions = [version(FIRST, "2026-01"), version(second, "2026-02"), version(third, "2026-03")]
    again = {"tools": second.sha256}
    for target in (second, third):
        found = Lineage(versions, target).silent(0, again)
        assert "tools" not in found
        assert found["weather"] == "older definition"
        assert found["money"] == "added later"
    assert Lineage(versions, FIRST).silent(0, again) == {}
    assert "money" not in Lineage(versions, third).silent(0, {"money": second.sha256})
    fourth = book(tools="Only cut.", weather="Sky and soil.")
    later = [*versions, version(fourth, "2026-04")]
    assert Lineage(later, fourth).silent(0, again)["tools"] == "older definition"


def test_one_of_two_codes_that_became_one_is_not_enough() -> None:
    first = book(spades="What digs.", rakes="What rakes.")
    second = book(spades="What digs deep.", rakes="What rakes fine.")
    merged = book(tools="What digs or rakes.")
    into = Operation(op="merge", codes=("spades", "rakes"), into=("tools",))
    versions = [version(first, "2026-01"), version(second, "2026-02", into)]
    lineage = Lineage([*versions, version(merged, "2026-03")], merged)
    assert lineage.silent(1) == {}
    half = {"spades": second.sha256}
    assert lineage.silent(0, half) == {"tools": "older definition"}
    assert lineage.silent(0, {**half, "rakes": second.sha256}) == {}


def called(code: str, *others: Code, include: str = "", aliases: tuple[str, ...] = ()) -> Codebook:
    """One code with always the same definition."""
    mine = Code(id=code, definition="What is dug with.", include=include, aliases=aliases)
    return Codebook(name="Garden", codes=(mine, *others))


REDEFINED = Operation(op="redefine", codes=("gear",), why="it counts loans too")


def test_what_is_declared_is_not_lost_where_the_code_had_another_name_before() -> None:
    """The renaming is inferred; side by side the first and the last look the same."""
    versions = [
        version(called("tools"), "2026-01"),
        version(called("gear"), "2026-02", REDEFINED),
        version(called("gear", include="Loans too."), "2026-03"),
    ]
    lineage = Lineage(versions, versions[2].book)
    assert [lineage.silent(n) for n in (0, 1)] == [{"gear": "older definition"}] * 2
    assert Lineage(versions, versions[0].book).silent(2) == {"tools": "older definition"}
    # Renamed once more since, in the very step that is declared, or after it.
    for last in (called("kit", aliases=("gear",)), called("kit")):
        renamed = Lineage([*versions[:2], version(last, "2026-03")], last)
        assert renamed.silent(0) == {"kit": "older definition"}
        later = Lineage([*versions, version(last, "2026-04")], last)
        assert later.silent(0) == {"kit": "older definition"}


def test_a_declared_split_is_not_lost_where_the_code_had_another_name_before() -> None:
    split = Operation(op="split", codes=("gear",), into=("gear", "loans"))
    loans = Code(id="loans", definition="What is lent.")
    versions = [
        version(called("tools"), "2026-01"),
        version(called("gear"), "2026-02", split),
        version(called("gear", loans), "2026-03"),
    ]
    assert Lineage(versions, versions[2].book).silent(0) == dict.fromkeys(
        ("gear", "loans"), "older definition"
    )


def test_a_declaration_over_several_versions_is_not_lost_either() -> None:
    first, last = called("gear"), called("gear", Code(id="money"), include="Loans too.")
    declared = RecordedVersion(
        sha256=first.sha256,
        book=first,
        recorded_at="2026-02",
        declared_further={last.sha256: (REDEFINED,)},
    )
    between = version(called("gear", Code(id="money")), "2026-03")
    versions = [version(called("tools"), "2026-01"), declared, between, version(last, "2026-04")]
    assert Lineage(versions, last).silent(0)["gear"] == "older definition"
    assert Lineage(versions, between.book).silent(0) == {"money": "added later"}


def test_a_chain_leads_to_no_earlier_version_that_meant_something_else_by_declaration() -> None:
    """The first is the third, by declaration; the second reads like the first and is another."""
    first, second, third = called("gear"), called("gear", include="Loans."), book(gear="All gear.")
    better = Operation(op="change", codes=("gear",), why="only said better")
    declared = RecordedVersion(
        sha256=first.sha256,
        book=first,
        recorded_at="2026-01",
        declared=(REDEFINED,),
        declared_further={third.sha256: (better,)},
    )
    versions = [declared, version(second, "2026-02"), version(third, "2026-03")]
    assert Lineage(versions, third).silent(1) == {"gear": "older definition"}


def test_looking_again_goes_by_the_version_in_force_and_not_by_the_last() -> None:
    silences = Silences(
        Lineage([version(FIRST, "2026-01"), version(SECOND, "2026-02")], FIRST), [], []
    )
    assert silences.may_look_again("tools", FIRST.sha256)
    assert not silences.may_look_again("tools", SECOND.sha256)
    # Where nobody knows what is in force it is the last that is there.
    assert not silences.may_look_again("tools")
    assert not silences.may_look_again("tools", "sha256:elsewhere")
