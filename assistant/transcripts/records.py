"""What a reader gives back, and what the rest of the program calls a transcript.

Offsets are Unicode code points, ``[start, end)``. A transcript's text holds only what was said:
speakers' names are kept on segments, not in the text, so that two files of the same interview have
the same words whatever their layout. The text is Unicode NFC with ``\\n`` line ends; paragraphs of
one turn are separated by ``\\n``, turns by ``\\n\\n``, and nothing else of the layout is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

__all__ = [
    "ADJUDICATED",
    "EXPOSURES",
    "NEVER_REFERENCE",
    "REFERENCE",
    "Document",
    "Exposure",
    "Frozen",
    "Segment",
    "Skipped",
    "SourceCoding",
    "Transcript",
    "segment_body",
]

Exposure = Literal["independent", "blind", "after-model", "adjudicated", "unknown"]
EXPOSURES: tuple[Exposure, ...] = ("independent", "blind", "after-model", "adjudicated", "unknown")
REFERENCE: tuple[Exposure, ...] = ("independent", "blind")
"""Of codings that were made without seeing anybody else's: only by these is a model judged."""
NEVER_REFERENCE: tuple[Exposure, ...] = ("after-model", "adjudicated")
"""Of codings that count for nothing in any case: ``unknown`` may still be stated to be more."""

ADJUDICATED = "made from others' codes, or added while reading"
"""What ``adjudicated`` says, wherever people read it: also of a code that somebody added outside
blind coding, where nothing kept watch over what she saw."""


class Frozen(BaseModel):
    """Base of all data records: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's, but what was computed from the original (a hash) is not copied along."""
        copy = super().model_copy(update=update, deep=deep)
        for name in set(copy.__dict__) - set(type(self).model_fields):
            del copy.__dict__[name]
        return copy


class Segment(Frozen):
    """One paragraph within one speaker turn.

    Segments tile the transcript: the first starts at 0, each starts where the one before ended,
    the last ends at the end of the text. The line ends that separate paragraphs therefore belong to
    the segment before them; `segment_body` leaves them out.
    """

    index: int
    start: int
    end: int
    speaker: str = ""
    """As the file spells it, without colon and markup; empty when the file names nobody."""
    turn: int = 0
    """Number of the speaker turn, from 0."""
    start_time: float | None = None
    end_time: float | None = None
    """Seconds into the recording, where the file has them (subtitles). No part of any hash."""


class SourceCoding(Frozen):
    """One code on one span, as a file has it. The code is spelled as in the file."""

    code: str
    start: int
    end: int
    guid: str = ""
    """The coding's own, as the file has it, if it has one."""


class Skipped(Frozen):
    """Something in the file that did not become text, segment or coding, and why."""

    what: str
    why: str
    where: str = ""
    """For people: ``"line 212"``, ``"page 3"``."""


class Document(Frozen):
    """One file as a reader read it. Spans refer to this document's own ``text``."""

    name: str
    """File name without folder."""
    format: str
    """``plain``, ``speaker-lines``, ``delve-text``, ``delve-pdf``, ``word``, ``odt``, ``rtf``,
    ``subtitles``, ``pdf``."""
    file_sha256: str
    encoding: str = ""
    """Name of the text encoding, for text files."""
    title: str = ""
    """The interview's name: from the file name, without date, coder and ending."""
    coder: str = ""
    """Coder named by the file (name); empty when it names none or holds no codes."""
    language: str = ""
    """ISO 639-1, detected."""
    text: str
    segments: tuple[Segment, ...]
    codings: tuple[SourceCoding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    """Decisions of the reader that a person should see, such as how labels were recognised."""
    guessed_labels: tuple[str, ...] = ()
    """What looks like a code label by its shape alone and is in no list of codes. It made codings
    only where the reader was told to trust guesses; otherwise its lines are in ``skipped``."""
    lookalikes: tuple[Skipped, ...] = ()
    """Every line that has the shape of a code label and is in no list. ``why`` says what speaks
    against its being one. Those that are no ``guessed_labels`` were read as words."""


class Transcript(Frozen):
    """One immutable text of one interview."""

    id: int
    name: str
    sha256: str
    text: str
    language: str
    consent: str
    """``none``, ``local``, or the names of processors, separated by commas."""
    segments: tuple[Segment, ...]


def segment_body(text: str, segment: Segment) -> tuple[int, int]:
    """``[start, end)`` of a segment without the white space around it."""
    raw = text[segment.start : segment.end]
    start = segment.start + len(raw) - len(raw.lstrip())
    end = segment.start + len(raw.rstrip())
    return start, max(start, end)
