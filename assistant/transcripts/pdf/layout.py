"""The rows of a PDF in reading order: columns one after the other, page margins set aside.

A page is cut at a gutter that few rows cross and that has text of column width on both sides;
rows that cross it stand above or below the columns. A narrow left side is no column: it holds
speakers' names or times, and each belongs to the row beside it. Rows at the upper and lower edge
that repeat from page to page, numbers aside, are the page's and not the interview's.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from assistant.transcripts.lines import squeeze
from assistant.transcripts.pdf.characters import Glyph, RawPage
from assistant.transcripts.records import Skipped

__all__ = ["Block", "Row", "layout"]

_MARGIN = 0.12
"""Share of a page's height at its upper and lower edge where headers and footers stand."""
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|página|pagina|p\.|s\.)\s*\d+(?:\s*(?:of|/|von|de|sur|di|van)\s*\d+)?"
    r"|\d+\s*(?:/|of|von|sur)\s*\d+",
    re.IGNORECASE,
)
_FEWEST_ROWS = 3
_NARROWEST = 0.25
_CROSSING = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """Words on one baseline. Points; ``baseline`` counts from the upper edge of the page."""

    text: str
    page: int
    baseline: float
    x0: float
    x1: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that follow each other in one column of one page."""

    rows: tuple[Row, ...]
    column: int
    """From 0; -1 for rows over several columns."""


def layout(pages: Sequence[RawPage]) -> tuple[tuple[Block, ...], tuple[Skipped, ...], int]:
    """Blocks in reading order, the margins that were set aside, the pages with columns."""
    pieces = {page.number: list(_pieces(page)) for page in pages}
    gone, skipped = _margins(pages, pieces)
    blocks: list[Block] = []
    columned = 0
    for page in pages:
        kept = [piece for piece in pieces[page.number] if piece not in gone]
        found = list(_blocks(kept)) if kept else []
        columned += any(block.column > 0 for block in found)
        blocks += found
    return tuple(blocks), skipped, columned


# ---------------------------------------------------------------- rows


def _pieces(page: RawPage) -> Iterator[Row]:
    """Rows, cut where a gap is wide enough for the space between columns."""
    for line in _by_baseline(page.glyphs):
        solid = [glyph for glyph in line if glyph.text.strip()]
        if not solid:
            continue
        run: list[Glyph] = []
        end = 0.0
        for glyph in line:
            if run and glyph.text.strip() and glyph.x0 - end > 1.2 * glyph.size:
                if (row := _row(run, page.number)) is not None:
                    yield row
                run = []
            run.append(glyph)
            if glyph.text.strip():
                end = glyph.x1
        if (row := _row(run, page.number)) is not None:
            yield row


def _by_baseline(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Lines from top to bottom, each from left to right (as painted where it runs leftwards)."""
    order = sorted(glyphs, key=lambda glyph: glyph.baseline)
    line: list[Glyph] = []
    for glyph in order:
        if line and glyph.baseline - line[-1].baseline > 0.3 * max(glyph.size, line[0].size, 1):
            yield _ordered(line)
            line = []
        line.append(glyph)
    if line:
        yield _ordered(line)


def _ordered(line: list[Glyph]) -> list[Glyph]:
    leftwards = sum(1 for g in line if unicodedata.bidirectional(g.text[0]) in ("R", "AL"))
    if leftwards * 2 > len(line):
        return line
    kept: list[Glyph] = []
    for glyph in sorted(line, key=lambda glyph: glyph.x0):
        # Some programs make bold letters by painting them twice.
        twice = kept and kept[-1].text == glyph.text != " "
        if not (twice and abs(kept[-1].x0 - glyph.x0) < 0.1 * glyph.size):
            kept.append(glyph)
    return kept


def _row(glyphs: Sequence[Glyph], page: int) -> Row | None:
    solid = [glyph for glyph in glyphs if glyph.text.strip()]
    if not solid:
        return None
    parts: list[str] = []
    before: Glyph | None = None
    for glyph in glyphs:
        if before is not None and before.text != " " != glyph.text:
            # Either side: some scripts run leftwards.
            gap = max(glyph.x0 - before.x1, before.x0 - glyph.x1)
            if gap > 0.18 * glyph.size:
                parts.append(" ")
        text = glyph.text
        # Ligatures are one painted character and several letters.
        parts.append(unicodedata.normalize("NFKC", text) if "\ufb00" <= text <= "\ufb06" else text)
        before = glyph
    size = Counter(round(glyph.size, 1) for glyph in solid).most_common(1)[0][0]
    return Row(
        squeeze(unicodedata.normalize("NFC", "".join(parts))),
        page,
        median(glyph.baseline for glyph in solid),
        min(glyph.x0 for glyph in solid),
        max(glyph.x1 for glyph in solid),
        size,
        all(glyph.bold for glyph in solid),
    )


# ---------------------------------------------------------------- margins


