"""Finding a quote in one passage: exactly, then folded. Closer to guessing is `close_match`.

A hit begins and ends between words: "able to go" is not in "unable to go", "I can" is not in "I
can't", "five people" is not in "twenty-five people", and "5 years" is not in "1.5 years". In
scripts without spaces any place between two characters will do, save inside a number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from assistant.coding.quotes.folding import clusters, fold
from assistant.coding.quotes.guards import Guard
from assistant.spelling import is_unspaced

__all__ = ["Hits", "core", "find_exact", "find_folded", "is_whole", "units_in"]

Span = tuple[int, int]

_NUMBER = re.compile(
    r"(?<!\w)(?:[-−+](?=[\d.]))?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d*\.?\d+)"
    r"(?:[.,:/–-]\d+)*(?:\s?%)?"
)
_APOSTROPHES = frozenset("'’ʼ＇`´")
_HYPHENS = frozenset("-‐‑")
_LAST_WORD = re.compile(r"([^\W_]+)[ \u00a0\u202f-]*$")
_FIRST_WORD = re.compile(r"[ \u00a0\u202f-]*([^\W_]+)")
# Punctuation around a folded quote that models add or leave off. A full stop or a dash before a
# digit is part of the number.
_LEAD = re.compile(r"^(?:[\s',;:]|\.(?!\d)|-(?!\d)|\[\s*\.+\s*\]|\(\s*\.+\s*\))+")
_TAIL = re.compile(r"(?:[\s',;:.-]|\[\s*\.+\s*\]|\(\s*\.+\s*\))+$")


@dataclass(frozen=True)
class Hits:
    """Where a quote stands in a passage, in code points of the transcript."""

    spans: tuple[Span, ...]
    cut: tuple[Span, ...] = ()
    """Places that would begin or end inside a word or a number: not hits."""


def core(folded_quote: str) -> str:
    """A folded quote without the quotation marks, ellipses and commas around it."""
    return _TAIL.sub("", _LEAD.sub("", folded_quote))


def units_in(text: str) -> int:
    """Words in a text; in scripts without spaces every character counts as one, as do emoji."""
    count, inside = 0, False
    for char in text:
        if is_unspaced(char) or unicodedata.category(char) == "So":
            count, inside = count + 1, False
        elif char.isalnum():
            count += not inside
            inside = True
        elif char not in _APOSTROPHES and char not in _HYPHENS:
            inside = False
    return count


def find_exact(text: str, within: Span, quote: str, guard: Guard | None) -> Hits:
    """Every place in ``text[within]`` where the quote stands character for character."""
    low, high = within
    found: list[Span] = []
    at = text.find(quote, low, high) if quote else -1
    while at >= 0:
        found.append((at, at + len(quote)))
        at = text.find(quote, at + 1, high)
    return _sorted_out(text, within, found, guard)


def find_folded(text: str, within: Span, folded_quote: str, guard: Guard | None) -> Hits:
    """Every place in ``text[within]`` that folds to the folded quote."""
    low, high = within
    passage = fold(text[low:high])
    found: list[Span] = []
    at = passage.text.find(folded_quote) if folded_quote else -1
    while at >= 0:
        stretch = passage.stretch(at, at + len(folded_quote))
        if stretch is not None:
            found.append((low + stretch[0], low + stretch[1]))
        at = passage.text.find(folded_quote, at + 1)
    return _sorted_out(text, within, found, guard)


def _sorted_out(text: str, within: Span, found: list[Span], guard: Guard | None) -> Hits:
    whole = tuple(span for span in found if is_whole(text, within, span, guard))
    return Hits(whole, tuple(span for span in found if span not in whole))


def is_whole(text: str, within: Span, span: Span, guard: Guard | None) -> bool:
    """Whether a span cuts no word, no number and no visible character of its passage."""
    low, high = within
    body = text[low:high]
    number_parts, character_parts = _inside(body)
    for place in span:
        if low < place < high:
            at = place - low
            if at in number_parts or at in character_parts or _inside_word(body, at):
                return False
            if guard is not None and _inside_spoken_number(body, at, guard):
                return False
    return True


@lru_cache(maxsize=1024)
def _inside(body: str) -> tuple[frozenset[int], frozenset[int]]:
    """Offsets within a number, and offsets within one visible character (accents, joined emoji)."""
    numbers = {
        place for match in _NUMBER.finditer(body) for place in range(match.start() + 1, match.end())
    }
    characters: set[int] = set()
    if not body.isascii():
        for start, end in clusters(body):
            characters.update(range(start + 1, end))
    return frozenset(numbers), frozenset(characters)


def _numeric(char: str) -> bool:
    return unicodedata.numeric(char, None) is not None


def _inside_word(body: str, at: int) -> bool:
    before, after = body[at - 1], body[at]
    if is_unspaced(before) or is_unspaced(after):
        return _numeric(before) and _numeric(after)
    if before.isalnum() and after.isalnum():
        return True
    further = body[at - 2] if at >= 2 else " "
    beyond = body[at + 1] if at + 1 < len(body) else " "
    if before in _HYPHENS and further.isalnum() and after.isalnum():
        return True
    if after in _HYPHENS and before.isalnum() and beyond.isalnum():
        return True
    # The t of can't, on either side of the apostrophe.
    if after in _APOSTROPHES and before in "nN" and beyond in "tT":
        return not body[at + 2 : at + 3].isalnum()
    return before in _APOSTROPHES and further in "nN" and after in "tT" and not beyond.isalnum()


def _inside_spoken_number(body: str, at: int, guard: Guard) -> bool:
    before = _LAST_WORD.search(body, max(0, at - 40), at)
    after = _FIRST_WORD.match(body, at, at + 40)
    if not before or not after or before.end() != at:
        return False
    return guard.is_number(before.group(1).casefold()) and guard.is_number(
        after.group(1).casefold()
    )
