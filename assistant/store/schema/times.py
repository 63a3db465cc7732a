"""When in the recording a segment was said."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m011_times(db: Database) -> None:
    """Seconds into the recording, for transcripts from subtitles; nothing for all others."""
    run(
        db,
        "ALTER TABLE segments ADD COLUMN start_time REAL",
        "ALTER TABLE segments ADD COLUMN end_time REAL",
    )
