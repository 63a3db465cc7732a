"""The schema, as steps. Every table is made here, STRICT; inserting never makes one.

A released step is never edited: a change is a new step at the end. Positions are code points,
``start_char`` inclusive and ``end_char`` exclusive. Times are ISO 8601 in UTC. Lists and objects
are JSON text.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from assistant.store.views import UNDONE_VIEWS, VIEWS

__all__ = ["MIGRATIONS", "NAME"]

NAME = "second-coder"
MIGRATIONS = Migrations(NAME)


def _run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)


@MIGRATIONS()
def m001_interviews(db: Database) -> None:
    """Files as they were read, and the transcripts and human codings made from them.

    Documents keep their own text, so that a transcript can be made again from all its files in
    whatever order they came.
    """
    _run(
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
    _run(
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


@MIGRATIONS()
def m003_runs(db: Database) -> None:
    """Runs: requests by hash, every attempt with its raw reply, and what became of each segment.

    Column names of calls follow OpenTelemetry's GenAI conventions where one fits.
    """
    _run(
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


@MIGRATIONS()
def m004_decisions_and_evidence(db: Database) -> None:
    """Decisions are appended; what holds now is a view over them. Evidence is kept as it was."""
    _run(
        db,
        """
        CREATE TABLE evaluations (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            run_id INTEGER REFERENCES runs (id),
            codebook_sha256 TEXT NOT NULL,
            policy_sha256 TEXT NOT NULL,
            provisional INTEGER NOT NULL,
            who TEXT NOT NULL,
            content TEXT NOT NULL,
            content_sha256 TEXT NOT NULL,
            made_at TEXT NOT NULL
        ) STRICT""",
        """
        CREATE TABLE looks (
            id INTEGER PRIMARY KEY,
            evaluation_id INTEGER NOT NULL REFERENCES evaluations (id),
            who TEXT NOT NULL,
            lineage TEXT NOT NULL,
            recipe_sha256 TEXT,
            looked_at TEXT NOT NULL
        ) STRICT""",
        """
        CREATE TABLE verdicts (
            id INTEGER PRIMARY KEY,
            evaluation_id INTEGER NOT NULL REFERENCES evaluations (id),
            run_id INTEGER NOT NULL REFERENCES runs (id),
            recipe_sha256 TEXT NOT NULL,
            code_recipe_sha256 TEXT NOT NULL,
            code TEXT NOT NULL,
            lane TEXT NOT NULL CHECK (lane IN
                ('unproven', 'withhold', 'vague', 'accept', 'review')),
            reasons TEXT NOT NULL,
            evidence TEXT NOT NULL,
            policy_sha256 TEXT NOT NULL,
            decided_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX verdicts_by_recipe ON verdicts (code_recipe_sha256, code)",
        """
        CREATE TABLE audits (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs (id),
            drawn_at TEXT NOT NULL,
            transcripts TEXT NOT NULL,
            plan TEXT NOT NULL,
            result TEXT,
            passed INTEGER,
            decided_at TEXT
        ) STRICT""",
        """
        CREATE TABLE bulk_decisions (
            id INTEGER PRIMARY KEY,
            made_at TEXT NOT NULL,
            reviewer TEXT NOT NULL,
            run_id INTEGER NOT NULL REFERENCES runs (id),
            code TEXT NOT NULL,
            verdict_id INTEGER REFERENCES verdicts (id),
            audit_id INTEGER REFERENCES audits (id),
            because TEXT NOT NULL DEFAULT '',
            undone_at TEXT,
            CHECK (because <> '' OR (verdict_id IS NOT NULL AND audit_id IS NOT NULL))
        ) STRICT""",
        """
        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY,
            suggestion_id INTEGER NOT NULL REFERENCES suggestions (id),
            decision TEXT NOT NULL CHECK (decision IN ('accept', 'reject', 'amend', 'undo')),
            reviewer TEXT NOT NULL,
            decided_at TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            seconds REAL,
            bulk_id INTEGER REFERENCES bulk_decisions (id),
            coding_id INTEGER REFERENCES codings (id)
        ) STRICT""",
        "CREATE INDEX decisions_by_suggestion ON decisions (suggestion_id)",
        """
        CREATE TABLE tombstones (
            id INTEGER PRIMARY KEY,
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            withdrawn_at TEXT NOT NULL,
            who TEXT NOT NULL,
            reason TEXT NOT NULL,
            erased TEXT NOT NULL
        ) STRICT""",
    )


@MIGRATIONS()
def m005_views(db: Database) -> None:
    """Views with plain names, for Datasette or a spreadsheet."""
    _run(db, *VIEWS)


@MIGRATIONS()
def m006_vectors(db: Database) -> None:
    """Sentence vectors: embedding an interview takes longer than everything else but the model."""
    _run(
        db,
        """
        CREATE TABLE vectors (
            embedder TEXT NOT NULL,
            text_sha256 TEXT NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (embedder, text_sha256)
        ) STRICT, WITHOUT ROWID""",
    )


@MIGRATIONS()
def m007_undone_codings(db: Database) -> None:
    """A reviewer's own coding counts only as long as the decision that made it does."""
    _run(db, *UNDONE_VIEWS)


@MIGRATIONS()
def m008_results_by_call(db: Database) -> None:
    """What a reply brought is looked up by its call before it is stored: with each reply."""
    _run(
        db,
        *(
            f"CREATE INDEX {table}_by_call ON {table} (call_id)"
            for table in ("suggestions", "unplaced", "uncoded")
        ),
    )
