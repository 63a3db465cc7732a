"""Turns and paragraphs to one text with segments and codings: the form of `records.Document`.

Whatever a file looked like, its text comes out the same way: paragraphs of one turn separated by
one line end, turns by two, no speaker names, no white space at either end of a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.transcripts.records import Segment, SourceCoding

__all__ = ["Composed", "Paragraph", "Turn", "compose"]


@dataclass
class Paragraph:
    text: str
    codes: list[str] = field(default_factory=list)
    where: str = ""
    pieces: list[tuple[int, int]] = field(default_factory=list)
    """Where its parts stand in the cleaned text, where the reader keeps count."""
    start_time: float | None = None
    end_time: float | None = None
    """Seconds into the recording, where the file has them."""


@dataclass
class Turn:
    speaker: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)
    where: str = ""


@dataclass(frozen=True)
class Composed:
    text: str
    segments: tuple[Segment, ...]
    codings: tuple[SourceCoding, ...]


def compose(turns: Iterable[Turn]) -> Composed:
    """Turns without a paragraph are left out; so are paragraphs without text.

    A code of a paragraph covers its body, without the line ends that follow.
    """
    pieces: list[str] = []
    segments: list[Segment] = []
    codings: list[SourceCoding] = []
    position = 0
    kept = [
        (turn, [paragraph for paragraph in turn.paragraphs if paragraph.text]) for turn in turns
    ]
    kept = [(turn, paragraphs) for turn, paragraphs in kept if paragraphs]
    for number, (turn, paragraphs) in enumerate(kept):
        for place, paragraph in enumerate(paragraphs):
            last_of_turn = place == len(paragraphs) - 1
            last = last_of_turn and number == len(kept) - 1
            body = paragraph.text
            piece = body + ("" if last else "\n\n" if last_of_turn else "\n")
            codings += [
                SourceCoding(code=code, start=position, end=position + len(body))
                for code in paragraph.codes
            ]
            segments.append(
                Segment(
                    index=len(segments),
                    start=position,
                    end=position + len(piece),
                    speaker=turn.speaker,
                    turn=number,
                    start_time=paragraph.start_time,
                    end_time=paragraph.end_time,
                )
            )
            pieces.append(piece)
            position += len(piece)
    return Composed("".join(pieces), tuple(segments), tuple(codings))
