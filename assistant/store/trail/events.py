"""What happened in the study, in order: imports, changes, runs, evaluations, overrides."""

from __future__ import annotations

import json
from typing import Any

from assistant.store.database import Store, now
from assistant.store.people.person import person
from assistant.store.records import Event

__all__ = ["events", "person", "record_event"]


def record_event(store: Store, kind: str, what: str, who: str = "", **details: Any) -> int:
    """Append one event. ``what`` is a sentence for people."""
    return store.write(
        "INSERT INTO events (at, who, kind, what, details) VALUES (?, ?, ?, ?, ?)",
        (now(), who or person(), kind, what, json.dumps(details, ensure_ascii=False)),
    )


def events(store: Store, kind: str = "") -> tuple[Event, ...]:
    rows = store.rows("SELECT * FROM events WHERE ? IN ('', kind) ORDER BY id", (kind,))
    return tuple(
        Event(r["id"], r["at"], r["who"], r["kind"], r["what"], json.loads(r["details"]))
        for r in rows
    )
