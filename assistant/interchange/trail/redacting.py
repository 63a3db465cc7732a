"""Words of interviews in what researchers wrote, found by their sequence and left out.

A memo or a reason may quote a participant. A trail that is to be given away without participants'
words shows such a stretch as ``[…]``. Four words in a row that stand in a transcript count as its
words; three are as often chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["Redactor"]

_WORDS = 4
_WORD = re.compile(r"\w+")
_LEFT_OUT = "[…]"


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold()


class Redactor:
    def __init__(self, texts: Iterable[str]) -> None:
        self._stretches: set[tuple[str, ...]] = set()
        for text in texts:
            words = [_folded(w) for w in _WORD.findall(text)]
            self._stretches.update(
                tuple(words[n : n + _WORDS]) for n in range(len(words) - _WORDS + 1)
            )

    def without(self, said: str) -> str:
        """The text with every stretch that stands in an interview left out."""
        matches = list(_WORD.finditer(said))
        words = [_folded(m[0]) for m in matches]
        taken = [False] * len(words)
        for n in range(len(words) - _WORDS + 1):
            if tuple(words[n : n + _WORDS]) in self._stretches:
                taken[n : n + _WORDS] = [True] * _WORDS
        out, place, number = [], 0, 0
        while number < len(words):
            if not taken[number]:
                number += 1
                continue
            last = number
            while last + 1 < len(words) and taken[last + 1]:
                last += 1
            out += [said[place : matches[number].start()], _LEFT_OUT]
            place = matches[last].end()
            number = last + 1
        return "".join([*out, said[place:]])
