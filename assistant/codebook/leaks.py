"""Find words of a transcript in a text that must not hold any.

Examples of a codebook carry their transcript and are left out for it. Definitions and prompts are
free text, and a person may have pasted a passage into one. This finds it by its words, so that a
run can say so before anything is sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

__all__ = ["shared_passages", "word_runs"]

_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def shared_passages(text: str, transcript_text: str, *, words: int = 8) -> tuple[str, ...]:
    """The longest runs of at least ``words`` words that ``text`` shares with a transcript, as they
    stand in ``text``, in order. Case, punctuation and white space do not matter.

    For scripts without spaces a run of words is a run of clauses, so short borrowings pass.
    """
    if words < 1:
        raise ValueError("words must be at least 1")
    found = list(_WORD.finditer(text))
    folded = [_fold(match.group()) for match in found]
    said = [_fold(word) for word in _WORD.findall(transcript_text)]
    # Only what stands in the text is looked for: a transcript has many more runs of words.
    known = set(_runs(folded, words)).intersection(_runs(said, words))
    if not known:
        return ()
    passages: list[str] = []
    start = end = -1
    for i in range(len(folded) - words + 1):
        if tuple(folded[i : i + words]) not in known:
            continue
        if i > end:
            if start >= 0:
                passages.append(text[found[start].start() : found[end].end()])
            start = i
        end = i + words - 1
    if start >= 0:
        passages.append(text[found[start].start() : found[end].end()])
    return tuple(passages)


def word_runs(text: str, words: int) -> frozenset[tuple[str, ...]]:
    """Every run of so many words of a text, folded as `shared_passages` folds them."""
    return frozenset(_runs([_fold(word) for word in _WORD.findall(text)], words))


def _runs(folded: Sequence[str], words: int) -> Iterator[tuple[str, ...]]:
    return zip(*(folded[start:] for start in range(words)), strict=False)


@lru_cache(maxsize=50_000)
def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
