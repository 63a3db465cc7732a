"""Rows of a study as they are shared with another."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from assistant.store.database import Row, Store
from assistant.store.schema import MIGRATIONS
from assistant.store.sharing.shared_tables import TABLES, Identities, Shared, SharedRow
from assistant.store.texts.renaming import RENAMED
from assistant.store.trail.events import events
from assistant.store.withdrawal.withdrawn_texts import WITHDRAWN_TEXTS

__all__ = [
    "LOCAL_EVENTS",
    "identities",
    "people",
    "row_counts",
    "shared_rows",
    "steps",
    "stored_rows",
    "taken_back",
    "withdrawn_rows",
]

LOCAL_EVENTS = frozenset({"share", "merge", "export", "withdrawal-begun", "withdrawal-files"})
"""Kinds of events that are about this folder and stay in it."""


def steps(store: Store) -> tuple[str, ...]:
    """Names of the schema's steps that this database has."""
    return tuple(step.name for step in MIGRATIONS.applied(store.db))


def row_counts(store: Store) -> dict[str, int]:
    """Table -> how many rows it has, for every table that is shared."""
    return {s.table: int(store.value(f"SELECT count(*) FROM {s.table}")) for s in TABLES}


def stored_rows(store: Store, spec: Shared) -> Iterator[SharedRow]:
    """Every row of a table as it is stored, in a steady order."""
    for row in store.rows(f"SELECT * FROM {spec.table} ORDER BY {_order(spec)}"):
        yield _plain(row)


def _order(spec: Shared) -> str:
    return "id" if spec.has_id else ", ".join(spec.key)


def _plain(row: Row) -> SharedRow:
    return {
        key: base64.b64encode(row[key]).decode("ascii") if isinstance(row[key], bytes) else row[key]
        for key in row.keys()  # noqa: SIM118 - a row gives its values when it is looped over
    }


def identities(store: Store) -> Identities:
    """What every row of this study is known by."""
    known = Identities()
    for spec in TABLES:
        for row in stored_rows(store, spec):
            shared = known.shared(spec, row)
            if shared is not None:
                known.know(spec, known.identity(spec, shared), int(row.get("id") or 0))
    return known


def shared_rows(store: Store, person: str = "") -> Iterator[tuple[str, SharedRow]]:
    """(table, row) of all that is shared, or of one person's part.

    One person's part has her codings, scopes and files, what she decided, wrote and looked at, and
    everything that these rest on: transcripts, codebooks, runs with their suggestions; and how her
    name was corrected. Other people's codings are not in it.
    """
    known = Identities()
    needed = _needed_evaluations(store, person)
    corrected = _corrections(store, person)
    for spec in TABLES:
        for row in stored_rows(store, spec):
            of_name = spec.table == "events" and row["id"] in corrected
            if not of_name and not _wanted(spec, row, person, needed):
                continue
            shared = known.shared(spec, row)
            if shared is None:
                continue
            known.know(spec, known.identity(spec, shared), int(row.get("id") or 0))
            yield spec.table, shared


def people(store: Store) -> tuple[str, ...]:
    """Names of whoever coded, decided, wrote or opened anything here: each has a part to share.

    Not who only ran commands: an event names the user of the computer.
    """
    found = {str(r["name"]) for r in store.rows("SELECT name FROM coders WHERE kind = 'human'")}
    for spec in TABLES:
        if spec.person and spec.table not in ("events", "looks", "sealed"):
            rows = store.rows(f"SELECT DISTINCT {spec.person} AS name FROM {spec.table}")
            found |= {str(row["name"]) for row in rows}
    return tuple(sorted(found - {""}))


def withdrawn_rows(store: Store, person: str = "") -> dict[str, int]:
    """Table -> how many of the rows that are shared tell of a withdrawn transcript, without words.

    Of the tables that a user is told about; ``person``: in one person's part.
    """
    gone = "(SELECT id FROM transcripts WHERE withdrawn_at IS NOT NULL)"
    of = "transcript_id IN " + gone
    counted = {
        "transcripts": ("transcripts WHERE withdrawn_at IS NOT NULL", ()),
        "codings": (
            f"codings k JOIN coders c ON c.id = k.coder_id WHERE k.{of} "
            "AND (? = '' OR c.kind = 'model' OR c.name = ?)",
            (person, person),
        ),
        "suggestions": (f"suggestions WHERE {of}", ()),
        "decisions": (
            "decisions d JOIN suggestions s ON s.id = d.suggestion_id "
            f"WHERE s.{of} AND ? IN ('', d.reviewer)",
            (person,),
        ),
        "memos": (f"memos WHERE {of} AND ? IN ('', who)", (person,)),
    }
    return {
        table: int(store.value(f"SELECT count(*) FROM {rows}", values))
        for table, (rows, values) in counted.items()
    }


def taken_back(store: Store, person: str = "") -> int:
    """Of the codings that are shared, those whose decision was taken back: they count nowhere."""
    return int(
        store.value(
            "SELECT count(*) FROM codings k JOIN coders c ON c.id = k.coder_id "
            "JOIN transcripts t ON t.id = k.transcript_id WHERE t.withdrawn_at IS NULL "
            "AND k.id IN (SELECT coding_id FROM undone_codings) "
            "AND (? = '' OR c.kind = 'model' OR c.name = ?)",
            (person, person),
        )
    )


def _wanted(spec: Shared, row: SharedRow, person: str, evaluations: frozenset[int]) -> bool:
    if spec.table == "events" and row["kind"] in LOCAL_EVENTS:
        return False
    if not person or row.get("kind") in (WITHDRAWN_TEXTS, RENAMED):
        return True
    if spec.table == "coders":
        return bool(row["kind"] == "model" or row["name"] == person)
    if spec.table == "evaluations":
        return bool(row["who"] == person or row["id"] in evaluations)
    if spec.table == "conflicts":
        return False
    return not spec.person or bool(row[spec.person] == person)


def _corrections(store: Store, person: str) -> frozenset[int]:
    """Events by which names were corrected that a person had, whoever corrected them."""
    names, found = {person}, set()
    said = events(store, "statement") if person else ()
    for event in reversed(said):
        if event.details.get("new") in names and isinstance(event.details.get("old"), str):
            names.add(event.details["old"])
            found.add(event.id)
    return frozenset(found)


def _needed_evaluations(store: Store, person: str) -> frozenset[int]:
    """Evaluations that a person's bulk decisions rest on."""
    rows = store.rows(
        "SELECT v.evaluation_id AS id FROM bulk_decisions b JOIN verdicts v "
        "ON v.id = b.verdict_id WHERE b.reviewer = ?",
        (person,),
    )
    return frozenset(row["id"] for row in rows)
