"""Numbers with what is counted, in words."""

from __future__ import annotations

import re

__all__ = ["counted"]

_REST = re.compile(r" (?:\(|(?:by|of|with|in|for|from|on|that|without) )")


def counted(number: int, what: str) -> str:
    """``what`` is in the plural: ``counted(1, "codings by people")`` is ``1 coding by people``."""
    if number != 1:
        return f"{number} {what}"
    found = _REST.search(what)
    end = found.start() if found else len(what)
    head = what[:end]
    if head.endswith("ies"):
        head = head[:-3] + "y"
    elif head.endswith("s") and not head.endswith("ss"):
        head = head[:-1]
    return f"{number} {head}{what[end:]}"
