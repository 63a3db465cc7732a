"""From files to transcripts with several coders.

Files of the same words become one transcript. Its text is that of one of its files, chosen by a
rule that does not look at the order of import; codings of the others are carried over by aligning
words. What could not be carried over is a row with a reason and is named in the report. Once a run
or a decision rests on a transcript its text stays, whatever files come later.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import SecondCoderError, UserError
from assistant.hashing import hash_text
from assistant.interchange.duplicates import without_duplicates
from assistant.store.coders import add_coder
from assistant.store.codings import set_scope
from assistant.store.database import Store
from assistant.store.documents import (
    add_document,
    document_by_file,
    document_codings,
    documents,
    replace_imported_codings,
)
from assistant.store.events import record_event
from assistant.store.records import Coder, Coding, DocumentCoding, DocumentRow, Scope
from assistant.store.transcripts import (
    find_transcript,
    is_frozen,
    new_transcript,
    replace_text,
    transcript,
    transcript_infos,
)
from assistant.transcripts.aligning import (
    NotCarried,
    align,
    choose_base,
    group,
    same_interview,
)
from assistant.transcripts.reading import read_document
from assistant.transcripts.records import Document, Exposure, Segment, Skipped, SourceCoding

__all__ = ["FileReport", "ImportOptions", "ImportReport", "import_files"]

_GUIDS = uuid.UUID("5b1f3b60-6e2a-4c0e-9a51-7d1f0c2a9e11")


@dataclass(frozen=True)
class ImportOptions:
    coder: str = ""
    """Coder of every file with codes, whatever its name says."""
    exposure: Exposure = "unknown"
    known_codes: Collection[str] = ()
    """Names that the codebook knows, to recognise labels in text exports."""
    labels: Collection[str] = ()
    language: str = ""
    reader: str = "auto"
    ask_coder: Callable[[Path], str] | None = None
    """Asked for a file that has codes and names nobody; None: that file is an error."""
    confirm_labels: Callable[[Path, tuple[str, ...]], bool] | None = None
    """Shown the lines of a file that look like labels; True: they are. None: they are not used."""
    trust_guesses: bool = False
    """Take label-like lines for labels without being asked."""
    dry_run: bool = False


@dataclass(frozen=True)
class FileReport:
    """What became of one file."""

    path: str
    status: str
    """``imported``, ``already there``, ``refused``."""
    transcript: str = ""
    format: str = ""
    encoding: str = ""
    language: str = ""
    coder: str = ""
    codings: int = 0
    exact: int = 0
    partial: int = 0
    same: int = 0
    failed: tuple[DocumentCoding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class ImportReport:
    files: tuple[FileReport, ...]
    transcripts: tuple[str, ...]
    """Names of the transcripts that the files belong to."""

    @property
    def refused(self) -> tuple[FileReport, ...]:
        return tuple(file for file in self.files if file.status == "refused")


@dataclass
class _Item:
    path: Path
    document: Document
    coder: str = ""
    notes: tuple[str, ...] = ()
    transcript_id: int = 0
    carried: tuple[DocumentCoding, ...] = field(default=())


def import_files(
    store: Store,
    paths: Sequence[Path],
    options: ImportOptions = ImportOptions(),
    progress: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Read files (folders are searched) and make transcripts of them.

    A file that cannot be read is reported as refused and the others go on. Each transcript is
    stored in one transaction. Raises `UserError` when a path does not exist.
    """
    items: list[_Item] = []
    reports: dict[Path, FileReport] = {}
    files = list(_files(paths))
    for path in files:
        progress(path.name)
        try:
            item, report = _read(store, path, options)
        except SecondCoderError as error:
            reports[path] = FileReport(str(path), "refused", error=str(error))
            continue
        if item is not None:
            items.append(item)
        elif report is not None:
            reports[path] = report
    for members, transcript_id in _grouped(store, items):
        try:
            if not options.dry_run:
                transcript_id = _store_group(store, members, transcript_id, options)
            name = (
                transcript(store, transcript_id).name
                if transcript_id
                else choose_base([m.document for m in members]).title
            )
            for member in members:
                reports[member.path] = _report(member, name)
        except SecondCoderError as error:
            for member in members:
                reports[member.path] = FileReport(
                    str(member.path), "refused", format=member.document.format, error=str(error)
                )
    ordered = tuple(reports[path] for path in files)
    names = tuple(sorted({r.transcript for r in ordered if r.transcript}))
    if not options.dry_run and any(r.status == "imported" for r in ordered):
        imported = [r for r in ordered if r.status == "imported"]
        record_event(
            store,
            "import",
            f"{len(imported)} files imported into {len({r.transcript for r in imported})} "
            f"transcripts, {sum(r.codings for r in imported)} codings",
            files=[
                {"file": Path(r.path).name, "transcript": r.transcript, "coder": r.coder}
                for r in imported
            ],
            exposure=options.exposure,
        )
    return ImportReport(ordered, names)


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p
                for p in path.rglob("*")
                if p.is_file() and not any(part.startswith(".") for part in p.parts)
            )
        elif path.exists():
            inside = [path]
        else:
            raise UserError(
                "There is no such file or folder.", where=str(path), hint="Check the spelling."
            )
        for file in inside:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _read(
    store: Store, path: Path, options: ImportOptions
) -> tuple[_Item | None, FileReport | None]:
    document = _document(path, options, options.trust_guesses)
    if (
        document.guessed_labels
        and not options.trust_guesses
        and options.confirm_labels is not None
        and options.confirm_labels(path, document.guessed_labels)
    ):
        document = _document(path, options, True)
    there = document_by_file(store, document.file_sha256)
    if there is not None and (there.coder or not document.codings):
        return None, FileReport(
            str(path),
            "already there",
            transcript=transcript(store, there.transcript_id).name,
            format=there.format,
            encoding=there.encoding,
            language=there.language,
            coder=there.coder,
            notes=(f"The same bytes were imported on {there.imported_at[:10]} as {there.name}.",),
        )
    coder = (options.coder or document.coder) if document.codings else ""
    if document.codings and not coder and options.ask_coder is not None:
        coder = options.ask_coder(path).strip()
    if document.codings and not coder:
        raise UserError(
            f"This file has {len(document.codings)} codes, and nothing says who coded it.",
            where=str(path),
            hint="Name the coder with `--coder NAME`, or put the name at the end of the file name "
            "(`Interview 4 - Ana.pdf`).",
        )
    return _Item(path, document, coder, document.notes), None


