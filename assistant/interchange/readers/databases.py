"""Databases that no reader knows: nothing is read, but the user is told what it is.

A broken project of Taguette or QualCoder, a database of this program or of another, or a file that
only has the ending of one.
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import DataError
from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import Project
from assistant.store.texts.foreign import foreign_tables, is_sqlite

__all__ = ["detects", "read_project"]

_ENDINGS = (".qda", ".sqlite3", ".sqlite", ".db")
_OURS = {"transcripts", "codings", "suggestions"}
_QUALCODER = (
    "In QualCoder, close the project and copy its folder again, or export it there as REFI-QDA "
    "(.qdpx) and import that."
)
_TAGUETTE = (
    "In Taguette, export the project again (Project info, then as SQLite3), or export the "
    "highlights as a table (.csv, .xlsx) and import that after the transcripts."
)


def detects(path: Path, head: bytes) -> bool:
    """Asked last, when no reader knows the file. Windows' ``Thumbs.db`` is no project."""
    named = path.suffix.lower() in _ENDINGS and path.name.lower() != "thumbs.db"
    return is_sqlite(head) or named


def read_project(path: Path, options: ReadOptions) -> Project:
    """Always raises `DataError`, with what is wrong with the file."""
    hint = _QUALCODER if path.suffix.lower() == ".qda" else _TAGUETTE
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise DataError("This file is empty.", where=str(path), hint=hint)
    if head.startswith(b"PK\x03\x04"):
        raise DataError(
            "This archive is no QualCoder project: it has no data.qda, or more than one.",
            where=str(path),
            hint="Put the project's own folder (NAME.qda, with data.qda in it) into the archive, "
            "or give the folder itself.",
        )
    if not is_sqlite(head):
        raise DataError(
            f"This file ends in {path.suffix} but is no database, as the projects of Taguette and "
            "QualCoder are.",
            where=str(path),
            hint="It may have been cut off or have the wrong ending. " + hint,
        )
    try:
        with foreign_tables(path) as tables:
            names = tables.names
    except DataError as error:
        raise DataError(
            "This database is damaged: it may have been copied while its program was writing, or "
            "been cut off.",
            where=str(path),
            hint=hint,
        ) from error
    if names >= _OURS:
        raise DataError(
            "This is the database of a Second Coder study.",
            where=str(path),
            hint="To put two studies together: `secondcoder share` there, `secondcoder merge "
            "FILE` here.",
        )
    listed = ", ".join(sorted(names)[:6]) or "none"
    raise DataError(
        "This is a database, but no project of Taguette or QualCoder. Its tables: "
        f"{listed}{', …' if len(names) > 6 else ''}.",
        where=str(path),
        hint="Export from the program that made it as REFI-QDA (.qdpx), or as a table (.csv, "
        ".xlsx).",
    )
