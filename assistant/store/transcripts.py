"""Transcripts, the documents they were made from, scopes and human codings.

A transcript may be made again from its documents until something used it (`is_frozen`); after that
its text never changes. Codings from files are always derived from documents, so that the order of
import does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from assistant.store.coders import coder_from
from assistant.store.database import Row, Store, now
from assistant.store.records import (
    Coder,
    Coding,
    DocumentCoding,
    DocumentRow,
    Scope,
    TranscriptInfo,
)
from assistant.transcripts.records import Document, Exposure, Segment, Transcript

__all__ = [
    "add_coding",
    "add_document",
    "codings",
    "document_by_file",
    "document_codings",
    "documents",
    "find_transcript",
    "is_frozen",
    "new_transcript",
    "replace_imported_codings",
    "replace_text",
    "scopes",
    "set_consent",
    "set_exposure",
    "set_language",
    "set_scope",
    "transcript",
    "transcript_infos",
]


def new_transcript(
    store: Store, name: str, sha256: str, text: str, language: str, segments: Sequence[Segment]
) -> int:
    """Store a transcript; its id."""
    with store.transaction():
        key = store.write(
            "INSERT INTO transcripts (name, sha256, text, language, created_at) "
            "VALUES (?, ?, ?, ?, ?)",
            (name, sha256, text, language, now()),
        )
        _write_segments(store, key, segments)
    return key


def replace_text(
    store: Store, key: int, name: str, sha256: str, text: str, segments: Sequence[Segment]
) -> None:
    """Give a transcript that nothing has used another of its documents' texts."""
    assert not is_frozen(store, key), "a transcript that was used never changes"
    with store.transaction():
        store.write("DELETE FROM codings WHERE transcript_id = ? AND origin = 'import'", (key,))
        store.write("DELETE FROM segments WHERE transcript_id = ?", (key,))
        store.write(
            "UPDATE transcripts SET name = ?, sha256 = ?, text = ? WHERE id = ?",
            (name, sha256, text, key),
        )
        _write_segments(store, key, segments)


def _write_segments(store: Store, key: int, segments: Sequence[Segment]) -> None:
    store.write_many(
        "INSERT INTO segments (transcript_id, idx, start_char, end_char, speaker, turn) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(key, s.index, s.start, s.end, s.speaker, s.turn) for s in segments],
    )


def is_frozen(store: Store, key: int) -> bool:
    """True once a run, a coding made in the tool or a withdrawal rests on this text."""
    return bool(
        store.value(
            "SELECT EXISTS (SELECT 1 FROM run_transcripts WHERE transcript_id = :t) "
            "OR EXISTS (SELECT 1 FROM codings WHERE transcript_id = :t AND origin <> 'import') "
            "OR EXISTS (SELECT 1 FROM tombstones WHERE transcript_id = :t)",
            {"t": key},  # type: ignore[arg-type]
        )
    )


def transcript(store: Store, key: int) -> Transcript:
    """A transcript with text and segments. Raises KeyError when there is none with this id."""
    row = store.row("SELECT * FROM transcripts WHERE id = ?", (key,))
    if row is None:
        raise KeyError(key)
    segments = store.rows("SELECT * FROM segments WHERE transcript_id = ? ORDER BY idx", (key,))
    return Transcript(
        id=row["id"],
        name=row["name"],
        sha256=row["sha256"],
        text=row["text"],
        language=row["language"],
        consent=row["consent"],
        segments=tuple(
            Segment(
                index=s["idx"],
                start=s["start_char"],
                end=s["end_char"],
                speaker=s["speaker"],
                turn=s["turn"],
            )
            for s in segments
        ),
    )


def find_transcript(store: Store, name: str) -> int | None:
    """Id of the transcript of that name (case ignored)."""
    found = store.value("SELECT id FROM transcripts WHERE lower(name) = lower(?)", (name,))
    return None if found is None else int(found)


