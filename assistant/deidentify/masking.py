"""A text with its names replaced, and the way back from it.

Invariant: outside the replaced stretches both texts are the same, and any span of the new text has
one span of the original: a span that cuts a replacement takes in all that it stands for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.deidentify.matching import Matcher
from assistant.deidentify.patterns import find_patterns
from assistant.deidentify.records import Edit

__all__ = ["Masked", "Numbers", "mask"]


@dataclass
class Numbers:
    """Which number an e-mail address, telephone number … has: the same value, the same number."""

    given: dict[tuple[str, str], int] = field(default_factory=dict)

    def of(self, kind: str, value: str) -> str:
        plain = "".join(value.casefold().split())
        if (kind, plain) not in self.given:
            self.given[kind, plain] = 1 + sum(1 for known, _ in self.given if known == kind)
        return f"[{kind} {self.given[kind, plain]}]"


@dataclass(frozen=True)
class Masked:
    text: str
    edits: tuple[Edit, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """``[start, end)`` of this text, in the original."""
        return self._back(start, at_end=False), self._back(end, at_end=True)

    def shown(self, start: int, end: int) -> str:
        """What this text has in place of ``[start, end)`` of the original; a stretch that cuts a
        replaced term gets all of what stands for it, and nothing of the term."""
        first = bisect_right(self.edits, start, key=lambda edit: edit.start) - 1
        last = bisect_left(self.edits, end, key=lambda edit: edit.start) - 1
        return self.text[self._on(start, first, False) : self._on(end, last, True)]

    def _on(self, place: int, number: int, at_end: bool) -> int:
        if number < 0:
            return place
        edit = self.edits[number]
        if place >= edit.end:
            return edit.new_end + place - edit.end
        return edit.new_end if at_end else edit.new_start

    def _back(self, place: int, *, at_end: bool) -> int:
        if at_end:
            number = bisect_left(self.edits, place, key=lambda edit: edit.new_start) - 1
        else:
            number = bisect_right(self.edits, place, key=lambda edit: edit.new_start) - 1
        if number < 0:
            return place
        edit = self.edits[number]
        if place >= edit.new_end:
            return edit.end + place - edit.new_end
        return edit.end if at_end else edit.start


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    kind: str
    replacement: str
    """Empty for a pattern: it gets a number."""
    said: str


def mask(
    text: str,
    matcher: Matcher,
    numbers: Numbers | None,
    *,
    shift: tuple[int, int] = (0, 0),
    capitals_only: bool = False,
) -> Masked:
    """Replace the terms of ``matcher``, and patterns when there are ``numbers``.

    ``shift`` is added to the places of the edits: (in the original, in the new text).
    """
    found: list[_Found] = []
    if numbers is not None:
        found = [_Found(h.start, h.end, h.kind, "", h.text) for h in find_patterns(text)]
    rest = text
    for one in found:
        # What adjoins a number is a word by itself, and no name runs over one.
        rest = rest[: one.start] + "\x01" * (one.end - one.start) + rest[one.end :]
    for hit in matcher.find(rest, capitals_only=capitals_only):
        found.append(_Found(hit.start, hit.end, hit.term.kind, hit.term.replacement, ""))
    found.sort(key=lambda one: one.start)
    return _written(text, found, numbers, shift)


def _written(
    text: str,
    found: Sequence[_Found],
    numbers: Numbers | None,
    shift: tuple[int, int],
) -> Masked:
    out: list[str] = []
    edits: list[Edit] = []
    place = length = 0
    for one in found:
        new = one.replacement
        if numbers is not None and not new:
            new = numbers.of(one.kind, one.said)
        out += [text[place : one.start], new]
        length += one.start - place
        edits.append(
            Edit(
                start=one.start + shift[0],
                end=one.end + shift[0],
                new_start=length + shift[1],
                new_end=length + len(new) + shift[1],
                kind=one.kind,
            )
        )
        length += len(new)
        place = one.end
    out.append(text[place:])
    return Masked("".join(out), tuple(edits))
