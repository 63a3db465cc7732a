"""REFI-QDA: a study as a project (`.qdpx`) or its codebook as a codebook (`.qdc`).

The order of elements, the form of GUIDs and that no container may be empty are the schema's. A
project is written element by element, one transcript in memory at a time. Positions are code points
of the written text (`assistant.interchange.refi.layout`), which stands in the archive byte for byte
as it was counted: UTF-8, no byte-order mark, one character a line end.

The standard has no place for confidence, rationale, model or decision; they stand in a note of
each coding. What it cannot say at all stands in the stamp.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from assistant import __version__
from assistant.interchange.export.loading import Export, codes_of
from assistant.interchange.export.records import ExportCode, ExportCoding, ExportMemo
from assistant.interchange.projects.records import Layout
from assistant.interchange.refi.layout import (
    STAMP_NAME,
    Stamp,
    StampCode,
    StampCoder,
    StampGroup,
    StampScope,
    StampSource,
    guid_of,
    mark,
    model_name,
    stamp_json,
    to_source,
    written,
)
from assistant.store.records import Coder

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["coder_guid", "note_text", "shown_name", "write_qdc", "write_qdpx"]

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
_ORIGIN = f"Second Coder {__version__}"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = 60
"""Characters of a passage that stand in its name."""
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def shown_name(coder: Coder) -> str:
    """The coder's name in files: a model's says that it is one."""
    return _clean(model_name(coder.name) if coder.kind == "model" else coder.name)


@lru_cache(maxsize=1024)
def coder_guid(coder: Coder) -> str:
    """The same GUID for the same person or recipe in every export."""
    if coder.kind == "model":
        return guid_of("model", coder.recipe_sha256 or coder.name)
    return guid_of("person", coder.name)


def note_text(coding: ExportCoding) -> str:
    """All that is known of a coding and has no other place, for people; empty: nothing to say."""
    lines: list[str] = []
    if coding.by_model:
        lines += [coding.rationale] if coding.rationale else []
        where = f"in run {coding.run}" if coding.run is not None else "in another study"
        lines.append(f"Suggested by a model, {coding.coder.name}, {where}.")
        if coding.probability is not None:
            lines.append(f"Calibrated probability: {coding.probability:.2f}")
        if coding.confidence is not None:
            lines.append(f"Confidence that the model stated: {coding.confidence:.2f}")
        if coding.lane:
            lines.append(f"Lane of this code: {coding.lane}")
        if coding.decision:
            lines.append(_decision(coding))
        if coding.reason:
            lines.append(f"Reason: {coding.reason}")
        if coding.because:
            lines.append(f"Accepted in bulk against the evidence, because: {coding.because}")
    elif coding.exposure == "after-model":
        lines.append("Made by a person after seeing a model's suggestions.")
    elif coding.exposure == "adjudicated":
        lines.append("Made from several people's codings.")
    return "\n".join(lines)


def _decision(coding: ExportCoding) -> str:
    word = {"accept": "Accepted", "reject": "Rejected", "amend": "Replaced by another coding"}
    if coding.decision not in word:
        return "Nobody has decided on it yet."
    return f"{word[coding.decision]} by {coding.decided_by}, {coding.decided_at[:16]}."


def _clean(text: str) -> str:
    """Without the few characters that XML cannot hold; other characters stay as they are."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _valid_guid(guid: str) -> str:
    return guid if _GUID.fullmatch(guid) else guid_of("coding", guid)


def _element(kind: str, text: str = "", /, **attributes: str) -> _Element:
    from lxml import etree

    made = etree.Element(f"{{{PROJECT}}}{kind}", nsmap={None: PROJECT})
    for key, value in attributes.items():
        if value:
            made.set(key, _clean(value))
    if text:
        made.text = _clean(text)
    return made


# --- the project -------------------------------------------------------------------------------


