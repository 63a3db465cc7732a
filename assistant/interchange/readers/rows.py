"""A row of a table of codings, and the transcripts that rows refer to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from assistant.interchange.projects.records import Source
from assistant.interchange.readers.cells import is_error
from assistant.interchange.readers.quotes import Finder
from assistant.transcripts.naming import stem
from assistant.transcripts.records import Transcript

__all__ = ["Row", "Text", "by_name", "codes_in", "error_in", "unread", "whole"]


_SEPARATORS = re.compile(r"[;|\n]")


@dataclass
class Text:
    """A transcript that rows refer to."""

    source: Source
    finder: Finder
    made: list[str] = field(default_factory=list)
    """Passages, where the text is made of the rows."""
    lost: int = 0
    """Codings of rows that have no place in it."""


@dataclass(frozen=True)
class Row:
    number: int
    transcript: str
    quote: str
    codes: tuple[str, ...]
    start: int | None
    end: int | None
    cells: tuple[str, ...]
    error: str = ""
    """Why nothing can be taken of it, whatever else it holds."""
    unread: str = ""
    """Why it has no position, where its cells hold something that is none."""

    @property
    def where(self) -> str:
        return f"row {self.number}"

    @property
    def what(self) -> str:
        """What is shown of it where it was left out."""
        return self.quote.strip() or ", ".join(self.codes) or " | ".join(filter(None, self.cells))


def by_name(transcripts: Iterable[Transcript]) -> dict[str, Transcript]:
    found: dict[str, Transcript] = {}
    for transcript in transcripts:
        found[transcript.name.casefold()] = transcript
    for transcript in list(found.values()):
        found.setdefault(stem(transcript.name).casefold(), transcript)
    return found


def codes_in(cell: str, *, commas: bool) -> tuple[str, ...]:
    """Codes of one cell. ``commas``: they may part codes where nothing clearer does."""
    parts = _SEPARATORS.split(cell)
    if len(parts) == 1 and commas:
        parts = cell.split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def error_in(get: Callable[[str], str], words: str) -> str:
    """Which cell of a row holds an error of the spreadsheet, in words; empty where none does.

    ``get`` gives the cell of a role, ``words`` is the role of the passage's words.
    """
    roles = {"transcript": "transcript", words: "words", "coder": "coder", "code": "code"}
    for role, what in roles.items():
        if is_error(get(role)):
            said = get(role).strip()
            return f"an error of the spreadsheet ({said}) stands in place of the {what}"
    return ""


def whole(cell: str) -> int | None:
    cell = cell.strip()
    return int(cell) if re.fullmatch(r"\d{1,12}", cell) else None


def unread(start: str, end: str) -> str:
    """Why two cells give no position; empty where they do, or where both are empty."""
    cells = [cell.strip() for cell in (start, end)]
    if not any(cells) or all(whole(cell) is not None for cell in cells):
        return ""
    said = [f"“{cell}”" if cell else "nothing" for cell in cells]
    return f"its position, {said[0]} to {said[1]}, cannot be read, and it has no words"
