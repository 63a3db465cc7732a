"""Runs: requests, every attempt with its raw reply, and what came of it."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m003_runs(db: Database) -> None:
    """Runs: requests by hash, every attempt with its raw reply, and what became of each segment.

    Column names of calls follow OpenTelemetry's GenAI conventions where one fits.
    """
    run(
        db,
        """
        CREATE TABLE recipes (
            sha256 TEXT PRIMARY KEY,
            content TEXT NOT NULL,
            recorded_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """
        CREATE TABLE fits (
            sha256 TEXT PRIMARY KEY,
            recipe_sha256 TEXT NOT NULL REFERENCES recipes (sha256),
            content TEXT NOT NULL,
            transcripts TEXT NOT NULL,
            recorded_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            run_key TEXT NOT NULL UNIQUE,
            recipe_sha256 TEXT NOT NULL REFERENCES recipes (sha256),
            repeat INTEGER NOT NULL,
            coder_id INTEGER NOT NULL REFERENCES coders (id),
            strategy TEXT NOT NULL,
            codebook_sha256 TEXT NOT NULL REFERENCES codebooks (sha256),
            prompt_sha256 TEXT REFERENCES prompts (sha256),
            status TEXT NOT NULL CHECK (status IN ('running', 'partial', 'complete')),
            why TEXT NOT NULL DEFAULT '',
            header TEXT NOT NULL,
            started_at TEXT NOT NULL,
            ended_at TEXT
        ) STRICT""",
        """
        CREATE TABLE run_transcripts (
            run_id INTEGER NOT NULL REFERENCES runs (id),
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            fit_sha256 TEXT REFERENCES fits (sha256),
            PRIMARY KEY (run_id, transcript_id)
        ) STRICT, WITHOUT ROWID""",
        """
        CREATE TABLE requests (
            sha256 TEXT PRIMARY KEY,
            body TEXT NOT NULL,
            recorded_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """
        CREATE TABLE chunks (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs (id),
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            chunk_key TEXT NOT NULL,
            first_segment INTEGER NOT NULL,
            last_segment INTEGER NOT NULL,
            code TEXT,
            request_sha256 TEXT NOT NULL REFERENCES requests (sha256),
            parent_id INTEGER REFERENCES chunks (id),
            status TEXT NOT NULL CHECK (status IN ('open', 'done', 'halved', 'failed')),
            why TEXT NOT NULL DEFAULT '',
            UNIQUE (run_id, chunk_key)
        ) STRICT""",
        """
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs (id),
            chunk_id INTEGER NOT NULL REFERENCES chunks (id),
            request_sha256 TEXT NOT NULL REFERENCES requests (sha256),
            repeat INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN
                ('ok', 'refused', 'cut-off', 'invalid', 'failed')),
            reply_text TEXT NOT NULL,
            raw TEXT NOT NULL,
            error TEXT NOT NULL DEFAULT '',
            http_status INTEGER,
            finish_reason TEXT NOT NULL DEFAULT '',
            response_model TEXT NOT NULL DEFAULT '',
            structured_mode TEXT NOT NULL DEFAULT '',
            input_tokens INTEGER,
            output_tokens INTEGER,
            cached_tokens INTEGER,
            cost REAL,
            latency_ms INTEGER NOT NULL DEFAULT 0,
            received_at TEXT NOT NULL,
            reused_call_id INTEGER REFERENCES calls (id)
        ) STRICT""",
        "CREATE INDEX calls_by_request ON calls (request_sha256, repeat, outcome)",
        "CREATE INDEX calls_by_run ON calls (run_id, chunk_id)",
        """
        CREATE TABLE segment_outcomes (
            run_id INTEGER NOT NULL REFERENCES runs (id),
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            segment INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (status IN
                ('coded', 'coded-empty', 'failed', 'not-coded')),
            why TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (run_id, transcript_id, segment)
        ) STRICT, WITHOUT ROWID""",
        """
        CREATE TABLE suggestions (
            id INTEGER PRIMARY KEY,
            guid TEXT NOT NULL UNIQUE,
            run_id INTEGER NOT NULL REFERENCES runs (id),
            call_id INTEGER REFERENCES calls (id),
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            segment INTEGER NOT NULL,
            code TEXT NOT NULL,
            start_char INTEGER NOT NULL,
            end_char INTEGER NOT NULL CHECK (end_char > start_char),
            quote TEXT NOT NULL,
            reply_quote TEXT NOT NULL,
            anchoring TEXT NOT NULL CHECK (anchoring IN ('exact', 'folded', 'close', 'cut')),
            rationale TEXT NOT NULL,
            confidence REAL,
            probability REAL,
            created_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX suggestions_by_run ON suggestions (run_id, transcript_id, segment)",
        """
        CREATE TABLE unplaced (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs (id),
            call_id INTEGER NOT NULL REFERENCES calls (id),
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            segment INTEGER,
            code_written TEXT NOT NULL,
            reply_quote TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('unanchored', 'ambiguous', 'unknown-code')),
            why TEXT NOT NULL,
            nearest_start INTEGER,
            nearest_end INTEGER,
            similarity REAL,
            rationale TEXT NOT NULL,
            confidence REAL
        ) STRICT""",
        """
        CREATE TABLE uncoded (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs (id),
            call_id INTEGER NOT NULL REFERENCES calls (id),
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            segment INTEGER,
            quote TEXT NOT NULL,
            note TEXT NOT NULL
        ) STRICT""",
        """
        CREATE TABLE judgements (
            run_id INTEGER NOT NULL REFERENCES runs (id),
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            segment INTEGER NOT NULL,
            code TEXT NOT NULL,
            call_id INTEGER REFERENCES calls (id),
            log_odds REAL,
            score REAL NOT NULL,
            probability REAL,
            suggested INTEGER NOT NULL,
            PRIMARY KEY (run_id, transcript_id, segment, code)
        ) STRICT, WITHOUT ROWID""",
    )
