"""What studies exchange: codes that stay sealed, differences that people have to settle."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m012_sealed(db: Database) -> None:
    """Sealed rows of other studies, conflicts, and decisions in the order in which they were made.

    ``sealed`` keeps blind codes of one person until the other has finished hers; ``payload`` is
    packed, so that nobody reads it by chance. Decisions of two studies come in any order, so that
    the newest by its time holds, not the one that was stored last.
    """
    run(
        db,
        "ALTER TABLE pseudonyms ADD COLUMN keep_lower INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE sealed (
            identity TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            coder TEXT NOT NULL,
            transcript_sha256 TEXT NOT NULL,
            payload BLOB NOT NULL,
            arrived_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """
        CREATE TABLE conflicts (
            identity TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            about TEXT NOT NULL,
            sides TEXT NOT NULL,
            found_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "DROP VIEW current_decisions",
        """
        CREATE VIEW current_decisions AS
        SELECT d.* FROM decisions d
        WHERE d.id = (SELECT later.id FROM decisions later
                      WHERE later.suggestion_id = d.suggestion_id
                      ORDER BY later.decided_at DESC, later.id DESC LIMIT 1)
          AND d.decision <> 'undo'""",
    )
