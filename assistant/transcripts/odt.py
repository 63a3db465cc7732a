"""OpenDocument texts (ODT) to lines, in the order of the page.

The XML in the archive is walked with entities off. Deleted text, comments and notes are not read;
a paragraph becomes a line with an empty one after it; a table with a column of names gives
speakers, by the rule for Word.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from assistant.errors import DataError
from assistant.transcripts.decoding import clean_text
from assistant.transcripts.lines import BLANK, Line, squeeze
from assistant.transcripts.packages import check_package
from assistant.transcripts.records import Skipped
from assistant.transcripts.tables import table_rows

__all__ = ["odt_lines"]

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_MOST_SPACES = 1000
_INSIDE = (
    *(f"{_TEXT}{name}" for name in ("list", "list-item", "list-header", "section", "index-body")),
    *(f"{_TEXT}{name}" for name in ("numbered-paragraph", "table-of-content")),
)
_NOT_READ = (
    *(f"{_TEXT}{name}" for name in ("tracked-changes", "note", "sequence-decls", "index-title")),
    *(f"{_OFFICE}{name}" for name in ("annotation", "annotation-end", "forms")),
)


def odt_lines(
    data: bytes, where: str
) -> tuple[tuple[Line, ...], tuple[Skipped, ...], tuple[str, ...]]:
    """Lines, what was left out, notes. Raises DataError for a damaged or encrypted document."""
    content, styles = _parts(data, where)
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise _damaged(where)
    reader = _Reader()
    reader.walk(body)
    if styles is not None:
        reader.margins(styles)
    return tuple(reader.lines), tuple(reader.skipped), tuple(reader.notes(body))


def _damaged(where: str) -> DataError:
    return DataError(
        "This OpenDocument text is damaged and cannot be read.",
        where=where,
        hint="Open it in LibreOffice, save it again, and try again.",
    )


def _parts(data: bytes, where: str) -> tuple[Any, Any]:
    check_package(data, where)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            manifest = _read(archive, "META-INF/manifest.xml", where)
            if b"encryption-data" in manifest:
                raise DataError(
                    "This document is protected by a password.",
                    where=where,
                    hint="Open it in LibreOffice, save it without the password, and try again.",
                )
            content = _read(archive, "content.xml", where)
            styles = _read(archive, "styles.xml", where)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _damaged(where) from error
    if not content:
        raise _damaged(where)
    return _tree(content, where), _tree(styles, where) if styles else None


def _read(archive: zipfile.ZipFile, name: str, where: str) -> bytes:
    """A member; ``b""`` if missing."""
    try:
        with archive.open(name) as member:
            return member.read()
    except KeyError:
        return b""
    except Exception as error:  # zlib.error and its like, from damaged bytes
        raise _damaged(where) from error


def _tree(data: bytes, where: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _damaged(where) from error


class _Reader:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.skipped: list[Skipped] = []
        self.paragraphs = 0
        self.tables = 0
        self.invisible: list[str] = []

    def walk(self, element: Any, where: str = "") -> None:
        for child in element:
            if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                self.paragraph(child, where)
            elif child.tag == f"{_TABLE}table":
                self.table(child)
            elif child.tag in _INSIDE:
                self.walk(child, where)

    def paragraph(self, element: Any, where: str) -> None:
        self.paragraphs += 1
        where = where or f"paragraph {self.paragraphs}"
        for box in element.iter(f"{_DRAW}text-box"):
            words = squeeze(" ".join(piece for p in box for piece in _pieces(p)))
            if words:
                self.skipped.append(Skipped(what=words, why="a text box", where=where))
        text, dropped = clean_text("".join(_pieces(element)))
        self.invisible += dropped
        heading = element.tag == f"{_TEXT}h"
        for row in text.split("\n"):
            if row.strip():
                self.lines.append(Line(row, where, heading=heading))
        self.lines.append(BLANK)

    def table(self, element: Any) -> None:
        self.tables += 1
        name = f"table {self.tables}"
        rows = [
            [cell for cell in row if cell.tag == f"{_TABLE}table-cell"]
            for row in element.iter(f"{_TABLE}table-row")
            if next(row.iterancestors(f"{_TABLE}table")) is element
        ]
        texts = [[_cell_text(cell) for cell in row] for row in rows]
        table_rows(
            name, texts, self.lines, self.skipped, lambda n, p, at: self.walk(rows[n][p], at)
        )

    def margins(self, styles: Any) -> None:
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for part in styles.iter(f"{_STYLE}{kind}"):
                text = squeeze(" ".join(piece for p in part for piece in _pieces(p)))
                if text and text not in seen:
                    seen.add(text)
                    self.skipped.append(
                        Skipped(what=text, why=f"the page {kind}", where=f"page {kind}")
                    )

    def notes(self, body: Any) -> Iterator[str]:
        yield from dict.fromkeys(self.invisible)
        if body.find(f"{_TEXT}tracked-changes/{_TEXT}changed-region/{_TEXT}deletion") is not None:
            yield "The document has tracked changes; deleted text was not read, inserted text was."
        if any(True for _ in body.iter(f"{_OFFICE}annotation")):
            yield "The document has comments; they were not read as codes."
        if any(True for _ in body.iter(f"{_TEXT}note")):
            yield "The document has footnotes; they were not read."


def _cell_text(cell: Any) -> str:
    return squeeze(" ".join("".join(_pieces(p)) for p in cell.iter(f"{_TEXT}p", f"{_TEXT}h")))


def _pieces(element: Any) -> Iterator[str]:
    yield (element.text or "").replace("\n", " ")
    for child in element:
        tag = child.tag
        if tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield " " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1)
        elif tag == f"{_TEXT}tab":
            yield "\t"
        elif tag == f"{_TEXT}line-break":
            yield "\n"
        elif isinstance(tag, str) and tag not in _NOT_READ and not tag.startswith(_DRAW):
            yield from _pieces(child)
        yield (child.tail or "").replace("\n", " ")
