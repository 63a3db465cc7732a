"""What coding makes on the way from a transcript to suggestions, as frozen records.

All offsets are code points of the transcript's text, ``[start, end)``. An `Anchored` record always
satisfies ``quote == text[start:end]`` and lies within its segment; whatever could not be placed is
an `Unplaced` record with its reason, never nothing.
"""

from __future__ import annotations

from typing import Literal

from assistant.transcripts.records import Frozen

__all__ = [
    "Anchored",
    "Application",
    "Chunk",
    "How",
    "Piece",
    "Place",
    "Placed",
    "Uncoded",
    "Unplaced",
    "UnplacedStatus",
]

How = Literal["exact", "folded", "close"]
UnplacedStatus = Literal["unanchored", "ambiguous", "unknown-code"]


class Piece(Frozen):
    """A stretch of one segment as it is shown to a model, without white space around it.

    Most pieces are a whole segment. A segment above the token budget has several.
    """

    segment: int
    """`Segment.index`."""
    start: int
    end: int


class Chunk(Frozen):
    """What one request asks about. Its pieces are numbered from 1 in the request."""

    index: int
    """Position among the transcript's chunks, from 0."""
    part: str = ""
    """``a`` or ``b`` for a half of a chunk whose reply was cut off, ``ab`` for a half of a half."""
    first_segment: int
    last_segment: int
    """Inclusive."""
    context_before: tuple[Piece, ...] = ()
    context_after: tuple[Piece, ...] = ()
    """Shown, not to be coded."""
    context_segments: int = 0
    """How many pieces of context were wanted on each side."""
    pieces: tuple[Piece, ...]
    """In the order of the text; at least one."""

    @property
    def label(self) -> str:
        """For people: ``"4"``, or ``"4b"`` for the second half of chunk 4 (numbered from 1)."""
        return f"{self.index + 1}{self.part}"


class Application(Frozen):
    """One code that a reply applies, as written there; nothing about it has been checked."""

    segment: int
    """The number in the request, from 1: it names ``chunk.pieces[segment - 1]``."""
    code: str
    quote: str
    rationale: str
    confidence: float
    """0 to 1, the model's own."""


class Uncoded(Frozen):
    """ "Something is here, but no code fits", as written in a reply."""

    segment: int
    quote: str
    note: str


class Place(Frozen):
    """A stretch of the transcript."""

    start: int
    end: int


class Anchored(Frozen):
    """A quote that was found: ``quote == text[start:end]``, inside its segment."""

    code: str
    """Id in the codebook."""
    segment: int
    """`Segment.index`."""
    start: int
    end: int
    quote: str
    how: How
    similarity: float = 1.0
    """Share of the quote's words that stand there; 1 for ``exact`` and ``folded``."""


class Unplaced(Frozen):
    """An application that is not a coding, and why. Counted and shown, never guessed."""

    status: UnplacedStatus
    why: str
    """One sentence for people."""
    code: str = ""
    """Id in the codebook; empty when the code is unknown."""
    segment: int | None = None
    """`Segment.index`; None when the reply's number names no segment of the request."""
    nearest_start: int | None = None
    nearest_end: int | None = None
    """The nearest true passage, None when nothing is near."""
    similarity: float = 0.0
    """Of the nearest passage to the quote, 0 to 1."""
    places: tuple[Place, ...] = ()
    """For ``ambiguous``: every place where the quote stands."""


class Placed(Frozen):
    """An application with what became of it."""

    application: Application
    result: Anchored | Unplaced
