"""The words of a text, folded for comparison, with their places.

A word is a run of letters, marks and digits, with apostrophes inside it; where a script has no
spaces, a character. A symbol such as an emoji, with all that joins it, counts as a word too, since
a person may have coded it. Punctuation and white space do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Words", "words_of"]

_APOSTROPHES = "'\u2019\u02bc"
_JOINERS = "\u200c\u200d"
_SPACELESS = (
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u1000", "\u109f"),  # Burmese
    ("\u1780", "\u17ff"),  # Khmer
    ("\u2e80", "\u312f"),  # Han radicals, kana, bopomofo
    ("\u31a0", "\ua4cf"),  # more kana, Han, Yi
    ("\uf900", "\ufaff"),  # Han, compatibility forms
    ("\uff66", "\uff9f"),  # half-width kana
    ("\U0001b000", "\U0001b16f"),  # old kana
    ("\U00020000", "\U0003ffff"),  # Han, rare
)


@dataclass(frozen=True, slots=True)
class Words:
    """Parallel tuples, in the order of the text."""

    folded: tuple[str, ...]
    """Case, apostrophes, forms of letters and invisible joiners folded away; never empty."""
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@lru_cache(maxsize=64)
def words_of(text: str) -> Words:
    """All words of a text; offsets are code points, ``[start, end)``."""
    kinds: dict[str, list[str]] = {"letter": [], "alone": [], "symbol": [], "mark": []}
    for char in sorted(set(text)):
        kind = _kind(char)
        if kind:
            kinds[kind].append(char)
    mark = _class([*kinds["mark"], *_JOINERS])
    letters = _class([*kinds["letter"], *kinds["mark"], *_JOINERS])
    symbols = _class([*kinds["symbol"], *kinds["mark"], *_JOINERS])
    options = [rf"{letters}+(?:[{_APOSTROPHES}]{letters}+)*"]
    if kinds["symbol"]:
        options.insert(0, rf"{_class(kinds['symbol'])}{symbols}*")
    if kinds["alone"]:
        options.insert(0, rf"{_class(kinds['alone'])}{mark}*")
    folded, starts, ends = [], [], []
    for match in re.finditer("|".join(options), text):
        if word := _fold(match.group()):
            folded.append(word)
            starts.append(match.start())
            ends.append(match.end())
    return Words(tuple(folded), tuple(starts), tuple(ends))


def _kind(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] == "M":
        return "mark"
    if category[0] == "L" or category[0] == "N":
        alone = any(low <= char <= high for low, high in _SPACELESS)
        return "alone" if alone and category == "Lo" else "letter"
    if category in ("So", "Co") or (category == "Sk" and char >= "\U0001f000"):
        return "symbol"
    return ""


def _class(chars: Iterable[str]) -> str:
    return "[" + "".join(re.escape(char) for char in chars) + "]"


@lru_cache(maxsize=65536)
def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold()
    return "".join(
        char
        for char in plain
        if char not in _APOSTROPHES and unicodedata.category(char) != "Cf" and char != "\ufe0f"
    ).strip()
