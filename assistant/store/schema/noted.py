"""Why a model of another study had suggested a code."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m016_coding_notes(db: Database) -> None:
    """A model's coding that came in a file keeps what the file said of it: rationale, run, figures.

    It is known by its place and not by a row of ``codings``, which is made anew when the text of a
    transcript is chosen again.
    """
    run(
        db,
        """
        CREATE TABLE coding_notes (
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            coder_id INTEGER NOT NULL REFERENCES coders (id),
            code TEXT NOT NULL,
            start_char INTEGER NOT NULL,
            end_char INTEGER NOT NULL CHECK (end_char > start_char),
            text TEXT NOT NULL,
            PRIMARY KEY (transcript_id, coder_id, code, start_char, end_char)
        ) STRICT, WITHOUT ROWID""",
    )
