"""Rows of another study that are here too: what had been open is filled in, all else stays.

Nothing is overwritten. What is known stays as it is; only what had been open is filled in (a run
that was finished elsewhere, a person who has said that she is done), consent becomes the stricter
of the two, and a withdrawal there is one here. Of a person whose two names were made one in one of
the studies the less independent exposure holds. Every other difference is a conflict with both
sides, for people to settle.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assistant.hashing import hash_json
from assistant.store.database import Store
from assistant.store.people.one_person import LEAST_INDEPENDENT
from assistant.store.sharing.conflicts import Conflict, chosen_sides, conflicts
from assistant.store.sharing.consent import stricter
from assistant.store.sharing.shared_tables import Identities, Shared, SharedRow
from assistant.store.sharing.sharing import identities

__all__ = ["RowsHere"]

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
class RowsHere:
    """What the rows of another study are beside this one's. Use inside one transaction."""

    store: Store
    known: Identities = field(init=False)
    filled: Counter[str] = field(default_factory=Counter)
    taken_out: int = 0
    """Codings that were corrected in the other study; they stay with their file."""
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[tuple[str, str, str]] = field(default_factory=list)
    """(transcript, consent here, consent in the file): what was settled stays as it was settled."""
    one_person: frozenset[str] = frozenset()
    """People of whom somebody said, in one of the two studies alone, that two names are hers."""
    cautious: list[tuple[str, str, str]] = field(default_factory=list)
    """(person, hash of the transcript, exposure) where theirs differed and the less independent
    was taken."""
    read_otherwise: set[str] = field(default_factory=set)
    """Files whose text here is another one, so that places in it mean nothing."""
    _said: tuple[Conflict, ...] = ()
    """What was said differently before."""
    _chosen: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = identities(self.store)
        self._said = tuple(c for c in conflicts(self.store) if c.kind == "consent")
        self._chosen = chosen_sides(self.store)

    def compare(self, spec: Shared, identity: str, row: SharedRow) -> None:
        """Fill in what had been open here, or say that the two differ."""
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
            self.read_otherwise.add(str(row["file_sha256"]))
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
    def superseded(self) -> frozenset[str]:
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
            self.conflict(
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
        name = self._name_of(row["coder_id"])
        if here["exposure"] != row["exposure"] and name in self.one_person:
            # As where the names become one: she had seen what she had seen under either.
            held = max(here["exposure"], row["exposure"], key=LEAST_INDEPENDENT.index)
            if here["exposure"] != held:
                self._fill("scopes", here["id"], exposure=held)
            self.cautious.append((name, row["transcript_id"], held))
            here["exposure"], row = held, {**row, "exposure": held}
        mine = {column: here[column] for column in _SCOPE}
        theirs = {column: row[column] for column in _SCOPE}
        if mine == theirs:
            if row["finished_at"] and not here["finished_at"]:
                self._fill("scopes", here["id"], finished_at=row["finished_at"])
        else:
            # What is finished there is another scope than this one.
            sides = ((mine, here), (theirs, row))
            self.conflict(
                "scope",
                {"coder": name, "transcript": row["transcript_id"]},
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
        self.conflict(
            "pseudonym",
            {"number": hash_json(here["term"]).removeprefix("sha256:")[:12]},
            [{c: side[c] for c in ("status", "replacement")} for side in (here, row)],
            max(here["set_at"], row["set_at"]),
        )

    def conflict(
        self,
        kind: str,
        about: Mapping[str, object],
        sides: Sequence[Mapping[str, object]],
        at: object,
    ) -> None:
        self.conflicts.append(Conflict.of(kind, about, sides, str(at)))
