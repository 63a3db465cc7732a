"""What new files changed for those that were there before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.store.records import DocumentCoding, DocumentRow

__all__ = ["lost", "standing_again"]


def standing_again(
    found: Sequence[tuple[DocumentRow, Sequence[DocumentCoding], Sequence[DocumentCoding]]],
) -> Counter[tuple[str, str]]:
    """Codings that counted for an earlier file until now and stand for one of a new file now."""
    counts: Counter[tuple[str, str]] = Counter()
    for row, before, now in found:
        same = [sum(c.carried == "same-as-another-file" for c in side) for side in (before, now)]
        counts[row.coder_kind, row.coder] += max(0, same[1] - same[0])
    return counts


def lost(
    before: Sequence[DocumentCoding], now: Sequence[DocumentCoding]
) -> tuple[DocumentCoding, ...]:
    """Codings that are not carried over now and were until now."""
    known = {(c.code, c.start, c.end) for c in before if c.carried == "failed"}
    failed = (c for c in now if c.carried == "failed")
    return tuple(c for c in failed if (c.code, c.start, c.end) not in known)
