"""How a transcript is written into a text that people read elsewhere, and read back from it.

Other tools show one plain text, so speakers' names are written into it (``Anna: …``). A `Layout`
says where each segment stands; it travels in the stamp (`assistant.interchange.refi.stamp`), and a
text that comes back is read by it exactly.

Invariant: for every span of a transcript, ``to_transcript(layout, *to_source(layout, s, e))`` is
``(s, e)``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from assistant.errors import DataError
from assistant.hashing import hash_text
from assistant.interchange.projects.records import Layout, LayoutSegment
from assistant.transcripts.records import Transcript

__all__ = [
    "LineEnds",
    "fold_line_ends",
    "restore",
    "to_source",
    "to_transcript",
    "written",
]


def written(transcript: Transcript) -> tuple[str, Layout]:
    """The transcript for readers, with ``Speaker: `` at the start of each turn, and its layout.

    What UTF-8 cannot write (half a surrogate pair) becomes ``?``, so that nothing moves.
    """
    pieces: list[str] = []
    segments: list[LayoutSegment] = []
    position, turn = 0, None
    for segment in transcript.segments:
        if segment.speaker and segment.turn != turn:
            label = segment.speaker + ": "
            pieces.append(label)
            position += len(label)
        turn = segment.turn
        segments.append(LayoutSegment(segment=segment, start=position))
        piece = transcript.text[segment.start : segment.end]
        pieces.append(piece)
        position += len(piece)
    text = "".join(pieces).encode("utf-8", "replace").decode("utf-8")
    layout = Layout(
        source_sha256=hash_text(text),
        transcript_name=transcript.name,
        transcript_sha256=transcript.sha256,
        language=transcript.language,
        segments=tuple(segments),
    )
    return text, layout


def restore(text: str, layout: Layout) -> str:
    """The transcript's text from the source's, without the speakers' names.

    Raises `DataError` when ``text`` is not the one that was written.
    """
    if hash_text(text) != layout.source_sha256:
        raise DataError(
            "The text was changed after it was exported, so its layout no longer holds.",
            where=layout.transcript_name,
            hint="Export it again, and change the text there only.",
        )
    return "".join(
        text[one.start : one.start + one.segment.end - one.segment.start] for one in layout.segments
    )


def to_source(layout: Layout, start: int, end: int) -> tuple[int, int]:
    """Where ``[start, end)`` of the transcript stands in the source. ``end`` > ``start``."""
    return _forward(layout, start), _forward(layout, end - 1) + 1


def to_transcript(layout: Layout, start: int, end: int) -> tuple[int, int]:
    """What ``[start, end)`` of the source is in the transcript; empty for a speaker's name alone.

    A start inside a speaker's name means the words after it, an end there the words before it.
    """
    starts = [one.start for one in layout.segments]
    first = bisect_right(starts, start) - 1
    if first < 0:
        began = layout.segments[0].segment.start if layout.segments else 0
    else:
        one = layout.segments[first]
        began = min(one.segment.end, one.segment.start + start - one.start)
    last = bisect_left(starts, end) - 1
    if last < 0:
        return began, began
    one = layout.segments[last]
    ended = min(one.segment.end, one.segment.start + end - one.start)
    return began, max(began, ended)


def _forward(layout: Layout, position: int) -> int:
    at = bisect_right(layout.segments, position, key=lambda one: one.segment.start) - 1
    one = layout.segments[max(at, 0)]
    return one.start + position - one.segment.start


@dataclass(frozen=True)
class LineEnds:
    """A text with its line ends as they were written, and how its positions move.

    Tools on Windows give a text back with CRLF and a byte-order mark in front.
    """

    text: str
    cut: tuple[int, ...]
    """Positions, in the text that came back, of the characters that are left out here."""

    def position(self, place: int) -> int:
        """Where a position of the text that came back stands in ``text``."""
        return min(place - bisect_left(self.cut, place), len(self.text))


def fold_line_ends(text: str, layout: Layout) -> LineEnds | None:
    """The source as it was written, from what another tool made of it; None when words changed.

    Undone are a byte-order mark, CRLF or CR for LF, and line ends added at the end.
    """
    if hash_text(text) == layout.source_sha256:
        return LineEnds(text, ())
    mark_in_front = 1 if text.startswith("\ufeff") else 0
    cut = [0] if mark_in_front else []
    cut += [
        place
        for place, one in enumerate(text)
        if one == "\r" and text[place + 1 : place + 2] == "\n"
    ]
    folded = text[mark_in_front:].replace("\r\n", "\n").replace("\r", "\n")
    for tried in (folded, folded.rstrip("\n")):
        if hash_text(tried) == layout.source_sha256:
            return LineEnds(tried, tuple(cut))
    return None
