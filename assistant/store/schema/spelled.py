"""One spelling of names: é is one character, as the program stores it since.

Coders whose names become equal are one person: what hangs on either hangs on her, and no coding is
lost but one that is the same as another to the character. Of a file that came in twice, with the
name in either spelling, one is kept.

What the step needs stands here and in `spelled_joins`, also where the store has it as well: the
store's own changes with what comes later, and a study of an older version must become what it
became when the step was released.
"""

from __future__ import annotations

import json
import uuid
import zlib
from collections import defaultdict
from collections.abc import Iterator

from sqlite_utils import Database

from assistant.hashing import hash_json
from assistant.spelling import nfc
from assistant.store.schema.spelled_joins import (
    drop_coding,
    join_coders,
    one_of_each_file,
    rows_of,
)
from assistant.store.schema.steps import MIGRATIONS

__all__ = ["STEP", "bring_to_one_spelling"]

STEP = "m022_one_spelling"
"""Since this step names are in one spelling."""

_CODES = ("codings", "document_codings", "coding_notes", "looked_again", "memos")
_PEOPLE = {
    **dict.fromkeys(("decisions", "bulk_decisions"), "reviewer"),
    **dict.fromkeys(("memos", "openings", "adjudications", "checks", "looks"), "who"),
    **dict.fromkeys(("evaluations", "events", "pseudonyms", "tombstones"), "who"),
}
_SEALED_NAMES = {"codings": ("code",), "memos": ("code", "who"), "events": ("who",)}
_SEALED_OF_CODER = ("scopes", "codings")
_GUIDS = uuid.UUID("5b1f3b60-6e2a-4c0e-9a51-7d1f0c2a9e11")
_MOST_EQUAL = 10
"""Codings of one person with one code on the same words are told apart by a number."""


@MIGRATIONS()
def m022_one_spelling(db: Database) -> None:
    """Names of coders and transcripts, and codes, are in Unicode NFC.

    Two coders whose names are the same then are one person: macOS writes é as two characters, and
    her codings stood there twice, under two names or two spellings of a code.
    """
    bring_to_one_spelling(db)


def bring_to_one_spelling(db: Database) -> None:
    """Nothing is left to do the second time."""
    written = _names_before(db)
    for table in _CODES:
        _spell(db, table, "code")
    for table, column in _PEOPLE.items():
        _spell(db, table, column)
    _transcripts(db)
    _spell(db, "documents", "name", "AND project_sha256 <> ''")
    for name, same in _same_coders(db):
        join_coders(db, name, same)
    one_of_each_file(db)
    _guids(db, written)
    _sealed(db)


def _names_before(db: Database) -> dict[int, tuple[str, str]]:
    """Id of each imported coding -> its coder's name and its code, as they were written."""
    found = rows_of(
        db,
        "SELECT k.id, c.name, k.code FROM codings k JOIN coders c ON c.id = k.coder_id "
        "WHERE k.origin = 'import'",
    )
    named = {nfc(name) for _, name, code in found if nfc(name) != name}
    return {
        key: (name, code)
        for key, name, code in found
        if nfc(name) in named or not code.isascii() or not name.isascii()
    }


def _odd(db: Database, table: str, column: str, where: str = "") -> Iterator[str]:
    """Values that are not in NFC."""
    for (value,) in rows_of(db, f"SELECT DISTINCT {column} FROM {table} WHERE 1 {where}"):
        if value is not None and nfc(value) != value:
            yield value


def _spell(db: Database, table: str, column: str, where: str = "") -> None:
    for value in _odd(db, table, column, where):
        set_ = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ? {where}"
        db.execute(set_, [nfc(value), value])
        if table in ("coding_notes", "looked_again"):  # said of the same place in both spellings
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", [value])