@dataclass
class _Groups:
    """People's codings by what they share, for the stamp."""

    marks: dict[tuple[str, str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, coding: ExportCoding, one: str) -> None:
        spelled = "" if coding.written == coding.code else coding.written
        self.marks[coding.exposure, coding.origin, spelled].append(one)

    def made(self) -> tuple[StampGroup, ...]:
        return tuple(
            StampGroup.model_validate(
                {"exposure": e, "origin": o, "written": w, "marks": tuple(marks)}
            )
            for (e, o, w), marks in sorted(self.marks.items())
        )


def write_qdpx(export: Export, target: Path, at: str) -> dict[str, int]:
    """Write the study as a REFI-QDA project; what is in it, by kind. ``at``: ISO 8601."""
    tree = codes_of(export)
    people = _People(export)
    counts = {"sources": len(export.infos), "codes": sum(1 for _ in _flat(tree)), "codings": 0}
    sources: list[StampSource] = []
    groups = _Groups()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        with (
            archive.open("project.qde", "w", force_zip64=True) as stream,
            _root(
                stream,
                PROJECT,
                "Project",
                name=export.name,
                origin=_ORIGIN,
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
            stamp = _stamp(export, tree, people, sources, groups, at)
            counts["notes"] = _notes(out, export, stamp, people, at)
            for memo in memos["study"]:
                out.write(_element("NoteRef", targetGUID=_valid_guid(memo.guid)))
            out.write(_element("NoteRef", targetGUID=guid_of("stamp", export.name)))
        for info in export.infos:
            text = export.transcript(info.id)
            guid = guid_of("source", text.sha256)
            archive.writestr(f"sources/{guid}.txt", written(text)[0].encode("utf-8"))
    return counts


@contextmanager
def _root(stream: IO[bytes], space: str, name: str, /, **attributes: str) -> Iterator[Any]:
    from lxml import etree

    with etree.xmlfile(stream, encoding="utf-8") as out:
        out.write_declaration(standalone=True)
        said = {key: _clean(value) for key, value in attributes.items() if value}
        with out.element(f"{{{space}}}{name}", said, nsmap={None: space}):
            yield out


class _People:
    """Users of the file: coders, and whoever wrote a memo."""

    def __init__(self, export: Export) -> None:
        self.users = {coder_guid(coder): shown_name(coder) for coder in export.coders}
        self.coders = export.coders
        for memo in export.memos():
            self.users.setdefault(guid_of("person", memo.who), _clean(memo.who))


def _users(out: Any, people: _People) -> None:
    if not people.users:
        return
    users = _element("Users")
    for guid, name in people.users.items():
        users.append(_element("User", guid=guid, name=name))
    out.write(users)


def _flat(tree: tuple[ExportCode, ...]) -> Iterator[ExportCode]:
    for code in tree:
        yield code
        yield from _flat(code.under)


@lru_cache(maxsize=8192)
def _code_guid(code: str) -> str:
    return guid_of("code", code)


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
    known = {code.id for code in _flat(tree)}
    for key in [key for key in memos if key.startswith("code ")]:
        if key.removeprefix("code ") not in known:
            memos["study"] += memos.pop(key)  # a code that is gone keeps its memo
    if tree:
        book, codes = _element("CodeBook"), _element("Codes")
        book.append(codes)
        for code in tree:
            codes.append(_code(code, memos))
        out.write(book)


def _code(code: ExportCode, memos: dict[str, list[ExportMemo]]) -> _Element:
    made = _element(
        "Code",
        guid=_code_guid(code.id),
        name=code.name,
        isCodable="true" if code.applicable else "false",
    )
    if code.description:
        made.append(_element("Description", code.description))
    for memo in memos.get(f"code {code.id}", ()):
        made.append(_element("NoteRef", targetGUID=_valid_guid(memo.guid)))
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
    groups: _Groups,
    at: str,
) -> _Element:
    made = _element(
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
            if not coding.by_model:
                who, code = shown_name(coding.coder), _clean(export.label(coding.code))
                groups.add(coding, mark(layout.source_sha256, who, code, first, last))
        made.append(selection)
    here = memos.get(f"transcript {key}", [])
    for memo in here:
        if memo.start is not None and memo.end is not None and memo.end > memo.start:
            first, last = to_source(layout, memo.start, memo.end)
            user = guid_of("person", memo.who)
            selection = _selection(guid, first, last, user, memo.guid)
            selection.append(_element("NoteRef", targetGUID=_valid_guid(memo.guid)))
            made.append(selection)
    for memo in here:
        if memo.start is None or memo.end is None or memo.end <= memo.start:
            made.append(_element("NoteRef", targetGUID=_valid_guid(memo.guid)))
    return made


def _short(quote: str) -> str:
    """How a passage begins: by it other programs name it, and a reader can check positions."""
    said = " ".join(quote.split())
    return said if len(said) <= _NAME else said[:_NAME].rstrip() + "…"


def _selection(
    source: str, start: int, end: int, user: str, also: str = "", name: str = ""
) -> _Element:
    return _element(
        "PlainTextSelection",
        name=name,
        guid=guid_of("selection", source, str(start), str(end), user, also),
        startPosition=str(start),
        endPosition=str(end),
        creatingUser=user,
    )


def _coding(coding: ExportCoding, user: str) -> _Element:
    guid = _valid_guid(coding.guid)
    made = _element("Coding", guid=guid, creatingUser=user, creationDateTime=coding.at)
    made.append(_element("CodeRef", targetGUID=_code_guid(coding.code)))
    if coding.by_model:
        made.append(_element("NoteRef", targetGUID=guid_of("note", guid)))
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
            out.write(_note(_valid_guid(memo.guid), name, memo.text, user, memo.at))
            count += 1
        for info in export.infos:
            for coding in export.codings(info.id):
                if coding.by_model:
                    # Of people's codings the stamp knows more; a note would return as a memo.
                    user = coder_guid(coding.coder)
                    guid = guid_of("note", _valid_guid(coding.guid))
                    name = f"Why: {export.label(coding.code)}"
                    out.write(_note(guid, name, note_text(coding), user, coding.at))
                    count += 1
    return count


def _note(guid: str, name: str, text: str, user: str, at: str) -> _Element:
    made = _element("Note", guid=guid, name=name, creatingUser=user, creationDateTime=at)
    made.append(_element("PlainTextContent", text))
    return made


def _stamp(
    export: Export,
    tree: tuple[ExportCode, ...],
    people: _People,
    sources: list[StampSource],
    groups: _Groups,
    at: str,
) -> Stamp:
    guids = {info.id: source.guid for info, source in zip(export.infos, sources, strict=True)}
    return Stamp(
        study=export.name,
        exported_at=at,
        sources=tuple(sources),
        coders=tuple(
            StampCoder(
                guid=coder_guid(coder),
                name=coder.name,
                kind=coder.kind,
                recipe_sha256=coder.recipe_sha256,
            )
            for coder in people.coders
        ),
        codes=tuple(
            StampCode(guid=_code_guid(code.id), name=_clean(code.name), code=code.id)
            for code in _flat(tree)
            if code.applicable
        ),
        scopes=tuple(
            StampScope(
                source=guids[info.id],
                coder=coder_guid(scope.coder),
                exposure=scope.exposure,
                first_segment=scope.first_segment,
                last_segment=scope.last_segment,
                segments=scope.segments,
                codes=scope.codes,
            )
            for info in export.infos
            for scope in export.scopes(info.id)
        ),
        groups=groups.made(),
    )


# --- the codebook ------------------------------------------------------------------------------


def write_qdc(export: Export, target: Path) -> dict[str, int]:
    """Write the codebook as REFI-QDA; how many codes. The caller has checked that there are any."""
    from lxml import etree

    tree = codes_of(export)

    def made(code: ExportCode) -> _Element:
        one = etree.Element(f"{{{CODEBOOK}}}Code", nsmap={None: CODEBOOK})
        one.set("guid", _code_guid(code.id))
        one.set("name", _clean(code.name))
        one.set("isCodable", "true" if code.applicable else "false")
        if code.description:
            etree.SubElement(one, f"{{{CODEBOOK}}}Description").text = _clean(code.description)
        for under in code.under:
            one.append(made(under))
        return one

    with (
        open(target, "wb") as stream,
        _root(stream, CODEBOOK, "CodeBook", origin=_ORIGIN) as out,
        out.element(f"{{{CODEBOOK}}}Codes"),
    ):
        for code in tree:
            out.write(made(code))
    return {"codes": sum(1 for code in _flat(tree) if code.applicable)}
