"""From files to transcripts with several coders.

Files of the same words become one transcript. Its text is that of one of its files, chosen by a
rule that does not look at the order of import; codings of the others are carried over by aligning
words (`assistant.interchange.imports.placing`). What could not be carried over is a row with a
reason and is named in the report; so is every file that was not taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from assistant.counting import counted_many
from assistant.errors import SecondCoderError
from assistant.interchange.imports.codes_ahead import codes_ahead, codes_of_others, may_hold_labels
from assistant.interchange.imports.files_meant import files_meant
from assistant.interchange.imports.items import make_item, same_bytes, without_copies
from assistant.interchange.imports.labels import as_words, codes_of_study, settle_labels
from assistant.interchange.imports.near import Nearby, check_stated
from assistant.interchange.imports.no_interview import refuse_codebook, without_set_aside
from assistant.interchange.imports.placing import BroughtMeanwhile, Item, Placed, group_files, place
from assistant.interchange.imports.reports import FileReport, ImportOptions, ImportReport
from assistant.interchange.imports.with_projects import bring_project, write_codebook
from assistant.interchange.projects.first_codebook import FirstCodebook
from assistant.interchange.projects.ordering import Found, in_order, not_told_apart
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.reports import ProjectReport
from assistant.interchange.study_codebook.present import keep_present_version
from assistant.interchange.study_codebook.tables import is_codebook_table
from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.people.coders import coders
from assistant.store.people.codings import scopes
from assistant.store.records import DocumentCoding, DocumentRow
from assistant.store.texts.documents import codes_in_files
from assistant.store.texts.transcripts import find_transcript, transcript
from assistant.store.trail.events import record_event
from assistant.transcripts.language import check_language
from assistant.transcripts.reading import read_document
from assistant.transcripts.records import Document

__all__ = ["FileReport", "ImportOptions", "ImportReport", "import_files"]


_DEFAULT = ImportOptions()


def import_files(
    store: Store,
    paths: Sequence[Path],
    options: ImportOptions = _DEFAULT,
    progress: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Read files (folders are searched) and make transcripts of them.

    A file that cannot be read is reported as refused and the others go on. Each transcript is
    stored in one transaction. A dry run does everything in a copy of the study, so that its report
    is that of the real import. Raises `UserError` when a path does not exist, where ``same_as``
    names nothing, and for a language that is none.
    """
    options = options.in_one_spelling()
    check_language(options.language)
    of_others = codes_of_study(store)
    people = {coder.name for coder in coders(store, "human")}

    def read(path: Path, sure: Collection[str] = (), suspects: Collection[str] = ()) -> Document:
        return read_document(
            path,
            known_codes=(*options.known_codes, *of_others),
            labels=(*options.labels, *sure),
            coder=options.coder,
            language=options.language,
            reader=options.reader,
            suspects=suspects,
            encoding=options.encoding,
            speakers=options.speakers,
        )

    documents: dict[Path, Document] = {}
    items: list[Item] = []
    reports: dict[Path, FileReport] = {}
    files, found = list[Path](), list[Found]()
    for path in without_set_aside(store, paths, files_meant(paths)):
        other = options.reader != "auto" or is_codebook_table(path)
        reader = None if other else find_reader(path)
        if reader is not None:
            found.append(Found(path, reader))
            continue
        files.append(path)
    if files or options.same_as:
        found, named = codes_ahead(found, options, codes_in_files(store))
        of_others = (*of_others, *named)
    for path in files:
        progress(path.name)
        try:
            refuse_codebook(path)
            documents[path] = read(path)
        except SecondCoderError as error:
            reports[path] = FileReport(str(path), "refused", error=str(error))
    named = codes_of_others(documents.values(), {*options.known_codes, *options.labels, *of_others})
    of_others = (*of_others, *named)
    for path, document in documents.items() if named else ():
        if may_hold_labels(document):
            documents[path] = read(path)
    in_tables = _names_in_tables(found, options)
    _check_stated(store, options, documents, files, found, in_tables)
    documents, labels = settle_labels(documents, read, options)
    for path, document in documents.items():
        try:
            item = make_item(store, path, document, options)
        except SecondCoderError as error:
            reports[path] = FileReport(str(path), "refused", error=str(error))
            continue
        if isinstance(item, Item):
            items.append(item)
        else:
            reports[path] = item
    with store.rehearsal() if options.dry_run else nullcontext(store) as store:
        file = options.codebook_file
        version = keep_present_version(file, store) if file else ""  # what these are coded with
        report = replace(_place(store, files, items, reports, options, version), labels=labels)
        _record(store, report, options)
        projects: list[ProjectReport] = []
        codes = FirstCodebook()
        new: list[Found] = []
        for one in in_order(found):
            progress(one.path.name)
            unsure = not_told_apart(one, new)
            before = one.project
            done = bring_project(
                store, one.path, one.reader, options, codes, unsure, before, people
            )
            projects.append(done)
            new += [one] if projects[-1].status == "imported" else []
        codebook = write_codebook(store, codes, options)
        there = {
            *(nfc(path.name) for path in files),
            *(s.name for p in projects for s in p.sources),
            *in_tables,
        }
        known = {*report.transcripts, *(name for p in projects for name in p.transcripts)}
        unknown = _unknown(store, report, projects)
    return replace(
        report,
        projects=tuple(projects),
        transcripts=tuple(sorted(known)),
        codebook=codebook,
        not_named=tuple(name for name in options.same_as if name and name not in there),
        unknown=unknown,
    )


def _names_in_tables(found: Sequence[Found], options: ImportOptions) -> tuple[str, ...]:
    """Names that rows of tables have for texts, where somebody says what some of them are."""
    if not any(options.same_as):
        return ()
    read = ReadOptions(options.coder, columns=options.columns)
    return tuple(name for one in found for name in one.reader.texts(one.path, read))


