"""A participant's withdrawal: the one exception to "nothing that a run used changes".

Erases the text, quotes, prompts and replies of one transcript, in the database and in the copies
kept before migrations, and leaves a tombstone that marks every figure that had used it. After it no
word of the transcript stands in the file's bytes, pages that SQLite no longer uses included.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from assistant.errors import BugError, UserError
from assistant.store.database import Store, backups, now
from assistant.store.events import person

__all__ = ["Tombstone", "erase_again", "scrub", "tombstones", "withdraw"]

_STRETCH_WORDS = 3
_QUOTED_WORDS = 5
"""As many of her words in a row make a memo a quotation; fewer stand there by chance."""


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
    computed again, and every evaluation that used the transcript is marked. Raises `UserError` when
    another program has the database open, so that old bytes may still stand in its file: the words
    are erased then, and `scrub` has to be called again.
    """
    erased: dict[str, int] = {}
    row = store.row("SELECT name, text FROM transcripts WHERE id = ?", (transcript_id,))
    if row is None:
        raise BugError(f"There is no transcript {transcript_id}.")
    name, text = str(row["name"]), str(row["text"])
    # Deleted rows stay readable in free pages otherwise.
    store.db.execute("PRAGMA secure_delete = ON")
    with store.transaction():
        at, person_ = now(), who or person()
        for what, table in (
            ("suggestions", "suggestions"),
            ("codings", "codings"),
            ("files", "documents"),
        ):
            erased[what] = _count(store, table, transcript_id)
        erased["replies"] = int(
            store.value(
                "SELECT count(*) FROM calls WHERE chunk_id IN "
                "(SELECT id FROM chunks WHERE transcript_id = ?)",
                (transcript_id,),
            )
        )
        # Before the speakers' names are gone.
        erased["names on the list of pseudonyms"] = _erase_names(store, transcript_id, text)
        for statement in _ERASE:
            store.write(statement, {"t": transcript_id, "at": at})  # type: ignore[arg-type]
        erased["codebook examples"] = _erase_examples(store, name, text)
        erased["memos that quote it"] = _erase_from_memos(store, text)
        erased["evaluations marked"] = _erase_from_evaluations(store, name)
        erased["sealed rows"] = _erase_sealed(store, transcript_id)
        store.write(
            "INSERT INTO tombstones (transcript_id, withdrawn_at, who, reason, erased) "
            "VALUES (?, ?, ?, ?, ?)",
            (transcript_id, at, person_, reason, json.dumps(erased)),
        )
    erased["database copies deleted"] = scrub(store)
    return Tombstone(name, at, person_, reason, erased)


_MINE = "(SELECT id FROM chunks WHERE transcript_id = :t)"
_MY_RUNS = "(SELECT run_id FROM run_transcripts WHERE transcript_id = :t)"
_ERASE = (
    "UPDATE suggestions SET quote = '', reply_quote = '', rationale = '' WHERE transcript_id = :t",
    # What a model wrote in place of a code may be anything.
    "UPDATE unplaced SET code_written = '', reply_quote = '', rationale = '', why = '' "
    "WHERE transcript_id = :t",
    "UPDATE uncoded SET quote = '', note = '' WHERE transcript_id = :t",
    "UPDATE codings SET quote = '' WHERE transcript_id = :t",
    "UPDATE coding_notes SET text = '' WHERE transcript_id = :t",
    # A memo may quote, and what it says is about her.
    "UPDATE memos SET quote = '', text = '' WHERE transcript_id = :t",
    "UPDATE adjudications SET note = '' WHERE transcript_id = :t",
    "UPDATE decisions SET reason = '' WHERE suggestion_id IN "
    "(SELECT id FROM suggestions WHERE transcript_id = :t)",
    # Also the requests for a repair, which hold the reply that had to be repaired.
    "UPDATE requests SET body = '' WHERE sha256 IN "
    f"(SELECT request_sha256 FROM calls WHERE chunk_id IN {_MINE} "
    "UNION SELECT request_sha256 FROM chunks WHERE transcript_id = :t)",
    f"UPDATE calls SET reply_text = '', raw = '', error = '' WHERE chunk_id IN {_MINE}",
    # Reasons may repeat what a reply said.
    "UPDATE chunks SET why = '' WHERE transcript_id = :t",
    "UPDATE segment_outcomes SET why = '' WHERE transcript_id = :t",
    f"UPDATE runs SET why = '' WHERE id IN {_MY_RUNS}",
    "UPDATE events SET what = 'Run ' || json_extract(details, '$.run') || ' (words erased)' "
    f"WHERE kind = 'run' AND json_extract(details, '$.run') IN {_MY_RUNS}",
    "DELETE FROM document_codings WHERE document_id IN "
    "(SELECT id FROM documents WHERE transcript_id = :t)",
    "UPDATE documents SET text = '', segments = '[]', notes = '[]', skipped = '[]', path = '' "
    "WHERE transcript_id = :t",
    "UPDATE segments SET speaker = '' WHERE transcript_id = :t",
    # Vectors are made from words. Which are whose is not known; they are made again when needed.
    "DELETE FROM vectors",
    # What an endpoint said of a failure may repeat what it was sent.
    "UPDATE embedding_calls SET error = ''",
    "UPDATE transcripts SET text = '', withdrawn_at = :at WHERE id = :t",
)