def _margins(
    pages: Sequence[RawPage], pieces: dict[int, list[Row]]
) -> tuple[set[Row], tuple[Skipped, ...]]:
    edges: list[tuple[RawPage, str, tuple[Row, ...]]] = []
    for page in pages:
        lines = _lines(pieces[page.number])
        top = [line for line in lines[:3] if line[0].baseline < _MARGIN * page.height]
        bottom = [line for line in lines[-3:] if line[0].baseline > (1 - _MARGIN) * page.height]
        edges += [(page, "header", line) for line in top]
        edges += [(page, "footer", line) for line in bottom if line not in top]
    counts: dict[tuple[str, str], set[int]] = defaultdict(set)
    for page, kind, line in edges:
        counts[kind, _key(line)].add(page.number)
    gone: set[Row] = set()
    skipped: list[Skipped] = []
    for page, kind, line in edges:
        seen = counts[kind, _key(line)]
        text = " ".join(piece.text for piece in line)
        repeated = len(seen) >= 2 and len(seen) >= 0.4 * min(len(pages), 7)
        if repeated and _key(line) == "#":
            repeated = _counts_up(kind, edges)
        if repeated or _PAGE_NUMBER.fullmatch(text):
            gone.update(line)
            skipped.append(Skipped(what=text, why=f"the page {kind}", where=f"page {page.number}"))
    return gone, tuple(skipped)


def _counts_up(kind: str, edges: Sequence[tuple[RawPage, str, tuple[Row, ...]]]) -> bool:
    """Lone numbers at that edge are the pages' numbers and not short answers."""
    shifts = Counter(
        int(line[0].text.strip("-– .")) - page.number
        for page, found, line in edges
        if found == kind and _key(line) == "#" and line[0].text.strip("-– .").isdecimal()
    )
    return bool(shifts) and shifts.most_common(1)[0][1] >= 2


def _key(line: Sequence[Row]) -> str:
    text = " ".join(piece.text for piece in line).casefold()
    return _NUMBER.sub("#", text).strip("-– .")


def _lines(pieces: Sequence[Row]) -> list[tuple[Row, ...]]:
    """Pieces with one baseline together, from top to bottom."""
    found: list[list[Row]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.baseline, piece.x0)):
        if found and piece.baseline - found[-1][0].baseline < 0.35 * piece.size:
            found[-1].append(piece)
        else:
            found.append([piece])
    return [tuple(sorted(line, key=lambda piece: piece.x0)) for line in found]


# ---------------------------------------------------------------- columns


def _blocks(pieces: Sequence[Row], column: int = 0, depth: int = 0) -> Iterator[Block]:
    gutter = _gutter(pieces) if depth < 3 else None
    if gutter is None:
        yield Block(tuple(_joined(line) for line in _lines(pieces)), column)
        return
    band: list[Row] = []
    across: list[Row] = []
    for line in _lines(pieces):
        if any(piece.x0 < gutter < piece.x1 for piece in line):
            yield from _columns(band, gutter, depth)
            band = []
            across += line
        else:
            if across:
                yield Block(tuple(_joined(row) for row in _lines(across)), -1)
                across = []
            band += line
    yield from _columns(band, gutter, depth)
    if across:
        yield Block(tuple(_joined(row) for row in _lines(across)), -1)


def _columns(band: Sequence[Row], gutter: float, depth: int) -> Iterator[Block]:
    left = [piece for piece in band if piece.x1 <= gutter]
    right = [piece for piece in band if piece.x0 >= gutter]
    if left:
        yield from _blocks(left, 0, depth + 1)
    if right:
        for block in _blocks(right, 0, depth + 1):
            yield replace(block, column=block.column + 1 if block.column >= 0 else -1)


def _gutter(pieces: Sequence[Row]) -> float | None:
    """Where text of column width stands on both sides and hardly a row crosses."""
    if len(pieces) < 2 * _FEWEST_ROWS:
        return None
    low, high = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    width = high - low
    best: tuple[int, float] | None = None
    for at in {round(piece.x0, 0) - 1.0 for piece in pieces}:
        if not low + 0.2 * width < at < low + 0.8 * width:
            continue
        left = [piece.x1 - piece.x0 for piece in pieces if piece.x1 <= at]
        right = [piece.x1 - piece.x0 for piece in pieces if piece.x0 >= at]
        crossing = len(pieces) - len(left) - len(right)
        if min(len(left), len(right)) < _FEWEST_ROWS or crossing > _CROSSING * len(pieces):
            continue
        if min(_typical(left), _typical(right)) < _NARROWEST * width:
            continue
        found = (min(len(left), len(right)), -at)
        if best is None or found > best:
            best = found
    return None if best is None else -best[1]


def _typical(widths: Sequence[float]) -> float:
    """Width that the fuller half of the rows reaches."""
    return sorted(widths)[(3 * len(widths)) // 4]


def _joined(line: Sequence[Row]) -> Row:
    if len(line) == 1:
        return line[0]
    longest = max(line, key=lambda piece: len(piece.text))
    return replace(
        longest,
        text=" ".join(piece.text for piece in line),
        x0=min(piece.x0 for piece in line),
        x1=max(piece.x1 for piece in line),
        bold=all(piece.bold for piece in line),
    )
