"""Opening the study's database, and keeping it safe.

`Store` is the only door: other modules of this package take one, nobody else sees a connection.
Before a migration the file is copied; a database of a newer program is refused, never touched.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from assistant.errors import DataError, UserError
from assistant.store.schema import MIGRATIONS

__all__ = ["Row", "Store", "backups", "now", "open_store"]

Row = sqlite3.Row
_WAITS = 60.0
"""Seconds that a change waits for another program's to end, before it is refused. Fewer than an
endpoint has for its answer: while a run waits to store one, it hears of no other."""
_A_LITTLE_MS = 500


def now() -> str:
    """The time as it is stored: ISO 8601, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _explained(error: sqlite3.Error, path: Path | None) -> Exception:
    """An error of SQLite that the user can mend, in plain words."""
    text = str(error)
    where = str(path) if path else ""
    if "disk is full" in text:
        return UserError(
            "The disk is full: nothing more could be written. What was stored before is safe.",
            where=where,
            hint="Make room on this disk, then run the same command again; it goes on from there.",
        )
    if "disk I/O error" in text:
        return UserError(
            "The disk refuses to read or write the study's database. Most likely it is full.",
            where=where,
            hint="Look how much room is left on it, and whether it is still connected; then run "
            "the same command again. What was stored before is safe.",
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return UserError(
            f"The study's database cannot be opened or written ({text}).",
            where=where,
            hint="Check that you may write to this folder and that it is not full or read-only.",
        )
    if "locked" in text or "busy" in text or "locking" in text:
        return UserError(
            "Another program is writing to the study's database and did not finish in time. "
            "Nothing was stored.",
            where=where,
            hint="Wait until it is done, or close it, then do the same again.",
        )
    if "malformed" in text or "not a database" in text:
        return DataError(
            f"The study's database is damaged ({text}).",
            where=where,
            hint="Take the newest copy (study.db.before-…) beside it, or your own backup.",
        )
    return error


class Store:
    """An open database. Use as a context manager."""

    def __init__(self, path: Path | None = None) -> None:
        """Open without migrating; see `open_store`. ``None`` is a database in memory."""
        self.path = path
        try:
            self._connection = sqlite3.connect(
                str(path) if path else ":memory:", timeout=_WAITS, check_same_thread=False
            )
            self._connection.row_factory = sqlite3.Row
            self.db = Database(self._connection)
            self._connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error as error:
            raise _explained(error, path) from error

    def use_wal(self) -> None:
        """Write ahead, so that readers never wait. This changes the file: only for one of ours."""
        until = time.monotonic() + _WAITS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError as error:
                # Two that switch the same new file at once: SQLite refuses one and waits for none.
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.02)
        # With WAL this loses nothing when a process is killed; only a power cut can take the last
        # commits, never damage the file.
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nested use is one transaction.

        The outermost one claims the right to write at its begin, and waits for it. One that only
        claimed it with its first change would fail at once, without waiting, whenever somebody
        else had written after its first reading.
        """
        try:
            if self._connection.in_transaction:
                with self.db.atomic():
                    yield
                return
            try:
                self._claim()
                yield
                self._connection.execute("COMMIT")  # fails where an error has ended it unseen
            except BaseException:
                self.db.rollback()  # does nothing where the error has ended the transaction
                raise
        except sqlite3.Error as error:
            raise _explained(error, self.path) from error

    def _claim(self) -> None:
        """Begin, as the one that may write. Waits a little at a time, so that whoever stops the
        program is heard meanwhile."""
        whole = int(self.value("PRAGMA busy_timeout"))
        until = time.monotonic() + whole / 1000
        self._connection.execute(f"PRAGMA busy_timeout = {min(whole, _A_LITTLE_MS)}")
        try:
            while True:
                try:
                    self._connection.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() >= until:
                        raise
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {whole}")

    @contextmanager
    def rehearsal(self) -> Iterator[Store]:
        """A copy in memory, to see what a change would do: nothing of it reaches the file.

        Whoever writes meanwhile waits for nothing. Not for use within a transaction, of which a
        copy cannot be made.
        """
        assert not self._connection.in_transaction, "SQLite would wait for it for ever"
        with Store() as copy:
            try:
                self._connection.backup(copy._connection)
            except sqlite3.Error as error:
                raise _explained(error, self.path) from error
            yield copy

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise _explained(error, self.path) from error

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        found = self.row(sql, parameters)
        return None if found is None else found[0]

    def write(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one writing statement in a transaction of its own (or the one open); last row id."""
        if self._connection.in_transaction:
            # One statement is all or nothing by itself: it needs no savepoint.
            try:
                return self._connection.execute(sql, parameters).lastrowid or 0
            except sqlite3.Error as error:
                raise _explained(error, self.path) from error
        with self.transaction():
            return self._connection.execute(sql, parameters).lastrowid or 0

    def write_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """The same statement for many rows, in a transaction of its own (or the one open).

        Within an open one it needs no savepoint: what fails takes the whole of it back.
        """
        if not parameters:
            return
        if self._connection.in_transaction:
            try:
                self._connection.executemany(sql, parameters)
            except sqlite3.Error as error:
                raise _explained(error, self.path) from error
            return
        with self.transaction():
            self._connection.executemany(sql, parameters)


