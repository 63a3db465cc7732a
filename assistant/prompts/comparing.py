"""What differs between two prompt versions, word by word.

Prompts are prose: a changed word in a long line must be seen at once, so changed lines are set
beside each other with the words that went ``[-like this-]`` and those that came ``{+like this+}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.prompts.records import Prompt

__all__ = ["ChangedLine", "PromptDifference", "changed_lines", "difference"]

_KEPT = 3
"""Least words in a row that count as kept between two changes."""
_LINE_END = "↵"


@dataclass(frozen=True)
class ChangedLine:
    line: int
    """In the newer file, from 1; where lines are gone, the line that they stood before."""
    text: str
    """With ``[-words that went-]`` and ``{+words that came+}``; a ``↵`` in a mark is a line end."""


@dataclass(frozen=True)
class PromptDifference:
    old: str
    new: str
    old_sha256: str
    new_sha256: str
    lines: tuple[ChangedLine, ...]
    words_gone: int
    words_come: int

    @property
    def same(self) -> bool:
        return self.old_sha256 == self.new_sha256


def difference(old: Prompt, new: Prompt) -> PromptDifference:
    """What changed from ``old`` to ``new``, in the order of the file; white space counts too."""
    lines, gone, come = changed_lines(old.source, new.source)
    return PromptDifference(old.id, new.id, old.sha256, new.sha256, lines, gone, come)


def changed_lines(old: str, new: str) -> tuple[tuple[ChangedLine, ...], int, int]:
    """The same for any two texts: lines, and how many words went and came."""
    before, after = old.split("\n"), new.split("\n")
    lines: list[ChangedLine] = []
    gone = come = 0
    for op, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        block = _Block(b1 + 1)
        block.compare(_tokens(before[a1:a2]), _tokens(after[b1:b2]))
        lines += block.lines
        gone, come = gone + block.gone, come + block.come
    return tuple(lines), gone, come


def _tokens(lines: Sequence[str]) -> list[str]:
    return re.findall(r"\w+|\s|[^\w\s]", "".join(line + "\n" for line in lines))


class _Block:
    """Lines that changed together, from line ``number`` of the newer file on."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.lines: list[ChangedLine] = []
        self.gone = self.come = 0
        self._parts: list[str] = []

    def compare(self, old: Sequence[str], new: Sequence[str]) -> None:
        for equal, a1, a2, b1, b2 in _stretches(old, new):
            if equal:
                self._add("".join(new[b1:b2]), "", "")
                continue
            self.gone, self.come = self.gone + _count(old[a1:a2]), self.come + _count(new[b1:b2])
            self._add("".join(old[a1:a2]), "[-", "-]")
            self._add("".join(new[b1:b2]), "{+", "+}")
        self._end()

    def _add(self, text: str, before: str, after: str) -> None:
        """A mark never runs over the end of a line, so that each line can be read alone."""
        for piece in text.splitlines(keepends=True):
            shown = piece.replace("\n", _LINE_END if before else "")
            if shown:
                self._parts.append(before + shown + after)
            if piece.endswith("\n"):
                self._end()
                self.number += before != "[-"

    def _end(self) -> None:
        if self._parts:
            self.lines.append(ChangedLine(self.number, "".join(self._parts)))
            self._parts = []


def _stretches(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Equal and changed stretches in turn. What is equal for a word or two between two changes is
    chance, not kept text, and reads better as part of the change.
    """
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    a_from = b_from = 0
    for block in matcher.get_matching_blocks():
        ends = block.a in (0, a_from) and block.b in (0, b_from)
        at_end = block.a + block.size == len(a) and block.b + block.size == len(b)
        words = _count(a[block.a : block.a + block.size])
        if words < _KEPT and not (ends or at_end):
            continue
        if (a_from, b_from) != (block.a, block.b):
            yield False, a_from, block.a, b_from, block.b
        a_from, b_from = block.a + block.size, block.b + block.size
        if block.size:
            yield True, block.a, a_from, block.b, b_from


def _count(tokens: Sequence[str]) -> int:
    return sum(token[0].isalnum() or token[0] == "_" for token in tokens)
