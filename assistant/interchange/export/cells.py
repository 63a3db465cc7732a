"""Texts in cells: no program may run one, and none is lost.

A spreadsheet takes a text that begins with ``= + - @``, a tab or a line end for a formula. In a CSV
such a text gets an apostrophe in front, and so does one that already had apostrophes before such a
character; so `undefused` always gives back what was there. In XLSX a text is typed as text.
"""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["CELL_LIMIT", "COLUMNS", "defused", "typed_time", "undefused"]

CELL_LIMIT = 32_767
"""Characters in a cell of a spreadsheet."""

COLUMNS = (
    *("transcript", "coder", "coder_kind", "code", "start", "end", "quote", "exposure", "origin"),
    *("decision", "rationale", "run", "guid", "source_file"),
    # What the first columns mean is kept for programs; people read on.
    *("code_name", "code_written", "lane", "confidence", "probability"),
    *("decided_by", "decided_at", "reason", "because", "made_at"),
)
"""Of the long table of codings, in CSV and XLSX. Positions are code points, ``[start, end)``."""

_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def defused(text: str) -> str:
    """The text as it stands in a CSV."""
    return "'" + text if text.lstrip("'").startswith(_STARTS) else text


def undefused(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_STARTS) else text


def typed_time(at: str) -> datetime | None:
    """A stored time as UTC without a zone, as spreadsheets want it; None for none."""
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