def _document(path: Path, options: ImportOptions, trust_guesses: bool) -> Document:
    return read_document(
        path,
        known_codes=options.known_codes,
        labels=options.labels,
        coder=options.coder,
        language=options.language,
        reader=options.reader,
        trust_guesses=trust_guesses,
    )


# --- which files are one interview -------------------------------------------------------------


def _grouped(store: Store, items: Sequence[_Item]) -> list[tuple[list[_Item], int]]:
    """Groups of new files with the id of the transcript that they belong to, or 0."""
    existing = [
        (info.id, transcript(store, info.id).text)
        for info in transcript_infos(store)
        if not info.withdrawn
    ]
    by_document = {id(item.document): item for item in items}
    result: dict[int, list[_Item]] = {}
    fresh: list[tuple[list[_Item], int]] = []
    for documents_ in group([item.document for item in items]):
        members = [by_document[id(d)] for d in documents_]
        key = next((k for k, t in existing if same_interview(documents_[0].text, t)), 0)
        if key:
            result.setdefault(key, []).extend(members)
        else:
            fresh.append((members, 0))
    return [(members, key) for key, members in result.items()] + fresh


def _store_group(
    store: Store, members: list[_Item], transcript_id: int, options: ImportOptions
) -> int:
    with store.transaction():
        before = documents(store, transcript_id) if transcript_id else ()
        candidates = [_from_row(store, row) for row in before] + [m.document for m in members]
        base = choose_base(candidates)
        if not transcript_id:
            transcript_id = _new(store, base, options)
        elif not is_frozen(store, transcript_id):
            _rebase(store, transcript_id, base)
        for member in members:
            member.transcript_id = transcript_id
            coder = add_coder(store, member.coder, "human") if member.coder else None
            add_document(store, transcript_id, member.document, coder, str(member.path))
            if coder is not None:
                set_scope(store, Scope(coder, transcript_id, options.exposure))
        _derive_codings(store, transcript_id, base, {m.document.file_sha256: m for m in members})
    return transcript_id


def _new(store: Store, base: Document, options: ImportOptions) -> int:
    _free_name(store, base, None)
    language = options.language or base.language
    return new_transcript(
        store, base.title, hash_text(base.text), base.text, language, base.segments
    )


