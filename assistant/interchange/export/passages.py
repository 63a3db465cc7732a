"""A transcript in pieces for readers: paragraphs, cut where a coding begins or ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.interchange.export.records import ExportCoding
from assistant.transcripts.records import Segment, Transcript, segment_body

__all__ = ["NOT_SHOWN", "Numbered", "Passage", "Piece", "numbered", "passages", "said_of"]

NOT_SHOWN = "codings of white space alone, not shown"


@dataclass(frozen=True)
class Numbered:
    """A coding with its number in the document, and the text that is shown of it.

    ``start`` and ``end`` leave out white space at the borders of paragraphs, which no page shows.
    """

    number: int
    coding: ExportCoding
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    start: int
    end: int
    text: str
    codings: tuple[Numbered, ...]
    """All that cover it."""


@dataclass(frozen=True)
class Passage:
    """One paragraph."""

    segment: Segment
    speaker: str
    """Empty where the turn goes on."""
    pieces: tuple[Piece, ...]


def numbered(
    text: Transcript, codings: Sequence[ExportCoding]
) -> tuple[tuple[Numbered, ...], tuple[ExportCoding, ...]]:
    """The codings that a page can show, and those of white space alone, which it cannot."""
    shown: list[Numbered] = []
    unseen: list[ExportCoding] = []
    for coding in codings:
        said = text.text[coding.start : coding.end]
        start = coding.start + len(said) - len(said.lstrip())
        end = coding.start + len(said.rstrip())
        if start >= end:
            unseen.append(coding)
        else:
            shown.append(Numbered(len(shown) + 1, coding, start, end))
    return tuple(shown), tuple(unseen)


def passages(text: Transcript, shown: Sequence[Numbered]) -> Iterator[Passage]:
    """Paragraphs in order. ``shown`` is in the order of the text."""
    waiting = list(shown)
    running: list[Numbered] = []
    place, turn = 0, None
    for segment in text.segments:
        start, end = segment_body(text.text, segment)
        while place < len(waiting) and waiting[place].start < segment.end:
            running.append(waiting[place])
            place += 1
        running = [one for one in running if one.end > start]
        here = [one for one in running if one.start < end]
        cuts = {start, end}
        for one in here:
            cuts |= {cut for cut in (one.start, one.end) if start < cut < end}
        borders = sorted(cuts)
        pieces = tuple(
            Piece(
                first,
                last,
                text.text[first:last],
                tuple(one for one in here if one.start < last and one.end > first),
            )
            for first, last in pairwise(borders)
        )
        if pieces:
            yield Passage(segment, segment.speaker if segment.turn != turn else "", pieces)
            turn = segment.turn


def said_of(coding: ExportCoding) -> str:
    """Who says so, in a few words: ``person``, ``model, accepted by Ana``."""
    if not coding.by_model:
        if coding.exposure == "after-model":
            return "person, after seeing the model"
        return "person, adjudicated" if coding.exposure == "adjudicated" else "person"
    words = {
        "accept": f"model, accepted by {coding.decided_by}",
        "reject": f"model, rejected by {coding.decided_by}",
        "amend": f"model, replaced by {coding.decided_by}",
        "": "model, in another study",
    }
    return words.get(coding.decision, "model, nobody has decided yet")
