"""Tables as they stand in a file: CSV in any usual form, and sheets of a workbook.

Rows are read one by one, and every cell as it stands.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assistant.errors import DataError
from assistant.transcripts.decoding import decode
from assistant.transcripts.packages import check_package

__all__ = ["Table", "is_error", "is_workbook", "open_table"]

Fits = Callable[[Sequence[str]], int]
_DELIMITERS = (",", ";", "\t", "|")
_MOST_ROWS = 2**20
"""A sheet has no more, in whatever program."""
_MOST_EMPTY = 10_000
"""Empty rows one after the other, behind which nothing more is looked for in a sheet."""
_LONGEST_CELL = 50_000_000
_DEEPEST = 20
"""Rows among which the head is looked for."""


_ERROR = re.compile(
    r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA"
    r"|NV|WERT!|BEZUG!|ZAHL!|NULO!|NOM\s?\?|VALEUR\s?!|NOMBRE\s?!|¿NOMBRE\?|¡VALOR!|¡REF!|¡DIV/0!"
    r"|¡NUM!|N/D|NOME\?|VALOR!|RIF!|VALORE!)|Err:\d{3}",
    re.IGNORECASE,
)
"""As Excel and LibreOffice write them, also in German, French, Spanish, Italian, Portuguese."""


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    """Number of the row in the file, from 1, and its cells, as many as the head has."""
    csv: bool
    what: str
    """For people: ``CSV, UTF-8, separated by semicolons``; ``sheet “codings”``."""
    ended: list[str] = field(default_factory=list)
    """Filled when the rows were read: why the reading ended before the end of the sheet."""


def is_error(cell: str) -> bool:
    """Whether a spreadsheet put an error there in place of a value."""
    return _ERROR.fullmatch(cell.strip()) is not None


def is_workbook(path: Path, head: bytes) -> bool:
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


@contextmanager
def open_table(path: Path, data: bytes, fits: Fits) -> Iterator[Table]:
    """The file's table. ``fits`` counts known names in a row, to tell the head and the delimiter.

    Raises DataError for an empty or damaged file.
    """
    if data.startswith(b"PK\x03\x04"):
        yield from _workbook(path, data, fits)
    else:
        yield _csv(path, data, fits)


# ---------------------------------------------------------------- CSV


def _csv(path: Path, data: bytes, fits: Fits) -> Table:
    decoded = decode(data, str(path))
    text = decoded.text
    text = text.removeprefix("\ufeff")
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"')
    if named[:4].lower() == "sep=" and len(named) == 5:
        delimiter, text, before = named[4], rest, 1
    else:
        delimiter, before = _delimiter(text, fits), 0
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    name = {",": "commas", ";": "semicolons", "\t": "tabs"}.get(delimiter, repr(delimiter))
    what = f"CSV, {decoded.encoding}, separated by {name}"

    def lines() -> Iterator[tuple[int, list[str]]]:
        try:
            for row in reader:
                yield reader.line_num + before, row
        except csv.Error as error:
            raise DataError(
                f"This table cannot be read beyond line {reader.line_num} ({error}).",
                where=str(path),
                hint="Look at quotation marks there, or save the table again as CSV (UTF-8).",
            ) from error

    return _with_head(path, lines(), fits, True, what)


def _delimiter(text: str, fits: Fits) -> str:
    """The one under which most names of columns are known, then that makes most columns."""
    sample = text[:100_000]
    best = (-1, -1, ",")
    for delimiter in _DELIMITERS:
        found = (0, 0)
        try:
            rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            for row, _ in zip(rows, range(_DEEPEST), strict=False):
                found = max(found, (fits(row), len(row)))
        except csv.Error:
            pass
        if found > best[:2]:
            best = (*found, delimiter)
    return best[2]


def _with_head(
    path: Path, lines: Iterator[tuple[int, list[str]]], fits: Fits, csv: bool, what: str
) -> Table:
    """The head is the first row with the most known names; without any, the first with cells."""
    early: list[tuple[int, list[str]]] = []
    for number, cells in lines:
        early.append((number, cells))
        if len(early) >= _DEEPEST:
            break
    scored = [(fits(cells), -place) for place, (_, cells) in enumerate(early) if any(cells)]
    if not scored:
        raise DataError("This table is empty.", where=str(path), hint="Export it again.")
    place = -max(scored)[1]
    head = tuple(cell.strip() for cell in early[place][1])
    while head and not head[-1]:
        head = head[:-1]
    width = len(head)

    def rows() -> Iterator[tuple[int, list[str]]]:
        for part in (iter(early[place + 1 :]), lines):
            for number, cells in part:
                if any(cell.strip() for cell in cells):
                    yield number, [*cells[:width], *[""] * (width - len(cells))]

    return Table(head, rows(), csv, what)


# ---------------------------------------------------------------- workbooks


def _workbook(path: Path, data: bytes, fits: Fits) -> Iterator[Table]:
    import warnings

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = DataError(
        "This workbook is damaged or protected and cannot be read.",
        where=str(path),
        hint="Open it in Excel or LibreOffice, save it as .xlsx or CSV, and try again.",
    )
    check_package(data, str(path))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not looked at
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError) as error:
        raise damaged from error
    except SyntaxError as error:  # lxml's errors about broken XML are SyntaxErrors
        raise damaged from error
    try:
        best: tuple[int, int] | None = None
        for place, sheet in enumerate(book.worksheets):
            known = 0
            for _, cells in zip(range(_DEEPEST), _sheet(sheet, damaged), strict=False):
                known = max(known, fits(cells[1]))
            if known and (best is None or known > best[0]):
                best = (known, place)
        sheets = book.worksheets
        if not sheets:
            raise damaged
        sheet = sheets[best[1] if best else 0]
        what = f"sheet “{sheet.title}”"
        ended: list[str] = []
        found = _with_head(path, _sheet(sheet, damaged, ended), fits, False, what)
        yield replace(found, ended=ended)
    finally:
        book.close()


def _sheet(
    sheet: Any, damaged: DataError, ended: list[str] | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Each row; a sheet that was formatted to its end has a million empty ones, which take minutes.

    ``ended`` is told when the reading stopped for their sake.
    """
    empty = 0
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > _MOST_ROWS:  # a row may claim any number, and all before it are empty ones
                raise damaged
            empty = 0 if any(value not in (None, "") for value in row) else empty + 1
            if empty > _MOST_EMPTY:
                if ended is not None:
                    last = f" of {sheet.max_row:,}" if sheet.max_row else ""
                    ended.append(
                        f"The sheet was read to row {number:,}{last}: the {_MOST_EMPTY:,} rows "
                        "before it are empty, and what stands below was not looked at."
                    )
                return
            yield number, [_said(value) for value in row]
    except (KeyError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile, EOFError) as error:
        raise damaged from error


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
