"""A table in Unicode NFC, as names and texts of the study are: macOS writes é as two characters."""

from __future__ import annotations

from dataclasses import replace

from assistant.interchange.readers.cells import Table
from assistant.spelling import nfc

__all__ = ["composed"]


def composed(table: Table) -> Table:
    rows = ((number, [nfc(cell) for cell in cells]) for number, cells in table.rows)
    return replace(table, head=tuple(nfc(name) for name in table.head), rows=rows)
