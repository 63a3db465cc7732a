"""XLSX: codings, codebook, agreement, one sheet each; numbers and dates typed, header frozen.

Texts are stored as texts, so none is a formula, and marked to stay texts when a cell is edited.
Written row by row: a hundred thousand codings need no more memory than one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.counting import counted
from assistant.interchange.export.cells import CELL_LIMIT, COLUMNS
from assistant.interchange.export.loading import Export, codes_of
from assistant.interchange.export.records import AgreementRow, ExportCode
from assistant.interchange.export.rows import Value, coding_rows

__all__ = ["write_xlsx"]

# What a workbook's XML cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STARTS = tuple("=+-@\t\r\n'")
_WIDE = {"quote": 60, "rationale": 50, "definition": 60, "include": 40, "exclude": 40, "guid": 38}
_CODEBOOK = (
    *("code", "name", "family", "kind", "definition", "include", "exclude", "under", "codings"),
)


def write_xlsx(
    export: Export, target: Path, agreement: Sequence[AgreementRow], about: str
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Write the workbook; counts, and remarks about cells that could not hold everything.

    ``about`` says which evaluation ``agreement`` is from, or why there is none.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheets = _Sheets(book)
    counts = {
        "rows": sheets.write("codings", COLUMNS, coding_rows(export)),
        "codes": sheets.write("codebook", _CODEBOOK, _codes(export)),
    }
    if agreement:
        names = [name for name, *_ in agreement[0].figures]
        header = (
            *("coders", "code", "both", "only first", "only second", "neither", "transcripts"),
            *(part for name in names for part in (name, f"{name} low", f"{name} high")),
            "evaluation",
        )
        counts["agreement"] = sheets.write("agreement", header, _agreement(agreement, about))
        none: tuple[str, ...] = ()
    else:
        # A sheet that is not there would not say why.
        none = (f"The sheet “agreement” holds no figures: {about}",)
        sheets.write("agreement", ("no figures",), iter([(about,)]))
    book.save(target)
    return counts, (*none, *sheets.remarks())


class _Sheets:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.changed: Counter[str] = Counter()

    def write(self, title: str, header: Sequence[str], rows: Iterator[tuple[Value, ...]]) -> int:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        sheet = self.book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for place, name in enumerate(header, 1):
            width = _WIDE.get(name, 14 if len(name) < 14 else len(name) + 2)
            sheet.column_dimensions[get_column_letter(place)].width = width
        top = [WriteOnlyCell(sheet, name) for name in header]
        for cell in top:
            cell.font = Font(bold=True)
        sheet.append(top)
        count = 0
        for row in rows:
            sheet.append([self._cell(sheet, value) for value in row])
            count += 1
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{count + 1}"
        return count

    def _cell(self, sheet: Any, value: Value) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if value is None or value == "":
            return None
        if isinstance(value, datetime):
            cell = WriteOnlyCell(sheet, value)
            cell.number_format = "yyyy-mm-dd hh:mm:ss"
            return cell
        if not isinstance(value, str):
            return value
        text = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value)
        if text != value:
            self.changed["control characters replaced"] += 1
        if len(text) > CELL_LIMIT:
            text = text[: CELL_LIMIT - 1] + "…"
            self.changed["text cut to what a cell can hold"] += 1
        if not text.startswith(_STARTS):
            return text
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell

    def remarks(self) -> tuple[str, ...]:
        return tuple(
            f"{counted(count, 'cell')}: {what}. Positions are right all the same."
            for what, count in self.changed.items()
        )


def _codes(export: Export) -> Iterator[tuple[Value, ...]]:
    def walk(code: ExportCode, under: str) -> Iterator[tuple[Value, ...]]:
        if code.applicable:
            yield (
                code.id,
                code.name,
                code.family,
                code.kind,
                code.definition,
                code.include,
                code.exclude,
                under,
                export.used[code.id],
            )
        for one in code.under:
            yield from walk(one, code.id if code.applicable else "")

    for code in codes_of(export):
        yield from walk(code, "")


def _agreement(rows: Sequence[AgreementRow], about: str) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        yield (
            row.who,
            row.code,
            row.both,
            row.only_first,
            row.only_second,
            row.neither,
            row.transcripts,
            *(part for _, *values in row.figures for part in values),
            about,
        )
