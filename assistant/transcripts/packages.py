"""Limits for documents that are archives of XML (Word, OpenDocument, workbooks).

They are looked at before any reader: a file of half a megabyte can unpack to hundreds, a tree of
XML takes ten times the memory of its text, and the libraries that read these formats ask nothing.
An archive yields no more of a member than it states, so what it states is what is looked at.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from assistant.errors import DataError

__all__ = ["LARGEST_PART", "LARGEST_ROWS", "LARGEST_SUM", "check_package"]

LARGEST_PART = 64 * 2**20
"""Bytes of XML that are read as a tree, together: some ten million characters in Word."""
LARGEST_ROWS = 512 * 2**20
"""Bytes of a workbook's sheets together, which are read row by row."""
LARGEST_SUM = 1024 * 2**20
"""Bytes of all members, pictures too."""
_MOST_SHRUNK = 200
"""Times that XML of documents is shrunk at most; a hundred thousand equal rows are so by fifty."""
_SMALL = 16 * 2**20
"""Bytes below which it does not matter how much a member was shrunk."""
_MOST_MEMBERS = 20_000


def check_package(source: bytes | Path, where: str) -> None:
    """Refuse what would fill memory. Raises DataError; damage is the format's reader's to say."""
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as found:
            members = found.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return
    sheets = sum(one.file_size for one in members if _is_sheet(one.filename))
    trees = sum(one.file_size for one in members if _is_xml(one.filename)) - sheets
    shrunk = max(
        (one for one in members if one.file_size > _SMALL and _is_xml(one.filename)),
        key=_ratio,
        default=None,
    )
    why = ""
    if len(members) > _MOST_MEMBERS:
        why = f"it holds {len(members)} files"
    elif trees > LARGEST_PART:
        why = _larger("its text", trees, LARGEST_PART)
    elif sheets > LARGEST_ROWS:
        why = _larger("its sheets", sheets, LARGEST_ROWS)
    elif sum(one.file_size for one in members) > LARGEST_SUM:
        why = _larger("all in it", sum(one.file_size for one in members), LARGEST_SUM)
    elif shrunk is not None and _ratio(shrunk) > _MOST_SHRUNK:
        why = f"{shrunk.filename[:80]} in it unpacks to {_ratio(shrunk):.0f} times its size"
    if why:
        raise DataError(
            f"This file was not read, because {why}.",
            where=where,
            hint="No interview and no table of codings is like that. If you trust where it comes "
            "from, copy its text into a new document, or save the sheet as CSV.",
        )


def _ratio(one: zipfile.ZipInfo) -> float:
    return one.file_size / max(1, one.compress_size)


def _larger(what: str, size: int, limit: int) -> str:
    return f"{what} unpacks to {size // 2**20} MiB, more than {limit // 2**20}"


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _is_sheet(name: str) -> bool:
    return name.lower().startswith("xl/worksheets/") and _is_xml(name)
