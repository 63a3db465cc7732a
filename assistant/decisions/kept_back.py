"""Whose codes a person should not be shown now, because hers are to be blind.

Pages that show others' codes of several transcripts leave these out, so that nobody's codes are
spoilt by a look at a list.
"""

from __future__ import annotations

from assistant.decisions.blind import audit_tasks
from assistant.store.audits import audits, saw_the_model
from assistant.store.database import Store
from assistant.store.reviewing import unfinished_blind

__all__ = ["audit_waits", "kept_back"]


def kept_back(store: Store, who: str) -> set[int]:
    """Transcripts that ``who`` is coding blind, or could still code for an audit."""
    mine = {key for name, key in unfinished_blind(store) if name == who}
    for row in audits(store):
        if row.result is None:
            mine |= {
                task.transcript_id
                for task in audit_tasks(store, row.id)
                if not task.finished and not saw_the_model(store, who, task.transcript_id)
            }
    return mine


def audit_waits(store: Store, who: str, transcript_id: int) -> int:
    """Number of an audit whose sample of this transcript nobody has finished and this person could
    still code blind; 0: none."""
    for row in audits(store):
        if row.result is not None or transcript_id not in row.transcripts:
            continue
        for task in audit_tasks(store, row.id):
            if task.transcript_id == transcript_id and not task.finished:
                return 0 if saw_the_model(store, who, transcript_id) else row.id
    return 0
