"""Whether what is stored as a list or a record is one: who reads it relies on it.

A row of another study may be made by hand, or by a program that is not ours. What is wrong here
would end each later command that reads the row, so `verify` says it, and a merge takes it not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from assistant.counting import counted
from assistant.store.database import Store

__all__ = ["misshapen", "too_deep"]

_COLUMNS = {
    "adjudications": {"sides": "object array"},
    "audits": {"transcripts": "array", "plan": "object", "result": "object"},
    "codebook_operations": {"codes": "array", "into_codes": "array"},
    "conflicts": {"about": "object", "sides": "array"},
    "documents": {"segments": "array", "notes": "array", "skipped": "array"},
    "evaluations": {"content": "object"},
    "events": {"details": "object"},
    "fits": {"content": "object", "transcripts": "array"},
    "recipes": {"content": "object"},
    "runs": {"header": "object"},
    "scopes": {"codes": "array", "segments": "array"},
    "tombstones": {"erased": "object"},
    "verdicts": {"reasons": "array", "evidence": "object"},
}
"""Table -> column -> what JSON is in it where anything is; in older versions also the second."""
_DEEPEST = 64
_EVENTS = {
    "split": {"development": "array", "test": "array", "seed": "integer"},
    "watch": {"run": "integer"},
}
"""Kind of an event -> what its details always have."""


def misshapen(store: Store) -> list[tuple[str, str]]:
    """(place, what should be there) of each column that holds something else. What a withdrawal
    emptied is empty."""
    found: list[tuple[str, str]] = []
    for table, columns in _COLUMNS.items():
        for column, kind in columns.items():
            count = store.value(
                f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL AND {column} <> '' "
                f"AND CASE WHEN json_valid({column}) THEN instr(?, json_type({column})) = 0 "
                "ELSE 1 END",
                (kind,),
            )
            if count:
                where = f"{table}, {counted(count, 'row')}"
                found.append((where, f"“{column}” is no {_SAID[kind.split()[0]]}"))
    for event, parts in _EVENTS.items():
        for part, kind in parts.items():
            rows = store.rows(
                "SELECT id FROM events WHERE kind = ? AND json_valid(details) "
                "AND json_type(details, '$.' || ?) IS NOT ?",
                (event, part, kind),
            )
            found += [(f"events, row {r['id']}", f"“{part}” is no {_SAID[kind]}") for r in rows]
    return found


def too_deep(table: str, row: Mapping[str, object]) -> bool:
    """Whether a row that came from elsewhere holds lists and records within each other that no
    study has. Readers go down into them step by step, and would come to the end of their stack."""
    level: list[object] = [row]
    for column in _COLUMNS.get(table, {}):
        text = row.get(column)
        if isinstance(text, str) and text.count("[") + text.count("{") > _DEEPEST:
            try:
                level.append(json.loads(text))
            except ValueError:
                continue  # no JSON: the whole database is checked for that
            except RecursionError:
                return True
    for _ in range(_DEEPEST):
        level = [
            part
            for one in level
            for part in (one.values() if isinstance(one, dict) else one)  # type: ignore[attr-defined]
            if isinstance(part, dict | list)
        ]
        if not level:
            return False
    return True


_SAID = {"array": "list", "object": "record", "integer": "number"}
