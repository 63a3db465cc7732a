"""What an import asked about a file, and nobody has answered yet."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m023_asked_of_files(db: Database) -> None:
    """A question stays until it is answered or set aside, also when its page is left.

    Neither the file's name nor the lines that were asked about stand here, since both may be a
    participant's: the file is known by the hash of its place, and read again for the question.
    """
    run(
        db,
        """
        CREATE TABLE asked_of_files (
            place_sha256 TEXT NOT NULL,
            what TEXT NOT NULL CHECK (what IN ('coder', 'user', 'labels')),
            exposure TEXT NOT NULL,
            language TEXT NOT NULL,
            asked_at TEXT NOT NULL,
            settled TEXT NOT NULL CHECK (settled IN ('', 'answered', 'set aside')),
            settled_at TEXT,
            settled_by TEXT NOT NULL,
            PRIMARY KEY (place_sha256, what)
        ) STRICT, WITHOUT ROWID""",
    )
