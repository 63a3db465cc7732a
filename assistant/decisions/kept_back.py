"""Whose codes a person should not be shown now, because hers are to be blind.

Pages that show others' codes of several transcripts leave these out, so that nobody's codes are
spoilt by a look at a list. What is about such a transcript alone is refused, with what to do.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.decisions.blind import audit_tasks
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.decided.reviewing import unfinished_blind
from assistant.store.measured.audits import saw_the_model, waiting_audits
from assistant.store.people.codings import scopes
from assistant.store.people.openings import openings
from assistant.store.texts.transcripts import transcript_infos

__all__ = ["KeptBack", "audit_waits", "kept_back", "not_opened", "refuse_kept_back"]


class KeptBack(UserError):
    """Something would have shown a person others' codes of what she is to code blind."""

    def __init__(self, what: str, hint: str, transcript_id: int, name: str, audit_id: int) -> None:
        super().__init__(what, hint=hint)
        self.transcript_id = transcript_id
        self.transcript = name
        self.audit_id = audit_id
        """Of the sample that waits; 0: she is coding the whole transcript blind."""


def kept_back(store: Store, who: str) -> set[int]:
    """Transcripts that ``who`` is coding blind, or could still code for an audit."""
    mine = {key for name, key in unfinished_blind(store) if name == who}
    for row in waiting_audits(store):
        mine |= {
            task.transcript_id
            for task in audit_tasks(store, row.id)
            if not task.finished and not saw_the_model(store, who, task.transcript_id)
        }
    return mine


def not_opened(store: Store, who: str) -> set[int]:
    """Transcripts of which ``who`` has been shown nobody's codes and that she has not coded.

    She could still code them blind. A list that is about something else leaves them out, or a look
    at it would take that away without a word.
    """
    seen = {one.transcript_id for one in openings(store, who)}
    seen |= {s.transcript_id for s in scopes(store) if s.coder.name == who}
    return {info.id for info in transcript_infos(store)} - seen


def refuse_kept_back(
    store: Store, who: str, transcripts: Iterable[int], what: str = "what others say of it"
) -> None:
    """Raises `KeptBack` where one of these transcripts is kept back from ``who``.

    ``what`` would have been shown; it is part of the sentence.
    """
    back = kept_back(store, who).intersection(transcripts)
    if not back:
        return
    key = min(back)
    name = next((i.name for i in transcript_infos(store) if i.id == key), str(key))
    if (who, key) in unfinished_blind(store, key):
        raise KeptBack(
            f"You are coding “{name}” blind, so {what} is not shown.",
            "Finish it first, or give it up: page “Transcripts”, “go on coding it blind”.",
            key,
            name,
            0,
        )
    raise KeptBack(
        f"A sample of “{name}” waits to be coded blind for an audit, which you still can, so "
        f"{what} is not shown.",
        "Code the sample first, on the page “Audits”. Or open the transcript all the same: that is "
        "recorded, and somebody else has to code the sample.",
        key,
        name,
        audit_waits(store, who, key),
    )


def audit_waits(store: Store, who: str, transcript_id: int) -> int:
    """Number of an audit whose sample of this transcript nobody has finished and this person could
    still code blind; 0: none."""
    for row in waiting_audits(store):
        if transcript_id not in row.transcripts:
            continue
        for task in audit_tasks(store, row.id):
            if task.transcript_id == transcript_id and not task.finished:
                return 0 if saw_the_model(store, who, transcript_id) else row.id
    return 0
