"""A source of a project as a text with segments, and where its positions went.

A source that this program exported says so by its layout and is restored exactly; any other is
read like a text file, but that nothing except speakers' names is left out of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import DataError
from assistant.interchange.projects.records import Layout, Source
from assistant.interchange.refi.layout import fold_line_ends, restore, to_transcript
from assistant.transcripts.language import detect_language
from assistant.transcripts.naming import name_parts
from assistant.transcripts.places import place_text
from assistant.transcripts.records import Segment

__all__ = ["SourceText", "read_source"]


@dataclass(frozen=True)
class SourceText:
    title: str
    text: str
    segments: tuple[Segment, ...]
    language: str
    carry: Callable[[int, int], tuple[int, int] | None]
    """``[start, end)`` of the source in ``text``; None: nothing of it is speech."""
    notes: tuple[str, ...]
    exact: bool
    """Restored by its layout."""


def read_source(source: Source, language: str = "") -> SourceText:
    """The source as the transcript's text. Raises `DataError` when it holds no word."""
    notes: tuple[str, ...] = ()
    if source.layout is not None:
        restored = _restored(source, source.layout)
        if restored is not None:
            return restored
        notes = (
            "Its text was changed after it left this program, so it was read like any other "
            "text: by the names of its speakers.",
        )
    placed = place_text(source.text, source.name)
    text = placed.composed.text
    if not any(char.isalnum() for char in text):
        raise DataError(
            "This text holds no words.",
            where=source.name,
            hint="If it should have some, look at it in the other program and export again.",
        )
    return SourceText(
        name_parts(source.name)[0],
        text,
        placed.composed.segments,
        language or detect_language(text),
        placed.carry,
        (*notes, *placed.notes),
        False,
    )


def _restored(source: Source, layout: Layout) -> SourceText | None:
    ends = fold_line_ends(source.text, layout)
    if ends is None:
        return None
    text = restore(ends.text, layout)

    def carry(start: int, end: int) -> tuple[int, int] | None:
        began, ended = to_transcript(layout, ends.position(start), ends.position(end))
        return (began, ended) if text[began:ended].strip() else None

    return SourceText(
        layout.transcript_name,
        text,
        tuple(one.segment for one in layout.segments),
        layout.language or detect_language(text),
        carry,
        (),
        True,
    )
