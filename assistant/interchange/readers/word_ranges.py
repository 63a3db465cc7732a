"""The text of a Word document as its pages show it, and where its comments stand in it.

Paragraphs are separated by an empty line, so that each stays one. Deleted text is left out and
inserted text is in. Entities of the XML are never resolved.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.counting import counted
from assistant.errors import DataError
from assistant.transcripts.lines import squeeze
from assistant.transcripts.packages import check_package
from assistant.transcripts.records import Skipped

__all__ = ["Comment", "Found", "WordParagraph", "WordText", "read_word", "word_comments"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
_GONE = (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", f"{_W}delText")


@dataclass(frozen=True)
class Comment:
    number: int
    author: str
    at: str
    paragraphs: tuple[str, ...]
    span: tuple[int, int] | None = None
    reply: bool = False
    initials: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True)
class WordParagraph:
    """Where it stands in the document's text, without the line ends after it."""

    start: int
    end: int
    style: str
    """Id of its style; empty for the usual one."""
    bold: int
    """How many characters at its beginning are bold."""


@dataclass(frozen=True)
class Found:
    """What a glance at a document shows."""

    creator: str
    comments: tuple[Comment, ...]
    properties: Mapping[str, str]


@dataclass(frozen=True)
class WordText:
    text: str
    creator: str
    comments: tuple[Comment, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    title: str = ""
    language: str = ""
    identifier: str = ""
    paragraphs: tuple[WordParagraph, ...] = ()
    tables: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)
    """The document's own properties that are text."""


def word_comments(path: Path) -> Found | None:
    """Comments without their places; None for what is no Word document."""
    try:
        check_package(path, str(path))
    except DataError:
        return None  # whoever reads it as a document says so
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "word/document.xml" not in names:
                return None
            where = str(path)
            comments = tuple(_comments(archive, where).values())
            creator = _core(archive, where)["creator"]
            return Found(creator, comments, _custom(archive, where))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None


def read_word(data: bytes, where: str) -> WordText:
    """Raises DataError for a document that is damaged or would fill memory."""
    check_package(data, where)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            comments = _comments(archive, where)
            core = _core(archive, where)
            properties = _custom(archive, where)
            tree = _tree(_read(archive, "word/document.xml", where), where)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(where) from error
    body = tree.find(f"{_W}body")
    if body is None:
        raise _damaged(where)
    walk = _Walk()
    walk.blocks(body)
    text = "".join(walk.pieces)
    placed = [replace(one, span=walk.span(key)) for key, one in comments.items()]
    notes = []
    if points := len(walk.points):
        notes.append(
            f"Put on a whole paragraph, since no range is marked: {counted(points, 'comment')}."
        )
    if walk.deleted:
        notes.append("The document has tracked changes; deleted text was not read.")
    return WordText(
        text,
        core["creator"],
        tuple(placed),
        tuple(walk.skipped),
        tuple(notes),
        core["title"],
        core["language"],
        core["identifier"],
        tuple(walk.paragraphs),
        walk.tables,
        properties,
    )


def _damaged(where: str) -> DataError:
    return DataError(
        "This Word document is damaged and cannot be read.",
        where=where,
        hint="Open it in Word or LibreOffice, save it as .docx again, and try again.",
    )


def _read(archive: zipfile.ZipFile, name: str, where: str) -> bytes:
    try:
        with archive.open(name) as member:
            return member.read()
    except KeyError:
        return b""
    except Exception as error:  # zlib.error and its like, from damaged bytes
        raise _damaged(where) from error


def _tree(data: bytes, where: str) -> Any:
    from lxml import etree

    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _damaged(where) from error


def _core(archive: zipfile.ZipFile, where: str) -> dict[str, str]:
    """What the document says about itself."""
    data = _read(archive, "docProps/core.xml", where)
    tree = _tree(data, where) if data else None
    names = ("creator", "title", "language", "identifier")
    return {
        name: str(tree.findtext(_DC + name) or "") if tree is not None else "" for name in names
    }


def _custom(archive: zipfile.ZipFile, where: str) -> dict[str, str]:
    data = _read(archive, "docProps/custom.xml", where)
    rows = _tree(data, where).iter(f"{_CUSTOM}property") if data else ()
    return {row.get("name", ""): "".join(row.itertext()) for row in rows}