def transcript_infos(store: Store) -> tuple[TranscriptInfo, ...]:
    """All transcripts, in natural order of their names ("2" before "11")."""
    rows = store.rows(
        """
        SELECT t.id, t.name, t.sha256, t.language, t.consent, length(t.text) AS characters,
               t.withdrawn_at IS NOT NULL AS withdrawn,
               (SELECT count(*) FROM segments s WHERE s.transcript_id = t.id) AS segments,
               (SELECT count(*) FROM codings k WHERE k.transcript_id = t.id) AS codings,
               (SELECT json_group_array(name) FROM (
                   SELECT c.name FROM scopes p JOIN coders c ON c.id = p.coder_id
                   WHERE p.transcript_id = t.id AND c.kind = 'human' ORDER BY c.name)) AS coders,
               (SELECT json_group_array(name) FROM (
                   SELECT d.name FROM documents d WHERE d.transcript_id = t.id
                   ORDER BY d.name)) AS documents
        FROM transcripts t"""
    )
    infos = [
        TranscriptInfo(
            r["id"],
            r["name"],
            r["sha256"],
            r["language"],
            r["consent"],
            r["segments"],
            r["characters"],
            bool(r["withdrawn"]),
            tuple(json.loads(r["coders"])),
            r["codings"],
            tuple(json.loads(r["documents"])),
        )
        for r in rows
    ]
    return tuple(sorted(infos, key=lambda info: _natural(info.name)))


def _natural(name: str) -> list[tuple[int, int, str]]:
    import re

    parts = re.split(r"(\d+)", name.casefold())
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts]


# --- documents -------------------------------------------------------------------------------


def document_by_file(store: Store, file_sha256: str) -> DocumentRow | None:
    found = _documents(store, "d.file_sha256 = ?", (file_sha256,))
    return found[0] if found else None


def documents(store: Store, transcript_id: int) -> tuple[DocumentRow, ...]:
    return _documents(store, "d.transcript_id = ?", (transcript_id,))


def _documents(store: Store, where: str, parameters: Sequence[Any]) -> tuple[DocumentRow, ...]:
    rows = store.rows(
        f"SELECT d.*, coalesce(c.name, '') AS coder FROM documents d "
        f"LEFT JOIN coders c ON c.id = d.coder_id WHERE {where} ORDER BY d.file_sha256",
        parameters,
    )
    return tuple(
        DocumentRow(
            r["id"],
            r["transcript_id"],
            r["name"],
            r["path"],
            r["format"],
            r["file_sha256"],
            r["encoding"],
            r["title"],
            r["coder"],
            r["language"],
            r["text"],
            r["segments"],
            tuple(json.loads(r["notes"])),
            bool(r["is_base"]),
            r["imported_at"],
        )
        for r in rows
    )


