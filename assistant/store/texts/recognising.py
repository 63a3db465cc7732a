"""What of a file that comes from elsewhere the study holds already.

Codings leave with their GUIDs (`secondcoder export`) and come back with them, or, from tools that
give new ones, with the same coder, code and place.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from assistant.store.database import Store

__all__ = ["HeldCoding", "Places", "held_codings", "held_places", "made_here"]


class HeldCoding(NamedTuple):
    """A suggestion or coding of the study."""

    transcript_sha256: str
    coder: str
    kind: str
    """``human`` or ``model``."""
    code: str
    start: int
    end: int


class Places(NamedTuple):
    """What the study holds on one transcript, by place."""

    own: frozenset[HeldCoding] = frozenset()
    """Suggestions, and codings made in the program."""
    imported: frozenset[HeldCoding] = frozenset()
    """Codings that came in by files."""


_HELD = """
    SELECT s.guid AS guid, t.sha256 AS sha256, c.name AS coder, c.kind AS kind, s.code AS code,
           s.start_char AS start, s.end_char AS stop, s.transcript_id AS transcript_id,
           'model' AS origin
    FROM suggestions s JOIN runs r ON r.id = s.run_id JOIN coders c ON c.id = r.coder_id
    JOIN transcripts t ON t.id = s.transcript_id
    UNION ALL
    SELECT k.guid, t.sha256, c.name, c.kind, k.code, k.start_char, k.end_char, k.transcript_id,
           k.origin
    FROM codings k JOIN coders c ON c.id = k.coder_id JOIN transcripts t ON t.id = k.transcript_id
"""


def held_codings(store: Store, guids: Collection[str]) -> dict[str, HeldCoding]:
    """GUID -> what the study holds under it, for those of ``guids`` that it knows."""
    rows = store.rows(
        f"SELECT * FROM ({_HELD}) WHERE guid IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(guids)),),
    )
    return {
        r["guid"]: HeldCoding(r["sha256"], r["coder"], r["kind"], r["code"], r["start"], r["stop"])
        for r in rows
    }


def held_places(store: Store, transcript_sha256: str) -> Places:
    """Suggestions and codings on the transcript with this text."""
    rows = store.rows(f"SELECT * FROM ({_HELD}) WHERE sha256 = ?", (transcript_sha256,))
    own: set[HeldCoding] = set()
    imported: set[HeldCoding] = set()
    for r in rows:
        one = HeldCoding(r["sha256"], r["coder"], r["kind"], r["code"], r["start"], r["stop"])
        (imported if r["origin"] == "import" else own).add(one)
    return Places(frozenset(own), frozenset(imported))


def made_here(store: Store, guids: Collection[str]) -> frozenset[str]:
    """Those of ``guids`` that are codings by people, made in the program and in no file."""
    rows = store.rows(
        "SELECT guid FROM codings WHERE origin <> 'import' "
        "AND guid IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(guids)),),
    )
    return frozenset(r["guid"] for r in rows)
