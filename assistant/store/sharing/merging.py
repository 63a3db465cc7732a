"""Rows of another study, taken in beside this one's own.

A row that is here is compared (`assistant.store.sharing.rows_here`); a new one is added, unless it
is here under another identity or was corrected since. A name that is taken is a conflict, and the
row comes with another.
"""

from __future__ import annotations

import base64
import sqlite3
from collections import Counter
from dataclasses import dataclass, field

from assistant.errors import DataError
from assistant.hashing import hash_json
from assistant.spelling import nfc
from assistant.store.shapes import too_deep
from assistant.store.sharing.rows_here import RowsHere
from assistant.store.sharing.shared_tables import TABLES, Identities, Shared, SharedRow
from assistant.store.texts.transcripts import names_alike

__all__ = ["Merger"]

_NAMED_LATE = frozenset(
    (
        *("decisions", "bulk_decisions", "evaluations", "looks", "audits", "events", "openings"),
        "verdicts",
    )
)
"""Tables whose rows had no GUID in older studies."""
_BLOBS = {"sealed": "payload"}


@dataclass
class Merger(RowsHere):
    """Takes shared rows, in the order of `TABLES`. Use inside one transaction."""

    added: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    evaluations: list[str] = field(default_factory=list)
    """GUIDs of evaluations that came with the file."""
    _columns: dict[str, frozenset[str]] = field(default_factory=dict)
    _theirs: Identities = field(default_factory=Identities)

    def __post_init__(self) -> None:
        super().__post_init__()
        for spec in TABLES:
            info = self.store.rows(f"PRAGMA table_info({spec.table})")
            self._columns[spec.table] = frozenset(row["name"] for row in info) - {"id"}

    def identity(self, spec: Shared, row: SharedRow) -> str:
        """What a row of the file is known by; call once for each row, in their order."""
        missing = [c for c in (*spec.key, *spec.refs) if c not in row]
        odd = set(row) - self._columns[spec.table]
        if missing or odd:
            raise DataError(
                f"A row of “{spec.table}” has not the columns that it should have "
                f"({', '.join([*missing, *sorted(odd)])}).",
                hint="Ask for the file again; it may be of a newer version of Second Coder.",
            )
        if too_deep(spec.table, row):
            raise DataError(
                f"A row of “{spec.table}” holds lists within lists deeper than any study has. "
                "Nothing was taken.",
                hint="Ask for the file again.",
            )
        return self._theirs.identity(spec, row)

    def take(self, spec: Shared, identity: str, row: SharedRow) -> None:
        """Add a row, or compare it with the one that is here.

        Raises `DataError` for a row that does not fit the schema.
        """
        try:
            if spec.table == "document_codings" and row["document_id"] in self.read_otherwise:
                self.passed_over[spec.table] += 1
            elif identity in self.known.local.get(spec.table, {}):
                self.compare(spec, identity, row)
            else:
                self._add(spec, identity, row)
        except (
            *(sqlite3.Error, TypeError, ValueError, KeyError, AttributeError),
            *(OverflowError, RecursionError),  # numbers and nesting that no study has
        ) as error:
            raise DataError(
                f"A row of “{spec.table}” in this file does not fit: {error}. Nothing was taken.",
                hint="Ask for the file again.",
            ) from error

    def _add(self, spec: Shared, identity: str, row: SharedRow) -> None:
        stored = self.known.stored(spec, row)
        if stored is None:
            self.passed_over[spec.table] += 1
            return
        if spec.table == "suggestions" and self._same_suggestion(identity, stored):
            return
        if spec.table == "codings" and row["origin"] == "import" and identity in self.superseded:
            return
        if spec.table in _NAMED_LATE and self._same_row(spec, identity, stored):
            return
        if spec.table == "transcripts":
            stored["name"] = self._free_name(stored)
        if spec.table == "runs":
            stored["run_key"] = self._free_key(stored, row)
        if spec.table in _BLOBS:
            column = _BLOBS[spec.table]
            stored[column] = base64.b64decode(stored[column], validate=True)
        columns = list(stored)
        number = self.store.write(
            f"INSERT INTO {spec.table} ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))})",
            [stored[c] for c in columns],
        )
        self.known.know(spec, identity, number if spec.has_id else 0)
        self.added[spec.table] += 1
        if spec.table == "evaluations":
            self.evaluations.append(identity)

    def _same_row(self, spec: Shared, identity: str, row: SharedRow) -> bool:
        """Copies of one older study, brought to this form apart, have other GUIDs for its rows."""
        columns = [c for c in row if c != "guid"]
        found = self.store.value(
            f"SELECT id FROM {spec.table} WHERE " + " AND ".join(f"{c} IS ?" for c in columns),
            [row[c] for c in columns],
        )
        if found is None:
            return False
        self.known.local.setdefault(spec.table, {})[identity] = int(found)
        return True

    def _same_suggestion(self, identity: str, row: SharedRow) -> bool:
        """Both went on with the same run: the same words with the same code are one suggestion."""
        where = [row[c] for c in ("run_id", "transcript_id", "segment", "code", "start_char")]
        found = self.store.value(
            "SELECT id FROM suggestions WHERE run_id = ? AND transcript_id = ? AND segment = ? "
            "AND code = ? AND start_char = ? AND end_char = ?",
            [*where, row["end_char"]],
        )
        if found is None:
            return False
        self.known.local.setdefault("suggestions", {})[identity] = int(found)
        return True

    def _free_name(self, row: SharedRow) -> str:
        """The name that a new transcript gets: one that no other has, however it is spelled."""
        name = nfc(str(row["name"]))
        alike = names_alike(self.store, name)
        if not alike:
            return name
        key, there = next(
            ((k, n) for k, n in alike.items() if n == name), next(iter(alike.items()))
        )
        words = self.store.value("SELECT sha256 FROM transcripts WHERE id = ?", (key,))
        self.conflict(
            "transcript",
            # By the same of two spellings in both studies.
            {"transcript": min(name, nfc(there))},
            [{"words": words}, {"words": row["sha256"]}],
            row["created_at"],
        )
        return f"{name} ({str(row['sha256']).removeprefix('sha256:')[:8]})"

    def _free_key(self, row: SharedRow, theirs: SharedRow) -> str:
        base = str(row["run_key"]).partition("+")[0]
        there = self.store.row("SELECT started_at FROM runs WHERE run_key = ?", (base,))
        if there is None:
            return base
        self.conflict(
            "run",
            {"recipe": row["recipe_sha256"], "repeat": row["repeat"]},
            [{"started": there["started_at"]}, {"started": theirs["started_at"]}],
            max(there["started_at"], theirs["started_at"]),
        )
        return f"{base}+{hash_json(theirs['started_at']).removeprefix('sha256:')[:8]}"
