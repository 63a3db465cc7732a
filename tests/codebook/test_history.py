"""What is inferred between two versions, what the user declares, and what old codings become."""

from __future__ import annotations

import pytest

from assistant.codebook.history import Carried, carry, carry_through, compare, parse_operation
from assistant.codebook.records import Code, Codebook, Operation
from assistant.errors import UserError


def book(*codes: Code) -> Codebook:
    return Codebook(name="x", codes=codes)


A = Code(id="a", definition="Digging the plot.")
B = Code(id="b", definition="Selling what grew.")
C = Code(id="c")


def said(operations: tuple[Operation, ...]) -> list[str]:
    return [
        f"{op.op} {'+'.join(op.codes)}" + (f" -> {'+'.join(op.into)}" if op.into else "")
        for op in operations
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((A, B), (B, A), []),
        ((A,), (A, B), ["add b"]),
        ((A, B), (A,), ["retire b"]),
        ((A,), (A.model_copy(update={"id": "z"}),), ["rename a -> z"]),
        ((A,), (Code(id="z", definition="Digging  the\nplot.", include="Also pots."),),
         ["rename a -> z", "change a"]),
        ((A,), (Code(id="a", definition="Digging anything."),), ["redefine a"]),
        ((A,), (Code(id="a"),), ["redefine a"]),
        # What people went by is written down for the first time: their codings stay.
        ((C,), (Code(id="c", definition="Waiting for rain."),), ["change c"]),
        ((A,), (Code(id="a", definition="Digging the\n plot."),), []),
        ((A,), (Code(id="a", definition=A.definition, exclude="Pots."),), ["change a"]),
        ((A,), (Code(id="z", definition="Other.", aliases=("a",)),),
         ["rename a -> z", "redefine a", "change a"]),
        ((A, B), (Code(id="b", definition=B.definition, aliases=("a",)),),
         ["merge a -> b", "change b"]),
        ((A, B), (Code(id="z", definition="Both.", aliases=("a", "b")),), ["merge a+b -> z"]),
        # An import called it as it was spelled, a table then gave it an id: the name is the same.
        ((Code(id="Joy in teaching"),),
         (Code(id="Joy-in-teaching", name="Joy in teaching", definition="Why."),),
         ["rename Joy in teaching -> Joy-in-teaching", "change Joy in teaching"]),
        ((Code(id="c1", name="Joy", definition="Why."),), (Code(id="Joy", definition="How."),),
         ["rename c1 -> Joy", "redefine c1", "change c1"]),
        # A name goes before a definition that several share; two of one name are not certain.
        ((A.model_copy(update={"name": "Dig"}), A.model_copy(update={"id": "b"})),
         (A.model_copy(update={"id": "y", "name": "Dig"}), A.model_copy(update={"id": "z"})),
         ["rename a -> y", "retire b", "add z"]),
        ((Code(id="x1", name="Joy"), Code(id="x2", name="Joy")), (Code(id="Joy"),),
         ["retire x1", "retire x2", "add Joy"]),
        # “Other” under work is not “Other” under family.
        ((Code(id="work"), Code(id="kin"), Code(id="w", name="Other", parent="work")),
         (Code(id="work"), Code(id="kin"), Code(id="k", name="Other", parent="kin")),
         ["retire w", "add k"]),
        # Names that were swapped, or given to another: the definitions say which is which.
        ((A.model_copy(update={"name": "Dig"}), B.model_copy(update={"name": "Sell"})),
         (Code(id="Dig", definition=B.definition),),
         ["rename b -> Dig", "change b", "retire a"]),
        # Not certain: no definition, or two codes with the same one.
        ((C,), (Code(id="z"),), ["retire c", "add z"]),
        ((A,), (A.model_copy(update={"id": "y"}), A.model_copy(update={"id": "z"})),
         ["retire a", "add y", "add z"]),
        ((A, A.model_copy(update={"id": "b"})), (A.model_copy(update={"id": "z"}),),
         ["retire a", "retire b", "add z"]),
    ],
)  # fmt: skip
def test_inferred(old: tuple[Code, ...], new: tuple[Code, ...], expected: list[str]) -> None:
    operations = compare(book(*old), book(*new))
    assert said(operations) == expected
    assert all(op.why.startswith("inferred: ") for op in operations)


