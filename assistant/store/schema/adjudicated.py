"""The adjudicated version: codings of an adjudication that was changed count no more."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m014_adjudicated(db: Database) -> None:
    """A coding made by an adjudication counts as long as that adjudication is its person's last.

    ``sides`` of an adjudication names all codings that it made by GUID, under ``made``.
    """
    run(
        db,
        "DROP VIEW undone_codings",
        """
        CREATE VIEW undone_codings AS
        SELECT d.coding_id FROM decisions d
        WHERE d.coding_id IS NOT NULL AND d.coding_id NOT IN
            (SELECT c.coding_id FROM current_decisions c WHERE c.coding_id IS NOT NULL)
        UNION
        SELECT k.id FROM adjudications a
        JOIN adjudications later ON later.replaces_id = a.id
        JOIN json_each(a.sides, '$.made') AS made
        JOIN codings k ON k.guid = made.value""",
    )
