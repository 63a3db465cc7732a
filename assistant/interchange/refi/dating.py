"""When a REFI-QDA project was last worked on, by its own dates.

Not by the date of the file: copying and downloading change that.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from assistant.dates import instant
from assistant.errors import SecondCoderError
from assistant.interchange.refi.archive import open_files
from assistant.interchange.refi.parsing import parse

__all__ = ["last_date"]

_DATES = ("creationdatetime", "modifieddatetime")


def last_date(path: Path) -> datetime | None:
    """The latest date of anything in it; one without a zone counts as UTC. None: it has no date,
    or cannot be read, which reading it will say."""
    try:
        with open_files(path) as files:
            root = parse(files.project(), str(path))
    except SecondCoderError:
        return None
    found = (
        at
        for element in root.iter()
        for name, value in element.attrib.items()
        if str(name).rpartition("}")[2].casefold() in _DATES
        and (at := instant(str(value))) is not None
    )
    return max(found, default=None)
