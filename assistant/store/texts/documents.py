"""Files as they were read, and what became of each of their codings.

Codings from files are always derived from all documents of a transcript, so that the order of
import does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from assistant.store.database import Store, now
from assistant.store.records import Coder, Coding, DocumentCoding, DocumentRow
from assistant.transcripts.records import Document, Exposure

__all__ = [
    "add_document",
    "codes_in_files",
    "document_by_file",
    "document_codings",
    "document_hashes",
    "documents",
    "documents_of_project",
    "documents_since",
    "hashes_with_coder",
    "last_document",
    "replace_document",
    "replace_imported_codings",
    "state_documents",
]


def document_by_file(store: Store, file_sha256: str) -> DocumentRow | None:
    found = _documents(store, "d.file_sha256 = ?", (file_sha256,))
    return found[0] if found else None


def documents(store: Store, transcript_id: int) -> tuple[DocumentRow, ...]:
    return _documents(store, "d.transcript_id = ?", (transcript_id,))


def documents_of_project(store: Store, project_sha256: str) -> tuple[DocumentRow, ...]:
    """All that came in one file of another tool, by the hash of that file."""
    return _documents(store, "d.project_sha256 = ?", (project_sha256,))


def _documents(store: Store, where: str, parameters: Sequence[Any]) -> tuple[DocumentRow, ...]:
    rows = store.rows(
        f"SELECT d.*, coalesce(c.name, '') AS coder, coalesce(c.kind, 'human') AS kind "
        f"FROM documents d "
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
            r["kind"],
            r["project_sha256"],
            bool(r["stated"]),
        )
        for r in rows
    )


def add_document(
    store: Store,
    transcript_id: int,
    document: Document,
    coder: Coder | None,
    path: str,
    *,
    exposure: Exposure | None = None,
    project_sha256: str = "",
    stated: bool = False,
) -> int:
    """Store a file as it was read; its id. Its codings follow by `replace_imported_codings`.

    ``exposure``: of its codings, where it is not that of the coder's scope. ``stated``: somebody
    said which interview it is.
    """
    return store.write(
        f"""
        INSERT INTO documents (transcript_id, name, path, {", ".join(_READ)}, imported_at, exposure,
            file_sha256, project_sha256, stated)
        VALUES (?, ?, ?, {", ".join("?" * len(_READ))}, ?, ?, ?, ?, ?)""",
        (
            *(transcript_id, document.name, path),
            *_as_read(document, coder),
            *(now(), exposure, document.file_sha256, project_sha256, int(stated)),
        ),
    )


_READ = (
    *("format", "encoding", "title", "coder_id", "language"),
    *("text", "segments", "notes", "skipped"),
)
"""Columns of what a reader found in the bytes of a file."""


def _as_read(document: Document, coder: Coder | None) -> tuple[Any, ...]:
    """The values of `_READ`."""
    return (
        document.format,
        document.encoding,
        document.title,
        coder.id if coder else None,
        document.language,
        document.text,
        json.dumps([s.model_dump(exclude_none=True) for s in document.segments]),
        json.dumps(document.notes, ensure_ascii=False),
        json.dumps([s.model_dump() for s in document.skipped], ensure_ascii=False),
    )


def document_hashes(store: Store, transcript_id: int | None = None) -> frozenset[str]:
    """Hashes of the bytes of a transcript's files (of all, unless said), and of the projects that
    they came in; also after its words are erased."""
    rows = store.rows(
        "SELECT file_sha256, project_sha256 FROM documents WHERE ? IS NULL OR transcript_id = ?",
        (transcript_id, transcript_id),
    )
    return frozenset(h for r in rows for h in (r["file_sha256"], r["project_sha256"]) if h)


def last_document(store: Store) -> int:
    """The highest row number of a file; 0 where there is none."""
    return int(store.value("SELECT coalesce(max(id), 0) FROM documents"))


def documents_since(store: Store, last: int) -> frozenset[str]:
    """Hashes of the bytes of files that came after the row ``last``."""
    rows = store.rows("SELECT file_sha256 FROM documents WHERE id > ?", (last,))
    return frozenset(r["file_sha256"] for r in rows)


def hashes_with_coder(store: Store) -> frozenset[str]:
    """Hashes of the bytes of files whose codes somebody made, as far as it is known who."""
    rows = store.rows("SELECT file_sha256 FROM documents WHERE coder_id IS NOT NULL")
    return frozenset(r["file_sha256"] for r in rows)


def replace_document(
    store: Store,
    document_id: int,
    document: Document,
    coder: Coder | None,
    *,
    stated: bool = False,
) -> None:
    """Keep a new reading of the same bytes: more of its labels are known now, or where it belongs
    (``stated``)."""
    sets = ", ".join(f"{column} = ?" for column in _READ)
    store.write(
        f"UPDATE documents SET {sets}, stated = max(stated, ?) WHERE id = ?",
        (*_as_read(document, coder), int(stated), document_id),
    )


def state_documents(store: Store, transcript_id: int) -> None:
    """All files of a transcript belong to another, because somebody said so."""
    store.write("UPDATE documents SET stated = 1 WHERE transcript_id = ?", (transcript_id,))


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
            r["file_guid"],
        )
        for r in rows
    )


def codes_in_files(store: Store) -> tuple[str, ...]:
    """Every code that a file has, as the file spells it."""
    rows = store.rows("SELECT DISTINCT code FROM document_codings ORDER BY code")
    return tuple(r["code"] for r in rows)


def replace_imported_codings(
    store: Store,
    transcript_id: int,
    base_document: int,
    carried: Sequence[tuple[int, Sequence[DocumentCoding]]],
    new: Sequence[tuple[int, Coding]],
) -> None:
    """Set all codings of a transcript that come from files.

    ``carried`` gives, for each document id, its codings with what became of them; ``new`` the
    codings that result, each with the id of its document. A coding that is there already (same
    guid) keeps its row.
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
                "why, coding_guid, file_guid) VALUES (?, ?, ?, ?, ?, ?, nullif(?, ''), ?)",
                [
                    (
                        *(document_id, c.code, c.start, c.end, c.carried, c.why),
                        *(c.coding_guid, c.file_guid),
                    )
                    for c in document_codings_
                ],
            )
        keep = json.dumps([c.guid for _, c in new])
        store.write(
            "DELETE FROM codings WHERE transcript_id = ? AND origin = 'import' "
            "AND guid NOT IN (SELECT value FROM json_each(?))",
            (transcript_id, keep),
        )
        store.write_many(
            "INSERT INTO codings (guid, transcript_id, coder_id, code, start_char, end_char, "
            "quote, origin, document_id, exposure, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, "
            "'import', ?, (SELECT exposure FROM documents WHERE id = ?), ?) "
            "ON CONFLICT (guid) DO UPDATE SET document_id = excluded.document_id, "
            "exposure = excluded.exposure",
            [
                (
                    c.guid,
                    transcript_id,
                    c.coder.id,
                    c.code,
                    c.start,
                    c.end,
                    c.quote,
                    document_id,
                    document_id,
                    now(),
                )
                for document_id, c in new
            ],
        )
