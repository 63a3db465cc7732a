"""Where files belong, and what becomes of their codings.

Everything is derived from all files of an interview, old and new, by rules that do not look at the
order in which they came: which files are one interview, whose text is the transcript's, which
codings that makes. Only a transcript that a run or a decision rests on keeps its text.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import UserError
from assistant.hashing import hash_text
from assistant.interchange.changes import lost, standing_again
from assistant.interchange.coded_parts import outside_in_words
from assistant.interchange.duplicates import Kept, other_borders, without_duplicates
from assistant.interchange.fates import Meeting, base_name, borders_of, fate_of
from assistant.store.coders import add_coder
from assistant.store.codings import codings, scopes, set_scope
from assistant.store.database import Store
from assistant.store.documents import (
    add_document,
    document_codings,
    documents,
    replace_document,
    replace_imported_codings,
)
from assistant.store.records import (
    Coder,
    CoderKind,
    Coding,
    DocumentCoding,
    DocumentRow,
    Scope,
)
from assistant.store.transcripts import (
    find_transcript,
    is_frozen,
    merge_transcripts,
    new_transcript,
    replace_text,
    set_language,
    transcript,
    transcript_infos,
    withdrawn_with,
)
from assistant.transcripts.aligning import NotCarried, align, choose_base, group
from assistant.transcripts.records import Document, Exposure, Segment, SourceCoding, Transcript

__all__ = ["Group", "Item", "Placed", "group_files", "place"]

_GUIDS = uuid.UUID("5b1f3b60-6e2a-4c0e-9a51-7d1f0c2a9e11")


@dataclass(frozen=True)
class Item:
    """A file that was read, with the coder whose codes it holds."""

    path: Path
    document: Document
    coder: str = ""
    replaces: int = 0
    """Id of the stored document of the same bytes, when it is read anew with more codes."""
    kind: CoderKind = "human"
    exposure: Exposure | None = None
    """Of this file's codings, where it is not that of the coder's scope; then none is set."""
    scoped: bool = True
    """False: somebody else says what its coder looked at."""
    project_sha256: str = ""


@dataclass(frozen=True)
class Group:
    """New files of one interview, and the transcripts that hold others of its files."""

    items: tuple[Item, ...]
    transcripts: tuple[int, ...]


@dataclass(frozen=True)
class Placed:
    transcript: str
    carried: dict[str, tuple[DocumentCoding, ...]]
    """Hash of a file -> its codings with what became of them, for new files."""
    earlier: tuple[tuple[DocumentRow, tuple[DocumentCoding, ...]], ...]
    """Files that were there before, with those of their codings that are no longer carried over."""
    again: Counter[tuple[str, str]]
    """(kind, coder) -> codings of the new files that take the place of one that was there before:
    which of two files counts for a coding does not look at which was first."""
    said: dict[str, str]
    """Hash of a new file -> what it meant for the text, the name and the codings that were there;
    empty where it changed nothing and could not have."""
    borders: dict[str, str]
    """Hash of a new file -> which of its codings overlap another file's with other borders."""
    outside: dict[str, str]
    """Hash of a new file -> that its coder has codings outside the part that she is said to have
    coded, and what to do."""


def group_files(store: Store, items: Sequence[Item]) -> tuple[Group, ...]:
    """Put new files with each other and with the transcripts that they belong to."""
    owner: dict[str, int] = {}
    old: list[Document] = []
    mine = {item.document.file_sha256: item for item in items}
    for info in transcript_infos(store):
        if info.withdrawn:
            continue
        for row in documents(store, info.id):
            owner[row.file_sha256] = info.id
            if row.file_sha256 not in mine:
                old.append(_from_row(store, row))
    groups: list[Group] = []
    for members in group([*old, *(item.document for item in items)]):
        new = tuple(mine[d.file_sha256] for d in members if d.file_sha256 in mine)
        there = {owner[d.file_sha256] for d in members if d.file_sha256 in owner}
        if new:
            groups.append(Group(new, tuple(sorted(there))))
    return tuple(groups)


