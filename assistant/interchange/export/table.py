"""Long CSV: one row a coding, UTF-8 with the mark that Excel needs, formulas defused."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from assistant.interchange.export.cells import COLUMNS, defused
from assistant.interchange.export.loading import Export
from assistant.interchange.export.rows import Value, coding_rows

__all__ = ["write_csv"]


def write_csv(export: Export, target: Path) -> dict[str, int]:
    """Write the table; how many rows."""
    count = 0
    with open(target, "w", encoding="utf-8-sig", errors="replace", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(COLUMNS)
        for row in coding_rows(export):
            out.writerow([_said(value) for value in row])
            count += 1
    return {"rows": count}


def _said(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return defused(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + "Z"
    return repr(value)
