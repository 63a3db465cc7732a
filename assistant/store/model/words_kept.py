"""Words of an interview that a run brings are kept only while its participant has not withdrawn.

A run has its transcripts in memory from its beginning. Somebody may carry a withdrawal out while
questions are on their way: what comes back then, and what quotes it, is not stored any more.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.errors import UserError
from assistant.store.database import Store

__all__ = ["check_chunk_not_withdrawn", "check_not_withdrawn"]


def check_not_withdrawn(store: Store, transcripts: Iterable[int]) -> None:
    """Raises `UserError` where one of these has been withdrawn, or taken out.

    For use within the transaction that stores the words.
    """
    for key in transcripts:
        row = store.row("SELECT name, withdrawn_at FROM transcripts WHERE id = ?", (key,))
        if row is None or row["withdrawn_at"]:
            name = f"“{row['name']}”" if row is not None else "One of the transcripts"
            raise UserError(
                f"{name} was withdrawn while this run was under way. Nothing more of it is "
                "stored, and the run was ended.",
                hint="Begin it again without this transcript; replies about the others are used "
                "again.",
            )


def check_chunk_not_withdrawn(store: Store, chunk_id: int) -> None:
    """As `check_not_withdrawn`, of the transcript that a chunk is of."""
    key = store.value("SELECT transcript_id FROM chunks WHERE id = ?", (chunk_id,))
    check_not_withdrawn(store, [int(key or 0)])
