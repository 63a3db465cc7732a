"""What tells that a coding was corrected in the tool that it came from, and files of near words."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m021_corrected(db: Database) -> None:
    """A file's coding keeps the identifier that it has there.

    ``carried`` is ``corrected`` where a later file has the same coding on other words or with
    another code: it counts no more, and stays as what once was said. ``documents.stated``: somebody
    said which interview it is, though its words are not the same to 99%; its text is never taken
    for the transcript's.
    """
    run(
        db,
        "ALTER TABLE document_codings RENAME TO document_codings_before",
        "DROP INDEX document_codings_by_document",
        """
        CREATE TABLE document_codings (
            id INTEGER PRIMARY KEY,
            document_id INTEGER NOT NULL REFERENCES documents (id),
            code TEXT NOT NULL,
            start_char INTEGER NOT NULL,
            end_char INTEGER NOT NULL,
            carried TEXT NOT NULL CHECK (carried IN
                ('exact', 'partial', 'same-as-another-file', 'failed', 'corrected')),
            why TEXT NOT NULL DEFAULT '',
            coding_guid TEXT,
            file_guid TEXT NOT NULL DEFAULT ''
        ) STRICT""",
        "INSERT INTO document_codings (id, document_id, code, start_char, end_char, carried, why, "
        "coding_guid) SELECT id, document_id, code, start_char, end_char, carried, why, "
        "coding_guid FROM document_codings_before",
        "DROP TABLE document_codings_before",
        "CREATE INDEX document_codings_by_document ON document_codings (document_id)",
        "ALTER TABLE documents ADD COLUMN stated INTEGER NOT NULL DEFAULT 0",
    )
