"""Rows that two studies can tell apart and put together again."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run

_NAMED = ("decisions", "bulk_decisions", "evaluations", "looks", "audits", "events", "openings")


@MIGRATIONS()
def m010_guids(db: Database) -> None:
    """Every row that a person makes gets a GUID; the database itself sets it."""
    for table in _NAMED:
        run(
            db,
            f"ALTER TABLE {table} ADD COLUMN guid TEXT",
            f"UPDATE {table} SET guid = lower(hex(randomblob(16)))",
            f"CREATE UNIQUE INDEX {table}_by_guid ON {table} (guid)",
            f"CREATE TRIGGER {table}_gets_guid AFTER INSERT ON {table} WHEN NEW.guid IS NULL "
            f"BEGIN UPDATE {table} SET guid = lower(hex(randomblob(16))) WHERE id = NEW.id; END",
        )
