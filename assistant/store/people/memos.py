"""Memos: what people wrote beside a passage, a transcript, a code or the whole study.

Rows are appended. To change or delete a memo is to add a row that replaces it; only the last of
such a chain is current. A participant's withdrawal blanks the memos on her transcript.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from assistant.errors import BugError
from assistant.store.database import Row, Store, now
from assistant.store.trail.events import person

__all__ = [
    "About",
    "Memo",
    "Said",
    "add_memo",
    "delete_memo",
    "known_memos",
    "memo",
    "memos",
    "said_before",
]

About = Literal["study", "transcript", "passage", "code", "no-code-fits"]


@dataclass(frozen=True)
class Memo:
    """A stored memo. ``start`` and ``end`` are code points of the transcript, ``[start, end)``."""

    id: int
    guid: str
    about: About
    text: str
    who: str
    at: str
    transcript_id: int | None = None
    start: int | None = None
    end: int | None = None
    quote: str = ""
    code: str = ""
    replaces_id: int | None = None


class Said(NamedTuple):
    """What somebody wrote, and of what: two of these are one memo, whatever a file calls them."""

    about: About
    transcript_id: int | None
    start: int | None
    end: int | None
    code: str
    who: str
    text: str


def add_memo(
    store: Store,
    about: About,
    text: str,
    who: str = "",
    *,
    transcript_id: int | None = None,
    start: int | None = None,
    end: int | None = None,
    code: str = "",
    guid: str = "",
    at: str = "",
    replaces: int | None = None,
) -> int:
    """Add a memo; its id. ``replaces``: id of the memo that this one is a newer text of.

    The quote is taken from the transcript. Raises `BugError` for a passage without a place in its
    transcript. ``guid`` and ``at`` are for memos that come from elsewhere.
    """
    if about not in get_args(About):
        raise BugError(f"There are no memos about “{about}”.")
    quote = _quote(store, transcript_id, start, end)
    if about == "passage" and not quote:
        raise BugError("A memo on a passage has no passage.")
    return store.write(
        "INSERT INTO memos (guid, about, transcript_id, start_char, end_char, quote, code, text, "
        "who, written_at, replaces_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            guid or str(uuid.uuid4()),
            about,
            transcript_id,
            start,
            end,
            quote,
            code,
            text,
            who or person(),
            at or now(),
            replaces,
        ),
    )


def _quote(store: Store, transcript_id: int | None, start: int | None, end: int | None) -> str:
    if transcript_id is None or start is None or end is None:
        return ""
    text = store.value("SELECT text FROM transcripts WHERE id = ?", (transcript_id,))
    if not 0 <= start < end <= len(text or ""):
        raise BugError(f"A memo at {start}–{end} lies outside transcript {transcript_id}.")
    return str(text)[start:end]


def delete_memo(store: Store, memo_id: int, who: str = "") -> int:
    """Take a memo away: a row that replaces it and says that it is deleted; that row's id."""
    return store.write(
        "INSERT INTO memos (guid, about, transcript_id, start_char, end_char, quote, code, text, "
        "who, written_at, replaces_id, deleted) "
        "SELECT ?, about, transcript_id, start_char, end_char, '', code, '', ?, ?, id, 1 "
        "FROM memos WHERE id = ?",
        (str(uuid.uuid4()), who or person(), now(), memo_id),
    )


def memos(
    store: Store, transcript_id: int | None = None, *, code: str = "", about: About | None = None
) -> tuple[Memo, ...]:
    """Current memos, oldest first: neither replaced nor deleted, not of a withdrawn transcript."""
    rows = store.rows(
        """
        SELECT m.* FROM memos m LEFT JOIN transcripts t ON t.id = m.transcript_id
        WHERE m.deleted = 0 AND t.withdrawn_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM memos later WHERE later.replaces_id = m.id)
          AND (?1 IS NULL OR m.transcript_id = ?1) AND ?2 IN ('', m.code)
          AND (?3 IS NULL OR m.about = ?3)
        ORDER BY m.id""",
        (transcript_id, code, about),
    )
    return tuple(_memo(row) for row in rows)


def memo(store: Store, memo_id: int) -> Memo | None:
    row = store.row("SELECT * FROM memos WHERE id = ?", (memo_id,))
    return None if row is None else _memo(row)


def known_memos(store: Store, guids: Iterable[str]) -> frozenset[str]:
    """Those of the GUIDs that the study has a memo of, current or not."""
    held = {str(row["guid"]) for row in store.rows("SELECT guid FROM memos")}
    return frozenset(guid for guid in guids if guid in held)


def said_before(store: Store) -> Counter[Said]:
    """What the study has of each, current or not: what was changed or deleted here stays so."""
    rows = store.rows(
        "SELECT about, transcript_id, start_char, end_char, code, who, text FROM memos "
        "WHERE deleted = 0"
    )
    return Counter(Said(*row) for row in rows)


def _memo(row: Row) -> Memo:
    return Memo(
        row["id"],
        row["guid"],
        row["about"],
        row["text"],
        row["who"],
        row["written_at"],
        row["transcript_id"],
        row["start_char"],
        row["end_char"],
        row["quote"],
        row["code"],
        row["replaces_id"],
    )
