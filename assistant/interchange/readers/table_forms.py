"""What form a table of codings has: where the words of its rows stand, and where their codes.

Codes are in a column of their own, or each code is a column that holds marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from assistant.errors import DataError
from assistant.interchange.readers.cells import Table, is_error
from assistant.interchange.readers.columns import Columns
from assistant.transcripts.records import Skipped

__all__ = ["Passages", "code_columns", "is_yes", "passages_of"]

Passages: TypeAlias = Literal["quote", "text", "positions"]

_YES = frozenset(("x", "1", "yes", "y", "true", "✓", "✔", "☑", "ja", "oui", "si", "sí", "+"))
_NO = frozenset(("", "0", "no", "n", "false", "-", "–", "nein", "non", "na", "n/a"))


def is_yes(cell: str) -> bool:
    """Whether a mark says that the column's code was given."""
    return cell.strip().casefold() in _YES


def passages_of(path: Path, table: Table, columns: Columns) -> Passages:
    """Where the words of a row are. Raises DataError for a table without a place for codes."""
    places = columns.places
    if "quote" in places:
        found: Passages = "quote"
    elif "text" in places:
        found = "text"
    elif {"start", "end"} <= places.keys():
        found = "positions"
    else:
        raise _unknown(path, table, "no column with the coded words or their positions")
    if "code" not in places and not columns.rest:
        raise _unknown(path, table, "no column with codes")
    return found


def code_columns(
    path: Path, table: Table, columns: Columns, rows: Sequence[tuple[int, list[str]]]
) -> tuple[list[int], list[Skipped]]:
    """Columns that hold marks and nothing else, at least one of them a yes; why others do not.

    Raises DataError where there is none.
    """
    wide: list[int] = []
    skipped: list[Skipped] = []
    for place in columns.rest:
        said = {cells[place].strip() for _, cells in rows}
        found = {one.casefold() for one in said if not is_error(one)}
        if found <= _YES | _NO and found & _YES:
            wide.append(place)
        elif found - {""}:
            odd = sorted(found - _YES - _NO)
            why = f"a column that is no code: it holds “{odd[0]}”" if odd else "no mark in it"
            skipped.append(Skipped(what=table.head[place], why=why, where="head"))
    if not wide:
        raise _unknown(path, table, "no column with codes")
    return wide, skipped


def _unknown(path: Path, table: Table, what: str) -> DataError:
    head = ", ".join(name for name in table.head if name)
    return DataError(
        f"This table has {what} that is known by its name. Its columns: {head}.",
        where=str(path),
        hint="Say what the columns mean: `--columns transcript=A,quote=C,code=D,coder=B`.",
    )
