"""The list of steps, and how a step runs its statements."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

__all__ = ["MIGRATIONS", "NAME", "run"]

NAME = "second-coder"
MIGRATIONS = Migrations(NAME)


def run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)
