"""The codes that a segment is asked about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.coding.judge.passages import FloatArray, Passages

__all__ = ["MIN_WORDS", "shortlist", "worth_asking"]

MIN_WORDS = 4
"""Shorter segments ("Yes." "OK, thanks.") are ranked and not asked about: in the interviews that
this was built with they are 8% of the segments and carry under 4% of the human codings."""


def shortlist(scores: FloatArray, size: int) -> NDArray[np.intp]:
    """The ``size`` best codes of each segment, best first: (segments, min(size, codes)).

    Equal scores keep the codebook's order, so that the same input gives the same list.
    """
    if size < 1:
        raise ValueError("size must be at least 1")
    return np.argsort(-scores, axis=1, kind="stable")[:, :size]


def worth_asking(passages: Passages, min_words: int = MIN_WORDS) -> NDArray[np.bool_]:
    """(segments,): whether there is enough in a segment to ask about it.

    In a script without spaces two characters count as a word.
    """
    sizes = [max(len(text.split()), _caseless(text) // 2) for text in passages.texts]
    return np.array(sizes, int) >= min_words


def _caseless(text: str) -> int:
    """Letters that are neither upper nor lower case: Han, kana, Hangul, Thai …"""
    return sum(1 for c in text if c.isalpha() and c.lower() == c.upper())
