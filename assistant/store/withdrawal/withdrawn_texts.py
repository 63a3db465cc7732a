"""By what the words of a withdrawn interview are known when they come again: hashes, no word.

The same words may have been a file of another name, or joined to another text, in any study that
takes in another's rows. So the hashes are an event that is shared, also with one person's rows; it
holds them and the transcript's hash, and no name of a person, a file or a folder.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from assistant.hashing import hash_text
from assistant.store.database import Store, now

__all__ = [
    "WITHDRAWN_TEXTS",
    "remember_texts",
    "share_earlier_texts",
    "texts_of",
    "withdrawn_with",
]

WITHDRAWN_TEXTS = "withdrawn-texts"
"""Kind of the event."""
_EARLIER = "withdrawal-begun"
"""Kind of the event in which earlier versions kept them, which stays in its study."""


def remember_texts(store: Store, transcript_id: int) -> None:
    """Keep the hashes of the texts of a transcript's files. Call before its words are erased."""
    own = str(store.value("SELECT sha256 FROM transcripts WHERE id = ?", (transcript_id,)))
    rows = store.rows(
        "SELECT text FROM documents WHERE transcript_id = ? AND text <> ''", (transcript_id,)
    )
    _record(store, own, {hash_text(row["text"]) for row in rows}, now())


def share_earlier_texts(store: Store) -> None:
    """Bring what earlier versions kept for one study into the form that is shared."""
    for row in store.rows("SELECT at, details FROM events WHERE kind = ? ORDER BY id", (_EARLIER,)):
        details = json.loads(row["details"])
        _record(store, str(details["transcript"]), details.get("texts", ()), row["at"])


def _record(store: Store, sha256: str, texts: Collection[str], at: str) -> None:
    known = {sha256}
    for row in store.rows("SELECT details FROM events WHERE kind = ?", (WITHDRAWN_TEXTS,)):
        known |= texts_of(json.loads(row["details"]), {sha256})
    new = sorted(set(texts) - known)
    if new:
        store.write(
            "INSERT INTO events (at, who, kind, what, details) VALUES (?, '', ?, ?, ?)",
            (
                at,
                WITHDRAWN_TEXTS,
                "Hashes of the texts of a withdrawn transcript",
                json.dumps({"transcript": sha256, "texts": new}),
            ),
        )


def texts_of(details: Any, transcripts: Collection[str]) -> set[str]:
    """The hashes that an event holds of one of these transcripts; none where it is not of this
    form, since it may have come from anywhere."""
    if not isinstance(details, Mapping) or details.get("transcript") not in transcripts:
        return set()
    texts = details.get("texts")
    return {str(one) for one in texts} if isinstance(texts, list) else set()


def withdrawn_with(store: Store, sha256: str) -> int | None:
    """Id of the withdrawn transcript that had this text, or had a file with it."""
    found = store.value(
        "SELECT id FROM transcripts WHERE sha256 = :s AND withdrawn_at IS NOT NULL UNION ALL "
        "SELECT t.id FROM events e, json_each(e.details, '$.texts') f JOIN transcripts t "
        "ON t.sha256 = json_extract(e.details, '$.transcript') "
        "WHERE e.kind IN (:kind, :earlier) AND f.value = :s AND t.withdrawn_at IS NOT NULL LIMIT 1",
        {"s": sha256, "kind": WITHDRAWN_TEXTS, "earlier": _EARLIER},  # type: ignore[arg-type]
    )
    return None if found is None else int(found)
