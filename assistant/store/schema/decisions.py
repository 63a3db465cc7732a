"""Evaluations, verdicts, audits, decisions, withdrawals."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m004_decisions_and_evidence(db: Database) -> None:
    """Decisions are appended; what holds now is a view over them. Evidence is kept as it was."""
    run(
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
