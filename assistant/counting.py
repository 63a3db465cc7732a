"""Numbers with what is counted, in words: ``1 file``, ``2 files``; for every message.

The one place for it, so that nobody is told of "1 files".
"""

from __future__ import annotations

import re

__all__ = ["counted", "counted_many"]

_REST = re.compile(r" (?:\(|(?:by|of|with|in|for|from|on|that|without) )")


def counted(number: int, noun: str, many: str = "") -> str:
    """``1 file``, ``2 files``; ``many`` where the plural is another word."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def counted_many(number: int, what: str) -> str:
    """``what`` is in the plural: ``counted_many(1, "codings by people")`` is ``1 coding by
    people``."""
    if number != 1:
        return f"{number:,} {what}"
    found = _REST.search(what)
    end = found.start() if found else len(what)
    head = what[:end]
    if head.endswith("ies"):
        head = head[:-3] + "y"
    elif head.endswith("s") and not head.endswith("ss"):
        head = head[:-1]
    return f"1 {head}{what[end:]}"
