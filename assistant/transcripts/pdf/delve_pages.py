"""The pages of a PDF as lines of text, boxed words and underlined characters.

Nothing here knows what an interview is: a reader of other PDFs can start from `read_pages` too.
Coordinates are those of `assistant.transcripts.pdf.characters`.

How marks are recognised, at any print scale:

- a *line* is all characters that stand on one baseline, in the order in which the file paints them;
- a *box* is a drawn rectangle (with round corners or not) around letters that it is not much
  higher than;
- an *underline* is a rectangle or stroke much thinner than the letters, just below a baseline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from assistant.transcripts.pdf.characters import Glyph, RawPage, Shape, read_raw_pages

__all__ = ["Box", "Line", "Page", "read_pages"]


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


def read_pages(raw: Path | tuple[RawPage, ...]) -> tuple[Page, ...]:
    """All pages of a PDF, from its file or from `read_raw_pages`, whose errors it raises."""
    found = read_raw_pages(raw) if isinstance(raw, Path) else raw
    return tuple(_build(page) for page in found)


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


def _take_boxes(glyphs: list[Glyph], shapes: list[Shape]) -> tuple[tuple[Box, ...], list[Glyph]]:
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
    inside: dict[Shape, list[Glyph]] = {}
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


def _line(row: list[Glyph], size: float, shapes: list[Shape]) -> Line | None:
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
