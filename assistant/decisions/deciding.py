"""Accept, reject, amend, one by one: a person may decide on anything. Many: `in_bulk.py`."""

from __future__ import annotations

import uuid

from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.decided.decisions import add_decision
from assistant.store.model.reply_records import Suggestion
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestion
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding
from assistant.store.records import Coding
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import person
from assistant.store.versions import codebook

__all__ = ["accept", "amend", "reject", "take_back"]


def _open(store: Store, suggestion_id: int) -> Suggestion:
    try:
        found = suggestion(store, suggestion_id)
    except KeyError:
        raise UserError(
            f"There is no suggestion {suggestion_id}.",
            hint="`secondcoder runs RUN --suggestions` lists them with their numbers.",
        ) from None
    if not found.quote:
        raise UserError(
            f"Suggestion {suggestion_id} is of a transcript that was withdrawn; its words are gone."
        )
    return found


def accept(
    store: Store, suggestion_id: int, *, reviewer: str = "", seconds: float | None = None
) -> Suggestion:
    """Accept one suggestion; any lane. The suggestion as it stands afterwards."""
    with store.transaction():
        _open(store, suggestion_id)
        add_decision(store, suggestion_id, "accept", reviewer or person(), seconds=seconds)
        return suggestion(store, suggestion_id)


def reject(
    store: Store,
    suggestion_id: int,
    *,
    reason: str = "",
    reviewer: str = "",
    seconds: float | None = None,
) -> Suggestion:
    """Reject one suggestion, with an optional reason."""
    with store.transaction():
        _open(store, suggestion_id)
        add_decision(
            store, suggestion_id, "reject", reviewer or person(), reason=reason, seconds=seconds
        )
        return suggestion(store, suggestion_id)


def amend(
    store: Store,
    suggestion_id: int,
    *,
    code: str = "",
    start: int | None = None,
    end: int | None = None,
    reason: str = "",
    reviewer: str = "",
    seconds: float | None = None,
) -> Coding:
    """Reject the suggestion and add the reviewer's own coding, linked to it.

    The own coding was made after seeing the model: it is never reference. Raises `UserError` for a
    code that the run's codebook does not have and for a span outside the text.
    """
    who = reviewer or person()
    with store.transaction():
        found = _open(store, suggestion_id)
        book = codebook(store, run(store, found.run_id).codebook_sha256)
        own = book.resolve(code) if code else found.code
        if own is None:
            raise UserError(
                f"The codebook has no code “{code}”.",
                hint=f"{book.meant(code)}`secondcoder codebook show` lists the codes; use the id.",
            )
        text = transcript(store, found.transcript_id).text
        first = found.start if start is None else start
        last = found.end if end is None else end
        if not 0 <= first < last <= len(text) or not text[first:last].strip():
            raise UserError(
                f"There is no text at {first}–{last}: “{found.transcript}” has {len(text)} "
                "characters."
            )
        coding = Coding(
            0,
            str(uuid.uuid4()),
            found.transcript_id,
            add_coder(store, who, "human"),
            own,
            first,
            last,
            text[first:last],
            "review",
            "after-model",
        )
        key = add_coding(store, coding)
        add_decision(
            store, suggestion_id, "amend", who, reason=reason, seconds=seconds, coding_id=key
        )
    return coding


def take_back(store: Store, suggestion_id: int, *, reviewer: str = "") -> Suggestion:
    """Undo the decision that holds, whosever it is: an act of the reviewer's own, appended.

    What that decision had replaced holds again as it was said, and when it was said; where it
    replaced nothing, the suggestion is open. Nobody decides anew by that, so that it settles
    nothing that two studies say differently.
    """
    with store.transaction():
        found = _open(store, suggestion_id)
        if found.decision == "open":
            raise UserError(f"Suggestion {suggestion_id} is open: there is nothing to undo.")
        add_decision(store, suggestion_id, "undo", reviewer or person())
        return suggestion(store, suggestion_id)
