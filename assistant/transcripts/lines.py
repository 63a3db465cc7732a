"""A file as lines, before anything is decided about them.

Text files and Word documents meet here: a Word paragraph is a line with an empty line after it, so
that speakers, code labels and debris are recognised by the same rules in both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

__all__ = ["BLANK", "Line", "join_broken", "squeeze", "text_lines", "without_numbers"]

_GAP = re.compile(r"\s+")
_NUMBERED = re.compile(r"\s*(\d+)[.:)]?(?:\s+|$)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    raw: str
    """As in the file, tabs and leading spaces included."""
    where: str = ""
    """For people: ``"line 12"``, ``"paragraph 3"``, ``"table 1, row 2"``."""
    new_page: bool = False
    heading: bool = False
    """The file itself marks the line as a title or heading (Word styles)."""
    speaker: bool = False
    """The file itself marks the line as a speaker's name (a table's first column)."""
    at: int = -1
    """Where ``raw`` stands in the cleaned text; -1 where nobody keeps count."""

    @property
    def text(self) -> str:
        return squeeze(self.raw)

    @property
    def blank(self) -> bool:
        return not self.raw.strip()


BLANK = Line("")


def squeeze(text: str) -> str:
    """Every run of white space becomes one space."""
    return _GAP.sub(" ", text).strip()


def text_lines(text: str) -> tuple[Line, ...]:
    """Lines of a cleaned text; a page break ends a line and marks the next one."""
    lines: list[Line] = []
    at = 0
    for number, row in enumerate(text.split("\n"), start=1):
        for part, raw in enumerate(row.split("\f")):
            lines.append(Line(raw, f"line {number}", new_page=part > 0, at=at))
            at += len(raw) + 1
    return tuple(lines)


def without_numbers(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Lines without the numbers of lines or turns, where the whole file is numbered.

    That is: every line that is not empty begins with a number, each one more than the one before.
    The numbers are returned too.
    """
    rows = [index for index, line in enumerate(lines) if not line.blank]
    marked = [(index, match) for index in rows if (match := _NUMBERED.fullmatch(lines[index].raw))]
    numbers = [int(match.group(1)) for _, match in marked]
    if len(rows) < 4 or len(marked) < len(rows):
        return tuple(lines), ()
    if any(after != before + 1 for before, after in pairwise(numbers)):
        return tuple(lines), ()
    bare = list(lines)
    for index, match in marked:
        at = lines[index].at + match.start(2) if lines[index].at >= 0 else -1
        bare[index] = replace(lines[index], raw=match.group(2), at=at)
    return tuple(bare), tuple(str(number) for number in numbers)


def join_broken(left: str, right: str) -> str:
    """Two parts of a paragraph that was broken over lines.

    Scripts that write no spaces between words get none.
    """
    if not left or not right:
        return left or right
    gap = "" if _spaceless(left[-1]) and _spaceless(right[0]) else " "
    return left + gap + right


def _spaceless(char: str) -> bool:
    """Thai, Lao, Khmer, Burmese; Han, kana and their punctuation. Korean has spaces."""
    return (
        "\u0e00" <= char <= "\u0eff"
        or "\u1000" <= char <= "\u109f"
        or "\u1780" <= char <= "\u17ff"
        or "\u2e80" <= char <= "\u312f"
        or "\u31a0" <= char <= "\ua4cf"
        or "\uf900" <= char <= "\ufaff"
        or "\uff00" <= char <= "\uffef"
        or char >= "\U00020000"
    )
