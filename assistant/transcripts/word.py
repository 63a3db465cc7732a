"""Word documents to lines, in the order of the page.

The document is walked in its XML and not by python-docx's paragraphs, which leave out tables,
inserted text under tracked changes and content controls. Deleted text is not read. A paragraph
becomes a line with an empty one after it; a table with a column of names gives speakers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile

from assistant.counting import counted
from assistant.errors import DataError
from assistant.transcripts.decoding import clean_text
from assistant.transcripts.lines import BLANK, Line, squeeze
from assistant.transcripts.packages import check_package
from assistant.transcripts.records import Skipped
from assistant.transcripts.tables import table_rows
from assistant.transcripts.word_shading import shading

__all__ = ["open_word", "word_lines"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def word_lines(
    data: bytes, where: str
) -> tuple[tuple[Line, ...], tuple[Skipped, ...], tuple[str, ...]]:
    """Lines, what was left out, notes. Raises DataError for a damaged document."""
    document = open_word(data, where)
    reader = _Reader()
    reader.body(document.element.body)
    skipped = list(reader.skipped)
    seen: set[str] = set()
    for section in document.sections:
        for part, kind in ((section.header, "header"), (section.footer, "footer")):
            if part.is_linked_to_previous:
                continue
            for paragraph in part.paragraphs:
                text = squeeze(paragraph.text)
                if text and text not in seen:
                    seen.add(text)
                    skipped.append(Skipped(what=text, why=f"the page {kind}", where=f"page {kind}"))
    return tuple(reader.lines), tuple(skipped), tuple(reader.notes(document))


def open_word(data: bytes, where: str) -> Any:
    check_package(data, where)
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return docx.Document(io.BytesIO(data))
    # lxml's errors about broken XML are SyntaxErrors
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, SyntaxError, OSError) as e:
        raise DataError(
            "This Word document is damaged and cannot be read.",
            where=where,
            hint="Open it in Word or LibreOffice, save it as .docx again, and try again.",
        ) from e


class _Reader:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.skipped: list[Skipped] = []
        self.paragraphs = 0
        self.tables = 0
        self.deleted = 0
        self.invisible: list[str] = []

    def body(self, element: Any) -> None:
        for kind, block in _blocks(element):
            if kind == "p":
                self.paragraph(block)
            else:
                self.table(block)

    def paragraph(self, element: Any, where: str = "", speaker: bool = False) -> None:
        if not where:
            self.paragraphs += 1
            where = f"paragraph {self.paragraphs}"
        heading = _style(element).startswith(("heading", "title", "subtitle", "titre", "titel"))
        for row in self.text_of(element, where).split("\n"):
            new_page = "\f" in row
            row = row.replace("\f", " ")
            if row.strip():
                self.lines.append(
                    Line(row, where, new_page=new_page, heading=heading, speaker=speaker)
                )
        self.lines.append(BLANK)

    def text_of(self, element: Any, where: str) -> str:
        parts: list[str] = []
        for box in element.iter(f"{_W}txbxContent"):
            if any(a.tag.endswith("}Fallback") for a in box.iterancestors()):
                continue
            text = squeeze(" ".join(_runs(box)))
            if text:
                self.skipped.append(Skipped(what=text, why="a text box", where=where))
        self.deleted += sum(1 for _ in element.iter(f"{_W}delText"))
        parts.extend(_runs(element))
        cleaned, notes = clean_text("".join(parts))
        self.invisible += notes
        return cleaned

    def table(self, element: Any) -> None:
        self.tables += 1
        name = f"table {self.tables}"
        rows = [_cells(row) for row in element.iter(f"{_W}tr") if _owner(row) is element]
        texts = [[squeeze(" ".join(_runs(cell))) for cell in row] for row in rows]
        table_rows(
            name, texts, self.lines, self.skipped, lambda n, p, at: self._cell(rows[n][p], at)
        )

    def _cell(self, cell: Any, where: str) -> None:
        for kind, block in _blocks(cell):
            if kind == "p":
                self.paragraph(block, where)
            else:
                self.table(block)

    def notes(self, document: Any) -> Iterator[str]:
        yield from dict.fromkeys(self.invisible)
        if self.deleted:
            yield "The document has tracked changes; deleted text was not read, inserted text was."
        parts = document.part.package.iter_parts()
        if any("comments" in part.partname and b"<w:comment " in part.blob for part in parts):
            yield "The document has comments; they were not read as codes."
        if any(True for _ in document.element.body.iter(f"{_W}footnoteReference")):
            yield "The document has footnotes; they were not read."
        found = shading(document.element.body)
        if found.named:
            listed = ", ".join(f"[{name}]" for name in dict.fromkeys(found.named[:5]))
            yield (
                f"Behind {len(found.named)} of "
                f"{counted(found.passages, 'highlighted passage')} stand words in square brackets: "
                f"{listed}. They were read as words of the interview. If they are codes, export "
                "the codes in another way, and take the interview's own file."
            )


def _blocks(element: Any) -> Iterator[tuple[str, Any]]:
    """Paragraphs and tables in order, also within content controls and inserted blocks."""
    for child in element:
        if child.tag == f"{_W}p":
            yield "p", child
        elif child.tag == f"{_W}tbl":
            yield "tbl", child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(child)


def _runs(element: Any) -> Iterator[str]:
    """Pieces of text; deleted and moved-away text and text boxes left out."""
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            if element.tag == f"{_W}r":
                yield "\t"
        elif tag == f"{_W}br":
            yield "\f" if child.get(f"{_W}type") == "page" else "\n"
        elif tag == f"{_W}cr":
            yield "\n"
        elif tag in (f"{_W}noBreakHyphen", f"{_W}softHyphen"):
            yield "-" if tag.endswith("noBreakHyphen") else ""
        elif tag in (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText"):
            continue
        elif isinstance(tag, str) and not tag.endswith(("}drawing", "}pict", "}AlternateContent")):
            yield from _runs(child)
            if tag == f"{_W}p" and element.tag != f"{_W}body":
                yield " "


def _style(element: Any) -> str:
    found = element.find(f"{_W}pPr/{_W}pStyle")
    return "" if found is None else str(found.get(f"{_W}val", "")).casefold()


def _cells(row: Any) -> list[Any]:
    """Cells of one row, without those of tables within it; a merged cell is one."""
    return [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]


def _owner(row: Any) -> Any:
    return next(row.iterancestors(f"{_W}tbl"))