def erase_again(store: Store, transcript_id: int, text: str = "") -> None:
    """Erase what another study's file brought about a transcript that is withdrawn here.

    ``text``: its words, where the file still had them. Call in the transaction that brought the
    rows, and `scrub` after it.
    """
    row = store.row("SELECT name, withdrawn_at FROM transcripts WHERE id = ?", (transcript_id,))
    if row is None or not row["withdrawn_at"]:
        raise BugError(f"Transcript {transcript_id} is not withdrawn.")
    for statement in _ERASE:
        store.write(statement, {"t": transcript_id, "at": row["withdrawn_at"]})  # type: ignore[arg-type]
    _erase_examples(store, str(row["name"]), text)
    if text:
        _erase_from_memos(store, text)
    _erase_from_evaluations(store, str(row["name"]))
    _erase_sealed(store, transcript_id)


def scrub(store: Store) -> int:
    """Take erased words out of the file's bytes; how many copies of the database were deleted.

    Raises `UserError` when another program has the database open and old bytes had to stay.
    """
    store.db.execute("PRAGMA secure_delete = ON")
    # A temporary file of SQLite's would hold the words of the others for a moment.
    store.db.execute("PRAGMA temp_store = MEMORY")
    deleted = 0
    if store.path:
        for copy in backups(store.path):
            copy.unlink()
            deleted += 1
    store.db.vacuum()
    (waiting, _, _) = store.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0]
    if waiting:
        raise UserError(
            "The words are erased, but another program has the database open, so their old bytes "
            "may still stand in its file.",
            where=str(store.path or ""),
            hint="Close the other program (a second Second Coder, Datasette, a database browser), "
            "then run the same command again.",
        )
    return deleted


def _count(store: Store, table: str, transcript_id: int) -> int:
    return int(
        store.value(f"SELECT count(*) FROM {table} WHERE transcript_id = ?", (transcript_id,))
    )


def _erase_examples(store: Store, name: str, text: str) -> int:
    """Examples from this transcript in stored codebooks, and whatever holds them elsewhere.

    An example is from it when it says so, or when its words stand there. A codebook version that
    lost an example keeps its hash and loses its source: that marks it.
    """
    erased = 0
    haystack = _folded(text)
    for row in store.rows("SELECT sha256, content FROM codebooks"):
        content = json.loads(row["content"])
        passages = []
        for code in content["codes"]:
            for example in code["examples"]:
                said = _folded(example["transcript"]) == _folded(name)
                if example["text"] and (said or _folded(example["text"]) in haystack):
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
            _erase_passage(store, passage)
    return erased


