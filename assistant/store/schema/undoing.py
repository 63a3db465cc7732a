"""Undoings as older versions of the program left them.

They did not say which decision they took back, and where an older one stood again, that one was
written once more in its author's name. Here the first is found out and the second taken out: nobody
decided then. Part of the released step m020; rows of a share file that such a version wrote are
read by it as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlite_utils import Database

__all__ = ["STEP", "name_taken_back"]

STEP = "m020_taken_back"
"""The schema's step since which undoings name what they take back."""

_AT_ONCE = timedelta(milliseconds=50)
"""Undoing and the row that it wrote are one transaction; no person is as quick."""


@dataclass(frozen=True)
class _Row:
    id: int
    guid: str
    suggestion: int
    said: tuple[Any, ...]
    """What was decided, by whom, with which reason, bulk decision and coding."""
    at: str
    timed: bool
    undoes: str | None

    @property
    def is_undo(self) -> bool:
        return bool(self.said[0] == "undo")


def name_taken_back(db: Database) -> int:
    """Bring undoings of older versions to the present form; how many rows were changed or taken
    out. Nothing is left to do the second time."""
    rows = db.execute(
        "SELECT id, guid, suggestion_id, decision, reviewer, reason, bulk_id, coding_id, "
        "decided_at, seconds, undoes FROM decisions WHERE suggestion_id IN "
        "(SELECT suggestion_id FROM decisions WHERE decision = 'undo') "
        "ORDER BY suggestion_id, decided_at, id"
    ).fetchall()
    every = [_Row(r[0], r[1], r[2], tuple(r[3:8]), r[8], r[9] is not None, r[10]) for r in rows]
    changed = 0
    for _, of_one in groupby(every, key=lambda row: row.suggestion):
        named, invented = _read(list(of_one))
        for undo, taken_back in named.items():
            db.execute("UPDATE decisions SET undoes = ? WHERE id = ?", [taken_back, undo])
        for key in invented:
            db.execute("DELETE FROM decisions WHERE id = ?", [key])
        changed += len(named) + len(invented)
    return changed


def _read(rows: list[_Row]) -> tuple[dict[int, str], list[int]]:
    """Of one suggestion, in the order of time: undoing -> GUID of what it took back, and the rows
    that undoing wrote in somebody's name."""
    standing: list[_Row] = []
    named: dict[int, str] = {}
    invented: list[int] = []
    before: _Row | None = None
    for row in rows:
        if row.is_undo and row.undoes is not None:
            standing = [one for one in standing if one.guid != row.undoes]
        elif row.is_undo and standing:
            named[row.id] = standing.pop().guid
        elif not row.is_undo:
            if before is not None and before.is_undo and _again(row, before, standing):
                invented.append(row.id)
                continue
            standing.append(row)
        before = row
    return named, invented


def _again(row: _Row, undo: _Row, standing: list[_Row]) -> bool:
    """Whether a row is the one that stood before, written once more by undoing."""
    if row.timed or not standing or row.said != standing[-1].said:
        return False
    return datetime.fromisoformat(row.at) - datetime.fromisoformat(undo.at) <= _AT_ONCE