def _comments(archive: zipfile.ZipFile, where: str) -> dict[str, Comment]:
    """By the id that the document's ranges name."""
    data = _read(archive, "word/comments.xml", where)
    if not data:
        return {}
    more = _read(archive, "word/commentsExtended.xml", where)
    replies = set()
    if more:
        replies = {
            one.get(f"{_W15}paraId")
            for one in _tree(more, where).iter(f"{_W15}commentEx")
            if one.get(f"{_W15}paraIdParent")
        }
    found: dict[str, Comment] = {}
    for number, one in enumerate(_tree(data, where).iter(f"{_W}comment"), start=1):
        paragraphs = list(one.iter(f"{_W}p"))
        ids = {paragraph.get(f"{_W14}paraId") for paragraph in paragraphs}
        comment = Comment(
            number,
            squeeze(one.get(f"{_W}author", "")),
            one.get(f"{_W}date", ""),
            tuple(text for p in paragraphs if (text := _said(p))),
            reply=bool(ids & replies),
            initials=one.get(f"{_W}initials", "").strip(),
        )
        found[one.get(f"{_W}id", "")] = comment
    return found


def _said(paragraph: Any) -> str:
    parts: list[str] = []
    for item in paragraph.iter(f"{_W}t", f"{_W}br", f"{_W}tab"):
        parts.append((item.text or "") if item.tag == f"{_W}t" else "\n")
    return "".join(parts).strip()


def _bold_start(paragraph: Any) -> int:
    """How many characters of its first runs are bold."""
    length = 0
    for run in paragraph.iter(f"{_W}r"):
        words = sum(len(t.text or "") for t in run.iter(f"{_W}t"))
        mark = run.find(f"{_W}rPr/{_W}b")
        if words and (mark is None or mark.get(f"{_W}val", "1") in ("0", "false", "off")):
            break
        length += words
    return length


class _Walk:
    """Once through the body: text, and where each comment's range begins and ends."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.starts: dict[str, int] = {}
        self.ends: dict[str, int] = {}
        self.points: dict[str, tuple[int, int]] = {}
        self.skipped: list[Skipped] = []
        self.paragraphs: list[WordParagraph] = []
        self.deleted = False
        self.tables = False

    def span(self, key: str) -> tuple[int, int] | None:
        if key in self.starts and key in self.ends:
            return self.starts[key], self.ends[key]
        return self.points.get(key)

    def put(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def blocks(self, element: Any) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{_W}p":
                self.paragraph(child)
            elif tag == f"{_W}tbl":
                self.tables = True
                for row in child.iter(f"{_W}tr"):
                    if next(row.iterancestors(f"{_W}tbl")) is child:
                        self.row(row)
            elif tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
                self.blocks(child)
            else:
                self.mark(child)

    def row(self, row: Any) -> None:
        """Cells one after the other. A short first cell is a name before what is said."""
        cells = [cell for cell in row if cell.tag == f"{_W}tc"]
        if len(cells) == 2 and 0 < len(name := _said(cells[0])) <= 40 and "\n" not in name:
            self.put(name.rstrip(" :") + ": ")
            cells = cells[1:]
        for cell in cells:
            self.blocks(cell)

    def paragraph(self, element: Any) -> None:
        begin = self.length
        references: list[str] = []
        self.runs(element, references)
        for key in references:
            if key not in self.starts or key not in self.ends:
                self.points[key] = (begin, self.length)
        if self.length > begin:
            style = element.find(f"{_W}pPr/{_W}pStyle")
            name = "" if style is None else style.get(f"{_W}val", "")
            bold = _bold_start(element)
            self.paragraphs.append(WordParagraph(begin, self.length, name, bold))
            self.put("\n\n")

    def runs(self, element: Any, references: list[str]) -> None:
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                continue
            if tag == f"{_W}t":
                self.put((child.text or "").replace("\n", " "))
            elif tag in (f"{_W}tab", f"{_W}ptab"):
                self.put("\t")
            elif tag in (f"{_W}br", f"{_W}cr"):
                self.put("\n")
            elif tag == f"{_W}noBreakHyphen":
                self.put("-")
            elif tag == f"{_W}commentReference":
                references.append(child.get(f"{_W}id", ""))
            elif tag in _GONE:
                self.deleted |= tag in (f"{_W}del", f"{_W}moveFrom")
                for mark in child.iter(f"{_W}commentRangeStart", f"{_W}commentRangeEnd"):
                    self.mark(mark)
            elif tag.endswith(("}drawing", "}pict", "}AlternateContent")):
                words = squeeze(" ".join(t.text or "" for t in child.iter(f"{_W}t")))
                if words:
                    self.skipped.append(Skipped(what=words, why="a text box"))
            else:
                self.mark(child)
                self.runs(child, references)

    def mark(self, element: Any) -> None:
        if element.tag == f"{_W}commentRangeStart":
            self.starts[element.get(f"{_W}id", "")] = self.length
        elif element.tag == f"{_W}commentRangeEnd":
            self.ends[element.get(f"{_W}id", "")] = self.length
