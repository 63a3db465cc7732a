"""PDFs with a text layer that are no Delve prints: rows to paragraphs, paragraphs to lines.

A row begins a paragraph after a wider gap, at an indent or an outdent, with a speaker's name, with
other letters, or where its first word would have found room in the row before. A word broken by a
hyphen is put together again unless the file writes it with a hyphen elsewhere too; each such place
is listed in ``skipped`` with page and line, so that it can be undone. Lines of a page are counted
from 1 in the order in which they are read, without page headers and footers. ``JOINED`` stands in
the lines wherever a hyphen was, for whoever wants to know the places, and is no part of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from assistant.counting import counted
from assistant.transcripts.lines import BLANK, Line, join_broken
from assistant.transcripts.pdf.characters import RawPage
from assistant.transcripts.pdf.layout import Block, Row, layout
from assistant.transcripts.records import Skipped
from assistant.transcripts.speaker_labels import colon_candidate, is_discourse, is_role

__all__ = ["JOINED", "pdf_lines", "with_places"]

_BROKEN = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)?)[-‐]$")
_GOES_ON = re.compile(r"([^\W\d_]+)")
_HYPHEN = "a hyphen at the end of a line"
_HYPHENED = re.compile(r"[^\W\d_]+[-‐][^\W\d_]+")


JOINED = "\ufdd0"
"""A code point that is no character, and never will be one."""


def pdf_lines(
    pages: Sequence[RawPage],
) -> tuple[tuple[Line, ...], tuple[Skipped, ...], tuple[str, ...]]:
    """Lines, with ``JOINED`` in them, what was left out, notes."""
    blocks, skipped, columned = layout(pages)
    notes: list[str] = []
    if columned:
        notes.append(f"{columned} of {len(pages)} pages have columns; they were read one by one.")
    images = sum(page.images for page in pages)
    if images:
        notes.append(
            f"The file has {counted(images, 'picture')} that {'was' if images == 1 else 'were'} "
            "not read."
        )
    empty = [page.number for page in pages if not any(g.text.strip() for g in page.glyphs)]
    skipped += tuple(
        Skipped(what=f"page {number}", why="a page without text", where=f"page {number}")
        for number in empty
    )
    unreadable = sum(page.unreadable for page in pages)
    if unreadable:
        notes.append(
            f"{counted(unreadable, 'character')} in a font that does not say which letters they "
            "are: "
            "shown as \ufffd."
        )
    joiner = _Joiner(blocks)
    lines: list[Line] = []
    page = 0
    for paragraph in _paragraphs(blocks):
        text = joiner.join(paragraph)
        first = paragraph[0]
        heading = first.size > 1.15 * joiner.size and len(paragraph) < 4
        lines += [
            Line(text, f"page {first.page}", new_page=first.page > page > 0, heading=heading),
            BLANK,
        ]
        page = first.page
    if joiner.joined:
        notes.append(
            f"Put together where broken at the end of a line: "
            f"{counted(len(joiner.joined), 'word')}; "
            "each is listed with what was left out."
        )
    return tuple(lines), (*skipped, *joiner.joined), tuple(notes)


def with_places(skipped: Sequence[Skipped], marked: str, text: str) -> tuple[Skipped, ...]:
    """Hyphens that were left out with their places in ``text``, so that each can be put back.

    ``marked`` is the same text with ``JOINED`` in it. Where it is not the same, since a mark was
    taken for something else, page and line are all that is said.
    """
    pieces = marked.split(JOINED)
    joined = sum(one.why.startswith(_HYPHEN) for one in skipped)
    if "".join(pieces) != text or joined != len(pieces) - 1:
        return tuple(skipped)
    places = iter(accumulate(len(piece) for piece in pieces[:-1]))
    return tuple(
        one.model_copy(update={"where": f"{one.where}, character {next(places)} of the text"})
        if one.why.startswith(_HYPHEN)
        else one
        for one in skipped
    )


class _Joiner:
    """Rows to text. It knows which words the file itself writes with a hyphen."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        rows = [row for block in blocks for row in block.rows]
        self.hyphened = {
            found.casefold().replace("‐", "-")
            for row in rows
            for found in _HYPHENED.findall(row.text)
        }
        self.joined: list[Skipped] = []
        self.line: dict[int, int] = {}
        """Number of each row on its page, by identity: two rows may be equal."""
        self._rows = rows  # keeps their identities
        on_page = Counter[int]()
        for row in rows:
            on_page[row.page] += 1
            self.line[id(row)] = on_page[row.page]
        sizes = Counter[float]()
        for row in rows:
            sizes[row.size] += len(row.text)
        self.size = sizes.most_common(1)[0][0] if sizes else 0.0

    def join(self, rows: Sequence[Row]) -> str:
        text = rows[0].text.replace(JOINED, "")
        for above, row in pairwise(rows):
            broken = _BROKEN.search(text.replace(JOINED, ""))
            after = _GOES_ON.match(row.text)
            if not broken or not after:
                text = join_broken(text, row.text)
                continue
            head, tail = broken.group(1), after.group(1)
            if f"{head}-{tail}".casefold() in self.hyphened or not tail[0].islower():
                text += row.text
                continue
            why = f"{_HYPHEN}: {head}-{tail} became {head}{tail}"
            where = f"page {above.page}, end of line {self.line[id(above)]}"
            self.joined.append(Skipped(what=text[-1], why=why, where=where))
            text = text[:-1] + JOINED + row.text
        return text


