"""The part of a transcript that a person coded, where somebody says that it was not all of it.

Outside a scope there is no "no", only nothing. What is stated here stands in the same columns that
imports with a stamp fill, and verdicts that rest on the scope are void when it changes
(`assistant.store.measured.reference`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from assistant.store.database import Store
from assistant.store.records import Coding, Scope
from assistant.transcripts.records import Transcript

__all__ = ["may_state_part", "outside_part", "set_coded_part"]

_MATCHING = (
    "FROM scopes p JOIN coders c ON c.id = p.coder_id WHERE c.kind = 'human' AND c.name = ? "
    "AND p.transcript_id = ? AND p.finished_at IS NULL AND p.segments IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM adjudications a WHERE 'Adjudicated (' || a.who || ')' = c.name)"
)
"""What was coded in the program, and samples of audits, are on record and not stated."""


def may_state_part(store: Store, coder: str, transcript_id: int) -> bool:
    """Whether a person has a scope there that is stated and not on record."""
    return store.value(f"SELECT p.id {_MATCHING}", (coder, transcript_id)) is not None


def outside_part(scope: Scope, text: Transcript, mine: Iterable[Coding]) -> tuple[Coding, ...]:
    """Her codings that lie outside the passages that somebody said she coded.

    None does when it is said; a file that comes later may bring some, and they count for nothing.
    """
    if not scope.is_stated or scope.first_segment is None or scope.last_segment is None:
        return ()
    start, end = text.segments[scope.first_segment].start, text.segments[scope.last_segment].end
    return tuple(
        c
        for c in mine
        if c.coder == scope.coder
        and c.origin == "import"
        and not (start <= c.start <= c.end <= end)
    )


def set_coded_part(
    store: Store,
    coder: str,
    transcript_id: int,
    *,
    first: int | None,
    last: int | None,
    codes: Sequence[str] | None,
) -> bool:
    """State what a person coded: segments ``first`` to ``last`` (numbers, both included), and for
    which codes; None: all. Whether anything changed.

    Nothing changes where `may_state_part` says no.
    """
    said = (first, last, None if codes is None else json.dumps(sorted(codes)))
    with store.transaction():
        row = store.row(
            f"SELECT p.id, p.first_segment, p.last_segment, p.codes {_MATCHING}",
            (coder, transcript_id),
        )
        if row is None or (row["first_segment"], row["last_segment"], row["codes"]) == said:
            return False
        store.write(
            "UPDATE scopes SET first_segment = ?, last_segment = ?, codes = ? WHERE id = ?",
            (*said, row["id"]),
        )
    return True
