"""The text cut into pieces at the borders of spans: for print, and for browsers that cannot paint
ranges of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.review.spans import SpanEntry

__all__ = ["Piece", "pieces"]


@dataclass(frozen=True)
class Piece:
    """A stretch of text under the same spans."""

    text: str
    spans: tuple[SpanEntry, ...]
    ends: tuple[SpanEntry, ...]
    """Spans that end with it: their labels stand here in print."""


def pieces(text: str, start: int, spans: Sequence[SpanEntry]) -> tuple[Piece, ...]:
    """Pieces that together are ``text``, which begins at ``start`` of the transcript."""
    end = start + len(text)
    here = [s for s in spans if s.start < end and s.end > start and s.decision != "reject"]
    borders = sorted({start, end} | {p for s in here for p in (s.start, s.end) if start < p < end})
    return tuple(
        Piece(
            text[a - start : b - start],
            tuple(s for s in here if s.start <= a and s.end >= b),
            tuple(s for s in here if s.end == b or (b == end and s.start <= a and s.end > b)),
        )
        for a, b in pairwise(borders)
    )