@dataclass(frozen=True)
class _Measure:
    """What is usual in this file."""

    pitch: float
    """Points from one baseline to the next within a paragraph."""
    left: dict[tuple[int, int], float]
    """Left edge, by page and column."""
    right: dict[int, float]
    """Right edge by column, over all pages."""
    labels: frozenset[str]
    begins_at: dict[int, float]
    """Where paragraphs begin in a column that has two left edges, in points from the left one."""

    def inset(self, row: Row, block: Block) -> float:
        return row.x0 - self.left[row.page, block.column]

    def named(self, row: Row) -> bool:
        found = colon_candidate(row.text)
        return found is not None and found.key in self.labels

    def room_above(self, above: Row, upper: Block, row: Row) -> bool:
        """The first word of the row would have fitted into the one above."""
        word = row.text.split(" ", 1)[0]
        width = (row.x1 - row.x0) * (len(word) + 1) / max(1, len(row.text))
        return above.x1 + width < self.right[upper.column] - 0.5 * row.size


def _measure(blocks: Sequence[Block]) -> _Measure:
    gaps = Counter[float]()
    left: dict[tuple[int, int], float] = {}
    right: dict[int, float] = {}
    labels = Counter[str]()
    for block in blocks:
        for above, below in pairwise(block.rows):
            gaps[round((below.baseline - above.baseline) * 2) / 2] += 1
        key = (block.rows[0].page, block.column)
        left[key] = min(*(row.x0 for row in block.rows), left.get(key, 1e9))
        edge = max(row.x1 for row in block.rows)
        right[block.column] = max(edge, right.get(block.column, 0.0))
        for row in block.rows:
            found = colon_candidate(row.text)
            if found is not None and found.key and not is_discourse(found.label):
                labels[found.key] += 10 if is_role(found.label) else 1
    # The commonest gap; where paragraphs of one row are usual, the smaller one of two common gaps.
    common = [gap for gap, count in gaps.items() if count >= 0.15 * gaps.total() and gap > 0]
    names = frozenset(key for key, count in labels.items() if count >= 3)
    plain = _Measure(min(common, default=0.0), left, right, names, {})
    return replace(plain, begins_at=_begins_at(blocks, plain))


def _begins_at(blocks: Sequence[Block], measure: _Measure) -> dict[int, float]:
    """Of two left edges, the one at which rows begin after room was left or with a name."""
    found: dict[int, float] = {}
    for column in measure.right:
        rows = Counter[int]()
        begun = Counter[int]()
        size = 0.0
        for block in blocks:
            if block.column != column:
                continue
            for above, row in pairwise(block.rows):
                inset = round(measure.inset(row, block))
                rows[inset] += 1
                begun[inset] += measure.room_above(above, block, row) or measure.named(row)
                size = max(size, row.size)
        edges = [edge for edge, count in rows.most_common(2) if count >= 0.08 * rows.total()]
        if len(edges) == 2 and abs(edges[0] - edges[1]) > 0.8 * size:
            found[column] = float(max(edges, key=lambda edge: begun[edge] / rows[edge]))
    return found


def _paragraphs(blocks: Sequence[Block]) -> list[list[Row]]:
    measure = _measure(blocks) if blocks else None
    found: list[list[Row]] = []
    before: tuple[Row, Block] | None = None
    for block in blocks:
        for row in block.rows:
            if before is None or measure is None or _begins(before, row, block, measure):
                found.append([])
            found[-1].append(row)
            before = (row, block)
    return found


def _begins(before: tuple[Row, Block], row: Row, block: Block, measure: _Measure) -> bool:
    above, upper = before
    if abs(above.size - row.size) > 0.12 * row.size or above.bold != row.bold:
        return True
    if upper is not block and (upper.column < 0) != (block.column < 0):
        return True
    gap = row.baseline - above.baseline
    if upper is block and measure.pitch and gap > 1.35 * measure.pitch:
        return True
    if measure.named(row) or measure.room_above(above, upper, row):
        return True
    inset = measure.inset(row, block)
    if (edge := measure.begins_at.get(block.column)) is not None:
        return abs(inset - edge) < 3
    return inset > 0.8 * row.size and measure.inset(above, upper) < 0.3 * row.size
