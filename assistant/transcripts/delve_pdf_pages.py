"""The pages of a PDF as lines of text, boxed words and underlined characters.

Nothing here knows what an interview is: a reader of other PDFs can start from `read_pages` too.
Coordinates are points (1/72 inch) from the upper left corner of a page. pdfplumber opens the file;
its laid-out objects are read directly, because its tables of characters take twice as long.

How marks are recognised, at any print scale:

- a *line* is all characters that stand on one baseline, in the order in which the file paints them;
- a *box* is a drawn rectangle (with round corners or not) around letters that it is not much
  higher than;
- an *underline* is a rectangle or stroke much thinner than the letters, just below a baseline.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.errors import DataError
from assistant.transcripts.decoding import clean_text

__all__ = ["Box", "Glyph", "Line", "Page", "RawPage", "read_pages", "read_raw_pages"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text outside boxes."""

    text: str
    """As painted, with single spaces where the file only leaves a gap."""
    marked: tuple[bool, ...]
    """For every code point of ``text``: is it underlined?"""
    baseline: float
    x0: float
    x1: float
    size: float
    """Commonest height of its letters."""
    bold: bool
    """Every letter is bold."""
    edges: int = 0
    """Places where one underline ends and the next begins without a gap."""


@dataclass(frozen=True, slots=True)
class Box:
    text: str
    baseline: float
    x0: float
    size: float


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    """From 1."""
    width: float
    height: float
    lines: tuple[Line, ...]
    """From top to bottom."""
    boxes: tuple[Box, ...]
    """In reading order."""
    images: int
    unreadable: int
    """Characters whose font does not say which letters they are."""


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
class _Shape:
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def read_pages(raw: Path | tuple[RawPage, ...]) -> tuple[Page, ...]:
    """All pages of a PDF, from its file or from `read_raw_pages`, whose errors it raises."""
    found = read_raw_pages(raw) if isinstance(raw, Path) else raw
    return tuple(_build(page) for page in found)


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


# ---------------------------------------------------------------- the file


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page before anything is decided about it."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    """In the order of painting."""
    shapes: list[_Shape]
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
            f"This file cannot be opened: {error.strerror or error}.", where=path.name
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
    shapes: list[_Shape] = []
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
                shapes.append(
                    _Shape(item.x0 - left, item.x1 - left, high - item.y1, high - item.y0)
                )
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


# ---------------------------------------------------------------- lines and boxes


def _build(page: RawPage) -> Page:
    boxes, rest = _take_boxes(page.glyphs, page.shapes)
    lines = []
    for row in _rows(rest):
        size = Counter(round(glyph.size, 1) for glyph in row).most_common(1)[0][0]
        line = _line(row, size, page.shapes)
        if line is not None:
            lines.append(line)
    return Page(
        page.number,
        page.width,
        page.height,
        tuple(lines),
        boxes,
        page.images,
        page.unreadable,
    )


def _take_boxes(glyphs: list[Glyph], shapes: list[_Shape]) -> tuple[tuple[Box, ...], list[Glyph]]:
    """Words inside drawn boxes, and the characters that are in none.

    A box that a page break or a browser draws as several shapes holds its letters once: each
    letter goes to the smallest shape around it.
    """
    frames = sorted(
        (shape for shape in shapes if 6 <= shape.height <= 80 and shape.x1 - shape.x0 >= 6),
        key=lambda shape: shape.height * (shape.x1 - shape.x0),
    )
    if not frames:
        return (), glyphs
    inside: dict[_Shape, list[Glyph]] = {}
    rest = []
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for frame in frames:
            if (
                frame.top < y < frame.bottom
                and frame.x0 < x < frame.x1
                and frame.height >= 1.15 * glyph.size
            ):
                inside.setdefault(frame, []).append(glyph)
                break
        else:
            rest.append(glyph)
    boxes = []
    for frame, members in inside.items():
        rows = [text for row in _rows(members) if (text := _text(row)[0].strip())]
        if rows:
            boxes.append(Box(" ".join(rows), frame.bottom, frame.x0, members[0].size))
    boxes.sort(key=lambda box: (round(box.baseline), box.x0))
    return tuple(boxes), rest


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Characters by baseline, from top to bottom; each row in the order of painting."""
    order = sorted(enumerate(glyphs), key=lambda pair: (pair[1].baseline, pair[0]))
    row: list[tuple[int, Glyph]] = []
    for pair in order:
        if row and pair[1].baseline - row[0][1].baseline > 0.3 * row[0][1].size:
            yield [glyph for _, glyph in sorted(row, key=lambda pair: pair[0])]
            row = []
        row.append(pair)
    if row:
        yield [glyph for _, glyph in sorted(row, key=lambda pair: pair[0])]


def _text(row: list[Glyph]) -> tuple[str, list[int]]:
    """Text of a row, and for each code point the number of its character (-1: an added space)."""
    parts: list[str] = []
    owners: list[int] = []
    before: Glyph | None = None
    for number, glyph in enumerate(row):
        if (
            before is not None
            and before.text != " " != glyph.text
            and glyph.x0 - before.x1 > 0.18 * glyph.size
        ):
            parts.append(" ")
            owners.append(-1)
        parts.append(glyph.text)
        owners += [number] * len(glyph.text)
        before = glyph
    return "".join(parts), owners


def _line(row: list[Glyph], size: float, shapes: list[_Shape]) -> Line | None:
    text, owners = _text(row)
    letters = [glyph for glyph in row if glyph.text != " "]
    if not letters:
        return None
    baseline = letters[0].baseline
    rules = sorted(
        (
            shape
            for shape in shapes
            if shape.height <= 0.3 * size
            and shape.x1 - shape.x0 > 0.5
            and -0.05 * size <= (shape.top + shape.bottom) / 2 - baseline <= 0.6 * size
        ),
        key=lambda shape: shape.x0,
    )
    under = [
        any(rule.x0 <= (glyph.x0 + glyph.x1) / 2 <= rule.x1 for rule in rules) for glyph in row
    ]
    marked = [owner >= 0 and under[owner] for owner in owners]
    for place, owner in enumerate(owners):
        if owner < 0:
            marked[place] = marked[place - 1] and under[owners[place + 1]]
    edges = sum(1 for left, right in pairwise(rules) if abs(right.x0 - left.x1) < 0.05 * size)
    return Line(
        text,
        tuple(marked),
        baseline,
        min(glyph.x0 for glyph in letters),
        max(glyph.x1 for glyph in letters),
        size,
        all(glyph.bold for glyph in letters),
        edges,
    )
