"""Reading tables of another program's SQLite file, and nothing else.

The file is never written, not even its journal: what stands in a write-ahead log is read from a
copy. Only real tables are read, by names that the caller knows; a view or a trigger in the file is
never run. What is missing in an older or newer version of the program is empty, not an error.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from assistant.errors import DataError

__all__ = ["Cell", "ForeignTables", "foreign_tables", "is_sqlite", "table_names"]

Cell = str | int | float | None
_MAGIC = b"SQLite format 3\x00"
_LONGEST = 200_000_000


def is_sqlite(head: bytes) -> bool:
    return head.startswith(_MAGIC)


def table_names(path: Path) -> frozenset[str]:
    """Names of its tables in small letters; none for what is no readable database."""
    try:
        with foreign_tables(path) as tables:
            return tables.names
    except DataError:
        return frozenset()


class ForeignTables:
    """Tables of an open file."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        found = self._all("SELECT name FROM sqlite_master WHERE type = 'table'")
        self._spelled = {str(name).lower(): str(name) for (name,) in found}

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._spelled)

    def rows(
        self, table: str, columns: Sequence[str], order: str = ""
    ) -> Iterator[tuple[Cell, ...]]:
        """Rows with the given columns; None where the table has no such column.

        Nothing when there is no such table. Raises `DataError` when the file is damaged.
        """
        spelled = self._spelled.get(table.lower())
        if spelled is None:
            return
        known = {
            str(name).lower(): str(name)
            for (name,) in self._all("SELECT name FROM pragma_table_info(?)", (spelled,))
        }
        parts = [_quoted(known[c.lower()]) if c.lower() in known else "NULL" for c in columns]
        sql = f"SELECT {', '.join(parts)} FROM {_quoted(spelled)}"
        if order.lower() in known:
            sql += f" ORDER BY {_quoted(known[order.lower()])}"
        for row in self._all(sql):
            yield tuple(_cell(value) for value in row)

    def _all(self, sql: str, parameters: Sequence[str] = ()) -> Iterator[tuple[object, ...]]:
        try:
            yield from self._connection.execute(sql, parameters)
        except sqlite3.Error as error:
            raise _damaged(self._path, error) from error


@contextmanager
def foreign_tables(path: Path) -> Iterator[ForeignTables]:
    """Open a file for reading. Raises `DataError` when it is no database or damaged."""
    with tempfile.TemporaryDirectory(prefix="second-coder-") as folder:
        log = path.with_name(path.name + "-wal")
        target = path
        if log.is_file() and log.stat().st_size:
            target = Path(folder) / "copy.sqlite3"
            shutil.copyfile(path, target)
            shutil.copyfile(log, target.with_name("copy.sqlite3-wal"))
        option = "mode=ro&immutable=1" if target is path else "mode=rw"
        try:
            connection = sqlite3.connect(
                f"file:{quote(str(target.absolute()))}?{option}", uri=True, timeout=5
            )
        except sqlite3.Error as error:
            raise _damaged(path, error) from error
        try:
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            connection.execute("PRAGMA trusted_schema = OFF")
            yield ForeignTables(connection, path)
        except sqlite3.Error as error:
            raise _damaged(path, error) from error
        finally:
            connection.close()


def _damaged(path: Path, error: sqlite3.Error) -> DataError:
    return DataError(
        f"This project file is a damaged database, or none ({error}).",
        where=str(path),
        hint="Open it in the program that made it; if it opens there, close it and copy the file "
        "again.",
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cell(value: object) -> Cell:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str | int | float) else None
