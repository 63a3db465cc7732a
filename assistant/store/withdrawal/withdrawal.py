"""A participant's withdrawal: the one exception to "nothing that a run used changes".

Erases the text, quotes, prompts and replies of one transcript, in the database and in the copies
kept before migrations, and leaves a tombstone that marks every figure that had used it. After it no
word of the transcript stands in the file's bytes, pages that SQLite no longer uses included.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from assistant.errors import BugError, UserError
from assistant.spelling import nfc
from assistant.store.database import Store, backups, now
from assistant.store.model.outcomes import NOT_ASKED
from assistant.store.trail.events import person
from assistant.store.withdrawal.withdrawn_quotes import erase_examples, erase_from_memos, folded
from assistant.store.withdrawal.withdrawn_texts import remember_texts

__all__ = [
    "Tombstone",
    "erase_again",
    "erase_names",
    "erase_names_that_came",
    "names_of",
    "scrub",
    "tombstones",
    "withdraw",
    "withdraw_also",
]


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
    # Deleted rows stay readable in free pages otherwise.
    store.db.execute("PRAGMA secure_delete = ON")
    with store.transaction():
        row = store.row("SELECT name, text FROM transcripts WHERE id = ?", (transcript_id,))
        if row is None:
            raise BugError(f"There is no transcript {transcript_id}.")
        name, text = str(row["name"]), str(row["text"])
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
        remember_texts(store, transcript_id)
        # Before the speakers' names are gone.
        erased["names on the list of pseudonyms"] = erase_names(store, transcript_id, text)
        for statement in _ERASE:
            store.write(statement, {"t": transcript_id, "at": at})  # type: ignore[arg-type]
        names = names_of(store, transcript_id)
        erased["codebook examples"] = sum(erase_examples(store, one, text) for one in names)
        erased["memos that quote it"] = erase_from_memos(store, text)
        erased["evaluations marked"] = _erase_from_evaluations(store, names, text)
        erased["sealed rows"] = _erase_sealed(store, transcript_id)
        store.write(
            "INSERT INTO tombstones (transcript_id, withdrawn_at, who, reason, erased) "
            "VALUES (?, ?, ?, ?, ?)",
            (transcript_id, at, person_, reason, json.dumps(erased)),
        )
    erased["database copies deleted"] = scrub(store)
    return Tombstone(name, at, person_, reason, erased)


_HERS = 3
"""As many words that she said in a row are hers; one or two stand in any interview."""
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
    # The beginning is ours: without it, what was passed over would read as found empty.
    f"UPDATE segment_outcomes SET why = CASE WHEN why LIKE '{NOT_ASKED}%' THEN '{NOT_ASKED}' "
    "ELSE '' END WHERE transcript_id = :t",
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
    row = store.row("SELECT withdrawn_at FROM transcripts WHERE id = ?", (transcript_id,))
    if row is None or not row["withdrawn_at"]:
        raise BugError(f"Transcript {transcript_id} is not withdrawn.")
    remember_texts(store, transcript_id)
    for statement in _ERASE:
        store.write(statement, {"t": transcript_id, "at": row["withdrawn_at"]})  # type: ignore[arg-type]
    names = names_of(store, transcript_id)
    for name in names:
        erase_examples(store, name, text)
    if text:
        erase_from_memos(store, text)
    _erase_from_evaluations(store, names, text)
    _erase_sealed(store, transcript_id)


def withdraw_also(store: Store, transcript_id: int, home: int) -> None:
    """A text that came in and belongs to a transcript that is withdrawn here is withdrawn with it.

    For what cannot become part of ``home``, since something rests on it. `erase_again` has to
    follow, in the same transaction.
    """
    store.write(
        "UPDATE transcripts SET withdrawn_at = (SELECT withdrawn_at FROM transcripts WHERE id = ?) "
        "WHERE id = ?",
        (home, transcript_id),
    )
    store.write(
        "INSERT INTO tombstones (transcript_id, withdrawn_at, who, reason, erased) "
        "SELECT ?, withdrawn_at, who, reason, '{}' FROM tombstones WHERE transcript_id = ?",
        (transcript_id, home),
    )


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


def erase_names(store: Store, transcript_id: int, text: str) -> int:
    """Names on the list of pseudonyms that stand in this transcript and in no other."""
    mine = folded(text) + " " + folded(_speakers(store, "= ?", transcript_id))
    others = folded(
        " ".join(
            str(row["text"])
            for row in store.rows("SELECT text FROM transcripts WHERE id <> ?", (transcript_id,))
        )
    )
    others += " " + folded(_speakers(store, "<> ?", transcript_id))
    gone = [
        (row["id"],)
        for row in store.rows("SELECT id, term FROM pseudonyms")
        if folded(row["term"]) in mine and folded(row["term"]) not in others
    ]
    store.write_many("DELETE FROM pseudonyms WHERE id = ?", gone)
    return len(gone)


def erase_names_that_came(store: Store, after: int) -> int:
    """Take names off the list of pseudonyms that a file brought from before a withdrawal and that
    stand in no interview: a withdrawn participant's, as far as anybody can tell. How many.

    ``after``: the highest row number of the list before the file's rows were taken in.
    """
    withdrawn_at = store.value("SELECT max(withdrawn_at) FROM transcripts")
    new = store.rows(
        "SELECT id, term FROM pseudonyms WHERE id > ? AND set_at < ?", (after, withdrawn_at or "")
    )
    if not new:
        return 0
    texts = store.rows("SELECT text FROM transcripts WHERE withdrawn_at IS NULL")
    said = folded(" ".join([*(str(row["text"]) for row in texts), _speakers(store, "<> ?", 0)]))
    gone = [(row["id"],) for row in new if folded(row["term"]) not in said]
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


def names_of(store: Store, transcript_id: int) -> tuple[str, ...]:
    """Every name under which it may stand in what was stored, the present one first.

    A transcript is named as one of its files; it had other names before it became part of another
    one, before another file's text was taken, and where a merge told two of one name apart. A name
    that another transcript has now means that one.
    """
    row = store.row("SELECT name, sha256 FROM transcripts WHERE id = ?", (transcript_id,))
    assert row is not None
    name, mark = str(row["name"]), f" ({str(row['sha256']).removeprefix('sha256:')[:8]})"
    titles = store.rows(
        "SELECT DISTINCT title FROM documents WHERE transcript_id = ? ORDER BY title",
        (transcript_id,),
    )
    found = [nfc(one) for one in (name, name.removesuffix(mark), *(r["title"] for r in titles))]
    found += [one + mark for one in found if not one.endswith(mark)]
    others = {
        nfc(str(r["name"]))
        for r in store.rows("SELECT name FROM transcripts WHERE id <> ?", (transcript_id,))
    }
    return tuple(dict.fromkeys([name, *(one for one in found if one and one not in others)]))


def _erase_from_evaluations(store: Store, names: Collection[str], text: str) -> int:
    """Passages that an evaluation's content quotes from this transcript are blanked; how many
    evaluations had used it.

    In the content, passages stand in objects with the keys ``transcript`` and ``quote`` (or
    ``passage``); only these are touched, the figures stay. The evaluation as a whole gets the name
    that the transcript has in it in its list ``withdrawn``. Words of ``text`` go whatever name
    stands beside them.
    """
    marked = 0
    wanted, said = {nfc(name) for name in names}, folded(text)
    for row in store.rows("SELECT id, content FROM evaluations"):
        content = json.loads(row["content"])
        found = _blank(content, wanted, said)
        if found and isinstance(content, dict):
            content["withdrawn"] = sorted({*(content.get("withdrawn") or []), *found})
        marked += bool(found)
        now_ = json.dumps(content, ensure_ascii=False)
        if found or now_ != json.dumps(json.loads(row["content"]), ensure_ascii=False):
            store.write("UPDATE evaluations SET content = ? WHERE id = ?", (now_, row["id"]))
    return marked


def _blank(value: object, names: Collection[str], said: str) -> set[str]:
    """Blank what is quoted; as what the transcript stands there. ``said``: its words, folded."""
    found: set[str] = set()
    if isinstance(value, dict):
        of = value.get("transcript")
        mine = isinstance(of, str) and nfc(of) in names
        found |= {str(of)} if mine else set()
        for key in ("quote", "passage", "context", "rationale") if isinstance(of, str) else ():
            words = folded(str(value.get(key) or ""))
            hers = said and len(words.split()) >= _HERS and words in said
            if key in value and (mine or hers):
                value[key] = ""
        listed = value.get("transcripts")
        # Elsewhere the same key holds a number of transcripts.
        if isinstance(listed, list):
            found |= {one for one in listed if isinstance(one, str) and nfc(one) in names}
        for inner in value.values():
            found |= _blank(inner, names, said)
    elif isinstance(value, list):
        for inner in value:
            found |= _blank(inner, names, said)
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
