"""REFI-QDA: a study as a project (`.qdpx`) or its codebook as a codebook (`.qdc`).

The order of elements, the form of GUIDs and that no container may be empty are the schema's. A
project is written element by element, one transcript in memory at a time. Positions are code points
of the written text (`assistant.interchange.refi.layout`), which stands in the archive byte for byte
as it was counted: UTF-8, no byte-order mark, one character a line end.

The standard has no place for confidence, rationale, model or decision; they stand in a note of
each coding. What it cannot say at all stands in the stamp.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.dates import as_stored
from assistant.interchange.export.loading import Export, codes_of
from assistant.interchange.export.records import ExportCode, ExportCoding, ExportMemo
from assistant.interchange.export.saying import note_text
from assistant.interchange.projects.records import Layout
from assistant.interchange.refi.elements import (
    ORIGIN,
    PROJECT,
    clean,
    code_guid,
    coder_guid,
    element,
    flat,
    root,
    shown_name,
    valid_guid,
)
from assistant.interchange.refi.layout import to_source, written
from assistant.interchange.refi.naming import STAMP_NAME, guid_of
from assistant.interchange.refi.stamp import Stamp, StampSource, stamp_json
from assistant.interchange.refi.stamping import Marks, stamp_of

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["write_qdpx"]

_NAME = 60
"""Characters of a passage that stand in its name."""


def write_qdpx(export: Export, target: Path, at: str) -> dict[str, int]:
    """Write the study as a REFI-QDA project; what is in it, by kind. ``at``: ISO 8601."""
    tree = codes_of(export)
    people = _People(export)
    counts = {"sources": len(export.infos), "codes": sum(1 for _ in flat(tree)), "codings": 0}
    sources: list[StampSource] = []
    groups = Marks()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        with (
            archive.open("project.qde", "w", force_zip64=True) as stream,
            root(
                stream,
                PROJECT,
                "Project",
                name=export.name,
                origin=ORIGIN,
                creationDateTime=at,
            ) as out,
        ):
            _users(out, people)
            memos = _by_place(export.memos())
            _codebook(out, tree, memos)
            if export.infos:
                with out.element(f"{{{PROJECT}}}Sources"):
                    for info in export.infos:
                        text = export.transcript(info.id)
                        _, layout = written(text)
                        guid = guid_of("source", text.sha256)
                        rows = export.codings(info.id)
                        counts["codings"] += len(rows)
                        out.write(_source(export, guid, layout, rows, memos, info.id, groups, at))
                        sources.append(
                            StampSource(
                                guid=guid,
                                layout=layout,
                                with_models=info.id in export.model_transcripts,
                            )
                        )
            stamp = stamp_of(export, tree, people.coders, sources, groups, at)
            counts["notes"] = _notes(out, export, stamp, people, at)
            for memo in memos["study"]:
                out.write(element("NoteRef", targetGUID=valid_guid(memo.guid)))
            out.write(element("NoteRef", targetGUID=guid_of("stamp", export.name)))
        for info in export.infos:
            text = export.transcript(info.id)
            guid = guid_of("source", text.sha256)
            archive.writestr(f"sources/{guid}.txt", written(text)[0].encode("utf-8"))
    return counts


class _People:
    """Users of the file: coders, and whoever wrote a memo."""

    def __init__(self, export: Export) -> None:
        self.users = {coder_guid(coder): shown_name(coder) for coder in export.coders}
        self.coders = export.coders
        for memo in export.memos():
            self.users.setdefault(guid_of("person", memo.who), clean(memo.who))


def _users(out: Any, people: _People) -> None:
    if not people.users:
        return
    users = element("Users")
    for guid, name in people.users.items():
        users.append(element("User", guid=guid, name=name))
    out.write(users)


def _by_place(memos: tuple[ExportMemo, ...]) -> dict[str, list[ExportMemo]]:
    """Memos by where a reference to them stands: ``study``, a code's id, a transcript's id."""
    found: dict[str, list[ExportMemo]] = defaultdict(list)
    for memo in memos:
        if memo.transcript_id is not None:
            found[f"transcript {memo.transcript_id}"].append(memo)
        elif memo.about == "code" and memo.code:
            found[f"code {memo.code}"].append(memo)
        else:
            found["study"].append(memo)
    return found


def _codebook(out: Any, tree: tuple[ExportCode, ...], memos: dict[str, list[ExportMemo]]) -> None:
    known = {code.id for code in flat(tree)}
    for key in [key for key in memos if key.startswith("code ")]:
        if key.removeprefix("code ") not in known:
            memos["study"] += memos.pop(key)  # a code that is gone keeps its memo
    if tree:
        book, codes = element("CodeBook"), element("Codes")
        book.append(codes)
        for code in tree:
            codes.append(_code(code, memos))
        out.write(book)


def _code(code: ExportCode, memos: dict[str, list[ExportMemo]]) -> _Element:
    made = element(
        "Code",
        guid=code_guid(code.id),
        name=code.name,
        isCodable="true" if code.applicable else "false",
    )
    if code.description:
        made.append(element("Description", code.description))
    for memo in memos.get(f"code {code.id}", ()):
        made.append(element("NoteRef", targetGUID=valid_guid(memo.guid)))
    for under in code.under:
        made.append(_code(under, memos))
    return made


def _source(
    export: Export,
    guid: str,
    layout: Layout,
    rows: tuple[ExportCoding, ...],
    memos: dict[str, list[ExportMemo]],
    key: int,
    groups: Marks,
    at: str,
) -> _Element:
    made = element(
        "TextSource",
        guid=guid,
        name=layout.transcript_name,
        plainTextPath=f"internal://{guid}.txt",
        creationDateTime=at,
    )
    same: dict[tuple[int, int, str], list[ExportCoding]] = defaultdict(list)
    for row in rows:
        same[row.start, row.end, coder_guid(row.coder)].append(row)
    for (start, end, user), codings in same.items():
        first, last = to_source(layout, start, end)
        selection = _selection(guid, first, last, user, name=_short(codings[0].quote))
        for coding in codings:
            selection.append(_coding(coding, user))
            label = export.label(coding.code)
            groups.add(coding, layout.source_sha256, label, (first, last))
        made.append(selection)
    here = memos.get(f"transcript {key}", [])
    for memo in here:
        if memo.start is not None and memo.end is not None and memo.end > memo.start:
            first, last = to_source(layout, memo.start, memo.end)
            user = guid_of("person", memo.who)
            selection = _selection(guid, first, last, user, memo.guid)
            selection.append(element("NoteRef", targetGUID=valid_guid(memo.guid)))
            made.append(selection)
    for memo in here:
        if memo.start is None or memo.end is None or memo.end <= memo.start:
            made.append(element("NoteRef", targetGUID=valid_guid(memo.guid)))
    return made


def _short(quote: str) -> str:
    """How a passage begins: by it other programs name it, and a reader can check positions."""
    said = " ".join(quote.split())
    return said if len(said) <= _NAME else said[:_NAME].rstrip() + "…"


def _selection(
    source: str, start: int, end: int, user: str, also: str = "", name: str = ""
) -> _Element:
    return element(
        "PlainTextSelection",
        name=name,
        guid=guid_of("selection", source, str(start), str(end), user, also),
        startPosition=str(start),
        endPosition=str(end),
        creatingUser=user,
    )


def _coding(coding: ExportCoding, user: str) -> _Element:
    guid = valid_guid(coding.guid)
    made = element("Coding", guid=guid, creatingUser=user, creationDateTime=as_stored(coding.at))
    made.append(element("CodeRef", targetGUID=code_guid(coding.code)))
    if coding.by_model:
        made.append(element("NoteRef", targetGUID=guid_of("note", guid)))
    return made


def _notes(out: Any, export: Export, stamp: Stamp, people: _People, at: str) -> int:
    """All notes, the stamp first; how many."""
    count = 1
    with out.element(f"{{{PROJECT}}}Notes"):
        guid = guid_of("stamp", export.name)
        out.write(_note(guid, STAMP_NAME, stamp_json(stamp), "", at))
        for memo in export.memos():
            about = {"no-code-fits": "Memo: no code fits", "code": f"Memo on a code: {memo.code}"}
            name = about.get(memo.about, f"Memo on the {memo.about}")
            user = guid_of("person", memo.who)
            out.write(_note(valid_guid(memo.guid), name, memo.text, user, memo.at))
            count += 1
        for info in export.infos:
            for coding in export.codings(info.id):
                if coding.by_model:
                    # Of people's codings the stamp knows more; a note would return as a memo.
                    user = coder_guid(coding.coder)
                    guid = guid_of("note", valid_guid(coding.guid))
                    name = f"Why: {export.label(coding.code)}"
                    out.write(_note(guid, name, note_text(coding), user, coding.at))
                    count += 1
    return count


def _note(guid: str, name: str, text: str, user: str, at: str) -> _Element:
    made = element("Note", guid=guid, name=name, creatingUser=user, creationDateTime=as_stored(at))
    made.append(element("PlainTextContent", text))
    return made
