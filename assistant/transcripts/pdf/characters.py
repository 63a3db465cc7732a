"""The characters and shapes of a PDF, page by page, before anything is decided about them.

Coordinates are points (1/72 inch) from the upper left corner of a page. pdfplumber opens the file;
its laid-out objects are read directly, because its tables of characters take twice as long.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.errors import DataError
from assistant.transcripts.decoding import clean_text

__all__ = ["Glyph", "RawPage", "Shape", "read_raw_pages"]


@dataclass(slots=True)
class Glyph:
    """One character (or ligature) as painted."""

    text: str
    baseline: float
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Shape:
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def read_raw_pages(path: Path) -> tuple[RawPage, ...]:
    """All pages of a PDF as characters and shapes.

    Raises DataError for a file that is no PDF, is damaged, needs a password, has no pages, or has
    no text layer (a scan).
    """
    pages = tuple(_raw_pages(path))
    if not pages:
        raise DataError(
            "This PDF has no pages.", where=path.name, hint="Export or print the interview again."
        )
    if not any(glyph.text != " " for page in pages for glyph in page.glyphs):
        images = sum(page.images for page in pages)
        raise DataError(
            f"This PDF has no text layer: its {len(pages)} pages "
            + ("are pictures, such as a scanner makes." if images else "hold no letters."),
            where=path.name,
            hint="Give the text, Word or original PDF file of the interview. A scan must go through"
            " text recognition (OCR) first, and be read over by a person.",
        )
    return pages


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page before anything is decided about it."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    """In the order of painting."""
    shapes: list[Shape]
    images: int
    unreadable: int


def _raw_pages(path: Path) -> list[RawPage]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    # Its warnings about fonts and page boxes would stand on a researcher's screen and help nobody.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with path.open("rb") as file:
            if b"%PDF-" not in file.read(1024):
                raise DataError(
                    "This file is not a PDF, whatever its name says.",
                    where=path.name,
                    hint="Give it the ending of what it is, or export the interview again.",
                )
    except OSError as error:
        raise DataError(
            f"This file cannot be opened: {error.strerror or error}.",
            where=path.name,
            hint="Look whether it is open elsewhere and whether you may read it.",
        ) from error
    found: list[RawPage] = []
    number = 0
    # The parser meets whatever bytes people have and raises whatever those lead to (KeyError,
    # struct.error, RecursionError …); nothing of ours runs inside this block but plain collecting.
    try:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                number = page.page_number
                found.append(_collect(number, page.layout))
                page.close()
    except Exception as error:
        causes = {type(cause) for cause in (error, error.__cause__, *error.args)}
        if PDFPasswordIncorrect in causes:
            raise DataError(
                "This PDF is encrypted: it opens with a password only.",
                where=path.name,
                hint="Open it with the password, print it to a new PDF without one, and use that.",
            ) from error
        raise DataError(
            "This PDF is damaged and cannot be read"
            + (f": page {number} is broken." if number else "."),
            where=path.name,
            hint="Export or print the interview again, or copy the file once more.",
        ) from error
    return found


def _collect(number: int, layout: Any) -> RawPage:
    from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage

    left, low, right, high = layout.bbox
    glyphs: list[Glyph] = []
    shapes: list[Shape] = []
    images = unreadable = 0
    stack: list[Iterator[Any]] = [iter(layout)]
    while stack:
        for item in stack[-1]:
            if isinstance(item, LTChar):
                text = _glyph_text(item.get_text())
                if text.startswith("(cid:"):
                    unreadable += 1
                    text = "\ufffd"
                if text:
                    glyphs.append(
                        Glyph(
                            text,
                            high - item.matrix[5],
                            item.x0 - left,
                            item.x1 - left,
                            high - item.y1,
                            high - item.y0,
                            item.size,
                            _is_bold(item.fontname),
                        )
                    )
            elif isinstance(item, LTCurve):
                shapes.append(Shape(item.x0 - left, item.x1 - left, high - item.y1, high - item.y0))
            elif isinstance(item, LTImage):
                images += 1
            elif isinstance(item, LTFigure):
                stack.append(iter(item))
                break
        else:
            stack.pop()
    return RawPage(number, right - left, high - low, glyphs, shapes, images, unreadable)


@lru_cache(maxsize=4096)
def _glyph_text(text: str) -> str:
    if text == "\u00ad":
        return "-"  # painted, so it is to be seen
    return " " if text.isspace() else clean_text(text)[0]


@lru_cache(maxsize=256)
def _is_bold(font: str) -> bool:
    name = font.lower()
    return any(word in name for word in ("bold", "black", "heavy"))
