"""What a report is made of, before it is HTML or Markdown.

Both forms are drawn from the same `Document`, so that neither can say what the other does not. All
texts here are plain: each form escapes them in its own way, and nothing here is markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from eval.report.charts import Chart, Grid

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Column",
    "Document",
    "Note",
    "Section",
    "Table",
    "Terms",
    "Text",
    "footnotes",
]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. ``lead`` is set larger: the answer itself."""

    text: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph that limits what the figures say; set apart from the others."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and what they mean."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    under: str = ""
    """A smaller second line: the interval."""
    why: str = ""
    """Why there is no figure, or no interval; becomes a footnote."""
    lines: tuple[str, ...] = ()
    """Further sentences, each on a line of its own."""
    further: tuple[str, ...] = ()
    """The same, behind a word that opens them where a form can do that; printed in full."""
    symbol: str = ""
    """Stands before the text, so that its meaning does not hang on a colour."""
    kind: str = ""
    """A word for the style of the cell, such as a lane."""
    href: str = ""
    """Where the text leads to, within the report; pages only."""


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    numeric: bool = False
    code: bool = False
    """Hashes and the like, which may be broken anywhere."""
    long: bool = False
    """Sentences, which need room."""

    @property
    def style(self) -> str:
        return "n" if self.numeric else "code" if self.code else "long" if self.long else ""


@dataclass(frozen=True, slots=True)
class Table:
    """The first column names the row."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"{self.id}: {len(row)} cells for {len(self.columns)} columns in "
                    f"{row[0].text if row else 'an empty row'}"
                )


Block: TypeAlias = Text | Note | Bullets | Terms | Table | Chart | Grid


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    foot: tuple[str, ...]

    def charts(self) -> Iterator[Chart | Grid]:
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, (Chart, Grid)):
                    yield block


def footnotes(table: Table) -> dict[str, str]:
    """Reason -> its letter, in the order in which the reasons come up."""
    found: dict[str, str] = {}
    for row in table.rows:
        for cell in row:
            if cell.why and cell.why not in found:
                found[cell.why] = _letter(len(found))
    return found


def _letter(index: int) -> str:
    """a to z, then aa, ab and so on."""
    before, last = divmod(index, 26)
    return (_letter(before - 1) if before else "") + "abcdefghijklmnopqrstuvwxyz"[last]
