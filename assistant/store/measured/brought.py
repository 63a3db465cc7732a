"""Whose an evaluation is, and whether it still tells of the study as it is.

What a merge brought from another study is kept and can be read by its number, but it is never what
this study says of itself. What a merge brought is on record in this folder's own events.
"""

from __future__ import annotations

from assistant.store.database import Store
from assistant.store.measured.reference import RESTS_ON, changes, declared_of
from assistant.store.trail.events import events
from assistant.store.versions import codebook

__all__ = [
    "DECLARED_OF",
    "EVALUATION",
    "brought_evaluations",
    "changed_since",
    "evaluation_guid",
]

EVALUATION = "evaluation_guid"
"""Key of the event of an evaluation: by GUID, since row numbers differ between studies."""
DECLARED_OF = "declared_of"
"""Key of the same: code -> hash of what was declared of its definition; without codes of which
nothing was. Not there in events of older versions."""


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
    state, declared, guid = None, None, evaluation_guid(store, evaluation_id)
    for event in events(store, "evaluation"):
        if event.details.get(EVALUATION) == guid:
            state = event.details.get(RESTS_ON) or state
            declared = event.details.get(DECLARED_OF, declared)
    found = changes(store, state) if state else ()
    return (*found, *_redeclared(store, evaluation_id, declared))


def _redeclared(store: Store, evaluation_id: int, before: dict[str, str] | None) -> tuple[str, ...]:
    """What was declared of its codes' definitions since, which says whose codes of them count."""
    if before is None:
        return ()
    sha256 = store.value("SELECT codebook_sha256 FROM evaluations WHERE id = ?", (evaluation_id,))
    book = codebook(store, str(sha256))
    now_ = declared_of(store, [code.id for code in book.sent])
    names = [c.label for c in book.sent if before.get(c.id, "") != now_.get(c.id, "")]
    if not names:
        return ()
    return (f"what was declared of the definition of {', '.join(names)} has changed",)
