"""What `judge` only ranked, for people to open, and what an endpoint for embeddings was sent."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m018_rankings(db: Database) -> None:
    """Every code that `judge` put on a passage's shortlist, with what it knows about it.

    ``calibrated`` is 0 where nothing could be suggested: such rows are a ranking and no decision.
    """
    run(
        db,
        """
        CREATE VIEW view_rankings AS
        SELECT j.run_id AS run, t.name AS transcript, c.name AS coder, j.segment, g.speaker, j.code,
               j.score, j.log_odds, j.probability, j.suggested,
               x.fit_sha256 IS NOT NULL AS calibrated,
               trim(substr(t.text, g.start_char + 1, g.end_char - g.start_char),
                    ' ' || char(9, 10, 13)) AS passage, j.call_id AS call
        FROM judgements j
        JOIN transcripts t ON t.id = j.transcript_id
        JOIN runs r ON r.id = j.run_id
        JOIN coders c ON c.id = r.coder_id
        JOIN run_transcripts x ON x.run_id = j.run_id AND x.transcript_id = j.transcript_id
        LEFT JOIN segments g ON g.transcript_id = j.transcript_id AND g.idx = j.segment""",
    )


@MIGRATIONS()
def m019_embedding_calls(db: Database) -> None:
    """Each request for vectors: its hash, how many texts, tokens and cost; texts are not kept.

    The vectors that came are in ``vectors``, by the hash of each text as it was sent.
    """
    run(
        db,
        """
        CREATE TABLE embedding_calls (
            id INTEGER PRIMARY KEY,
            run_id INTEGER REFERENCES runs (id),
            request_sha256 TEXT NOT NULL,
            endpoint TEXT NOT NULL,
            model TEXT NOT NULL,
            response_model TEXT NOT NULL DEFAULT '',
            texts INTEGER NOT NULL,
            dimensions INTEGER,
            outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'failed')),
            error TEXT NOT NULL DEFAULT '',
            http_status INTEGER,
            input_tokens INTEGER,
            cost REAL,
            latency_ms INTEGER NOT NULL DEFAULT 0,
            received_at TEXT NOT NULL
        ) STRICT""",
    )
