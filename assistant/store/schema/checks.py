"""Checks that keep a reviewer awake: planted suggestions, and passages without one."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m015_checks(db: Database) -> None:
    """Never rows about real suggestions. No words: positions and codes only."""
    run(
        db,
        """
        CREATE TABLE checks (
            id INTEGER PRIMARY KEY,
            who TEXT NOT NULL,
            run_id INTEGER NOT NULL REFERENCES runs (id),
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            kind TEXT NOT NULL CHECK (kind IN ('planted', 'empty')),
            segment INTEGER NOT NULL,
            start_char INTEGER NOT NULL,
            end_char INTEGER NOT NULL,
            code TEXT NOT NULL,
            made_at TEXT NOT NULL,
            answer TEXT CHECK (answer IN ('accept', 'reject', 'amend', 'added', 'nothing')),
            seconds REAL,
            answered_at TEXT,
            UNIQUE (who, run_id, transcript_id, segment)
        ) STRICT""",
    )
