"""What happened between two versions of a codebook, and what it means for old codings.

What the user declares counts; what is left is inferred only where it is certain, and says so in
``why``. A split is never inferred: nothing in two files tells it from a retired code and new ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from assistant.codebook.records import Code, Codebook, Operation
from assistant.errors import UserError

__all__ = ["Carried", "carry", "carry_through", "compare", "parse_operation"]

OperationName = Literal["rename", "merge", "split", "redefine", "add", "retire", "change"]
_INFERRED = "inferred: "


@dataclass(frozen=True)
class Carried:
    """What becomes of an old coding in the newer version."""

    ids: tuple[str, ...]
    """Codes it may stand for; none when its code was retired."""
    needs_recoding: bool = False
    """True: a person must look again, the coding counts for none of ``ids`` until then."""


def parse_operation(text: str) -> Operation:
    """Read what a user declares on the command line::

        rename old -> new
        merge one, two -> both: they were never told apart
        split wide -> narrow-one, narrow-two
        redefine code      retire code      add code
        change code: only said better

    Raises `UserError` when the text has another form.
    """
    body, _, why = text.partition(": ")
    match = re.fullmatch(r"\s*(\w+)\s+(.+?)(?:\s*->\s*(.+?))?\s*", body)
    op = match.group(1).lower() if match else ""
    if match is None or op not in get_args(OperationName):
        raise UserError(
            f"“{text}” is not a change to a codebook that can be declared.",
            hint="Write it like “rename old -> new”, “merge one, two -> both”, “split wide -> "
            "narrow-one, narrow-two”, “redefine code”, “retire code” or “add code”.",
        )
    codes, into = _names(match.group(2)), _names(match.group(3) or "")
    operation = Operation(op=cast(OperationName, op), codes=codes, into=into, why=why.strip())
    _check_shape(operation)
    return operation


def compare(
    old: Codebook, new: Codebook, declared: Sequence[Operation] = ()
) -> tuple[Operation, ...]:
    """The operations that lead from ``old`` to ``new``: declared ones first, then inferred ones in
    the order of the codebooks.

    Inferred: *rename*, when a new code has the definition of one that is gone, is written as it
    was (the id of one is the name of the other), or lists its id as an alias; *merge*, when a code
    lists ids that are gone as aliases; *redefine*, when a definition changed in more than white
    space; *change*, for any other field and for a first definition; *retire* and *add* for what is
    left. Raises `UserError` when a declared operation names a code that is not there.
    """
    for operation in declared:
        _check_declared(operation, declared, old, new)
    result = list(declared)
    gone = [code for code in old.codes if code.id not in new.by_id and not _left(code.id, declared)]
    fresh = [
        code for code in new.codes if code.id not in old.by_id and not _came(code.id, declared)
    ]
    moved = _inferred_moves(gone, fresh, new)
    result += moved
    result += _inferred_edits(old, new, [*declared, *moved])
    done = [*declared, *moved]
    result += [
        Operation(op="retire", codes=(code.id,), why=_INFERRED + "the newer version lacks it")
        for code in gone
        if not _left(code.id, done)
    ]
    result += [
        Operation(op="add", codes=(code.id,), why=_INFERRED + "the older version lacks it")
        for code in fresh
        if not _came(code.id, done)
    ]
    return tuple(result)


def carry(code_id: str, operations: Sequence[Operation]) -> Carried:
    """What becomes of a coding with ``code_id`` of the older version.

    Rename and merge carry it along. Redefine and split mark it as in need of recoding: with a
    split, ``ids`` are the codes to choose from. Retire leaves it without a code.
    """
    ids: tuple[str, ...] = (code_id,)
    needs_recoding = False
    for operation in operations:
        if code_id not in operation.codes:
            continue
        if operation.op in ("rename", "merge"):
            ids = operation.into
        elif operation.op == "split":
            ids, needs_recoding = operation.into, True
        elif operation.op == "redefine":
            needs_recoding = True
        elif operation.op == "retire":
            ids = ()
    return Carried(ids, needs_recoding and bool(ids))


def carry_through(code_id: str, versions: Sequence[Sequence[Operation]]) -> Carried:
    """As `carry`, through several versions, oldest first."""
    carried = Carried((code_id,))
    for operations in versions:
        steps = [carry(code, operations) for code in carried.ids]
        ids = tuple(dict.fromkeys(code for step in steps for code in step.ids))
        needs = carried.needs_recoding or any(step.needs_recoding for step in steps)
        carried = Carried(ids, needs and bool(ids))
    return carried


def _inferred_moves(gone: Sequence[Code], fresh: Sequence[Code], new: Codebook) -> list[Operation]:
    moves: list[Operation] = []
    by_alias: dict[str, list[str]] = {}
    for code in gone:
        targets = [other.id for other in new.codes if code.id in other.aliases]
        if len(targets) == 1:
            by_alias.setdefault(targets[0], []).append(code.id)
    fresh_ids = {code.id for code in fresh}
    for target, sources in by_alias.items():
        if target in fresh_ids and len(sources) == 1:
            why = _INFERRED + f"“{target}” lists it as an alias"
            moves.append(Operation(op="rename", codes=tuple(sources), into=(target,), why=why))
        else:
            why = _INFERRED + f"“{target}” lists them as aliases"
            moves.append(Operation(op="merge", codes=tuple(sources), into=(target,), why=why))
    for code in gone:
        # An import calls its codes as the file spells them, a table of codes may then bring ids
        # for the same names: “Joy in teaching” is `Joy-in-teaching`, named “Joy in teaching”.
        twins = [other for other in fresh if _written(code) & _written(other)]
        rivals = [other for other in gone if any(_written(other) & _written(t) for t in twins)]
        free = not _left(code.id, moves) and not any(_came(twin.id, moves) for twin in twins)
        sure = len(twins) == len(rivals) == 1 and same_place(code, twins[0])
        if sure and free and not _points_elsewhere(code, twins[0], gone, fresh):
            why = _INFERRED + "the name is the same"
            moves.append(Operation(op="rename", codes=(code.id,), into=(twins[0].id,), why=why))
    for code in gone:
        # Certain only when exactly one code that is gone and one that is new share a definition.
        twins = [other for other in fresh if _same_definition(code, other)]
        rivals = [other for other in gone if _same_definition(code, other)]
        free = not _left(code.id, moves) and not any(_came(twin.id, moves) for twin in twins)
        if len(twins) == 1 and len(rivals) == 1 and free:
            why = _INFERRED + "the definition is the same"
            moves.append(Operation(op="rename", codes=(code.id,), into=(twins[0].id,), why=why))
    return moves


def _inferred_edits(old: Codebook, new: Codebook, moves: Sequence[Operation]) -> list[Operation]:
    edits: list[Operation] = []
    # Who declares a change says that the code means what it meant: better words, no redefinition.
    redefined = {
        code for op in moves if op.op in ("redefine", "split", "change") for code in op.codes
    }
    for code in old.codes:
        renamed = [op.into[0] for op in moves if op.op == "rename" and code.id in op.codes]
        other = new.by_id.get(renamed[0] if renamed else code.id)
        if other is None or (not renamed and _left(code.id, moves)):
            continue
        # A name swapped with another code's is not an edit of this one.
        if not renamed and _came(other.id, [op for op in moves if op.op == "rename"]):
            continue
        before, after = _folded(code.definition), _folded(other.definition)
        if before and before != after and code.id not in redefined:
            why = _INFERRED + "the definition changed"
            edits.append(Operation(op="redefine", codes=(code.id,), why=why))
        # A first definition writes down what people went by; it takes no coding away from them.
        fields = [f for f in Code.model_fields if f != "id" and (f != "definition" or not before)]
        changed = [f for f in fields if getattr(code, f) != getattr(other, f)]
        if changed:
            why = _INFERRED + "changed: " + ", ".join(changed)
            edits.append(Operation(op="change", codes=(code.id,), why=why))
    return edits


def _left(code_id: str, operations: Sequence[Operation]) -> bool:
    """Whether an operation says where a code of the older version went."""
    return any(
        code_id in op.codes and op.op in ("rename", "merge", "split", "retire") for op in operations
    )


def _came(code_id: str, operations: Sequence[Operation]) -> bool:
    """Whether an operation says where a code of the newer version came from."""
    return any(code_id in op.into or (op.op == "add" and code_id in op.codes) for op in operations)


def _check_declared(
    operation: Operation, declared: Sequence[Operation], old: Codebook, new: Codebook
) -> None:
    _check_shape(operation)
    before, after = (new, new) if operation.op == "add" else (old, new)
    for ids, book, which in (
        (operation.codes, before, "newer" if operation.op == "add" else "older"),
        (operation.into, after, "newer"),
    ):
        for code_id in ids:
            if code_id not in book.by_id:
                raise UserError(
                    f"The {which} version has no code “{code_id}”.",
                    where=f"the declared change: {_said(operation)}",
                    hint="Write the id as it stands in that version of the codebook.",
                )
    for code_id in operation.codes:
        kept = code_id in new.by_id and not _came(code_id, declared)
        if operation.op in ("rename", "retire") and kept:
            raise UserError(
                f"“{code_id}” is still a code of the newer version.",
                where=f"the declared change: {_said(operation)}",
                hint="Delete it there, or do not declare that it went away.",
            )


def _check_shape(operation: Operation) -> None:
    one_code, targets = len(operation.codes) == 1, len(operation.into)
    fits = {
        "rename": one_code and targets == 1,
        "merge": len(operation.codes) >= 1 and targets == 1,
        "split": one_code and targets >= 2,
    }.get(operation.op, bool(operation.codes) and targets == 0)
    if not fits:
        raise UserError(
            f"“{_said(operation)}” has too few codes or too many.",
            hint="rename: one to one; merge: several to one; split: one to several; redefine, "
            "retire, add and change name codes only.",
        )


def _said(operation: Operation) -> str:
    arrow = " -> " + ", ".join(operation.into) if operation.into else ""
    return f"{operation.op} {', '.join(operation.codes)}{arrow}"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _written(code: Code) -> set[str]:
    """What a code is called: its id and its name."""
    return {code.id, code.label}


def same_place(one: Code, other: Code) -> bool:
    """“Other” under work is not “Other” under family."""
    return all(
        not a or not b or a == b
        for a, b in ((one.parent, other.parent), (one.family, other.family))
    )


def _points_elsewhere(code: Code, twin: Code, gone: Sequence[Code], fresh: Sequence[Code]) -> bool:
    """Whether the definitions say that either of the two is another code."""
    return not _same_definition(code, twin) and (
        any(_same_definition(code, other) for other in fresh)
        or any(_same_definition(other, twin) for other in gone)
    )


def _same_definition(one: Code, other: Code) -> bool:
    return bool(one.definition) and _folded(one.definition) == _folded(other.definition)


def _folded(text: str) -> str:
    return " ".join(text.split())
