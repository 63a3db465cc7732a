"""Files, transcripts, people's codings and their scopes; versions of codebooks and prompts."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m001_interviews(db: Database) -> None:
    """Files as they were read, and the transcripts and human codings made from them.

    Documents keep their own text, so that a transcript can be made again from all its files in
    whatever order they came.
    """
    run(
        db,
        """
        CREATE TABLE coders (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('human', 'model')),
            recipe_sha256 TEXT,
            UNIQUE (kind, name)
        ) STRICT""",
        """
        CREATE TABLE transcripts (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            sha256 TEXT NOT NULL UNIQUE,
            text TEXT NOT NULL,
            language TEXT NOT NULL,
            consent TEXT NOT NULL DEFAULT 'local',
            created_at TEXT NOT NULL,
            withdrawn_at TEXT
        ) STRICT""",
        """
        CREATE TABLE segments (
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            idx INTEGER NOT NULL,
            start_char INTEGER NOT NULL,
            end_char INTEGER NOT NULL,
            speaker TEXT NOT NULL,
            turn INTEGER NOT NULL,
            PRIMARY KEY (transcript_id, idx)
        ) STRICT, WITHOUT ROWID""",
        """
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY,
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            format TEXT NOT NULL,
            file_sha256 TEXT NOT NULL UNIQUE,
            encoding TEXT NOT NULL,
            title TEXT NOT NULL,
            coder_id INTEGER REFERENCES coders (id),
            language TEXT NOT NULL,
            text TEXT NOT NULL,
            segments TEXT NOT NULL,
            notes TEXT NOT NULL,
            skipped TEXT NOT NULL,
            is_base INTEGER NOT NULL DEFAULT 0,
            imported_at TEXT NOT NULL
        ) STRICT""",
        """
        CREATE TABLE scopes (
            id INTEGER PRIMARY KEY,
            coder_id INTEGER NOT NULL REFERENCES coders (id),
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            exposure TEXT NOT NULL CHECK (exposure IN
                ('independent', 'blind', 'after-model', 'adjudicated', 'unknown')),
            first_segment INTEGER,
            last_segment INTEGER,
            codebook_sha256 TEXT,
            codes TEXT,
            created_at TEXT NOT NULL,
            UNIQUE (coder_id, transcript_id)
        ) STRICT""",
        """
        CREATE TABLE codings (
            id INTEGER PRIMARY KEY,
            guid TEXT NOT NULL UNIQUE,
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            coder_id INTEGER NOT NULL REFERENCES coders (id),
            code TEXT NOT NULL,
            start_char INTEGER NOT NULL,
            end_char INTEGER NOT NULL CHECK (end_char > start_char),
            quote TEXT NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('import', 'review', 'blind')),
            exposure TEXT,
            document_id INTEGER REFERENCES documents (id),
            created_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX codings_by_transcript ON codings (transcript_id, coder_id)",
        """
        CREATE TABLE document_codings (
            id INTEGER PRIMARY KEY,
            document_id INTEGER NOT NULL REFERENCES documents (id),
            code TEXT NOT NULL,
            start_char INTEGER NOT NULL,
            end_char INTEGER NOT NULL,
            carried TEXT NOT NULL CHECK (carried IN
                ('exact', 'partial', 'same-as-another-file', 'failed')),
            why TEXT NOT NULL DEFAULT '',
            coding_guid TEXT
        ) STRICT""",
        "CREATE INDEX document_codings_by_document ON document_codings (document_id)",
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            kind TEXT NOT NULL,
            what TEXT NOT NULL,
            details TEXT NOT NULL
        ) STRICT""",
    )


@MIGRATIONS()
def m002_codebooks_and_prompts(db: Database) -> None:
    """Versions by hash: nothing that a run used changes, though the files may."""
    run(
        db,
        """
        CREATE TABLE codebooks (
            sha256 TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            source TEXT NOT NULL,
            content TEXT NOT NULL,
            recorded_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """
        CREATE TABLE codebook_operations (
            id INTEGER PRIMARY KEY,
            from_sha256 TEXT NOT NULL REFERENCES codebooks (sha256),
            to_sha256 TEXT NOT NULL REFERENCES codebooks (sha256),
            op TEXT NOT NULL,
            codes TEXT NOT NULL,
            into_codes TEXT NOT NULL,
            why TEXT NOT NULL,
            recorded_at TEXT NOT NULL
        ) STRICT""",
        """
        CREATE TABLE prompts (
            sha256 TEXT PRIMARY KEY,
            prompt_id TEXT NOT NULL,
            purpose TEXT NOT NULL,
            source TEXT NOT NULL,
            recorded_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
    )
