"""Which code a person has looked for again, under which version of the codebook."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m017_looked_again(db: Database) -> None:
    """A statement about one code; one about all codes stands in the scope's version.

    ``code`` is the id in the version that ``codebook_sha256`` names.
    """
    run(
        db,
        """
        CREATE TABLE looked_again (
            transcript_id INTEGER NOT NULL REFERENCES transcripts (id),
            coder_id INTEGER NOT NULL REFERENCES coders (id),
            code TEXT NOT NULL,
            codebook_sha256 TEXT NOT NULL,
            stated_at TEXT NOT NULL,
            PRIMARY KEY (transcript_id, coder_id, code, codebook_sha256)
        ) STRICT, WITHOUT ROWID""",
    )