def _transcripts(db: Database) -> None:
    for value in _odd(db, "transcripts", "name"):
        name = nfc(value)
        if rows_of(db, "SELECT 1 FROM transcripts WHERE name = ?", name):
            ((sha256,),) = rows_of(db, "SELECT sha256 FROM transcripts WHERE name = ?", value)
            name = f"{name} ({str(sha256).removeprefix('sha256:')[:8]})"
        db.execute("UPDATE transcripts SET name = ? WHERE name = ?", [name, value])
        # What was exported is found again by the names of the interviews in it.
        db.execute(
            "UPDATE events SET details = replace(details, ?, ?)",
            [json.dumps(one, ensure_ascii=False) for one in (value, name)],
        )


def _same_coders(db: Database) -> list[tuple[str, list[tuple[int, str]]]]:
    """Name -> coders that have it in any spelling; the one that stays comes first."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for key, kind, name in rows_of(db, "SELECT id, kind, name FROM coders ORDER BY id"):
        found[kind, nfc(name)].append((key, name))
    return [
        (name, sorted(same, key=lambda one: (one[1] != name, one[0])))
        for (_, name), same in found.items()
        if any(one != name for _, one in same)
    ]


def _guids(db: Database, written: dict[int, tuple[str, str]]) -> None:
    """A coding's GUID is made of its coder's name and its code; the same coding has the same one
    in a study to which it comes now."""
    for key, guid, name, kind, code, sha256, *span in rows_of(
        db,
        "SELECT k.id, k.guid, c.name, c.kind, k.code, t.sha256, k.start_char, k.end_char "
        "FROM codings k JOIN coders c ON c.id = k.coder_id "
        "JOIN transcripts t ON t.id = k.transcript_id WHERE k.origin = 'import' ORDER BY k.id",
    ):
        if key not in written:
            continue
        before = written[key]
        old = [before, (before[0], code), (name, before[1])]
        new = _spelled_guid(guid, old, (name, code), (sha256, kind, str((span[0], span[1]))))
        if not new or new == guid:
            continue
        if rows_of(db, "SELECT 1 FROM codings WHERE guid = ?", new):
            drop_coding(db, guid, new)
            continue
        db.execute("UPDATE codings SET guid = ? WHERE id = ?", [new, key])
        db.execute("UPDATE document_codings SET coding_guid = ? WHERE coding_guid = ?", [new, guid])


def _spelled_guid(
    guid: str, old: list[tuple[str, str]], new: tuple[str, str], place: tuple[str, str, str]
) -> str:
    """The GUID that ``new`` (name, code) gives in place of one that any of ``old`` gave; empty
    where none of them did. ``place``: hash of the text, kind of coder, span."""
    for name, code in old:
        for number in range(_MOST_EQUAL):
            if _guid(name, code, place, number) == guid:
                return _guid(*new, place, number)
    return ""


def _guid(name: str, code: str, place: tuple[str, str, str], number: int) -> str:
    sha256, kind, span = place
    said = [sha256, name, code, span, str(number), *(["model"] if kind == "model" else [])]
    return str(uuid.uuid5(_GUIDS, "|".join(said)))


def _sealed(db: Database) -> None:
    """Rows that wait to be opened name their coder by what she was called."""
    for identity, kind, coder, payload in rows_of(
        db, "SELECT identity, kind, coder, payload FROM sealed"
    ):
        if nfc(coder) == coder:
            continue
        row = json.loads(zlib.decompress(payload))
        for column in _SEALED_NAMES.get(kind, ()):
            if isinstance(row.get(column), str):
                row[column] = nfc(row[column])
        if kind in _SEALED_OF_CODER and row.get("coder_id") == hash_json(["human", coder]):
            row["coder_id"] = hash_json(["human", nfc(coder)])
        key = identity.partition("/")[2]
        if kind == "scopes":
            key = hash_json([row.get("coder_id"), row.get("transcript_id")])
        packed = json.dumps(row, ensure_ascii=False, sort_keys=True).encode("utf-8")
        db.execute(
            "UPDATE OR REPLACE sealed SET identity = ?, coder = ?, payload = ? WHERE identity = ?",
            [f"{kind}/{key}", nfc(coder), zlib.compress(packed), identity],
        )