def backups(path: Path) -> list[Path]:
    """Copies kept before migrations, oldest first."""
    return sorted(path.parent.glob(path.name + ".before-*"))


def _keep_copy(path: Path, step: str) -> Path:
    """SQLite's own backup: it includes what still stands in the write-ahead log.

    By a connection of its own: one that may write at this moment cannot be copied from.
    """
    copy = path.with_name(f"{path.name}.before-{step}")
    number = 2
    while copy.exists():
        copy = path.with_name(f"{path.name}.before-{step}-{number}")
        number += 1
    target = sqlite3.connect(str(copy))
    try:
        with Store(path) as source:
            source._connection.backup(target)
    except BaseException:
        target.close()
        copy.unlink(missing_ok=True)  # half a copy would pass for one
        raise
    target.close()
    return copy


def open_store(path: Path | None = None) -> tuple[Store, str]:
    """Open (or make) a study's database at head.

    Returns the store and one sentence for the user when an older file was upgraded, else ``""``.
    Raises `UserError` for a database of a newer program, `DataError` for one that is damaged.
    """
    if path:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"The folder for the study's database cannot be made ({error.strerror}).",
                where=str(path.parent),
                hint="Check that you may write there, and that no file has the folder's name.",
            ) from error
    store = Store(path)
    try:
        return store, _migrate(store, path)
    except sqlite3.Error as error:
        store.close()
        raise _explained(error, path) from error
    except BaseException:
        store.close()
        raise


def _migrate(store: Store, path: Path | None) -> str:
    if path is None:
        MIGRATIONS.apply(store.db)
        return ""
    # What is refused is not touched, and what is at head waits for nobody.
    store.db.execute("BEGIN")
    try:
        _, pending = _steps(store, path)
    finally:
        store.db.rollback()
    store.use_wal()
    if not pending:
        return ""
    with store.transaction():
        # Another program may have taken them meanwhile; all of them are one change, so that
        # nobody meets a database between two versions.
        applied, pending = _steps(store, path)
        if not pending:
            return ""
        note = ""
        if applied:
            copy = _keep_copy(path, pending[0])
            note = (
                f"The study's database was upgraded from an older version. "
                f"A copy of it as it was is kept as {copy.name}."
            )
        MIGRATIONS.apply(store.db)
    return note


def _steps(store: Store, path: Path) -> tuple[list[str], list[str]]:
    """(steps that the database has, those that it lacks). Raises for one that is not ours."""
    known = {step.name for step in MIGRATIONS._migrations}
    applied = [step.name for step in MIGRATIONS.applied(store.db)]
    unknown = [name for name in applied if name not in known]
    if unknown:
        raise UserError(
            f"This study's database was made by a newer version of Second Coder (it has the step "
            f"{unknown[-1]}, which this version does not know). Nothing was changed.",
            where=str(path),
            hint="Update Second Coder (pipx upgrade second-coder), then run the command again.",
        )
    if not applied and store.db.table_names():
        raise DataError(
            "This file is a database, but not one of Second Coder. Nothing was changed.",
            where=str(path),
            hint="Move it away, or choose another study folder.",
        )
    return applied, [step.name for step in MIGRATIONS.pending(store.db)]
