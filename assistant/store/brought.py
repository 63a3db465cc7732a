"""Whose an evaluation is, and whether it still tells of the study as it is.

What a merge brought from another study is kept and can be read by its number, but it is never what
this study says of itself. What a merge brought is on record in this folder's own events.
"""

from __future__ import annotations

from assistant.store.database import Store
from assistant.store.events import events
from assistant.store.reference import RESTS_ON, changes

__all__ = ["EVALUATION", "brought_evaluations", "changed_since", "evaluation_guid"]

EVALUATION = "evaluation_guid"
"""Key of the event of an evaluation: by GUID, since row numbers differ between studies."""


def brought_evaluations(store: Store) -> frozenset[int]:
    """Ids of evaluations that came with another study's file."""
    guids = {guid for e in events(store, "merge") for guid in e.details.get("evaluations", ())}
    if not guids:
        return frozenset()
    rows = store.rows("SELECT id, guid FROM evaluations")
    return frozenset(row["id"] for row in rows if row["guid"] in guids)


def evaluation_guid(store: Store, evaluation_id: int) -> str:
    return str(store.value("SELECT guid FROM evaluations WHERE id = ?", (evaluation_id,)))


def changed_since(store: Store, evaluation_id: int) -> tuple[str, ...]:
    """What of its rows is not as it was when it was made, in words; empty: nothing that is known.

    An evaluation of before this was recorded has no state to be set beside today's: nothing.
    """
    state, guid = None, evaluation_guid(store, evaluation_id)
    for event in events(store, "evaluation"):
        if event.details.get(EVALUATION) == guid:
            state = event.details.get(RESTS_ON) or state
    return changes(store, state) if state else ()
