"""What was added after the first tables: views, sentence vectors, quicker look-ups."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run
from assistant.store.schema.views import UNDONE_VIEWS, VIEWS


@MIGRATIONS()
def m005_views(db: Database) -> None:
    """Views with plain names, for Datasette or a spreadsheet."""
    run(db, *VIEWS)


@MIGRATIONS()
def m006_vectors(db: Database) -> None:
    """Sentence vectors: embedding an interview takes longer than everything else but the model."""
    run(
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
    run(db, *UNDONE_VIEWS)


@MIGRATIONS()
def m008_results_by_call(db: Database) -> None:
    """What a reply brought is looked up by its call before it is stored: with each reply."""
    run(
        db,
        *(
            f"CREATE INDEX {table}_by_call ON {table} (call_id)"
            for table in ("suggestions", "unplaced", "uncoded")
        ),
    )
