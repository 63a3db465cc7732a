"""Names of files, made of names that people gave to studies and transcripts.

Every system takes them, and no two of one list are the same file anywhere: some systems do not tell
capitals from small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["file_name", "file_names"]

_LONGEST = 200
"""Bytes. Most systems count bytes and take 255; a letter may be four, and an ending comes yet."""
_REFUSED = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_name(name: str) -> str:
    """A name without an ending: no folder, no word that a system keeps for itself, not too long."""
    made = _REFUSED.sub("-", name).strip(" .-")[:120]
    made = made.encode()[:_LONGEST].decode(errors="ignore").rstrip(" .")
    return f"{made}-" if _RESERVED.fullmatch(made) else made or "study"


def file_names(names: Iterable[str]) -> tuple[str, ...]:
    """One for each of ``names``, in their order; one that is taken gets a number."""
    taken: set[str] = set()
    made = []
    for name in names:
        stem = tried = file_name(name)
        number = 2
        while tried.casefold() in taken:
            tried, number = f"{stem} {number}", number + 1
        taken.add(tried.casefold())
        made.append(tried)
    return tuple(made)
