"""Human codings, and the scopes that say what their coders really coded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from assistant.errors import UserError
from assistant.store.database import Row, Store, now
from assistant.store.people.coders import coder_from
from assistant.store.records import CoderKind, Coding, Scope
from assistant.transcripts.records import Exposure

__all__ = [
    "add_coding",
    "coding_codes",
    "codings",
    "counted_versions",
    "name_versions",
    "scope_columns",
    "scopes",
    "set_exposure",
    "set_scope",
    "set_scope_codebook",
    "set_scope_columns",
]


def set_scope(store: Store, scope: Scope) -> None:
    """Record what a coder coded of a transcript; a later statement replaces an earlier one, but
    never an exposure that the user has stated by ``unknown``.

    A new scope that names no version of the codebook is of the newest that is recorded; one that is
    there stays of the version that it has.
    """
    store.write(
        """
        INSERT INTO scopes (coder_id, transcript_id, exposure, first_segment, last_segment,
            codebook_sha256, codes, segments, finished_at, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, coalesce(nullif(?6, ''), (SELECT sha256 FROM codebooks
                ORDER BY recorded_at DESC, sha256 DESC LIMIT 1)), ?7, ?8, nullif(?9, ''), ?10)
        ON CONFLICT (coder_id, transcript_id) DO UPDATE SET
            exposure = CASE excluded.exposure WHEN 'unknown' THEN scopes.exposure
                       ELSE excluded.exposure END,
            first_segment = excluded.first_segment, last_segment = excluded.last_segment,
            codebook_sha256 = coalesce(nullif(?6, ''), scopes.codebook_sha256),
            codes = excluded.codes, segments = excluded.segments,
            finished_at = coalesce(excluded.finished_at, scopes.finished_at)""",
        (
            scope.coder.id,
            scope.transcript_id,
            scope.exposure,
            scope.first_segment,
            scope.last_segment,
            scope.codebook_sha256,
            None if scope.codes is None else json.dumps(scope.codes),
            None if scope.segments is None else json.dumps(sorted(set(scope.segments))),
            scope.finished_at,
            now(),
        ),
    )


def set_exposure(
    store: Store, exposure: Exposure, *, coder: str = "", transcript_id: int | None = None
) -> int:
    """Change what people had seen when coding; how many scopes changed. Empty: all.

    What was coded in the program keeps its exposure, and what somebody decided about disagreements
    stays `adjudicated`: that was recorded, not stated.
    """
    with store.transaction():
        matching = store.rows(
            "SELECT p.id FROM scopes p JOIN coders c ON c.id = p.coder_id WHERE c.kind = 'human' "
            "AND ? IN ('', c.name) AND (? IS NULL OR p.transcript_id = ?) "
            "AND p.finished_at IS NULL AND (p.segments IS NULL OR p.exposure <> 'blind') "
            "AND NOT EXISTS (SELECT 1 FROM adjudications a "
            "WHERE 'Adjudicated (' || a.who || ')' = c.name)",
            (coder, transcript_id, transcript_id),
        )
        for row in matching:
            store.write("UPDATE scopes SET exposure = ? WHERE id = ?", (exposure, row["id"]))
    return len(matching)


def set_scope_codebook(
    store: Store, codebook_sha256: str, *, coder: str = "", transcript_id: int | None = None
) -> int:
    """State by which version of the codebook people's codings are now; how many scopes changed.

    ``coder``: empty, everybody. What was coded here is of the version that it was coded with, and
    an audit's sample stays what it was: neither changes.
    """
    with store.transaction():
        matching = store.rows(
            "SELECT p.id FROM scopes p JOIN coders c ON c.id = p.coder_id WHERE c.kind = 'human' "
            "AND ? IN ('', c.name) AND (? IS NULL OR p.transcript_id = ?) "
            "AND p.finished_at IS NULL AND p.segments IS NULL",
            (coder, transcript_id, transcript_id),
        )
        for row in matching:
            store.write(
                "UPDATE scopes SET codebook_sha256 = ? WHERE id = ?", (codebook_sha256, row["id"])
            )
    return len(matching)


SCOPE_COLUMNS = (
    *("exposure", "first_segment", "last_segment", "codebook_sha256", "codes", "segments"),
    "finished_at",
)
"""What a scope says, as it is stored; lists as JSON."""


def scope_columns(store: Store, coder: str, transcript_id: int) -> dict[str, Any]:
    """A person's scope of a transcript, column by column; empty where there is none."""
    row = store.row(
        f"SELECT {', '.join('p.' + c for c in SCOPE_COLUMNS)} FROM scopes p "
        "JOIN coders c ON c.id = p.coder_id "
        "WHERE c.kind = 'human' AND c.name = ? AND p.transcript_id = ?",
        (coder, transcript_id),
    )
    return {} if row is None else dict(row)


def set_scope_columns(
    store: Store, coder: str, transcript_id: int, columns: Mapping[str, Any]
) -> None:
    """Set what a person's scope says, also one that was recorded here: two studies say it
    differently and people chose. Columns that are not named stay.

    Raises `UserError` for what cannot be said of this transcript.
    """
    last = store.value("SELECT max(idx) FROM segments WHERE transcript_id = ?", (transcript_id,))
    bounds = [columns.get("first_segment"), columns.get("last_segment")]
    passages = [*json.loads(columns.get("segments") or "[]"), *(b for b in bounds if b is not None)]
    wanted = {c: columns[c] for c in SCOPE_COLUMNS if c in columns}
    fits = all(type(n) is int and 0 <= n <= (last or 0) for n in passages)
    if not fits or columns.get("exposure") not in (None, *get_args(Exposure)):
        raise UserError("What this side says does not fit this transcript; nothing was set.")
    store.write(
        f"UPDATE scopes SET {', '.join(f'{c} = ?' for c in wanted)} WHERE transcript_id = ? "
        "AND coder_id = (SELECT id FROM coders WHERE kind = 'human' AND name = ?)",
        [*wanted.values(), transcript_id, coder],
    )


