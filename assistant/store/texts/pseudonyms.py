"""The study's list of names and what stands for them.

The list is the key to the pseudonyms: it is as confidential as the transcripts, and what is said
about it in events names no term.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.deidentify.records import Pseudonym, Status
from assistant.store.database import Row, Store, now
from assistant.store.trail.events import person

__all__ = [
    "last_pseudonym",
    "pseudonyms",
    "put_pseudonyms",
    "set_pseudonym_status",
]


def pseudonyms(store: Store, status: Status | None = None) -> tuple[Pseudonym, ...]:
    """All terms, or those of one status, in the order in which they came."""
    rows = store.rows(
        "SELECT * FROM pseudonyms WHERE ? IS NULL OR status = ? ORDER BY id", (status, status)
    )
    return tuple(_pseudonym(row) for row in rows)


def last_pseudonym(store: Store) -> int:
    """The highest row number of the list; 0 for an empty one."""
    return int(store.value("SELECT coalesce(max(id), 0) FROM pseudonyms"))


def put_pseudonyms(store: Store, terms: Sequence[Pseudonym], who: str = "") -> None:
    """Add terms; what is said of one that is there is replaced."""
    store.write_many(
        "INSERT INTO pseudonyms (term, kind, replacement, status, who, set_at, keep_lower) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (term) DO UPDATE SET kind = excluded.kind, "
        "replacement = excluded.replacement, status = excluded.status, who = excluded.who, "
        "set_at = excluded.set_at, keep_lower = excluded.keep_lower",
        [
            (t.term, t.kind, t.replacement, t.status, who or person(), now(), int(t.keep_lower))
            for t in terms
        ],
    )


def set_pseudonym_status(store: Store, terms: Sequence[str], status: Status, who: str = "") -> None:
    """Confirm or refuse terms that are there."""
    store.write_many(
        "UPDATE pseudonyms SET status = ?, who = ?, set_at = ? WHERE term = ?",
        [(status, who or person(), now(), term) for term in terms],
    )


def _pseudonym(row: Row) -> Pseudonym:
    return Pseudonym(
        term=row["term"],
        kind=row["kind"],
        replacement=row["replacement"],
        status=row["status"],
        keep_lower=bool(row["keep_lower"]),
        who=row["who"],
        set_at=row["set_at"],
    )
