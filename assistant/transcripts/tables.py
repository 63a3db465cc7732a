"""Tables in documents: which column names the speaker, what is a head, what is interview text.

The rules are the same whatever the file's format; the reader brings the words of each cell and a
way to read one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.transcripts.lines import BLANK, Line
from assistant.transcripts.records import Skipped
from assistant.transcripts.speaker_labels import is_role, is_stamp, name_like

__all__ = ["speaker_column", "table_rows"]

_HEADER_CELL = re.compile(
    r"(?:speaker|name|who|text|utterance|transcript|time|sprecher(?:in)?|person|zeit|locuteur"
    r"|texte|temps|hablante|texto|tiempo|no\.?|nr\.?|#|line)",
    re.IGNORECASE,
)


def table_rows(
    name: str,
    texts: Sequence[Sequence[str]],
    lines: list[Line],
    skipped: list[Skipped],
    read: Callable[[int, int, str], None],
) -> None:
    """Sort a table's cells into speakers' names, what is left out, and text.

    ``texts``: the words of each cell, by row. ``read(row, column, where)`` reads a cell of text.
    """
    column = speaker_column(texts)
    for number, words in enumerate(texts):
        where = f"{name}, row {number + 1}"
        if not number and len(texts) > 1 and all(_HEADER_CELL.fullmatch(w) for w in words if w):
            if any(words):
                what = " | ".join(word for word in words if word)
                skipped.append(Skipped(what=what, why="a table's head", where=where))
            continue
        for place, word in enumerate(words):
            aside = column is not None and place < column
            if aside and word:
                why = "a table's column of numbers or times"
                skipped.append(Skipped(what=word, why=why, where=where))
            elif column is not None and place == column:
                if word:
                    lines += [Line(word, where, speaker=True), BLANK]
            elif not aside:
                read(number, place, where)


def speaker_column(rows: Sequence[Sequence[str]]) -> int | None:
    """The column of names: the one before the last, with only numbers or times before it."""
    full = [row for row in rows if len(row) >= 2]
    if not full or len({len(row) for row in full}) != 1:
        return None
    column = len(full[0]) - 2
    for row in full[1:]:
        if any(cell and not is_stamp(cell) and not cell.isdigit() for cell in row[:column]):
            return None
    names = [row[column].rstrip(" :") for row in full if row[column].strip()]
    short = [name for name in names if len(name) <= 40 and (is_role(name) or name_like(name))]
    if not names or len(short) < 0.8 * len(names):
        return None
    repeated = len(set(names)) <= max(4, len(names) / 2)
    return column if repeated else None
