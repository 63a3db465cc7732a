"""Decide only on what one has seen: two windows, or a window and the command line.

A page says which decision was the newest when it was shown (``after``, 0 for none). If another has
come since, nothing is stored and the page is told what and by whom. Whoever still wants to decide
does so knowing it; decisions are appended, so nothing is ever overwritten.
"""

from __future__ import annotations

from typing import Literal

from assistant.decisions import deciding
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.decided.reviewing import Standing, hold, last_standing
from assistant.store.records import Coding

__all__ = ["Action", "DecidedMeanwhile", "decide"]

Action = Literal["accept", "reject", "amend", "undo"]
_DONE = {
    "accept": "accepted it",
    "reject": "rejected it",
    "amend": "changed it",
    "undo": "took back a decision on it",
}


class DecidedMeanwhile(UserError):
    """Somebody else, or another window, was faster."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(
            f"{standing.done_by} {_DONE[standing.done]} meanwhile "
            f"({standing.done_at[11:16]} UTC). Nothing was changed.",
            hint="Look at it again, and decide once more if you see it otherwise.",
        )
        self.standing = standing


def decide(
    store: Store,
    suggestion_id: int,
    action: Action,
    *,
    after: int,
    reviewer: str,
    code: str = "",
    start: int | None = None,
    end: int | None = None,
    reason: str = "",
    seconds: float | None = None,
) -> Coding | None:
    """Store one decision; the reviewer's own coding when she amended.

    Raises `DecidedMeanwhile`, and what `deciding` raises.
    """
    with store.transaction():
        hold(store)
        newest = last_standing(store, suggestion_id)
        if newest is not None and newest.decision_id != after:
            raise DecidedMeanwhile(newest)
        if action == "accept":
            deciding.accept(store, suggestion_id, reviewer=reviewer, seconds=seconds)
        elif action == "reject":
            deciding.reject(store, suggestion_id, reason=reason, reviewer=reviewer, seconds=seconds)
        elif action == "undo":
            deciding.take_back(store, suggestion_id, reviewer=reviewer)
        else:
            return deciding.amend(
                store,
                suggestion_id,
                code=code,
                start=start,
                end=end,
                reason=reason,
                reviewer=reviewer,
                seconds=seconds,
            )
    return None
