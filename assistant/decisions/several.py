"""One decision each about a few suggestions, all or nothing.

Invariant: naming many numbers is no way round the rules for accepting in bulk. Rejecting and taking
back are always allowed: they let nothing through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assistant.decisions import deciding
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.model.reply_records import Suggestion
from assistant.store.records import Coding

__all__ = ["ONE_BY_ONE", "What", "decide_several"]

What = Literal["accept", "reject", "amend", "take back"]
ONE_BY_ONE = 20
"""What a person can have read one by one before she accepts: about a screen of passages."""


def decide_several(
    store: Store,
    numbers: Sequence[int],
    what: What,
    *,
    code: str = "",
    reason: str = "",
    reviewer: str = "",
) -> tuple[Suggestion | Coding, ...]:
    """Decide on each of these suggestions, or on none. ``code`` is for ``amend``.

    Raises `UserError` for a number that does not exist and for more than can be read one by one.
    """
    if what in ("accept", "amend") and len(numbers) > ONE_BY_ONE:
        raise UserError(
            f"{len(numbers)} suggestions at once is a decision in bulk; nothing was decided. "
            f"At most {ONE_BY_ONE} can be named.",
            hint="Read them in the browser (`secondcoder review`), or use `--all-of CODE --run "
            "RUN`, which looks at the evidence first.",
        )
    found: list[Suggestion | Coding] = []
    with store.transaction():
        for number in numbers:
            if what == "accept":
                found.append(deciding.accept(store, number, reviewer=reviewer))
            elif what == "reject":
                found.append(deciding.reject(store, number, reason=reason, reviewer=reviewer))
            elif what == "amend":
                found.append(
                    deciding.amend(store, number, code=code, reason=reason, reviewer=reviewer)
                )
            else:
                found.append(deciding.take_back(store, number, reviewer=reviewer))
    return tuple(found)
