"""Which files hold the same interview, and whose text becomes the transcript.

Several files of one interview have the same words, but not the same line ends, spaces, punctuation
or capitals, and now and then a word too many. `group` puts such files together, `choose_base` says
whose text is the transcript's. Nothing here depends on the order in which files come.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from assistant.hashing import hash_text
from assistant.transcripts.aligning_words import words_of
from assistant.transcripts.records import Document

__all__ = ["SAME_INTERVIEW", "choose_base", "group", "same_interview", "word_similarity"]

SAME_INTERVIEW = 0.99
"""Least `word_similarity` of two files of one interview."""
_RANK = {
    "plain": 0,
    "word": 1,
    **dict.fromkeys(("odt", "rtf"), 2),
    "speaker-lines": 3,
    "subtitles": 4,
    "pdf": 5,
    "delve-text": 6,
    "delve-pdf": 7,
}


def word_similarity(a: str, b: str) -> float:
    """From 0 to 1: twice the longest common subsequence of words, over the words of both.

    Case and punctuation are folded; where a script has no spaces, characters count as words. Two
    texts without any word are the same (1.0).
    """
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(words_of(a).folded, words_of(b).folded))


def same_interview(a: str, b: str) -> bool:
    """`word_similarity` is at least `SAME_INTERVIEW`. Unlike texts are told apart at once."""
    return _same(_Words(words_of(a).folded), _Words(words_of(b).folded))


class _Words:
    """The words of a text, counted once however often it is compared."""

    def __init__(self, folded: Sequence[str]) -> None:
        self.folded = folded

    @cached_property
    def counted(self) -> Counter[str]:
        return Counter(self.folded)


def _same(one: _Words, two: _Words) -> bool:
    a, b = one.folded, two.folded
    if a == b:
        return True
    total = len(a) + len(b)
    # Bounds that cost little: no more words can be in common than the shorter text has, and than
    # the two have in common without regard to order.
    if 2 * min(len(a), len(b)) < SAME_INTERVIEW * total:
        return False
    if 2 * (one.counted & two.counted).total() < SAME_INTERVIEW * total:
        return False
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(a, b)) >= SAME_INTERVIEW


def group(documents: Iterable[Document]) -> tuple[tuple[Document, ...], ...]:
    """Documents by interview: those that are linked by `same_interview`, directly or by others.

    Groups and their members are sorted by name and hash of the file, so the order in which the
    documents come makes no difference.
    """
    ordered = sorted(documents, key=_identity)
    alike: dict[tuple[str, ...], int] = {}
    # Of texts with the same words the first stands for all: none is compared twice.
    parent = [
        alike.setdefault(tuple(words_of(document.text).folded), number)
        for number, document in enumerate(ordered)
    ]
    words = {number: _Words(folded) for folded, number in alike.items()}

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    by_length = sorted(words, key=lambda number: (len(words[number].folded), number))
    for place, number in enumerate(by_length):
        for other in by_length[place + 1 :]:
            shorter, longer = len(words[number].folded), len(words[other].folded)
            if 2 * shorter < SAME_INTERVIEW * (shorter + longer):
                break
            if root(number) != root(other) and _same(words[number], words[other]):
                low, high = sorted((root(number), root(other)))
                parent[high] = low
    groups: dict[int, list[Document]] = {}
    for number, document in enumerate(ordered):
        groups.setdefault(root(number), []).append(document)
    return tuple(tuple(members) for members in groups.values())


def choose_base(documents: Sequence[Document]) -> Document:
    """The document whose text becomes the transcript of its group.

    Plain transcripts first, then Word, ODT and RTF, text with speaker lines, subtitles, PDF, Delve
    text, Delve prints: the later ones have passed through more hands. Among equals one whose name
    says that it was corrected goes first, then the hash of the text decides.
    """
    if not documents:
        raise ValueError("no documents to choose from")
    return min(
        documents,
        key=lambda document: (
            _RANK.get(document.format, len(_RANK)),
            not _CORRECTED.search(document.title or document.name),
            hash_text(document.text),
            _identity(document),
        ),
    )


_CORRECTED = re.compile(
    r"\b(?:corrected|correction|revised|korrigiert|corrigée?|corregid[oa]|corretto)\b", re.I
)


def _identity(document: Document) -> tuple[str, str, str, str]:
    return document.name, document.file_sha256, document.coder, hash_text(document.text)