def test_a_declared_operation_comes_first_and_replaces_the_inferred_one() -> None:
    split = parse_operation("split a -> y, z: two things in one")
    new = book(A.model_copy(update={"id": "y"}), Code(id="z", definition="Weeding."), B)
    assert said(compare(book(A, B), new, [split])) == ["split a -> y+z"]
    assert said(compare(book(A, B), new)) == ["rename a -> y", "add z"]


def test_a_declared_rename_without_a_definition() -> None:
    operations = compare(book(C), book(Code(id="z")), [parse_operation("rename c -> z")])
    assert said(operations) == ["rename c -> z"]


def test_two_codes_may_change_names_with_each_other() -> None:
    new = book(Code(id="b", definition=A.definition), Code(id="a", definition=B.definition))
    swap = [parse_operation("rename a -> b"), parse_operation("rename b -> a")]
    operations = compare(book(A, B), new, swap)
    assert said(operations) == ["rename a -> b", "rename b -> a"]
    assert carry("a", operations) == Carried(("b",))
    assert carry("b", operations) == Carried(("a",))


def test_a_split_may_keep_the_old_id() -> None:
    new = book(A, Code(id="z", definition="Weeding."))
    operations = compare(book(A), new, [parse_operation("split a -> a, z")])
    assert said(operations) == ["split a -> a+z"]
    assert carry("a", operations) == Carried(("a", "z"), needs_recoding=True)


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([], Carried(("a",))),
        (["rename a -> z"], Carried(("z",))),
        (["merge a, b -> z"], Carried(("z",))),
        (["split a -> y, z"], Carried(("y", "z"), needs_recoding=True)),
        (["redefine a"], Carried(("a",), needs_recoding=True)),
        (["rename a -> z", "redefine a"], Carried(("z",), needs_recoding=True)),
        (["retire a"], Carried(())),
        (["redefine a", "retire a"], Carried(())),
        (["rename b -> z", "redefine b", "add c"], Carried(("a",))),
    ],
)
def test_what_an_old_coding_becomes(operations: list[str], expected: Carried) -> None:
    assert carry("a", [parse_operation(text) for text in operations]) == expected


def test_carrying_through_several_versions() -> None:
    first = [parse_operation("rename a -> m")]
    second = [parse_operation("redefine m"), parse_operation("rename a -> elsewhere")]
    third = [parse_operation("merge m, n -> z")]
    assert carry_through("a", [first, second, third]) == Carried(("z",), needs_recoding=True)
    assert carry_through("a", []) == Carried(("a",))
    assert carry_through("a", [first, [parse_operation("retire m")], third]) == Carried(())


def test_operations_are_read_as_people_write_them() -> None:
    operation = parse_operation("  Merge low cost, high-cost  ->  cost : never told apart ")
    assert operation == Operation(
        op="merge", codes=("low cost", "high-cost"), into=("cost",), why="never told apart"
    )


@pytest.mark.parametrize(
    "text", ["", "rename a", "rename a -> b, c", "split a -> b", "retire a -> b", "drop a", "merge"]
)
def test_operations_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(UserError):
        parse_operation(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rename q -> b", "older version has no code “q”"),
        ("rename a -> q", "newer version has no code “q”"),
        ("add q", "newer version has no code “q”"),
        ("retire b", "still a code of the newer version"),
        ("rename b -> z", "still a code of the newer version"),
    ],
)
def test_declared_operations_must_name_codes_that_are_there(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        compare(book(A, B), book(B, Code(id="z")), [parse_operation(text)])
