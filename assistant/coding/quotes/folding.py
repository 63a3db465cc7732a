"""Folding of text for comparison, with a map back to where each folded character came from.

Folded: white space (any run is one space), quotation marks and apostrophes (all are ``'``), dashes
(any run is ``-``), the ellipsis, case, and how a letter is composed. Folding may change lengths
(``ß`` is ``ss``, ``ﬁ`` is ``fi``, an accent may be a character of its own), so every
folded character knows the stretch of the original that it stands for. Nothing else is changed:
words, digits and punctuation stay.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Folded", "clusters", "fold"]

_MARKS = frozenset("\"'`´‘’‚‛“”„‟«»‹›′″‴ʼʹʺ〝〞〟「」『』＂＇｀")
_DASHES = frozenset("-‐‑‒–—―−﹘﹣－")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u2060\ufeff\u200e\u200f")
_JOINER = "\u200d"


@dataclass(frozen=True)
class Folded:
    """Folded text. ``starts[i]`` and ``ends[i]`` are the stretch of the original, in code points
    from its beginning, that folded character ``i`` stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch of the original for ``text[start:end]``, None where an end lies within one
        original character (the second ``s`` of ``ß``)."""
        if start > 0 and self.starts[start - 1] == self.starts[start]:
            return None
        if end < len(self.text) and self.ends[end] == self.ends[end - 1]:
            return None
        return self.starts[start], self.ends[end - 1]


def _extends(char: str) -> bool:
    """Whether a character belongs to the one before it: accents, emoji modifiers and tags."""
    number = ord(char)
    if number < 0x300:
        return False
    return (
        unicodedata.category(char) in ("Mn", "Mc", "Me")
        or 0x1F3FB <= number <= 0x1F3FF
        or 0xE0020 <= number <= 0xE007F
        or char == _JOINER
    )


def _is_flag_letter(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of what a reader sees as one character: letter with accents, joined emoji, flag."""
    start = 0
    while start < len(text):
        end = start + 1
        if _is_flag_letter(text[start]) and end < len(text) and _is_flag_letter(text[end]):
            end += 1
        while end < len(text) and (_extends(text[end]) or text[end - 1] == _JOINER):
            end += 1
        yield start, end
        start = end


def _fold_cluster(cluster: str) -> str:
    if cluster.isspace():
        return " "
    first = cluster[0]
    if first in _MARKS:
        return "'"
    if first in _DASHES:
        return "-"
    if cluster in _INVISIBLE:
        return ""
    if cluster == "…":
        return "..."
    if cluster.isascii():
        return cluster.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", cluster).casefold())


@lru_cache(maxsize=4096)
def fold(text: str) -> Folded:
    """Fold a text. Text that was folded before is not folded again (the last 4,096 are kept)."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in clusters(text):
        folded = _fold_cluster(text[start:end])
        if folded in (" ", "-") and out and out[-1] == folded:
            ends[-1] = end  # a run of spaces or dashes is one
            continue
        for char in folded:
            out.append(char)
            starts.append(start)
            ends.append(end)
    return Folded("".join(out), tuple(starts), tuple(ends))
