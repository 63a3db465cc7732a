"""The ways in which a study may have written one code: by its id, its name, or an alias.

Codes leave the study under their names and come in as people wrote them. What is stored stays as it
was written; whether a coding is there already is asked of all the ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from assistant.interchange.projects.first_codebook import codebook_there

__all__ = ["Spellings"]


class Spellings:
    """Of the codes of a codebook; what it does not know is written in one way only."""

    def __init__(self, codebook_file: Path | None) -> None:
        self._book = codebook_there(codebook_file)

    def of(self, written: Iterable[str]) -> frozenset[str]:
        """All that means the same as one of ``written``, these included."""
        found = set(written)
        if self._book is None:
            return frozenset(found)
        for one in tuple(found):
            key = self._book.resolve(one)
            if key is not None:
                code = self._book.by_id[key]
                ways = filter(None, (code.id, code.name, *code.aliases))
                # An alias may be another code's id or name: then it means that one.
                found |= {way for way in ways if self._book.resolve(way) == key}
        return frozenset(found)