def _check_stated(
    store: Store,
    options: ImportOptions,
    documents: Mapping[Path, Document],
    files: Sequence[Path],
    found: Sequence[Found],
    in_tables: Sequence[str],
) -> None:
    projects = [one.project for one in found if one.project is not None]
    several = {p.name: len(p.sources) for p in projects if len(p.sources) > 1}
    texts = [source.name for project in projects for source in project.sources]
    coming = [*texts, *(document.title for document in documents.values())]
    there = [*(nfc(path.name) for path in files), *texts, *in_tables]
    check_stated(store, options.same_as, there, coming, several)


def _unknown(
    store: Store, report: ImportReport, projects: Sequence[ProjectReport]
) -> tuple[str, ...]:
    """Coders of these files whose codes count towards no verdict, as the study has them now."""
    pairs = {(file.transcript, file.coder) for file in report.files if file.coder}
    for project in projects:
        if not project.knows_exposure:
            people = [c.name for c in project.coders if c.kind == "human" and c.codings]
            pairs |= {(name, who) for name in project.transcripts for who in people}
    found: set[str] = set()
    for name in {name for name, _ in pairs}:
        key = find_transcript(store, name)
        for scope in scopes(store, key) if key is not None else ():
            if scope.exposure == "unknown" and (name, scope.coder.name) in pairs:
                found.add(scope.coder.name)
    return tuple(sorted(found))


def _place(
    store: Store,
    files: Sequence[Path],
    items: Sequence[Item],
    reports: dict[Path, FileReport],
    options: ImportOptions,
    version: str,
) -> ImportReport:
    first, copies = without_copies(items, reports)
    nearby = Nearby(store)
    earlier: list[FileReport] = []
    names: dict[str, str] = {}
    groups, number = [*group_files(store, first)], 0
    while number < len(groups):
        group = groups[number]
        try:
            placed = place(store, group, options.exposure, options.language, version)
        except BroughtMeanwhile:
            rest = [item for later in groups[number:] for item in later.items]
            groups[number:] = group_files(store, _anew(store, rest, reports, options))
            continue
        except SecondCoderError as error:
            number += 1
            for item in group.items:
                reports[item.path] = FileReport(
                    str(item.path), "refused", format=item.document.format, error=str(error)
                )
            continue
        number += 1
        for item in group.items:
            names[item.document.file_sha256] = placed.transcript
            reports[item.path] = _report(item, placed)
        if not group.transcripts:
            own = find_transcript(store, placed.transcript)
            near = nearby.nearest(transcript(store, own or 0).text, own or 0)
            if near is not None:
                first_of = group.items[0].path
                reports[first_of] = replace(reports[first_of], near=near.in_words())
        earlier += [_lost_report(row, failed, placed) for row, failed in placed.earlier]
    for copy, original in copies:
        name = names.get(original.document.file_sha256)
        reports[copy.path] = (
            same_bytes(copy, name, f"The same bytes stand in {original.path.name}.")
            if name
            else reports[original.path]
        )
    ordered = tuple(reports[path] for path in files)
    known = tuple(sorted({r.transcript for r in ordered if r.transcript}))
    return ImportReport(ordered, known, tuple(earlier))


def _anew(
    store: Store,
    items: Sequence[Item],
    reports: dict[Path, FileReport],
    options: ImportOptions,
) -> list[Item]:
    """What is still to be brought in of these, now that another program has brought in some."""
    found: list[Item] = []
    for item in items:
        who = item.coder
        asked = replace(options, ask_coder=_always(who)) if who else options
        try:
            made = make_item(store, item.path, item.document, asked)
        except SecondCoderError as error:
            reports[item.path] = FileReport(str(item.path), "refused", error=str(error))
            continue
        if isinstance(made, Item):
            found.append(made)
        else:
            reports[item.path] = made
    return found


def _always(who: str) -> Callable[[Path], str]:
    return lambda _: who


def _record(store: Store, report: ImportReport, options: ImportOptions) -> None:
    imported = [file for file in report.files if file.status == "imported"]
    if not imported:
        return
    record_event(
        store,
        "import",
        f"{counted_many(len(imported), 'files')} imported into "
        f"{counted_many(len({r.transcript for r in imported}), 'transcripts')}, "
        f"{counted_many(sum(r.codings for r in imported), 'codings')}",
        files=[
            {"file": Path(r.path).name, "transcript": r.transcript, "coder": r.coder}
            for r in imported
        ],
        labels=[one.label for one in report.labels if one.taken],
        exposure=options.exposure,
    )


def _report(item: Item, placed: Placed) -> FileReport:
    document = item.document
    carried = placed.carried[document.file_sha256]
    fates = Counter(coding.carried for coding in carried)
    outside = placed.outside.get(document.file_sha256, "")
    return FileReport(
        str(item.path),
        "imported",
        transcript=placed.transcript,
        format=document.format,
        encoding=document.encoding,
        language=document.language,
        coder=item.coder,
        codings=len(document.codings),
        exact=fates["exact"],
        partial=fates["partial"],
        same=fates["same-as-another-file"],
        failed=tuple(c for c in carried if c.carried == "failed"),
        skipped=document.skipped,
        as_words=as_words(document),
        own_lines=placed.own_lines.get(document.file_sha256, ()),
        said=placed.said[document.file_sha256],
        notes=(*document.notes, *([outside] if outside else [])),
    )


def _lost_report(
    row: DocumentRow, failed: tuple[DocumentCoding, ...], placed: Placed
) -> FileReport:
    return FileReport(
        row.path or row.name,
        "carried again",
        transcript=placed.transcript,
        format=row.format,
        coder=row.coder,
        failed=failed,
    )
