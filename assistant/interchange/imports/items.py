"""A file that was read: whose codes it holds, and whether the study has it already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.counting import counted_many
from assistant.errors import UserError
from assistant.interchange.imports.near import stated_transcript
from assistant.interchange.imports.placing import Item
from assistant.interchange.imports.reports import FileReport, ImportOptions
from assistant.interchange.names.renamed import NameNow, corrected_names
from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.records import DocumentRow
from assistant.store.texts.documents import document_by_file, document_codings
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.transcripts.records import Document

__all__ = ["make_item", "same_bytes", "without_copies"]


def make_item(
    store: Store, path: Path, document: Document, options: ImportOptions
) -> Item | FileReport:
    corrected = corrected_names(store, options.same_coder)
    there = document_by_file(store, document.file_sha256)
    named = options.same_as.get(nfc(path.name), options.same_as.get("", ""))
    own = there.transcript_id if there is not None else 0
    stated = stated_transcript(store, named, document.text, str(path), own) if named else 0
    if there is not None:
        _refuse_withdrawn(store, there, path)
        _refuse_other_coder(path, document, there, options, corrected)
        # The same bytes are read anew when more of their labels are known now; never the other
        # way round, so that an import without the list of labels takes nothing away.
        if not stated and len(document.codings) <= len(document_codings(store, there.id)):
            return _already_there(store, path, there)
    coder = there.coder if there is not None else ""
    coder = coder or ((options.coder or document.coder) if document.codings else "")
    if document.codings and not coder and options.ask_coder is not None:
        coder = options.ask_coder(path).strip()
    if document.codings and not coder:
        raise UserError(
            f"This file has {counted_many(len(document.codings), 'codes')}, and nothing says who "
            "coded it.",
            where=str(path),
            hint="Name the coder with `--coder NAME`, or put the name at the end of the file name "
            "(`Interview 4 - Ana.pdf`).",
        )
    if coder in corrected:
        note = corrected[coder].in_words
        document = document.model_copy(update={"notes": (*document.notes, note)})
        coder = corrected[coder].new
    return Item(path, document, coder, there.id if there is not None else 0, stated=stated)


def _refuse_other_coder(
    path: Path,
    document: Document,
    there: DocumentRow,
    options: ImportOptions,
    corrected: Mapping[str, NameNow],
) -> None:
    """Whoever gives one person's file the name of another gets no codings of that other."""
    said = options.coder or (document.coder if path.name != there.name else "")
    said = corrected[said].new if said in corrected else said
    if document.codings and there.coder and said and said != there.coder:
        raise UserError(
            f"This file has the same bytes as “{there.name}”, which was imported on "
            f"{there.imported_at[:10]}: these are {there.coder}'s codings. Nothing was recorded "
            f"for {said}.",
            where=str(path),
            hint=f"Have {said}'s own file exported again. Two people's codings are never the same "
            "to the byte.",
        )


def _refuse_withdrawn(store: Store, there: DocumentRow, path: Path) -> None:
    for info in transcript_infos(store):
        if info.id == there.transcript_id and info.withdrawn:
            raise UserError(
                f"These are the words of “{info.name}”, which was withdrawn. They were not "
                "imported.",
                where=str(path),
                hint="A participant's withdrawal is for good: delete the file.",
            )


def _already_there(store: Store, path: Path, there: DocumentRow) -> FileReport:
    note = f"The same bytes were imported on {there.imported_at[:10]} as {there.name}."
    return FileReport(
        str(path),
        "already there",
        transcript=transcript(store, there.transcript_id).name,
        format=there.format,
        encoding=there.encoding,
        language=there.language,
        coder=there.coder,
        notes=(note,),
    )


def without_copies(
    items: Sequence[Item], reports: dict[Path, FileReport]
) -> tuple[list[Item], list[tuple[Item, Item]]]:
    """Files of different bytes, and copies with the file that they are copies of.

    Of copies, the one whose name comes first counts, in whatever order they were given. Copies that
    name different coders are all refused: nobody can tell whose codes they are.
    """
    by_bytes: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: (item.path.name, str(item.path))):
        by_bytes.setdefault(item.document.file_sha256, []).append(item)
    kept: list[Item] = []
    copies: list[tuple[Item, Item]] = []
    for same in by_bytes.values():
        coders = sorted({item.coder for item in same if item.coder})
        if len(coders) > 1:
            names = " and ".join(f"“{item.path.name}”" for item in same)
            for item in same:
                error = UserError(
                    f"{names} are the same file, byte for byte, under the names of "
                    f"{' and '.join(coders)}: whose codings these are, nobody can tell. None of "
                    "them was imported.",
                    where=str(item.path),
                    hint="Import the one whose name is right by itself, and have the other coder's "
                    "file exported again.",
                )
                reports[item.path] = FileReport(
                    str(item.path), "refused", format=item.document.format, error=str(error)
                )
            continue
        kept.append(same[0])
        copies += [(item, same[0]) for item in same[1:]]
    return kept, copies


def same_bytes(item: Item, name: str, note: str) -> FileReport:
    document = item.document
    return FileReport(
        str(item.path),
        "already there",
        transcript=name,
        format=document.format,
        encoding=document.encoding,
        language=document.language,
        coder=item.coder,
        notes=(note,),
    )
