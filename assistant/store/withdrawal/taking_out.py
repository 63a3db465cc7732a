"""Taking a transcript out that never was an interview, and on which nothing rests.

No withdrawal: nobody took part who could withdraw, so that no tombstone stands for it and no
sentence counts it. Its words are erased all the same. Whatever anybody did with it forbids it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from assistant.counting import counted
from assistant.store.database import Store
from assistant.store.measured.reference import SPLIT_EVENT
from assistant.store.trail.events import events
from assistant.store.withdrawal.withdrawal import erase_names, names_of
from assistant.store.withdrawal.withdrawn_quotes import erase_examples, erase_from_memos

__all__ = ["SET_ASIDE", "erase_transcript", "set_aside_files", "what_rests_on"]

SET_ASIDE = "set-aside"
"""Kind of the event that names files, by hash, which are no interviews."""

_RESTS = {
    "coding": "SELECT count(*) FROM codings WHERE transcript_id = :t",
    "memo": "SELECT count(*) FROM memos m WHERE m.transcript_id = :t AND m.deleted = 0 "
    "AND NOT EXISTS (SELECT 1 FROM memos later WHERE later.replaces_id = m.id)",
    "run": "SELECT count(*) FROM run_transcripts WHERE transcript_id = :t",
    "audit": "SELECT count(*) FROM audits WHERE EXISTS "
    "(SELECT 1 FROM json_each(audits.transcripts) AS one WHERE one.value = :t)",
    "decision about a disagreement": "SELECT count(*) FROM adjudications WHERE transcript_id = :t",
    "coder who has looked at it": "SELECT count(*) FROM scopes WHERE transcript_id = :t",
    "sealed code of a colleague": "SELECT count(*) FROM sealed s JOIN transcripts t "
    "ON t.sha256 = s.transcript_sha256 WHERE t.id = :t",
}
_TABLES = ("openings", "looked_again", "coding_notes", "codings", "memos", "documents", "segments")


def what_rests_on(store: Store, key: int) -> tuple[str, ...]:
    """What was done with a transcript, in words with how often; empty where nothing was."""
    found = {
        what: int(store.value(query, {"t": key}))  # type: ignore[arg-type]
        for what, query in _RESTS.items()
    }
    if found["coding"]:
        found["coder who has looked at it"] = 0
    said = [_times(count, what) for what, count in found.items() if count]
    wanted = frozenset(names_of(store, key))
    used = sum(
        _names_one(json.loads(row["content"]), wanted)
        for row in store.rows("SELECT content FROM evaluations")
    )
    said += [counted(used, "evaluation")] if used else []
    splits = events(store, SPLIT_EVENT)
    if any(key in keys for e in splits for keys in e.details.values() if isinstance(keys, list)):
        said.append("the split into development and test transcripts")
    return tuple(said)


def _times(count: int, what: str) -> str:
    noun, _, rest = what.partition(" ")
    return f"{counted(count, noun)} {rest}".strip()


def _names_one(value: object, names: frozenset[str]) -> bool:
    """Whether an evaluation's content speaks of a transcript by one of these names."""
    if isinstance(value, Mapping):
        listed = value.get("transcripts")
        inside = listed if isinstance(listed, list) else []
        if names & {str(one) for one in (value.get("transcript"), *inside)}:
            return True
        return any(_names_one(inner, names) for inner in value.values())
    return isinstance(value, list) and any(_names_one(inner, names) for inner in value)


def erase_transcript(store: Store, key: int) -> frozenset[str]:
    """Erase a transcript on which nothing rests, with its files' readings; the files' hashes.

    Use inside a transaction, and scrub (`assistant.store.withdrawal.withdrawal.scrub`) after it.
    """
    store.db.execute("PRAGMA secure_delete = ON")
    row = store.row("SELECT text FROM transcripts WHERE id = ?", (key,))
    assert row is not None
    text, names = str(row["text"]), names_of(store, key)
    rows = store.rows(
        "SELECT file_sha256, project_sha256 FROM documents WHERE transcript_id = ?", (key,)
    )
    erase_names(store, key, text)
    for name in names:
        erase_examples(store, name, text)
    store.write(
        "DELETE FROM document_codings WHERE document_id IN "
        "(SELECT id FROM documents WHERE transcript_id = ?)",
        (key,),
    )
    store.write(
        "UPDATE memos SET replaces_id = NULL WHERE transcript_id = ?",
        (key,),
    )
    for table in _TABLES:
        store.write(f"DELETE FROM {table} WHERE transcript_id = ?", (key,))
    erase_from_memos(store, text)
    store.write("DELETE FROM vectors")  # which are whose is not known; they are made again
    store.write("DELETE FROM transcripts WHERE id = ?", (key,))
    left = {r["project_sha256"] for r in store.rows("SELECT project_sha256 FROM documents")}
    return frozenset(
        h for r in rows for h in (r["file_sha256"], r["project_sha256"]) if h and h not in left
    )


def set_aside_files(store: Store) -> frozenset[str]:
    """Hashes of the bytes of files that somebody said are no interviews."""
    return frozenset(_hashes(event.details for event in events(store, SET_ASIDE)))


def _hashes(said: Iterable[Mapping[str, object]]) -> Iterable[str]:
    for details in said:
        files = details.get("files")
        yield from (str(one) for one in files if one) if isinstance(files, list) else ()
