"""Texts of a project whose codings were left behind: no coding says the words that it marks.

A text that was changed outside of its program is one; the others of the project are taken. Where
nothing of the whole project fits, the reader counts otherwise than the program, and takes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.counting import counted_many
from assistant.errors import DataError
from assistant.transcripts.records import Skipped

__all__ = ["nothing_fits", "stale_source"]


def stale_source(name: str, count: int, what: str) -> Skipped:
    """``what``: many of them, such as ``codings``."""
    return Skipped(
        what=f"{counted_many(count, what)} of “{name}”",
        why="none says the words that it marks, however positions are counted: this text was "
        "changed after it was coded. The text itself and the others were taken; mark the passages "
        "again in the other program, or here",
    )


def nothing_fits(stale: Mapping[str, int], what: str, path: Path, hint: str) -> DataError:
    """``stale``: name of each text with codings -> their number. ``what``: one of them."""
    listed = ", ".join(f"“{name}” ({count})" for name, count in stale.items())
    return DataError(
        f"No {what} of {listed} says the words that it marks, however its positions are counted. "
        "Nothing was read.",
        where=str(path),
        hint=hint,
    )
