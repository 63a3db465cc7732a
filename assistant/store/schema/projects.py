"""What files of other tools need beside the words and codes."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m013_projects(db: Database) -> None:
    """Where one file holds many texts and people.

    ``exposure`` of a document: of its codings, where it differs from the coder's for the rest of
    the transcript. ``project_sha256``: the project file that it came in, so that one person's
    codings in one file are never taken for copies of each other.
    """
    run(
        db,
        "ALTER TABLE documents ADD COLUMN exposure TEXT CHECK (exposure IN "
        "('independent', 'blind', 'after-model', 'adjudicated', 'unknown'))",
        "ALTER TABLE documents ADD COLUMN project_sha256 TEXT NOT NULL DEFAULT ''",
    )
