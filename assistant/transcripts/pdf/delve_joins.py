"""Lines of a printed passage back to running text, with the underlining kept.

A browser breaks lines at spaces, which it then does not print, and after hyphens, dashes and the
like, where there was no space. So a line that ends in a letter is joined with a space, and one that
ends in a hyphen as the same pair of words, or else most such signs, stand elsewhere in the file.
Hyphens are never taken out: browsers print these pages without hyphenation of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.transcripts.lines import join_broken
from assistant.transcripts.pdf.delve_pages import Line

__all__ = ["Joiner", "Marked"]

_BREAKS_AFTER = "-\u2010\u2012\u2013\u2014/\u2026"
_BREAKS_BEFORE = "\u2014"
_INSIDE = re.compile(rf"(?<=(\w|\s))([{_BREAKS_AFTER}])( ?)(?=\w)")
_PAIR = re.compile(rf"(\w+)([{_BREAKS_AFTER}])( ?)(\w+)")
_LAST = re.compile(rf"(\w+)([{_BREAKS_AFTER}])$")
_FIRST = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A paragraph's text, and for every code point whether it is underlined."""

    text: str
    marked: tuple[bool, ...]


class Joiner:
    """Knows one document's right edge and its habits with hyphens and dashes."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.right_edge = max((line.x1 for line in lines), default=0.0)
        self._habits: Counter[tuple[bool, str, bool]] = Counter()
        self._pairs: Counter[tuple[str, str, str, bool]] = Counter()
        for line in lines:
            if not any(sign in line.text for sign in _BREAKS_AFTER):
                continue
            for before, sign, gap in _INSIDE.findall(line.text):
                self._habits[before.isspace(), sign, bool(gap)] += 1
            for before, sign, gap, after in _PAIR.findall(line.text):
                self._pairs[before.casefold(), sign, after.casefold(), bool(gap)] += 1

    def could_hold_more(self, line: Line, following: Line) -> bool:
        """The first word of the following line would have fitted: the line was ended on purpose."""
        words = following.text.split(maxsplit=1)
        if not words:
            return False
        share = len(words[0]) / len(following.text.rstrip())
        width = (following.x1 - following.x0) * share * 1.2 + 0.4 * line.size
        return line.x1 + width < self.right_edge - line.size

    def join(self, lines: Iterable[Line]) -> Marked:
        """One paragraph from its lines: single spaces, NFC, no white space at its ends."""
        text = ""
        marked: list[bool] = []
        last: Line | None = None
        for line in lines:
            if last is not None:
                gap = self._gap(last, line)
                text += gap
                marked += [marked[-1] and line.marked[0]] * len(gap)
            text += line.text
            marked += line.marked
            last = line
        return _tidy(text, marked)

    def _gap(self, before: Line, after: Line) -> str:
        left, right = before.text, after.text
        if left[-1] == " " or right[0] == " ":
            return ""
        one_long_word = " " not in left and before.x1 > self.right_edge - 1.5 * before.size
        if one_long_word or len(join_broken(left[-1], right[0])) == 2:
            return ""
        if left[-1] in _BREAKS_AFTER and right[0].isalnum():
            return "" if self._glued(left, right) else " "
        if right[0] in _BREAKS_BEFORE and left[-1].isalnum():
            return "" if self._habit(False, right[0]) else " "
        return " "

    def _glued(self, left: str, right: str) -> bool:
        word, following = _LAST.search(left), _FIRST.match(right)
        if word and following:
            pair = (word[1].casefold(), word[2], following[0].casefold())
            together, apart = self._pairs[*pair, False], self._pairs[*pair, True]
            if together != apart:
                return together > apart
        return self._habit(len(left) < 2 or left[-2].isspace(), left[-1])

    def _habit(self, after_space: bool, sign: str) -> bool:
        together = self._habits[after_space, sign, False]
        apart = self._habits[after_space, sign, True]
        return together > apart if together != apart else not after_space


def _tidy(text: str, marked: list[bool]) -> Marked:
    chars: list[str] = []
    flags: list[bool] = []
    for char, flag in zip(text, marked, strict=True):
        if char.isspace():
            if chars and chars[-1] != " ":
                chars.append(" ")
                flags.append(flag)
        else:
            chars.append(char)
            flags.append(flag)
    if chars and chars[-1] == " ":
        chars.pop()
        flags.pop()
    result = "".join(chars)
    if unicodedata.is_normalized("NFC", result):
        return Marked(result, tuple(flags))
    return _compose(result, flags)


def _compose(text: str, flags: list[bool]) -> Marked:
    """NFC piece by piece, where a piece is what can combine, so that the marks stay in place."""
    pieces: list[tuple[str, bool]] = []
    for char, flag in zip(text, flags, strict=True):
        if pieces:
            last, last_flag = pieces[-1]
            joined = unicodedata.normalize("NFC", last + char)
            if unicodedata.combining(char) or joined != unicodedata.normalize("NFC", last) + char:
                pieces[-1] = (last + char, last_flag or flag)
                continue
        pieces.append((char, flag))
    composed = [(unicodedata.normalize("NFC", piece), flag) for piece, flag in pieces]
    return Marked(
        "".join(piece for piece, _ in composed),
        tuple(flag for piece, flag in composed for _ in piece),
    )