def _rebase(store: Store, transcript_id: int, base: Document) -> None:
    now = transcript(store, transcript_id)
    if now.sha256 == hash_text(base.text) and now.name == base.title:
        return
    _free_name(store, base, transcript_id)
    replace_text(store, transcript_id, base.title, hash_text(base.text), base.text, base.segments)


def _free_name(store: Store, base: Document, mine: int | None) -> None:
    other = find_transcript(store, base.title)
    if other is not None and other != mine:
        raise UserError(
            f"There already is a transcript named “{base.title}”, and its words are different. "
            "A transcript never changes once it is in the study, so nothing was replaced.",
            where=base.name,
            hint="If this is another interview, give the file another name. If it is a corrected "
            f"version, import it under another name (“{base.title} corrected”) and withdraw the "
            f'old one with `secondcoder withdraw "{base.title}"` if it must go.',
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


def _derive_codings(
    store: Store, transcript_id: int, base: Document, members: dict[str, _Item]
) -> None:
    target = transcript(store, transcript_id)
    carried: list[tuple[DocumentRow, list[DocumentCoding], list[tuple[int, int]]]] = []
    base_id = 0
    for row in documents(store, transcript_id):
        if row.file_sha256 == base.file_sha256:
            base_id = row.id
        member = members.get(row.file_sha256)
        source = member.document.codings if member else _from_row(store, row).codings
        carried.append((row, *_carry(source, row.text, target.text)))
    coders = {row.coder: add_coder(store, row.coder, "human") for row, _, _ in carried if row.coder}
    results, kept = without_duplicates(carried)
    new = [
        _coding(target.sha256, target.text, transcript_id, coders[row.coder], row, code, span, n)
        for row, code, span, n in kept
    ]
    guids = {
        (row.id, code, span, n): c.guid for (row, code, span, n), c in zip(kept, new, strict=True)
    }
    final = [(row.id, _with_guids(row.id, found, spans, guids)) for row, found, spans in results]
    replace_imported_codings(store, transcript_id, base_id, final, new)
    by_row = dict(final)
    for row, _, _ in carried:
        if row.file_sha256 in members:
            members[row.file_sha256].carried = tuple(by_row[row.id])


def _carry(
    source: Sequence[SourceCoding], text: str, target: str
) -> tuple[list[DocumentCoding], list[tuple[int, int]]]:
    found: list[DocumentCoding] = []
    spans: list[tuple[int, int]] = []
    alignment = None if text == target or not source else align(text, target)
    for coding in source:
        if alignment is None:
            found.append(DocumentCoding(coding.code, coding.start, coding.end))
            spans.append((coding.start, coding.end))
            continue
        place = alignment.carry(coding.start, coding.end)
        if isinstance(place, NotCarried):
            found.append(
                DocumentCoding(coding.code, coding.start, coding.end, "failed", place.reason)
            )
            spans.append((0, 0))
            continue
        why = "" if place.quality == "exact" else f"{place.share:.0%} of its words are there"
        found.append(
            DocumentCoding(
                coding.code,
                coding.start,
                coding.end,
                "exact" if place.quality == "exact" else "partial",
                why,
            )
        )
        spans.append((place.start, place.end))
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
    guid = uuid.uuid5(_GUIDS, "|".join((sha256, coder.name, code, str(span), str(number))))
    return Coding(
        0,
        str(guid),
        transcript_id,
        coder,
        code,
        span[0],
        span[1],
        text[span[0] : span[1]],
        "import",
        "unknown",
        row.name,
    )


def _with_guids(
    document_id: int,
    found: Sequence[DocumentCoding],
    spans: Sequence[tuple[tuple[int, int], int]],
    guids: dict[tuple[int, str, tuple[int, int], int], str],
) -> list[DocumentCoding]:
    return [
        DocumentCoding(
            c.code,
            c.start,
            c.end,
            c.carried,
            c.why,
            guids.get((document_id, c.code, span, n), ""),
        )
        for c, (span, n) in zip(found, spans, strict=True)
    ]


def _report(member: _Item, name: str) -> FileReport:
    document, carried = member.document, member.carried
    return FileReport(
        str(member.path),
        "imported",
        transcript=name,
        format=document.format,
        encoding=document.encoding,
        language=document.language,
        coder=member.coder,
        codings=len(document.codings),
        exact=sum(c.carried == "exact" for c in carried),
        partial=sum(c.carried == "partial" for c in carried),
        same=sum(c.carried == "same-as-another-file" for c in carried),
        failed=tuple(c for c in carried if c.carried == "failed"),
        skipped=document.skipped,
        notes=member.notes,
    )