def place(
    store: Store, files: Group, exposure: Exposure, language: str = "", version: str = ""
) -> Placed:
    """Store the files of one interview, all or nothing.

    ``version``: of the codebook, as a hash, that coders go by who have coded nothing of it before.

    Raises `UserError` when another interview has the name, or when the words are those of a
    participant who has withdrawn.
    """
    with store.transaction():
        names = {one: transcript(store, one).name for one in files.transcripts}
        key = _one_transcript(store, files.transcripts)
        old = transcript(store, key) if key else None
        frozen = bool(key) and is_frozen(store, key)
        still = {info.id for info in transcript_infos(store)}
        rows = documents(store, key) if key else ()
        new = {item.document.file_sha256 for item in files.items}
        candidates = [_from_row(store, row) for row in rows if row.file_sha256 not in new]
        base = choose_base([*candidates, *(item.document for item in files.items)])
        if old is None:
            name = base_name(base, [item.document for item in files.items])
            _check_free(store, base, name)
            key = new_transcript(
                store,
                name,
                hash_text(base.text),
                base.text,
                language or base.language,
                base.segments,
            )
        elif not frozen:
            _rebase(store, old, base)
        if language:
            set_language(store, key, language)
        for item in files.items:
            coder = add_coder(store, item.coder, item.kind) if item.coder else None
            if item.replaces:
                replace_document(store, item.replaces, item.document, coder)
            else:
                add_document(
                    store,
                    key,
                    item.document,
                    coder,
                    str(item.path.resolve()),
                    exposure=item.exposure,
                    project_sha256=item.project_sha256,
                )
            if coder is not None and item.kind == "human" and item.scoped and not item.exposure:
                # What part she coded stays as it was stated, or is on record here (such as
                # a sample): a file does not say it.
                mine = [s for s in scopes(store, key) if s.coder.id == coder.id]
                scope = mine[0] if mine else Scope(coder, key, exposure, codebook_sha256=version)
                set_scope(store, replace(scope, exposure=exposure))
        found, kept = _derive_codings(
            store, key, {i.document.file_sha256: i.document for i in files.items}
        )
        target = transcript(store, key)
        outside = _outside(store, target, files.items)
    met = Meeting(
        old,
        target,
        base,
        frozen,
        tuple(name for one, name in names.items() if one not in still),
        tuple(c for row, _, now in found if row.file_sha256 not in new for c in now),
    )
    gone = [(row, lost(before, now)) for row, before, now in found if row.file_sha256 not in new]
    return Placed(
        target.name,
        {row.file_sha256: now for row, _, now in found if row.file_sha256 in new},
        tuple((row, failed) for row, failed in gone if failed),
        standing_again([one for one in found if one[0].file_sha256 not in new]),
        {i.document.file_sha256: fate_of(i.document, met) for i in files.items},
        borders_of(other_borders(kept, new)),
        outside,
    )


def _outside(store: Store, text: Transcript, items: Sequence[Item]) -> dict[str, str]:
    mine = codings(store, text.id)
    said = {s.coder.name: outside_in_words(s, text, mine) for s in scopes(store, text.id)}
    return {
        item.document.file_sha256: said[item.coder]
        for item in items
        if item.kind == "human" and said.get(item.coder) and item.document.codings
    }


def _one_transcript(store: Store, keys: Sequence[int]) -> int:
    """The transcript of these ids; two that a new file shows to be one are made one, or 0.

    Two that runs or decisions rest on stay two; the new files go to the first.
    """
    if not keys:
        return 0
    frozen = [key for key in keys if is_frozen(store, key)]
    kept = (frozen or list(keys))[0]
    for key in keys:
        if key != kept and key not in frozen:
            merge_transcripts(store, kept, key)
    return kept


