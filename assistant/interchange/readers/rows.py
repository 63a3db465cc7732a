"""A row of a table of codings, and the transcripts that rows refer to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.interchange.projects.records import Source
from assistant.interchange.readers.quotes import Finder
from assistant.transcripts.naming import stem
from assistant.transcripts.records import Transcript

__all__ = ["Row", "Text", "by_name", "whole"]


@dataclass
class Text:
    """A transcript that rows refer to."""

    source: Source
    finder: Finder
    made: list[str] = field(default_factory=list)
    """Passages, where the text is made of the rows."""


@dataclass(frozen=True)
class Row:
    number: int
    transcript: str
    quote: str
    codes: tuple[str, ...]
    start: int | None
    end: int | None
    cells: tuple[str, ...]


def by_name(transcripts: Iterable[Transcript]) -> dict[str, Transcript]:
    found: dict[str, Transcript] = {}
    for transcript in transcripts:
        found[transcript.name.casefold()] = transcript
    for transcript in list(found.values()):
        found.setdefault(stem(transcript.name).casefold(), transcript)
    return found


def whole(cell: str) -> int | None:
    cell = cell.strip()
    return int(cell) if re.fullmatch(r"\d{1,12}", cell) else None
