"""Taguette's highlighted document (HTML or Word): an interview with its tags in the text.

Behind each highlighted passage stands its tag in square brackets. It is refused: read as an
interview, the tags would be words that somebody said, and where a passage ends that has no bracket
nobody can tell.
"""

from __future__ import annotations

import re
from pathlib import Path

from assistant.errors import DataError
from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import Project
from assistant.transcripts.packages import check_package
from assistant.transcripts.word_shading import may_be_shaded, shading

__all__ = ["detects", "read_project"]

_FEWEST, _SHARE = 2, 0.8
"""So many shaded passages, and so much of them with a name behind, are no accident."""
_STYLE = re.compile(rb"\.highlight\s*\{\s*background-color:\s*#ff0;?\s*\}")


def detects(path: Path, head: bytes) -> bool:
    """By the style of the page, or by what stands behind nearly all shaded passages."""
    if not head.startswith(b"PK\x03\x04"):
        page = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
        return page.startswith((b"<!doctype html", b"<html")) and bool(_STYLE.search(head))
    try:
        check_package(path, str(path))
    except DataError:
        return False  # its own reader says what is wrong
    data = path.read_bytes()
    if not may_be_shaded(data):
        return False
    import io

    import docx

    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except Exception:  # whatever damaged bytes lead to; the reader of the format says it better
        return False
    found = shading(body)
    return found.passages >= _FEWEST and len(found.named) >= _SHARE * found.passages


def read_project(path: Path, options: ReadOptions) -> Project:
    """Raises DataError always."""
    word = path.suffix.lower() == ".docx"
    raise DataError(
        "This looks like a document in which Taguette marked the highlights: their tags stand in "
        "square brackets behind the passages, and would become words of the interview.",
        where=str(path),
        hint="In Taguette, export the project itself (SQLite3), which has the texts and the codes; "
        "or export the highlights as a table (.csv, .xlsx), and import that after the interview's "
        "own file."
        + (" If it is something else, --reader word reads it as it stands." if word else ""),
    )
