"""Coders who are one person once names are in one spelling, and a file that came in both spellings.

Part of the step m022, as it was when that was released.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

from sqlite_utils import Database

__all__ = ["drop_coding", "join_coders", "one_of_each_file", "rows_of"]

_OF_CODER = ("scopes", "codings", "documents", "coding_notes", "looked_again", "runs", "openings")
_CAUTION = ("unknown", "blind", "independent", "after-model", "adjudicated")
"""Of two exposures the later one is true of both: what nobody stated yields to what somebody did.
"""
_SCOPE = (
    *("id", "exposure", "first_segment", "last_segment", "codebook_sha256", "codes", "segments"),
    *("finished_at", "created_at"),
)


def rows_of(db: Database, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.execute(sql, list(parameters)).fetchall()]


def join_coders(db: Database, name: str, same: list[tuple[int, str]]) -> None:
    """``same``: (id, name) of each; the first one stays, and is called ``name``."""
    stays = same[0][0]
    for goes, _ in same[1:]:
        _join_scopes(db, stays, goes)
        for table in _OF_CODER:
            db.execute(
                f"UPDATE OR IGNORE {table} SET coder_id = ? WHERE coder_id = ?", [stays, goes]
            )
        for table in ("coding_notes", "looked_again"):
            db.execute(f"DELETE FROM {table} WHERE coder_id = ?", [goes])
        db.execute("DELETE FROM coders WHERE id = ?", [goes])
    db.execute("UPDATE coders SET name = ? WHERE id = ?", [name, stays])


def _join_scopes(db: Database, stays: int, goes: int) -> None:
    """Of a transcript for which both have one: all that either looked at, under the exposure that
    is true of both."""
    columns = ", ".join(_SCOPE)
    scopes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for coder in (stays, goes):
        sql = f"SELECT transcript_id, {columns} FROM scopes WHERE coder_id = ?"
        for transcript, *values in rows_of(db, sql, coder):
            scopes[transcript].append(dict(zip(_SCOPE, values, strict=True)))
    for both in scopes.values():
        if len(both) < 2:
            continue
        one, two = both
        joined = {
            **dict.fromkeys(("first_segment", "last_segment", "segments")),
            "exposure": max(one["exposure"], two["exposure"], key=_CAUTION.index),
            "codebook_sha256": one["codebook_sha256"] or two["codebook_sha256"],
            "finished_at": one["finished_at"] or two["finished_at"],
            "codes": None,
        }
        if one["codes"] and two["codes"]:
            every = [*json.loads(one["codes"]), *json.loads(two["codes"])]
            joined["codes"] = json.dumps(list(dict.fromkeys(every)))
        parts = [_part(scope) for scope in both]
        if parts[0] == parts[1]:
            joined |= {c: one[c] for c in ("first_segment", "last_segment", "segments")}
        elif parts[0] is not None and parts[1] is not None:
            joined["segments"] = json.dumps(sorted(parts[0] | parts[1]))
        db.execute("DELETE FROM scopes WHERE id = ?", [two["id"]])
        sets = ", ".join(f"{column} = ?" for column in joined)
        db.execute(f"UPDATE scopes SET {sets} WHERE id = ?", [*joined.values(), one["id"]])


def _part(scope: dict[str, Any]) -> set[int] | None:
    """Numbers of the segments; None: all."""
    if scope["segments"] is not None:
        return set(json.loads(scope["segments"]))
    if scope["first_segment"] is None or scope["last_segment"] is None:
        return None
    return set(range(scope["first_segment"], scope["last_segment"] + 1))


def one_of_each_file(db: Database) -> None:
    """One person's part of a text in another tool's file, that came in with either spelling."""
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for key, *what in rows_of(
        db,
        "SELECT id, project_sha256, name, coder_id, transcript_id, exposure, text FROM documents "
        "WHERE project_sha256 <> '' AND coder_id IS NOT NULL ORDER BY imported_at, id",
    ):
        found[tuple(what)].append(key)
    for first, *later in found.values():
        for other in later:
            if _said(db, first) == _said(db, other):
                _join_documents(db, first, other)


def _said(db: Database, document: int) -> Counter[tuple[Any, ...]]:
    sql = "SELECT code, start_char, end_char FROM document_codings WHERE document_id = ?"
    return Counter(rows_of(db, sql, document))


def _join_documents(db: Database, stays: int, goes: int) -> None:
    """The key of the one that came last is the one that it would have if it came now."""
    sql = (
        "SELECT code, start_char, end_char, id, carried, why, coding_guid FROM document_codings "
        "WHERE document_id = ? ORDER BY code, start_char, end_char, id"
    )
    pairs = zip(rows_of(db, sql, stays), rows_of(db, sql, goes), strict=True)
    for mine, theirs in pairs:
        guid, twin = mine[6], theirs[6]
        if guid is None and twin is not None:
            db.execute(
                "UPDATE document_codings SET carried = ?, why = ?, coding_guid = ? WHERE id = ?",
                [*theirs[4:], mine[3]],
            )
        elif twin is not None and twin != guid:
            drop_coding(db, twin, guid)
    db.execute("UPDATE codings SET document_id = ? WHERE document_id = ?", [stays, goes])
    db.execute("DELETE FROM document_codings WHERE document_id = ?", [goes])
    ((key,),) = rows_of(db, "SELECT file_sha256 FROM documents WHERE id = ?", goes)
    base = "(SELECT max(is_base) FROM documents WHERE id IN (?, ?))"
    db.execute(f"UPDATE documents SET is_base = {base} WHERE id = ?", [stays, goes, stays])
    db.execute("DELETE FROM documents WHERE id = ?", [goes])
    db.execute("UPDATE documents SET file_sha256 = ? WHERE id = ?", [key, stays])


def drop_coding(db: Database, guid: str, same: str) -> None:
    """Take out an imported coding that is the same as another; what names it names the other."""
    there = dict(rows_of(db, "SELECT guid, id FROM codings WHERE guid IN (?, ?)", guid, same))
    if guid not in there or same not in there:
        return
    for table in ("decisions", "adjudications"):
        db.execute(
            f"UPDATE {table} SET coding_id = ? WHERE coding_id = ?", [there[same], there[guid]]
        )
    db.execute("UPDATE document_codings SET coding_guid = ? WHERE coding_guid = ?", [same, guid])
    db.execute("DELETE FROM codings WHERE id = ? AND origin = 'import'", [there[guid]])
