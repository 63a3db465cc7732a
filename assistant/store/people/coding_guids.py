"""What a coding from a file is known by: made of what it says, the same in every study."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

__all__ = ["coding_guid", "spelled_guid"]

_GUIDS = uuid.UUID("5b1f3b60-6e2a-4c0e-9a51-7d1f0c2a9e11")
_MOST_EQUAL = 10
"""Codings of one person with one code on the same words are told apart by a number."""


def coding_guid(
    name: str, sha256: str, kind: str, code: str, span: tuple[int, int], number: int
) -> str:
    """Of its coder's name, the text, code and place. ``number``: among equal ones."""
    said = [sha256, name, code, str(span), str(number)]
    if kind == "model":
        said.append("model")
    return str(uuid.uuid5(_GUIDS, "|".join(said)))


def spelled_guid(
    guid: str,
    old: Iterable[tuple[str, str]],
    new: tuple[str, str],
    sha256: str,
    kind: str,
    span: tuple[int, int],
) -> str:
    """The GUID that ``new`` (name, code) gives in place of one that any of ``old`` gave; empty
    where none of them did."""
    for name, code in old:
        for number in range(_MOST_EQUAL):
            if coding_guid(name, sha256, kind, code, span, number) == guid:
                return coding_guid(new[0], sha256, kind, new[1], span, number)
    return ""
