"""Rich text (RTF) to lines: a paragraph becomes a line with an empty one after it.

Words come from striprtf. Tables come out of it as cells with ``|`` between them; where all rows
of a file's tables have a name in the first of two cells, that name is the speaker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.errors import DataError
from assistant.transcripts.decoding import clean_text
from assistant.transcripts.lines import BLANK, Line, squeeze
from assistant.transcripts.records import Skipped
from assistant.transcripts.tables import speaker_column

__all__ = ["is_rtf", "rtf_lines"]

_PAGE = re.compile(r"ansicpg\s*(\d+)")
_DEEPEST = 2000
_CELLS = re.compile(r"[^|]+(?:\|[^|]*)+\|")


def is_rtf(data: bytes) -> bool:
    return data[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf")


def rtf_lines(
    data: bytes, where: str
) -> tuple[tuple[Line, ...], tuple[Skipped, ...], tuple[str, ...]]:
    """Lines, what was left out, notes. Raises DataError for a damaged file."""
    from striprtf.striprtf import rtf_to_text

    damaged = DataError(
        "This RTF file is damaged and cannot be read.",
        where=where,
        hint="Open it in Word or LibreOffice, save it as .docx, and try again.",
    )
    if data.count(b"{") - data.count(b"}") > _DEEPEST:
        raise damaged
    source = data.decode("latin-1").lstrip("\xef\xbb\xbf \r\n\t")
    notes: list[str] = []
    # Bytes above 127 have no business in RTF; some programs write them in the file's code page.
    if any(byte > 127 for byte in data):
        found = _PAGE.search(source[:4000])
        source = _decoded(data, f"cp{found.group(1)}" if found else "cp1252", notes)
    # A paragraph mark and a page break are both line ends afterwards; only paragraphs count here.
    try:
        text = str(rtf_to_text(source, errors="replace"))  # type: ignore[no-untyped-call]
    # The library meets whatever bytes people have; nothing of ours runs inside it.
    except (ValueError, IndexError, LookupError, RecursionError, OverflowError, TypeError) as error:
        raise damaged from error
    # Characters beyond the basic plane stand as two halves in RTF.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    cleaned, dropped = clean_text(text)
    notes += dropped
    if b"\\revtbl" in data or b"\\deleted" in data:
        notes.append(
            "The file has tracked changes, which cannot be told apart in RTF: deleted text may "
            "stand in the transcript. Save it as .docx to be sure."
        )
    lines: list[Line] = []
    skipped: list[Skipped] = []
    rows = cleaned.split("\n")
    tables = [squeeze(row) for row in rows if _CELLS.fullmatch(row.strip())]
    column = speaker_column([_cells(row) for row in tables]) if len(tables) > 1 else None
    for number, row in enumerate(rows, start=1):
        where_ = f"paragraph {number}"
        for place, part in enumerate(row.split("\f")):
            if column is not None and _CELLS.fullmatch(part.strip()):
                _table_row(_cells(squeeze(part)), column, where_, lines, skipped)
            elif part.strip():
                lines.append(Line(part, where_, new_page=place > 0))
        lines.append(BLANK)
    return tuple(lines), tuple(skipped), tuple(notes)


def _decoded(data: bytes, codec: str, notes: list[str]) -> str:
    try:
        text = data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        text = data.decode("cp1252", "replace")
    notes.append(f"The file holds raw letters; they were read as {codec}. Look at the accents.")
    return text


def _cells(row: str) -> list[str]:
    return [squeeze(cell) for cell in row.rstrip().removesuffix("|").split("|")]


def _table_row(
    cells: Sequence[str], column: int, where: str, lines: list[Line], skipped: list[Skipped]
) -> None:
    for place, cell in enumerate(cells):
        if not cell:
            continue
        if place < column:
            why = "a table's column of numbers or times"
            skipped.append(Skipped(what=cell, why=why, where=where))
        else:
            lines.append(Line(cell, where, speaker=place == column))
            lines.append(BLANK)
