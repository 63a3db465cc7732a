"""Rows of another study, taken in beside this one's own.

Nothing is overwritten. What is known stays as it is; only what had been open is filled in (a run
that was finished elsewhere, a person who has said that she is done), consent becomes the stricter
of the two, and a withdrawal there is one here. Every other difference is a conflict with both
sides, for people to settle.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assistant.errors import DataError
from assistant.hashing import hash_json
from assistant.store.conflicts import Conflict, chosen_sides, conflicts
from assistant.store.consent import stricter
from assistant.store.database import Store
from assistant.store.shared_tables import TABLES, Identities, Shared, SharedRow
from assistant.store.sharing import identities

__all__ = ["Merger"]

_NAMED_LATE = frozenset(
    (
        *("decisions", "bulk_decisions", "evaluations", "looks", "audits", "events", "openings"),
        "verdicts",
    )
)
"""Tables whose rows had no GUID in older studies."""
_BLOBS = {"sealed": "payload"}
_SCOPE = ("exposure", "first_segment", "last_segment", "codebook_sha256", "codes", "segments")


def _same_sample(here: SharedRow, row: SharedRow) -> bool:
    """One person's blind sample, unfinished in one or both of the studies.

    Where it is finished it has all that the unfinished one has.
    """
    if here["exposure"] != "blind" or row["exposure"] != "blind":
        return False
    if here["segments"] is None or row["segments"] is None:
        return False
    if here["finished_at"] and row["finished_at"]:
        return False
    if here["codebook_sha256"] != row["codebook_sha256"]:
        return False  # begun anew in one of them, since the codebook had changed
    sides = [set(json.loads(side["segments"])) for side in (here, row)]
    done = [sides[n] for n, side in enumerate((here, row)) if side["finished_at"]]
    return all(whole >= other for whole in done for other in sides)


@dataclass
class Merger:
    """Takes shared rows, in the order of `TABLES`. Use inside one transaction."""

    store: Store
    source: str
    """Whose file it is, for conflicts."""
    known: Identities = field(init=False)
    added: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    taken_out: int = 0
    """Codings that were corrected in the other study; they stay with their file."""
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[tuple[str, str, str]] = field(default_factory=list)
    """(transcript, consent here, consent in the file): what was settled stays as it was settled."""
    evaluations: list[str] = field(default_factory=list)
    """GUIDs of evaluations that came with the file."""
    _read_otherwise: set[str] = field(default_factory=set)
    """Files whose text here is another one, so that places in it mean nothing."""
    _columns: dict[str, frozenset[str]] = field(default_factory=dict)
    _theirs: Identities = field(default_factory=Identities)
    _said: tuple[Conflict, ...] = ()
    """What was said differently before."""
    _chosen: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = identities(self.store)
        self._said = tuple(c for c in conflicts(self.store) if c.kind == "consent")
        self._chosen = chosen_sides(self.store)
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
        return self._theirs.identity(spec, row)

    def take(self, spec: Shared, identity: str, row: SharedRow) -> None:
        """Add a row, or compare it with the one that is here.

        Raises `DataError` for a row that does not fit the schema.
        """
        try:
            if spec.table == "document_codings" and row["document_id"] in self._read_otherwise:
                self.passed_over[spec.table] += 1
            elif identity in self.known.local.get(spec.table, {}):
                self._compare(spec, identity, row)
            else:
                self._add(spec, identity, row)
        except (sqlite3.Error, TypeError, ValueError, KeyError, AttributeError) as error:
            raise DataError(
                f"A row of “{spec.table}” in this file does not fit: {error}. Nothing was taken.",
                hint="Ask for the file again.",
            ) from error

    # --- new rows ----------------------------------------------------------------------------

    def _add(self, spec: Shared, identity: str, row: SharedRow) -> None:
        stored = self.known.stored(spec, row)
        if stored is None:
            self.passed_over[spec.table] += 1
            return
        if spec.table == "suggestions" and self._same_suggestion(identity, stored):
            return
        if spec.table == "codings" and row["origin"] == "import" and identity in self._superseded:
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
        name = str(row["name"])
        there = self.store.row("SELECT sha256 FROM transcripts WHERE name = ?", (name,))
        if there is None:
            return name
        self._conflict(
            "transcript",
            {"transcript": name},
            [{"words": there["sha256"]}, {"words": row["sha256"]}],
            row["created_at"],
        )
        return f"{name} ({str(row['sha256']).removeprefix('sha256:')[:8]})"

    def _free_key(self, row: SharedRow, theirs: SharedRow) -> str:
        base = str(row["run_key"]).partition("+")[0]
        there = self.store.row("SELECT started_at FROM runs WHERE run_key = ?", (base,))
        if there is None:
            return base
        self._conflict(
            "run",
            {"recipe": row["recipe_sha256"], "repeat": row["repeat"]},
            [{"started": there["started_at"]}, {"started": theirs["started_at"]}],
            max(there["started_at"], theirs["started_at"]),
        )
        return f"{base}+{hash_json(theirs['started_at']).removeprefix('sha256:')[:8]}"

    # --- rows that are here ------------------------------------------------------------------

    def _compare(self, spec: Shared, identity: str, row: SharedRow) -> None:
        number = self.known.local[spec.table][identity]
        compare = {
            "transcripts": self._transcript,
            "documents": self._document,
            "document_codings": self._document_coding,
            "scopes": self._scope,
            "runs": self._run,
            "chunks": self._chunk,
            "audits": self._audit,
            "bulk_decisions": self._bulk,
            "pseudonyms": self._pseudonym,
        }.get(spec.table)
        if compare is not None:
            here = self.store.row(f"SELECT * FROM {spec.table} WHERE id = ?", (number,))
            assert here is not None
            compare(dict(here), row)
        if spec.table == "segment_outcomes":
            self._outcome(row)

    def _fill(self, table: str, number: int, **values: object) -> None:
        sets = ", ".join(f"{column} = ?" for column in values)
        self.store.write(f"UPDATE {table} SET {sets} WHERE id = ?", [*values.values(), number])
        self.filled[table] += 1

    def _transcript(self, here: SharedRow, row: SharedRow) -> None:
        if here["consent"] != row["consent"]:
            self._consent(here, row)
        if here["withdrawn_at"] and row["withdrawn_at"]:
            first = min(here["withdrawn_at"], row["withdrawn_at"])
            if first != here["withdrawn_at"]:
                self._fill("transcripts", here["id"], withdrawn_at=first)

    def _document(self, here: SharedRow, row: SharedRow) -> None:
        """It was imported when the first of the two studies did; that completes nothing."""
        if here["text"] != row["text"]:
            self._read_otherwise.add(str(row["file_sha256"]))
        first = min(here["imported_at"], row["imported_at"])
        if first != here["imported_at"]:
            self.store.write(
                "UPDATE documents SET imported_at = ? WHERE id = ?", (first, here["id"])
            )

    def _document_coding(self, here: SharedRow, row: SharedRow) -> None:
        """What was corrected in one of the studies counts in neither."""
        if row["carried"] == "corrected" != here["carried"]:
            said = {column: row[column] for column in ("carried", "why", "coding_guid")}
            self._fill("document_codings", here["id"], **said)
            where = (
                "guid = ? AND origin = 'import' AND guid NOT IN (SELECT coding_guid FROM "
                "document_codings WHERE carried <> 'corrected' AND coding_guid IS NOT NULL)"
            )
            guid = (row["coding_guid"],)
            self.taken_out += int(
                self.store.value(f"SELECT count(*) FROM codings WHERE {where}", guid)
            )
            self.store.write(f"DELETE FROM codings WHERE {where}", guid)

    @cached_property
    def _superseded(self) -> frozenset[str]:
        """GUIDs of codings that stand here as corrected in a later file; asked when all rows of
        files have been taken."""
        rows = self.store.rows(
            "SELECT coding_guid FROM document_codings WHERE coding_guid IS NOT NULL "
            "GROUP BY coding_guid HAVING min(carried = 'corrected') = 1"
        )
        return frozenset(r["coding_guid"] for r in rows)

    def _consent(self, here: SharedRow, row: SharedRow) -> None:
        """The stricter holds; but what people chose between these two holds until one changes."""
        mine, theirs = str(here["consent"]), str(row["consent"])
        known = [
            c
            for c in self._said
            if c.about.get("transcript") == here["sha256"] and {"consent": theirs} in c.sides
        ]
        if any(self._chosen.get(c.identity) == {"consent": mine} for c in known):
            self.kept.append((str(here["name"]), mine, theirs))
            return
        consent = stricter(mine, theirs)
        if consent != mine:
            self._fill("transcripts", here["id"], consent=consent)
        if not any(mine == stricter(*(str(s["consent"]) for s in c.sides)) for c in known):
            # Else it is the conflict that is known, and this one the stricter of its sides.
            self._conflict(
                "consent",
                {"transcript": here["sha256"], "name": here["name"]},
                [{"consent": mine}, {"consent": theirs}],
                max(here["created_at"], row["created_at"]),
            )

    def _scope(self, here: SharedRow, row: SharedRow) -> None:
        if row["codebook_sha256"] and not here["codebook_sha256"]:
            here["codebook_sha256"] = row["codebook_sha256"]
            self._fill("scopes", here["id"], codebook_sha256=row["codebook_sha256"])
        row = {**row, "codebook_sha256": row["codebook_sha256"] or here["codebook_sha256"]}
        if not all(type(n) is int for n in json.loads(row["segments"] or "[]")):
            raise ValueError("its segments are no numbers")
        if _same_sample(here, row):
            # Nobody said anything differently: the sample has come further in one of the two.
            if row["finished_at"] and not here["finished_at"]:
                done = {column: row[column] for column in ("segments", "finished_at")}
                self._fill("scopes", here["id"], **done)
            return
        mine = {column: here[column] for column in _SCOPE}
        theirs = {column: row[column] for column in _SCOPE}
        if mine == theirs:
            if row["finished_at"] and not here["finished_at"]:
                self._fill("scopes", here["id"], finished_at=row["finished_at"])
        else:
            # What is finished there is another scope than this one.
            sides = ((mine, here), (theirs, row))
            self._conflict(
                "scope",
                {"coder": self._name_of(row["coder_id"]), "transcript": row["transcript_id"]},
                [{**side, "finished_at": whole["finished_at"]} for side, whole in sides],
                max(here["created_at"], row["created_at"]),
            )

    def _name_of(self, coder: str) -> str:
        number = self.known.local["coders"].get(coder, 0)
        return str(self.store.value("SELECT name FROM coders WHERE id = ?", (number,)) or "coder")

    def _run(self, here: SharedRow, row: SharedRow) -> None:
        if here["status"] != "complete" and row["status"] == "complete":
            self._fill(
                "runs",
                here["id"],
                status="complete",
                why=row["why"],
                ended_at=row["ended_at"],
                header=row["header"],
            )

    def _chunk(self, here: SharedRow, row: SharedRow) -> None:
        if here["status"] in ("open", "failed") and row["status"] in ("done", "halved"):
            self._fill("chunks", here["id"], status=row["status"], why=row["why"])

    def _outcome(self, row: SharedRow) -> None:
        place = [
            self.known.local["runs"].get(row["run_id"]),
            self.known.local["transcripts"].get(row["transcript_id"]),
            row["segment"],
        ]
        if row["status"] in ("coded", "coded-empty"):
            self.store.write(
                "UPDATE segment_outcomes SET status = ?, why = ? WHERE run_id = ? "
                "AND transcript_id = ? AND segment = ? AND status = 'failed'",
                [row["status"], row["why"], *place],
            )

    def _audit(self, here: SharedRow, row: SharedRow) -> None:
        if here["result"] is None and row["result"] is not None:
            self._fill(
                "audits",
                here["id"],
                result=json.dumps(row["result"], ensure_ascii=False),
                passed=row["passed"],
                decided_at=row["decided_at"],
            )

    def _bulk(self, here: SharedRow, row: SharedRow) -> None:
        if row["undone_at"] and not here["undone_at"]:
            self._fill("bulk_decisions", here["id"], undone_at=row["undone_at"])

    def _pseudonym(self, here: SharedRow, row: SharedRow) -> None:
        said = ("kind", "replacement", "status", "keep_lower")
        if all(here[c] == row[c] for c in said) or row["status"] == "proposed":
            return
        if here["status"] == "proposed":
            self._fill("pseudonyms", here["id"], **{c: row[c] for c in (*said, "who", "set_at")})
            return
        # The term itself is a name: a conflict says which row, not which word.
        self._conflict(
            "pseudonym",
            {"number": hash_json(here["term"]).removeprefix("sha256:")[:12]},
            [{c: side[c] for c in ("status", "replacement")} for side in (here, row)],
            max(here["set_at"], row["set_at"]),
        )

    def _conflict(
        self,
        kind: str,
        about: Mapping[str, object],
        sides: Sequence[Mapping[str, object]],
        at: object,
    ) -> None:
        self.conflicts.append(Conflict.of(kind, about, sides, str(at)))