def _rebase(store: Store, now: Transcript, base: Document) -> None:
    """A transcript keeps the name that people know it by, whatever file gives its text."""
    if now.sha256 == hash_text(base.text):
        return
    _check_withdrawn(store, base)
    replace_text(store, now.id, now.name, hash_text(base.text), base.text, base.segments)


def _check_withdrawn(store: Store, base: Document) -> None:
    gone = withdrawn_with(store, hash_text(base.text))
    if gone:
        raise UserError(
            f"These are the words of “{gone}”, which was withdrawn. They were not imported.",
            where=base.name,
            hint="A participant's withdrawal is for good: delete the file.",
        )


def _check_free(store: Store, base: Document, name: str) -> None:
    _check_withdrawn(store, base)
    other = find_transcript(store, name)
    if other is None:
        return
    if any(info.id == other and info.withdrawn for info in transcript_infos(store)):
        raise UserError(
            f"The transcript “{name}” was withdrawn, so nothing is imported under its name.",
            where=base.name,
            hint="If these are the words of the participant who withdrew, delete the file. If it "
            "is another interview, give the file another name.",
        )
    raise UserError(
        f"There already is a transcript named “{name}”, and its words are different. "
        "A transcript never changes once it is in the study, so nothing was replaced.",
        where=base.name,
        hint="If the file holds codes as lines of their own, name them, or they are taken for "
        "words: `--labels FILE`, one code a line; import all files of the interview again with it. "
        "A title in the first line counts as words unless it is the file's name. If this is "
        "another interview, give the file another name. If it is a corrected version, import it "
        f"under another name (“{name} corrected”); after that the old one can be erased for "
        f'good, if it must go: `secondcoder withdraw "{name}"`.',
    )


def _from_row(store: Store, row: DocumentRow) -> Document:
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
            SourceCoding(code=c.code, start=c.start, end=c.end)
            for c in document_codings(store, row.id)
        ),
    )


# --- codings of all files of a transcript ------------------------------------------------------

_Found = tuple[DocumentRow, tuple[DocumentCoding, ...], tuple[DocumentCoding, ...]]


def _derive_codings(
    store: Store, key: int, new: dict[str, Document]
) -> tuple[list[_Found], list[Kept]]:
    """Make the transcript's codings from all its files; (file, codings before, codings now), and
    the codings that the transcript has."""
    target = transcript(store, key)
    rows = documents(store, key)
    before = {row.id: document_codings(store, row.id) for row in rows}
    sources = [(row, (new.get(row.file_sha256) or _from_row(store, row)).codings) for row in rows]
    carried = [(row, *_carry(codings, row.text, target.text)) for row, codings in sources]
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
    return [(row, before[row.id], tuple(final[row.id])) for row in rows], kept


def _carry(
    source: Sequence[SourceCoding], text: str, target: str
) -> tuple[list[DocumentCoding], list[tuple[int, int]]]:
    found: list[DocumentCoding] = []
    spans: list[tuple[int, int]] = []
    alignment = None if text == target or not source else align(text, target)
    for coding in source:
        plain = DocumentCoding(coding.code, coding.start, coding.end)
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
    said = [sha256, coder.name, code, str(span), str(number)]
    if coder.kind == "model":
        said.append("model")
    guid = uuid.uuid5(_GUIDS, "|".join(said))
    quote = text[span[0] : span[1]]
    return Coding(
        0, str(guid), transcript_id, coder, code, *span, quote, "import", "unknown", row.name
    )


def _with_guids(
    document_id: int,
    found: Sequence[DocumentCoding],
    spans: Sequence[tuple[tuple[int, int], int]],
    guids: dict[tuple[int, str, tuple[int, int], int], str],
) -> list[DocumentCoding]:
    return [
        replace(c, coding_guid=guids.get((document_id, c.code, span, n), ""))
        for c, (span, n) in zip(found, spans, strict=True)
    ]
