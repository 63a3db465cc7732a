"""A report as Markdown: readable as it is, and without anything that a code's name could start.

Plots are files beside it. Every text is escaped, since codes, coders and transcripts are named by
people: a name may hold pipes, angle brackets or what looks like a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.report.charts import Chart, Grid
from eval.report.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Note,
    Section,
    Table,
    Terms,
    Text,
    footnotes,
)

__all__ = ["escape", "section_lines", "to_markdown"]

_ALWAYS = re.compile(r"([\\`*<>|~]|&(?=[#\w]+;)|(?<!\w)_|_(?!\w)|\](?=[(\[:])|(?<=!)\[)")
_AT_START = re.compile(r"^(\s*)([#+-]|\d+[.)])(?=\s)")


def escape(text: str) -> str:
    """As plain text in Markdown, on one line."""
    flat = " ".join(text.split())
    return _AT_START.sub(r"\1\\\2", _ALWAYS.sub(r"\\\1", flat))


def to_markdown(document: Document, plots: str = "plots") -> str:
    """``plots``: folder of the SVG files, relative to the Markdown file."""
    parts = [f"# {escape(document.title)}", escape(document.subtitle)]
    for section in document.sections:
        parts += section_lines(section, plots)
    parts.append("---")
    parts += [escape(text) for text in document.foot]
    return "\n\n".join(parts) + "\n"


def section_lines(section: Section, plots: str) -> Iterator[str]:
    """A section's heading and blocks, to be set apart by empty lines."""
    yield f"{'#' * section.level} {escape(section.title)}"
    for block in section.blocks:
        yield _block(block, plots)


def _block(block: Block, plots: str) -> str:
    match block:
        case Text(text=text):
            return escape(text)
        case Note(text=text):
            return f"> {escape(text)}"
        case Bullets(items=items):
            return "\n".join(f"- {escape(item)}" for item in items)
        case Terms(items=terms):
            return "\n".join(f"- **{escape(word)}**: {escape(meaning)}" for word, meaning in terms)
        case Table():
            return _table(block)
        case Chart() | Grid():
            return (
                f"![{escape(block.title)}]({plots}/{block.id}.svg)\n\n*{escape(block.description)}*"
            )


def _table(table: Table) -> str:
    notes = footnotes(table)
    lines = [
        f"**{escape(table.caption)}**",
        "",
        "| " + " | ".join(escape(column.title) for column in table.columns) + " |",
        "| " + " | ".join("---:" if c.numeric else "---" for c in table.columns) + " |",
    ]
    lines += ["| " + " | ".join(_cell(cell, notes) for cell in row) + " |" for row in table.rows]
    if notes:
        lines.append("")
        lines += [f"- ({letter}) {escape(reason)}" for reason, letter in notes.items()]
    return "\n".join(lines)


def _cell(cell: Cell, notes: dict[str, str]) -> str:
    text = escape(cell.text)
    if cell.symbol:
        text = f"{escape(cell.symbol)} {text}"
    if cell.under == "no interval":
        text += f" no interval ({notes[cell.why]})"
    else:
        if cell.under.startswith("["):
            text += f" {escape(cell.under)}"
        elif cell.under:
            text += f" ({escape(cell.under)})"
        if cell.why:
            text += f" ({notes[cell.why]})"
    return "<br>".join([text, *(escape(line) for line in (*cell.lines, *cell.further))])
