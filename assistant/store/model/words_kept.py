"""Words of an interview that a run brings are kept only while its participant has not withdrawn.

A run has its transcripts in memory from its beginning. Somebody may carry a withdrawal out while
questions are on their way: what comes back then, and what quotes it, is not stored any more, and
nothing more is asked, since questions about one interview may hold examples from another.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.errors import UserError
from assistant.store.database import Store

__all__ = [
    *("check_chunk_not_withdrawn", "check_not_withdrawn", "check_nobody_withdrew", "withdrawn_now"),
]


def check_not_withdrawn(store: Store, transcripts: Iterable[int]) -> None:
    """Raises `UserError` where one of these has been withdrawn, or taken out.

    For use within the transaction that stores the words.
    """
    for key in transcripts:
        row = store.row("SELECT name, withdrawn_at FROM transcripts WHERE id = ?", (key,))
        if row is None or row["withdrawn_at"]:
            raise _withdrawn(str(row["name"]) if row is not None else "")


def withdrawn_now(store: Store) -> frozenset[int]:
    """Ids of the transcripts that are withdrawn, for `check_nobody_withdrew` later."""
    rows = store.rows("SELECT id FROM transcripts WHERE withdrawn_at IS NOT NULL")
    return frozenset(int(row["id"]) for row in rows)


def check_nobody_withdrew(store: Store, before: frozenset[int]) -> None:
    """Raises `UserError` where a transcript, of this run or not, was withdrawn since ``before``."""
    for key in sorted(withdrawn_now(store) - before):
        raise _withdrawn(str(store.value("SELECT name FROM transcripts WHERE id = ?", (key,))))


def _withdrawn(name: str) -> UserError:
    return UserError(
        f"{f'“{name}”' if name else 'One of the transcripts'} was withdrawn while this run was "
        "under way. Nothing more of it is stored, and the run was ended.",
        hint="Begin it again without this transcript; replies about the others are used again.",
    )


def check_chunk_not_withdrawn(store: Store, chunk_id: int) -> None:
    """As `check_not_withdrawn`, of the transcript that a chunk is of."""
    key = store.value("SELECT transcript_id FROM chunks WHERE id = ?", (chunk_id,))
    check_not_withdrawn(store, [int(key or 0)])