def add_document(
    store: Store, transcript_id: int, document: Document, coder: Coder | None, path: str
) -> int:
    """Store a file as it was read; its id. Its codings follow by `replace_imported_codings`."""
    return store.write(
        """
        INSERT INTO documents (transcript_id, name, path, format, file_sha256, encoding, title,
            coder_id, language, text, segments, notes, skipped, imported_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            transcript_id,
            document.name,
            path,
            document.format,
            document.file_sha256,
            document.encoding,
            document.title,
            coder.id if coder else None,
            document.language,
            document.text,
            json.dumps([s.model_dump() for s in document.segments]),
            json.dumps(document.notes, ensure_ascii=False),
            json.dumps([s.model_dump() for s in document.skipped], ensure_ascii=False),
            now(),
        ),
    )


def document_codings(store: Store, document_id: int) -> tuple[DocumentCoding, ...]:
    rows = store.rows(
        "SELECT * FROM document_codings WHERE document_id = ? ORDER BY start_char, code, id",
        (document_id,),
    )
    return tuple(
        DocumentCoding(
            r["code"],
            r["start_char"],
            r["end_char"],
            r["carried"],
            r["why"],
            r["coding_guid"] or "",
        )
        for r in rows
    )


def replace_imported_codings(
    store: Store,
    transcript_id: int,
    base_document: int,
    carried: Sequence[tuple[int, Sequence[DocumentCoding]]],
    new: Sequence[Coding],
) -> None:
    """Set all codings of a transcript that come from files.

    ``carried`` gives, for each document id, its codings with what became of them; ``new`` the
    codings that result. A coding that is there already (same guid) keeps its row.
    """
    with store.transaction():
        store.write(
            "UPDATE documents SET is_base = (id = ?) WHERE transcript_id = ?",
            (base_document, transcript_id),
        )
        for document_id, document_codings_ in carried:
            store.write("DELETE FROM document_codings WHERE document_id = ?", (document_id,))
            store.write_many(
                "INSERT INTO document_codings (document_id, code, start_char, end_char, carried, "
                "why, coding_guid) VALUES (?, ?, ?, ?, ?, ?, nullif(?, ''))",
                [
                    (document_id, c.code, c.start, c.end, c.carried, c.why, c.coding_guid)
                    for c in document_codings_
                ],
            )
        keep = json.dumps([c.guid for c in new])
        store.write(
            "DELETE FROM codings WHERE transcript_id = ? AND origin = 'import' "
            "AND guid NOT IN (SELECT value FROM json_each(?))",
            (transcript_id, keep),
        )
        ids = {r["name"]: r["id"] for r in store.rows("SELECT id, name FROM documents")}
        store.write_many(
            "INSERT INTO codings (guid, transcript_id, coder_id, code, start_char, end_char, "
            "quote, origin, document_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'import', ?, ?) "
            "ON CONFLICT (guid) DO UPDATE SET document_id = excluded.document_id",
            [
                (
                    c.guid,
                    transcript_id,
                    c.coder.id,
                    c.code,
                    c.start,
                    c.end,
                    c.quote,
                    ids.get(c.document),
                    now(),
                )
                for c in new
            ],
        )


# --- scopes and codings ----------------------------------------------------------------------


def set_scope(store: Store, scope: Scope) -> None:
    """Record what a coder coded of a transcript; a later statement replaces an earlier one, but
    never an exposure that the user has stated by ``unknown``."""
    store.write(
        """
        INSERT INTO scopes (coder_id, transcript_id, exposure, first_segment, last_segment,
            codebook_sha256, codes, created_at)
        VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?)
        ON CONFLICT (coder_id, transcript_id) DO UPDATE SET
            exposure = CASE excluded.exposure WHEN 'unknown' THEN scopes.exposure
                       ELSE excluded.exposure END,
            first_segment = excluded.first_segment, last_segment = excluded.last_segment,
            codebook_sha256 = coalesce(excluded.codebook_sha256, scopes.codebook_sha256),
            codes = excluded.codes""",
        (
            scope.coder.id,
            scope.transcript_id,
            scope.exposure,
            scope.first_segment,
            scope.last_segment,
            scope.codebook_sha256,
            None if scope.codes is None else json.dumps(scope.codes),
            now(),
        ),
    )


def set_exposure(
    store: Store, exposure: Exposure, *, coder: str = "", transcript_id: int | None = None
) -> int:
    """Change what people had seen when coding; how many scopes changed. Empty: all."""
    with store.transaction():
        matching = store.rows(
            "SELECT p.id FROM scopes p JOIN coders c ON c.id = p.coder_id WHERE c.kind = 'human' "
            "AND ? IN ('', c.name) AND (? IS NULL OR p.transcript_id = ?)",
            (coder, transcript_id, transcript_id),
        )
        for row in matching:
            store.write("UPDATE scopes SET exposure = ? WHERE id = ?", (exposure, row["id"]))
    return len(matching)


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
        )
        for r in rows
    )


def codings(store: Store, transcript_id: int | None = None) -> tuple[Coding, ...]:
    """Codings by people, in the order of the text."""
    rows = store.rows(
        """
        SELECT k.*, c.id AS c_id, c.name AS c_name, c.kind AS c_kind,
               coalesce(k.exposure, p.exposure, 'unknown') AS seen, coalesce(d.name, '') AS file
        FROM codings k JOIN coders c ON c.id = k.coder_id
        LEFT JOIN scopes p ON p.coder_id = k.coder_id AND p.transcript_id = k.transcript_id
        LEFT JOIN documents d ON d.id = k.document_id
        WHERE ? IS NULL OR k.transcript_id = ?
        ORDER BY k.transcript_id, k.start_char, k.end_char, k.code, c.name""",
        (transcript_id, transcript_id),
    )
    return tuple(_coding(r) for r in rows)


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


def set_language(store: Store, transcript_id: int, language: str) -> None:
    store.write("UPDATE transcripts SET language = ? WHERE id = ?", (language, transcript_id))


def set_consent(store: Store, transcript_id: int, consent: str) -> None:
    store.write("UPDATE transcripts SET consent = ? WHERE id = ?", (consent, transcript_id))
