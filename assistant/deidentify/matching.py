"""Where the terms of a list stand in a text.

Found are whole words: case, accents, line breaks and hyphens between the words of a name do not
matter; the ``s`` of a plural or genitive and what follows an apostrophe stay as they are. A name
within a longer word is another word. In scripts without spaces a term is found wherever it stands;
in Arabic and Hebrew with one letter in front that is written together with the word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.deidentify.folding import Folded, fold
from assistant.deidentify.records import Pseudonym
from assistant.spelling import is_unspaced

__all__ = ["Hit", "Matcher", "Words", "words_of"]

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015.'·]{1,4}")
_SUFFIXES = ("", "s", "es")
_SHORTEST_WITH_SUFFIX = 3
_CLITICS = {"arabic": "وفبكل", "hebrew": "והבלמשכ"}


@dataclass(frozen=True)
class Hit:
    start: int
    end: int
    term: Pseudonym


def words_of(term: str) -> tuple[str, ...]:
    """The folded words of a term; none for one without letters or digits."""
    return tuple(_WORD.findall(fold(term).text))


class Words:
    """The words of one text, folded once, for matchers of many single terms."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.spans = [(m.start(), m.end()) for m in _WORD.finditer(self.folded.text)]
        self.by: dict[str, list[int]] = {}
        """What a term's first word may be -> numbers of the words where it may begin."""
        for number, (start, end) in enumerate(self.spans):
            for _, key in _beginnings(self.folded.text[start:end]):
                self.by.setdefault(key, []).append(number)


class Matcher:
    """Finds all terms of a list in one pass over a text's words."""

    def __init__(self, terms: Sequence[Pseudonym]) -> None:
        self._first: dict[str, list[tuple[tuple[str, ...], Pseudonym]]] = {}
        self._anywhere: list[tuple[str, Pseudonym]] = []
        for term in terms:
            words = words_of(term.term)
            if not words:
                continue
            if any(is_unspaced(char) for char in term.term):
                self._anywhere.append((fold(term.term).text.strip(), term))
            else:
                self._first.setdefault(words[0], []).append((words, term))
        for found in self._first.values():
            found.sort(key=lambda pair: (-len(pair[0]), pair[1].term))
        self._anywhere.sort(key=lambda pair: (-len(pair[0]), pair[0]))

    def find(self, text: str, *, capitals_only: bool = False) -> tuple[Hit, ...]:
        """Hits in the order of the text; none overlaps another, the longest wins.

        ``capitals_only``: leave out what is written in small letters throughout.
        """
        if not self._first and not self._anywhere:
            return ()
        folded = fold(text)
        return _longest([*self._spaced(text, folded, capitals_only), *self._unspaced(folded)])

    def find_in(self, words: Words) -> tuple[Hit, ...]:
        """`find` in a text whose words are known; quick for a matcher of a few terms."""
        hits: list[Hit] = []
        after = 0
        for number in sorted({n for key in self._first for n in words.by.get(key, ())}):
            if number < after:
                continue
            found = self._at(words.text, words.folded, words.spans, number, False)
            if found is not None:
                after = number + found[0]
                hits.append(found[1])
        return _longest([*hits, *self._unspaced(words.folded)])

    def _spaced(self, text: str, folded: Folded, capitals_only: bool) -> list[Hit]:
        words = [(m.start(), m.end()) for m in _WORD.finditer(folded.text)]
        hits: list[Hit] = []
        number = 0
        while number < len(words):
            found = self._at(text, folded, words, number, capitals_only)
            if found is None:
                number += 1
            else:
                used, hit = found
                hits.append(hit)
                number += used
        return hits

    def _at(
        self,
        text: str,
        folded: Folded,
        words: list[tuple[int, int]],
        number: int,
        capitals_only: bool,
    ) -> tuple[int, Hit] | None:
        start, end = words[number]
        for skipped, key in _beginnings(folded.text[start:end]):
            for wanted, term in self._first.get(key, ()):
                stop = _matches(folded.text, words, number, wanted, skipped)
                if stop is None:
                    continue
                low, high = folded.span(start + skipped, stop)
                small = text[low:high] == text[low:high].lower()
                cased = text[low:high].lower() != text[low:high].upper()
                if small and cased and (term.keep_lower or capitals_only):
                    continue
                return len(wanted), Hit(low, high, term)
        return None

    def _unspaced(self, folded: Folded) -> list[Hit]:
        hits = []
        for wanted, term in self._anywhere:
            at = folded.text.find(wanted)
            while at >= 0:
                hits.append(Hit(*folded.span(at, at + len(wanted)), term))
                at = folded.text.find(wanted, at + len(wanted))
        return hits


def _longest(hits: list[Hit]) -> tuple[Hit, ...]:
    """In the order of the text, without those that overlap one before them."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return tuple(kept)


def _beginnings(word: str) -> list[tuple[int, str]]:
    """(letters skipped, what a term's first word may be) for a word of the text."""
    found = [(0, word)]
    for suffix in _SUFFIXES[1:]:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_WITH_SUFFIX:
            found.append((0, word[: -len(suffix)]))
    for clitics in _CLITICS.values():
        if word[0] in clitics and len(word) > _SHORTEST_WITH_SUFFIX:
            found.append((1, word[1:]))
    return found


def _matches(
    text: str,
    words: list[tuple[int, int]],
    number: int,
    wanted: tuple[str, ...],
    skipped: int,
) -> int | None:
    """Where a term of these words ends that begins at a word; None when it does not stand there."""
    if number + len(wanted) > len(words):
        return None
    for place, word in enumerate(wanted):
        start, end = words[number + place]
        if place == 0:
            start += skipped
        elif not _BETWEEN.fullmatch(text, words[number + place - 1][1], start):
            return None
        last = place == len(wanted) - 1
        there = text[start:end]
        if there == word:
            continue
        if not last or len(word) < _SHORTEST_WITH_SUFFIX:
            return None
        if not any(there == word + suffix for suffix in _SUFFIXES):
            return None
    return words[number + len(wanted) - 1][0] + len(wanted[-1]) + (skipped * (len(wanted) == 1))