_COUNTED = (
    "SELECT p.id, p.coder_id, p.transcript_id, p.codebook_sha256 AS named, "
    "coalesce(p.codebook_sha256, (SELECT b.sha256 FROM codebooks b "
    "WHERE b.recorded_at <= p.created_at ORDER BY b.recorded_at DESC, b.sha256 DESC LIMIT 1), "
    "(SELECT b.sha256 FROM codebooks b ORDER BY b.recorded_at, b.sha256 LIMIT 1)) AS counted "
    "FROM scopes p"
)
"""A scope that names no version is of the newest that was there when it was made, or of the first
(`assistant.codebook.lineage`)."""


def counted_versions(store: Store) -> dict[tuple[int, int], str]:
    """(coder, transcript) -> the version of the codebook that a scope counts for, named or not."""
    rows = store.rows(_COUNTED)
    return {(r["coder_id"], r["transcript_id"]): r["counted"] or "" for r in rows}


def name_versions(store: Store) -> int:
    """Write down the version that each scope counts for where it names none; how many.

    Times say which it is only among the versions of one study. Call before versions of another
    come in, and before scopes leave.
    """
    with store.transaction():
        unnamed = [r for r in store.rows(_COUNTED) if r["named"] is None and r["counted"]]
        store.write_many(
            "UPDATE scopes SET codebook_sha256 = ? WHERE id = ?",
            [(r["counted"], r["id"]) for r in unnamed],
        )
    return len(unnamed)


def scopes(store: Store, transcript_id: int | None = None) -> tuple[Scope, ...]:
    """Scopes of people, by transcript and coder."""
    rows = store.rows(
        "SELECT p.*, c.id AS c_id, c.name AS c_name, c.kind AS c_kind FROM scopes p "
        "JOIN coders c ON c.id = p.coder_id WHERE ? IS NULL OR p.transcript_id = ? "
        "ORDER BY p.transcript_id, c.name",
        (transcript_id, transcript_id),
    )
    return tuple(
        Scope(
            coder_from(r, "c_"),
            r["transcript_id"],
            r["exposure"],
            r["first_segment"],
            r["last_segment"],
            r["codebook_sha256"] or "",
            None if r["codes"] is None else tuple(json.loads(r["codes"])),
            None if r["segments"] is None else tuple(json.loads(r["segments"])),
            r["finished_at"] or "",
            r["created_at"],
        )
        for r in rows
    )


def codings(
    store: Store, transcript_id: int | None = None, kind: CoderKind | None = "human"
) -> tuple[Coding, ...]:
    """Codings by people, in the order of the text; without those of a decision that was undone.

    ``kind``: ``model`` for codings of models that came in a file of another study; None: all.
    """
    rows = store.rows(
        """
        SELECT k.*, c.id AS c_id, c.name AS c_name, c.kind AS c_kind,
               coalesce(k.exposure, p.exposure, 'unknown') AS seen, coalesce(d.name, '') AS file,
               coalesce(d.imported_at, k.created_at) AS at
        FROM codings k JOIN coders c ON c.id = k.coder_id
        LEFT JOIN scopes p ON p.coder_id = k.coder_id AND p.transcript_id = k.transcript_id
        LEFT JOIN documents d ON d.id = k.document_id
        WHERE (? IS NULL OR k.transcript_id = ?) AND (? IS NULL OR c.kind = ?)
          AND k.id NOT IN (SELECT coding_id FROM undone_codings)
        ORDER BY k.transcript_id, k.start_char, k.end_char, k.code, c.name""",
        (transcript_id, transcript_id, kind, kind),
    )
    return tuple(_coding(r) for r in rows)


def coding_codes(store: Store, ids: Sequence[int]) -> dict[int | None, str]:
    """The code of each of these codings, also of those whose decision was undone."""
    marks = ", ".join("?" * len(ids))
    rows = store.rows(f"SELECT id, code FROM codings WHERE id IN ({marks})", tuple(ids))
    return {r["id"]: r["code"] for r in rows}


def _coding(r: Row) -> Coding:
    return Coding(
        r["id"],
        r["guid"],
        r["transcript_id"],
        coder_from(r, "c_"),
        r["code"],
        r["start_char"],
        r["end_char"],
        r["quote"],
        r["origin"],
        r["seen"],
        r["file"],
        r["at"],
    )


def add_coding(store: Store, coding: Coding) -> int:
    """Add a coding made in the tool (origin ``review`` or ``blind``); its id."""
    return store.write(
        "INSERT INTO codings (guid, transcript_id, coder_id, code, start_char, end_char, quote, "
        "origin, exposure, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            coding.guid,
            coding.transcript_id,
            coding.coder.id,
            coding.code,
            coding.start,
            coding.end,
            coding.quote,
            coding.origin,
            coding.exposure,
            now(),
        ),
    )
