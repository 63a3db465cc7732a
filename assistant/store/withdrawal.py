"""A participant's withdrawal: the one exception to "nothing that a run used changes".

Erases the text, quotes, prompts and replies of one transcript, in the database and in the copies
kept before migrations, and leaves a tombstone that marks every figure that had used it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from assistant.errors import BugError
from assistant.store.database import Store, backups, now
from assistant.store.events import person

__all__ = ["Tombstone", "tombstones", "withdraw"]


@dataclass(frozen=True)
class Tombstone:
    transcript: str
    withdrawn_at: str
    who: str
    reason: str
    erased: dict[str, int]


def withdraw(store: Store, transcript_id: int, reason: str, who: str = "") -> Tombstone:
    """Erase a transcript's words everywhere in the database. Cannot be undone.

    Counts, codes and positions stay, so that old figures can be understood; they cannot be
    computed again, and every evaluation that used the transcript is marked.
    """
    # Deleted rows stay readable in free pages otherwise.
    store.db.execute("PRAGMA secure_delete = ON")
    erased: dict[str, int] = {}
    with store.transaction():
        name = store.value("SELECT name FROM transcripts WHERE id = ?", (transcript_id,))
        if name is None:
            raise BugError(f"There is no transcript {transcript_id}.")
        at, person_ = now(), who or person()
        erased["suggestions"] = _count(store, "suggestions", transcript_id)
        erased["codings"] = _count(store, "codings", transcript_id)
        for table, columns in (
            ("suggestions", "quote = '', reply_quote = '', rationale = ''"),
            ("unplaced", "reply_quote = '', rationale = '', why = ''"),
            ("uncoded", "quote = '', note = ''"),
            ("codings", "quote = ''"),
        ):
            store.write(f"UPDATE {table} SET {columns} WHERE transcript_id = ?", (transcript_id,))
        store.write(
            "UPDATE decisions SET reason = '' WHERE suggestion_id IN "
            "(SELECT id FROM suggestions WHERE transcript_id = ?)",
            (transcript_id,),
        )
        mine = "SELECT id FROM chunks WHERE transcript_id = ?"
        erased["replies"] = int(
            store.value(f"SELECT count(*) FROM calls WHERE chunk_id IN ({mine})", (transcript_id,))
        )
        store.write(
            f"UPDATE calls SET reply_text = '', raw = '', error = '' WHERE chunk_id IN ({mine})",
            (transcript_id,),
        )
        store.write(
            "UPDATE requests SET body = '' WHERE sha256 IN "
            "(SELECT request_sha256 FROM chunks WHERE transcript_id = ?)",
            (transcript_id,),
        )
        documents = "SELECT id FROM documents WHERE transcript_id = ?"
        erased["files"] = _count(store, "documents", transcript_id)
        store.write(
            f"DELETE FROM document_codings WHERE document_id IN ({documents})", (transcript_id,)
        )
        store.write(
            "UPDATE documents SET text = '', segments = '[]', notes = '[]', skipped = '[]', "
            "path = '' WHERE transcript_id = ?",
            (transcript_id,),
        )
        store.write("UPDATE segments SET speaker = '' WHERE transcript_id = ?", (transcript_id,))
        store.write(
            "UPDATE transcripts SET text = '', withdrawn_at = ? WHERE id = ?", (at, transcript_id)
        )
        store.write("DELETE FROM vectors")
        erased["codebook examples"] = _erase_examples(store, str(name))
        erased["evaluations marked"] = _erase_from_evaluations(store, str(name))
        store.write(
            "INSERT INTO tombstones (transcript_id, withdrawn_at, who, reason, erased) "
            "VALUES (?, ?, ?, ?, ?)",
            (transcript_id, at, person_, reason, json.dumps(erased)),
        )
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.db.vacuum()
    if store.path:
        copies = backups(store.path)
        for copy in copies:
            copy.unlink()
        erased["database copies deleted"] = len(copies)
    return Tombstone(str(name), at, person_, reason, erased)


def _count(store: Store, table: str, transcript_id: int) -> int:
    return int(
        store.value(f"SELECT count(*) FROM {table} WHERE transcript_id = ?", (transcript_id,))
    )


def _erase_examples(store: Store, name: str) -> int:
    """Examples from this transcript in stored codebooks, and requests for others that held them.

    A codebook version that lost an example keeps its hash and loses its source: that marks it.
    """
    erased = 0
    for row in store.rows("SELECT sha256, content FROM codebooks"):
        content = json.loads(row["content"])
        passages = []
        for code in content["codes"]:
            for example in code["examples"]:
                if example["transcript"] == name and example["text"]:
                    passages.append(example["text"])
                    example["text"] = ""
        if not passages:
            continue
        erased += len(passages)
        store.write(
            "UPDATE codebooks SET content = ?, source = '' WHERE sha256 = ?",
            (json.dumps(content, ensure_ascii=False), row["sha256"]),
        )
        for passage in passages:
            # As it stands inside the JSON of a request; a template may have quoted it once more.
            once = json.dumps(passage, ensure_ascii=False)[1:-1]
            for form in {once, json.dumps(once, ensure_ascii=False)[1:-1]}:
                store.write("UPDATE requests SET body = '' WHERE instr(body, ?) > 0", (form,))
    return erased


def _erase_from_evaluations(store: Store, name: str) -> int:
    """Passages that an evaluation's content quotes from this transcript are blanked.

    In the content, passages stand in objects with the keys ``transcript`` and ``quote`` (or
    ``passage``); only these are touched, the figures stay.
    """
    marked = 0
    for row in store.rows("SELECT id, content FROM evaluations"):
        content = json.loads(row["content"])
        if _blank(content, name):
            marked += 1
            store.write(
                "UPDATE evaluations SET content = ? WHERE id = ?",
                (json.dumps(content, ensure_ascii=False), row["id"]),
            )
    return marked


def _blank(value: object, name: str) -> bool:
    found = False
    if isinstance(value, dict):
        if value.get("transcript") == name:
            found = True
            for key in ("quote", "passage", "context", "rationale"):
                if key in value:
                    value[key] = ""
        if name in (value.get("transcripts") or []):
            found = True
            value["withdrawn"] = sorted({*(value.get("withdrawn") or []), name})
        for inner in value.values():
            found = _blank(inner, name) or found
    elif isinstance(value, list):
        for inner in value:
            found = _blank(inner, name) or found
    return found


def tombstones(store: Store) -> tuple[Tombstone, ...]:
    rows = store.rows(
        "SELECT b.*, t.name FROM tombstones b JOIN transcripts t ON t.id = b.transcript_id "
        "ORDER BY b.id"
    )
    return tuple(
        Tombstone(r["name"], r["withdrawn_at"], r["who"], r["reason"], json.loads(r["erased"]))
        for r in rows
    )
