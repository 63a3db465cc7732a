"""What people write and see while they work in the program: memos, openings, adjudications."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m009_review(db: Database) -> None:
    """Memos, what a person has been shown, adjudications, names to be replaced.

    Rows are appended: a changed memo or adjudication names the row that it replaces. ``segments``
    of a scope lists the segments of a sample, as JSON; ``finished_at`` says when a person coding
    in the program said that she was done.
    """
    run(
        db,
        "ALTER TABLE scopes ADD COLUMN segments TEXT",
        "ALTER TABLE scopes ADD COLUMN finished_at TEXT",
        """
        CREATE TABLE memos (
            id INTEGER PRIMARY KEY,
            guid TEXT NOT NULL UNIQUE,
            about TEXT NOT NULL CHECK (about IN
                ('study', 'transcript', 'passage', 'code', 'no-code-fits')),
            transcript_id INTEGER REFERENCES transcripts (id),
            start_char INTEGER,
            end_char INTEGER,
            quote TEXT NOT NULL DEFAULT '',
            code TEXT NOT NULL DEFAULT '',
            text TEXT NOT NULL,
            who TEXT NOT NULL,
            written_at TEXT NOT NULL,
            replaces_id INTEGER REFERENCES memos (id),
            deleted INTEGER NOT NULL DEFAULT 0
        ) STRICT""",
        """
        CREATE TABLE openings (
            id INTEGER PRIMARY KEY,
            who TEXT NOT NULL,
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            shown TEXT NOT NULL CHECK (shown IN ('model', 'people')),
            coder_id INTEGER REFERENCES coders (id),
            place TEXT NOT NULL DEFAULT '',
            opened_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX openings_by_person ON openings (who, transcript_id)",
        """
        CREATE TABLE adjudications (
            id INTEGER PRIMARY KEY,
            guid TEXT NOT NULL UNIQUE,
            disagreement_key TEXT NOT NULL,
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            segment INTEGER NOT NULL,
            code TEXT NOT NULL,
            sides TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN
                ('this-side', 'that-side', 'both-defensible', 'neither', 'border-only',
                 'codebook-unclear', 'new-code-needed')),
            note TEXT NOT NULL DEFAULT '',
            who TEXT NOT NULL,
            decided_at TEXT NOT NULL,
            coding_id INTEGER REFERENCES codings (id),
            replaces_id INTEGER REFERENCES adjudications (id)
        ) STRICT""",
        "CREATE INDEX adjudications_by_key ON adjudications (disagreement_key)",
        """
        CREATE TABLE pseudonyms (
            id INTEGER PRIMARY KEY,
            term TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            replacement TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('proposed', 'confirmed', 'refused')),
            who TEXT NOT NULL,
            set_at TEXT NOT NULL
        ) STRICT""",
    )
