"""New studies of the tests begin with a copy of one empty database.

Making the schema step by step takes a tenth of a second, thousands of times over. What a new
database is when the steps are really taken, and that a copy is no different, `tests/store` tests.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlite_utils import Database

from assistant.store.schema import MIGRATIONS

__all__ = ["copied_schema"]


@contextmanager
def copied_schema() -> Iterator[None]:
    """While it lasts, `MIGRATIONS` fills an empty database by copying, and any other as always."""
    step_by_step = MIGRATIONS.apply
    head = sqlite3.connect(":memory:", check_same_thread=False)
    step_by_step(Database(head))
    made = [sql for (sql,) in head.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    steps = head.execute("SELECT * FROM _sqlite_migrations").fetchall()

    def apply(db: Database, **options: Any) -> None:
        if options or db.table_names():
            step_by_step(db, **options)
        elif db.conn.in_transaction:  # SQLite copies nothing into one
            for sql in made:
                db.conn.execute(sql)
            db.conn.executemany("INSERT INTO _sqlite_migrations VALUES (?, ?, ?, ?)", steps)
        else:
            head.backup(db.conn)

    patch = pytest.MonkeyPatch()
    patch.setattr(MIGRATIONS, "apply", apply)
    try:
        yield
    finally:
        patch.undo()
        head.close()
