"""Coders that are one person, because somebody says so: what hangs on either hangs on her.

`assistant.interchange.names.same_person` asks for it. Where two spellings of a name became
equal, a step of the schema did it in its own way (`assistant.store.schema.spelled`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from assistant.hashing import hash_json
from assistant.store.sharing.packing import pack, unpack
from assistant.store.sharing.shared_tables import BY_TABLE, Identities
from assistant.store.sharing.spelled_rows import Spelled

__all__ = ["LEAST_INDEPENDENT", "SIGNED", "join_coders", "join_documents", "move_sealed", "sign"]

SIGNED = {
    **dict.fromkeys(("decisions", "bulk_decisions"), "reviewer"),
    **dict.fromkeys(("memos", "openings", "adjudications", "checks", "looks"), "who"),
    **dict.fromkeys(("evaluations", "events", "pseudonyms", "tombstones"), "who"),
}
"""Table -> column with the name of whoever did it."""
_OF_CODER = ("scopes", "codings", "documents", "coding_notes", "looked_again", "runs", "openings")
LEAST_INDEPENDENT = ("blind", "independent", "unknown", "after-model", "adjudicated")
"""Of two exposures of one person for one transcript the later one here holds of all her codes."""
_SCOPE = (
    *("id", "exposure", "first_segment", "last_segment", "codebook_sha256", "codes", "segments"),
    *("finished_at", "created_at"),
)


def _rows(db: Database, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.execute(sql, list(parameters)).fetchall()]


def join_coders(db: Database, stays: int, others: Iterable[int]) -> None:
    """Give all that hangs on the other coders (ids) to the one that stays."""
    for goes in others:
        _join_scopes(db, stays, goes)
        for table in _OF_CODER:
            db.execute(
                f"UPDATE OR IGNORE {table} SET coder_id = ? WHERE coder_id = ?", [stays, goes]
            )
        for table in ("coding_notes", "looked_again"):
            db.execute(f"DELETE FROM {table} WHERE coder_id = ?", [goes])
        db.execute("DELETE FROM coders WHERE id = ?", [goes])


def _join_scopes(db: Database, stays: int, goes: int) -> None:
    """Of a transcript for which both have one: all that either looked at, under the exposure that
    is true of both."""
    columns = ", ".join(_SCOPE)
    scopes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for coder in (stays, goes):
        sql = f"SELECT transcript_id, {columns} FROM scopes WHERE coder_id = ?"
        for transcript, *values in _rows(db, sql, coder):
            scopes[transcript].append(dict(zip(_SCOPE, values, strict=True)))
    for both in scopes.values():
        if len(both) < 2:
            continue
        one, two = both
        joined = {
            **dict.fromkeys(("first_segment", "last_segment", "segments")),
            "exposure": max(one["exposure"], two["exposure"], key=LEAST_INDEPENDENT.index),
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
            every_part = sorted(parts[0] | parts[1])
            stated = one["segments"] is None and two["segments"] is None
            if stated and every_part[-1] - every_part[0] + 1 == len(every_part):
                joined |= {"first_segment": every_part[0], "last_segment": every_part[-1]}
            else:
                joined["segments"] = json.dumps(every_part)
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


def join_documents(db: Database, coder: int) -> None:
    """One text of one project, of which the file gave either name a part: one part, as it would be
    read now, with what stood there twice once."""
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for key, *what in _rows(
        db,
        "SELECT id, project_sha256, name, transcript_id, exposure, text FROM documents "
        "WHERE project_sha256 <> '' AND coder_id = ? ORDER BY id",
        coder,
    ):
        found[tuple(what)].append(key)
    for stays, *others in found.values():
        for goes in others:
            db.execute(
                "DELETE FROM document_codings WHERE document_id = ?1 AND EXISTS (SELECT 1 FROM "
                "document_codings b WHERE b.document_id = ?2 AND b.code = document_codings.code "
                "AND b.start_char = document_codings.start_char "
                "AND b.end_char = document_codings.end_char)",
                [goes, stays],
            )
            for table in ("document_codings", "codings"):
                db.execute(
                    f"UPDATE {table} SET document_id = ? WHERE document_id = ?", [stays, goes]
                )
            base = "(SELECT max(is_base) FROM documents WHERE id IN (?, ?))"
            db.execute(f"UPDATE documents SET is_base = {base} WHERE id = ?", [stays, goes, stays])
            db.execute("DELETE FROM documents WHERE id = ?", [goes])


def sign(db: Database, old: str, new: str) -> None:
    """All that is signed by the old name is signed by the new one."""
    for table, column in SIGNED.items():
        db.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", [new, old])
    # Both answered the same check: one answer is hers.
    db.execute("DELETE FROM checks WHERE who = ?", [old])


def move_sealed(db: Database, old: str, new: str) -> None:
    """Rows that wait to be opened name their coder by what she was called."""
    known = Spelled({hash_json(["human", old]): hash_json(["human", new])}, {}, {old: new})
    for identity, kind, payload in _rows(
        db, "SELECT identity, kind, payload FROM sealed WHERE coder = ?", old
    ):
        row = known.row(kind, unpack(payload))
        now = f"{kind}/{Identities().identity(BY_TABLE[kind], row)}"
        db.execute(
            "UPDATE OR REPLACE sealed SET identity = ?, coder = ?, payload = ? WHERE identity = ?",
            [now, new, pack(row), identity],
        )
