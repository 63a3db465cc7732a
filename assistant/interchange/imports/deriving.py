"""The codings of a transcript, made from all its files.

They are always made anew from all of them, so that it does not matter in which order files came;
only which of two files corrects the other is a matter of time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from assistant.hashing import hash_text
from assistant.interchange.imports.correcting import Corrected, mark_corrected
from assistant.interchange.imports.duplicates import Kept, without_duplicates
from assistant.store.database import Store
from assistant.store.people.coders import add_coder
from assistant.store.people.coding_guids import coding_guid
from assistant.store.records import Coder, Coding, DocumentCoding, DocumentRow
from assistant.store.texts.documents import document_codings, documents, replace_imported_codings
from assistant.store.texts.transcripts import transcript
from assistant.transcripts.aligning import NotCarried, align
from assistant.transcripts.records import Document, Segment, SourceCoding

__all__ = ["derive_codings", "document_of"]

Before = tuple[DocumentRow, tuple[DocumentCoding, ...], tuple[DocumentCoding, ...]]


def derive_codings(
    store: Store, key: int, new: dict[str, Document]
) -> tuple[list[Before], list[Kept], list[Corrected]]:
    """Make the transcript's codings from all its files; (file, codings before, codings now), the
    codings that the transcript has, and what files that came later corrected."""
    target = transcript(store, key)
    rows = documents(store, key)
    before = {row.id: document_codings(store, row.id) for row in rows}
    sources = [(row, (new.get(row.file_sha256) or document_of(store, row)).codings) for row in rows]
    carried = [
        (
            row,
            *_carry(
                codings, row.text, target.text, () if row.file_sha256 in new else before[row.id]
            ),
        )
        for row, codings in sources
    ]
    carried, corrected = mark_corrected(carried, before)
    coders = {
        (row.coder, row.coder_kind): add_coder(store, row.coder, row.coder_kind)
        for row in rows
        if row.coder
    }
    results, kept = without_duplicates(carried)
    made = [
        (
            row.id,
            _coding(
                target.sha256,
                target.text,
                key,
                coders[row.coder, row.coder_kind],
                row,
                code,
                span,
                n,
            ),
        )
        for row, code, span, n in kept
    ]
    guids = {
        (row.id, code, span, n): coding.guid
        for (row, code, span, n), (_, coding) in zip(kept, made, strict=True)
    }
    final = {row.id: _with_guids(row.id, found, spans, guids) for row, found, spans in results}
    # Of files with the same text, the first by hash is named as the one it came from.
    base = next((row.id for row in rows if hash_text(row.text) == target.sha256), 0)
    replace_imported_codings(store, key, base, list(final.items()), made)
    return [(row, before[row.id], tuple(final[row.id])) for row in rows], kept, corrected


def _carry(
    source: Sequence[SourceCoding], text: str, target: str, before: Sequence[DocumentCoding]
) -> tuple[list[DocumentCoding], list[tuple[int, int]]]:
    found: list[DocumentCoding] = []
    spans: list[tuple[int, int]] = []
    alignment = None if text == target or not source else align(text, target)
    for number, coding in enumerate(source):
        plain = DocumentCoding(
            coding.code,
            coding.start,
            coding.end,
            coding_guid=before[number].coding_guid if before else "",
            file_guid=coding.guid,
        )
        if alignment is None:
            found.append(plain)
            spans.append((coding.start, coding.end))
            continue
        at = alignment.carry(coding.start, coding.end)
        if isinstance(at, NotCarried):
            found.append(replace(plain, carried="failed", why=at.reason))
            spans.append((0, 0))
        elif at.quality == "exact":
            found.append(plain)
            spans.append((at.start, at.end))
        else:
            found.append(replace(plain, carried="partial", why=at.reason))
            spans.append((at.start, at.end))
    return found, spans


def _coding(
    sha256: str,
    text: str,
    transcript_id: int,
    coder: Coder,
    row: DocumentRow,
    code: str,
    span: tuple[int, int],
    number: int,
) -> Coding:
    guid = coding_guid(coder.name, sha256, coder.kind, code, span, number)
    quote = text[span[0] : span[1]]
    return Coding(0, guid, transcript_id, coder, code, *span, quote, "import", "unknown", row.name)


def _with_guids(
    document_id: int,
    found: Sequence[DocumentCoding],
    spans: Sequence[tuple[tuple[int, int], int]],
    guids: dict[tuple[int, str, tuple[int, int], int], str],
) -> list[DocumentCoding]:
    return [
        c  # under the name that it had
        if c.carried == "corrected"
        else replace(c, coding_guid=guids.get((document_id, c.code, span, n), ""))
        for c, (span, n) in zip(found, spans, strict=True)
    ]


def document_of(store: Store, row: DocumentRow) -> Document:
    return Document(
        name=row.name,
        format=row.format,
        file_sha256=row.file_sha256,
        encoding=row.encoding,
        title=row.title,
        coder=row.coder,
        language=row.language,
        text=row.text,
        segments=tuple(Segment(**s) for s in json.loads(row.segments_json)),
        codings=tuple(
            SourceCoding(code=c.code, start=c.start, end=c.end, guid=c.file_guid)
            for c in document_codings(store, row.id)
        ),
    )