def _erase_passage(store: Store, passage: str) -> None:
    """A passage that was shown as an example, in requests and replies about other transcripts.

    It is looked for by its longest stretch without quotation marks, line ends and other signs that
    are written differently in a request. A stretch of a word or two would be found by chance.
    """
    stretch = max(re.split(r"[^\w ,.;:!?'’-]+", passage), key=len).strip()
    if len(stretch.split()) < _STRETCH_WORDS:
        stretch = json.dumps(passage, ensure_ascii=False)[1:-1]
    for table, columns in (
        ("requests", ("body",)),
        ("calls", ("reply_text", "raw", "error")),
        ("suggestions", ("rationale", "reply_quote")),
        ("unplaced", ("reply_quote", "rationale", "why")),
        ("uncoded", ("quote", "note")),
        ("coding_notes", ("text",)),
    ):
        for column in columns:
            store.write(
                f"UPDATE {table} SET {column} = '' WHERE instr({column}, ?) > 0", (stretch,)
            )


def _erase_from_memos(store: Store, text: str) -> int:
    """Memos on a code, the study or another transcript that repeat a stretch of these words."""
    words = re.findall(r"\w+", _folded(text))
    stretches = {tuple(words[at : at + _QUOTED_WORDS]) for at in range(len(words))}
    erased = 0
    for table, column in (("memos", "text"), ("adjudications", "note")):
        for row in store.rows(f"SELECT id, {column} AS text FROM {table} WHERE {column} <> ''"):
            said = re.findall(r"\w+", _folded(row["text"]))
            if any(
                tuple(said[at : at + _QUOTED_WORDS]) in stretches
                for at in range(len(said) - _QUOTED_WORDS + 1)
            ):
                erased += 1
                store.write(f"UPDATE {table} SET {column} = '' WHERE id = ?", (row["id"],))
    return erased


def _erase_names(store: Store, transcript_id: int, text: str) -> int:
    """Names on the list of pseudonyms that stand in this transcript and in no other."""
    mine = _folded(text) + " " + _folded(_speakers(store, "= ?", transcript_id))
    others = _folded(
        " ".join(
            str(row["text"])
            for row in store.rows("SELECT text FROM transcripts WHERE id <> ?", (transcript_id,))
        )
    )
    others += " " + _folded(_speakers(store, "<> ?", transcript_id))
    gone = [
        (row["id"],)
        for row in store.rows("SELECT id, term FROM pseudonyms")
        if _folded(row["term"]) in mine and _folded(row["term"]) not in others
    ]
    store.write_many("DELETE FROM pseudonyms WHERE id = ?", gone)
    return len(gone)


def _speakers(store: Store, which: str, transcript_id: int) -> str:
    rows = store.rows(
        f"SELECT DISTINCT speaker FROM segments WHERE transcript_id {which}", (transcript_id,)
    )
    return " ".join(row["speaker"] for row in rows)


def _erase_sealed(store: Store, transcript_id: int) -> int:
    """Codes of other studies that nobody has opened yet: they hold quotes."""
    mine = "(SELECT sha256 FROM transcripts WHERE id = ?)"
    count = int(
        store.value(
            f"SELECT count(*) FROM sealed WHERE transcript_sha256 = {mine}", (transcript_id,)
        )
    )
    store.write(f"DELETE FROM sealed WHERE transcript_sha256 = {mine}", (transcript_id,))
    return count


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _erase_from_evaluations(store: Store, name: str) -> int:
    """Passages that an evaluation's content quotes from this transcript are blanked.

    In the content, passages stand in objects with the keys ``transcript`` and ``quote`` (or
    ``passage``); only these are touched, the figures stay. The evaluation as a whole gets the name
    in its list ``withdrawn``.
    """
    marked = 0
    for row in store.rows("SELECT id, content FROM evaluations"):
        content = json.loads(row["content"])
        if _blank(content, name):
            marked += 1
            if isinstance(content, dict):
                content["withdrawn"] = sorted({*(content.get("withdrawn") or []), name})
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
        listed = value.get("transcripts")
        # Elsewhere the same key holds a number of transcripts.
        if isinstance(listed, list) and name in listed:
            found = True
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
