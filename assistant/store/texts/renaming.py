"""A transcript's name: what points to it follows, and the record of the change is read again.

A transcript is its words, known by their hash; its name is what people call it. What the program
stores as a pointer to it by name (the record of what happened, evaluations, differences between
studies) follows a new name, so that a name which is free again may be given to another interview.
Sentences that somebody wrote or was shown stay as they were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.texts.transcripts import set_transcript_name
from assistant.store.trail.events import record_event

__all__ = [
    *("POINTERS", "RENAMED", "Renaming", "earlier_names", "last_pointing", "point_to"),
    *("record_renaming", "renamings", "transcript_now"),
]

RENAMED = "renamed"
"""Kind of the event."""
POINTERS = frozenset(
    (
        *("transcript", "transcripts", "worst_transcript", "languages", "calibrated_on"),
        *("withdrawn", "holds", "not_in_scope", "without_suggestions"),
    )
)
"""Keys in JSON below which a string that is a transcript's name means that transcript."""
_POINTING = {
    "events": ("id", "details"),
    "evaluations": ("id", "content"),
    "conflicts": ("identity", "about"),
}
"""Table -> its key, and the column of JSON that names transcripts."""


@dataclass(frozen=True)
class Renaming:
    """That a transcript was given another name."""

    at: str
    guid: str
    text: str
    """Hash of its words then."""
    files: tuple[str, ...]
    """Hashes of its files; they find it where it has another text since, or is part of another."""
    old: str
    """May be empty in what came from another study."""
    new: str


def record_renaming(store: Store, key: int, new: str, *, who: str = "", what: str = "") -> None:
    """Give a transcript a name that no other has, let follow what points to it, and record it.

    Use inside a transaction.
    """
    row = store.row("SELECT name, sha256 FROM transcripts WHERE id = ?", (key,))
    assert row is not None
    old, new = str(row["name"]), nfc(new)
    set_transcript_name(store, key, new)
    point_to(store, {old: new})
    record_event(
        store,
        RENAMED,
        what,
        who,
        renamed={
            "text": row["sha256"],
            "files": [
                r["file_sha256"]
                for r in store.rows(
                    "SELECT file_sha256 FROM documents WHERE transcript_id = ? ORDER BY 1", (key,)
                )
            ],
            "old": old,
            "new": new,
        },
    )


def renamings(store: Store) -> tuple[Renaming, ...]:
    """All of them by time, also those that came with another study's file."""
    rows = store.rows("SELECT at, guid, details FROM events WHERE kind = ?", (RENAMED,))
    found = [_renaming_of(r["at"], r["guid"] or "", json.loads(r["details"])) for r in rows]
    return tuple(sorted((f for f in found if f is not None), key=lambda f: (f.at, f.guid)))


def _renaming_of(at: str, guid: str, details: object) -> Renaming | None:
    """What an event says; None where it is not of this form, since it may have come from
    anywhere."""
    said = details.get("renamed") if isinstance(details, Mapping) else None
    if not isinstance(said, Mapping) or not isinstance(said.get("files"), list):
        return None
    text, old, new = (said.get(column) for column in ("text", "old", "new"))
    if not all(isinstance(one, str) for one in (text, old, new)) or not str(new).strip():
        return None
    return Renaming(
        at,
        guid,
        str(text),
        tuple(str(one) for one in said["files"]),
        nfc(str(old)),
        nfc(str(new)),
    )


def transcript_now(store: Store, text: str, files: Sequence[str] = ()) -> int | None:
    """Id of the transcript that has this text, or these files: it may have another text since."""
    own = store.value("SELECT id FROM transcripts WHERE sha256 = ?", (text,))
    if own is None and files:
        own = store.value(
            "SELECT transcript_id FROM documents WHERE file_sha256 IN "
            "(SELECT value FROM json_each(?)) ORDER BY id LIMIT 1",
            (json.dumps(list(files)),),
        )
    return None if own is None else int(own)


def earlier_names(store: Store) -> dict[str, tuple[str, str]]:
    """Earlier name -> (the name now, since when), for those that are kept and are nobody's now."""
    names = {str(r["name"]) for r in store.rows("SELECT name FROM transcripts")}
    known = {nfc(name).casefold() for name in names}
    found: dict[str, tuple[str, str]] = {}
    for one in renamings(store):
        key = transcript_now(store, one.text, one.files)
        if one.old and key is not None and one.old.casefold() not in known:
            now = store.value("SELECT name FROM transcripts WHERE id = ?", (key,))
            found[one.old] = (str(now), one.at)
    return found


def point_to(
    store: Store, names: Mapping[str, str], *, after: Mapping[str, int] | None = None
) -> None:
    """Let what points to transcripts by these names point to them by their new ones.

    All at once, so that two transcripts may change names with each other. ``after``: only in these
    tables, and of each only rows with a higher number.
    """
    now = {nfc(old): new for old, new in names.items() if old != new}
    if not now:
        return
    for table, (key, column) in _POINTING.items():
        if after is not None and table not in after:
            continue
        above = f" WHERE {key} > {int(after[table])}" if after is not None else ""
        for row in store.rows(f"SELECT {key}, {column} FROM {table}{above}"):
            said = json.loads(row[column])
            found = _pointing(said, now, False)
            if table == "conflicts" and {"transcript", "name"} <= found.keys():
                # A difference about consent has the text's hash there, and its name beside it.
                found["name"] = now.get(nfc(str(found["name"])), found["name"])
            if found != said:
                store.write(
                    f"UPDATE {table} SET {column} = ? WHERE {key} = ?",
                    (json.dumps(found, ensure_ascii=False), row[key]),
                )


def last_pointing(store: Store) -> dict[str, int]:
    """Of the tables that another study's rows may come to: the highest row number. For ``after``
    of `point_to`."""
    return {
        table: int(store.value(f"SELECT coalesce(max(id), 0) FROM {table}"))
        for table in ("events", "evaluations")
    }


def _pointing(value: Any, names: Mapping[str, str], inside: bool) -> Any:
    """``inside``: below a key of `POINTERS`."""
    if isinstance(value, dict):
        found: dict[str, Any] = {}
        for key, inner in value.items():
            name = names.get(nfc(key), key) if inside else key
            found[name] = _pointing(inner, names, inside or key in POINTERS)
        return found
    if isinstance(value, list):
        return [_pointing(inner, names, inside) for inner in value]
    return names.get(nfc(value), value) if inside and isinstance(value, str) else value
