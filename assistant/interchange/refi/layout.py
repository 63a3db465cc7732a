"""How a transcript is written into a text that people read elsewhere, and what says so in the file.

Other tools show one plain text, so speakers' names are written into it (``Anna: …``). A `Layout`
says where each segment stands, and every export carries its layouts in a *stamp*: a project note
named "Second Coder" that holds JSON. By the stamp a file that comes back is read exactly, a model's
coding is never taken for a person's, and what a person had seen when coding is not forgotten.

Invariant: for every span of a transcript, ``to_transcript(layout, *to_source(layout, s, e))`` is
``(s, e)``.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from assistant.errors import DataError
from assistant.hashing import hash_text
from assistant.interchange.projects.records import Layout, LayoutSegment
from assistant.transcripts.records import EXPOSURES, Exposure, Frozen, Segment, Transcript

__all__ = [
    "MODEL_PREFIX",
    "STAMP_NAME",
    "LineEnds",
    "Stamp",
    "StampCode",
    "StampCoder",
    "StampGroup",
    "StampScope",
    "StampSource",
    "fold_line_ends",
    "guid_of",
    "mark",
    "model_name",
    "read_layouts",
    "read_stamp",
    "restore",
    "stamp_json",
    "to_source",
    "to_transcript",
    "written",
]

STAMP_NAME = "Second Coder"
"""Name of the project note that holds the stamp."""
MODEL_PREFIX = "Second Coder model: "
"""Every model coder's user name begins so, also where a tool drops the stamp and the GUIDs."""

_FORMAT = "second-coder-stamp"
_VERSION = 1
_NAMESPACE = UUID("6f0c6a0e-51a4-5f6d-9a0b-7c3f2d1e8b45")


def guid_of(*parts: str) -> str:
    """A GUID that is the same whenever and wherever the same thing is exported.

    ``guid_of("model", recipe_sha256)``, ``guid_of("person", name)``, ``guid_of("code", id)``,
    ``guid_of("source", transcript_sha256)``.
    """
    return str(uuid5(_NAMESPACE, "\x1f".join(parts)))


def model_name(name: str) -> str:
    """The user name under which a model coder leaves."""
    return name if name.startswith(MODEL_PREFIX) else MODEL_PREFIX + name


def mark(source_sha256: str, coder: str, code: str, start: int, end: int) -> str:
    """Twelve hex digits that know a coding again, also where a tool gives it a new GUID.

    ``source_sha256`` is the layout's; ``coder`` and ``code`` are names as they stand in the file;
    positions are code points of the written text.
    """
    said = "\x1f".join((source_sha256, coder, code, str(start), str(end)))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


# --- text --------------------------------------------------------------------------------------


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


# --- the stamp ---------------------------------------------------------------------------------


class StampSource(Frozen):
    guid: str
    layout: Layout
    with_models: bool = False
    """A model's codings are in the file for this source: what a person adds to it elsewhere was
    made after seeing the model."""


class StampCoder(Frozen):
    guid: str
    name: str
    """As it stands in the study (a model's without `MODEL_PREFIX`)."""
    kind: str
    """``human`` or ``model``."""
    recipe_sha256: str = ""


class StampCode(Frozen):
    guid: str
    name: str
    """As it stands in the file."""
    code: str
    """Its id in the study."""


class StampScope(Frozen):
    """What a person coded of a source and had seen; ``None``: all of it."""

    source: str
    coder: str
    """Both GUIDs."""
    exposure: Exposure
    first_segment: int | None = None
    last_segment: int | None = None
    segments: tuple[int, ...] | None = None
    codes: tuple[str, ...] | None = None


class StampGroup(Frozen):
    """People's codings that have all of this in common, known by their marks (see `mark`)."""

    exposure: Exposure
    origin: str
    """``import``, ``review``, ``blind``."""
    written: str = ""
    """The code as the person spelled it, where that is not the code's id."""
    marks: tuple[str, ...] = ()


class Stamp(Frozen):
    """All that a file of another format cannot say about a study."""

    study: str = ""
    exported_at: str = ""
    sources: tuple[StampSource, ...] = ()
    coders: tuple[StampCoder, ...] = ()
    codes: tuple[StampCode, ...] = ()
    scopes: tuple[StampScope, ...] = ()
    groups: tuple[StampGroup, ...] = ()

    @cached_property
    def _by_mark(self) -> dict[str, list[StampGroup]]:
        found: dict[str, list[StampGroup]] = {}
        for group in self.groups:
            for one in group.marks:
                found.setdefault(one, []).append(group)
        return found

    def group_of(self, one: str, number: int = 0) -> StampGroup | None:
        """What is known of a person's coding with this mark; None: it was not in the export.

        ``number``: how many with the same mark came before it. A person may have coded a passage
        under two spellings of one code, which are the same in the file.
        """
        found = self._by_mark.get(one)
        return found[min(number, len(found) - 1)] if found else None

    def coder_of(self, guid: str, name: str) -> StampCoder | None:
        """The coder with this GUID or, where the tool gave a new one, of this user name."""
        for coder in self.coders:
            if coder.guid.casefold() == guid.strip("{}").casefold():
                return coder
        for coder in self.coders:
            shown = model_name(coder.name) if coder.kind == "model" else coder.name
            if shown == name:
                return coder
        return None


def stamp_json(stamp: Stamp) -> str:
    """The stamp as compact JSON: a line of numbers a segment instead of an object."""
    return json.dumps(
        {
            "format": _FORMAT,
            "version": _VERSION,
            "please": "Keep this note: it tells Second Coder what came from where.",
            "study": stamp.study,
            "exported_at": stamp.exported_at,
            "sources": {
                one.guid: {**_layout_json(one.layout), "with_models": one.with_models}
                for one in stamp.sources
            },
            "coders": [one.model_dump() for one in stamp.coders],
            "codes": [[one.guid, one.name, one.code] for one in stamp.codes],
            "scopes": [one.model_dump(exclude_none=True) for one in stamp.scopes],
            "groups": [
                {**one.model_dump(exclude={"marks"}), "marks": " ".join(one.marks)}
                for one in stamp.groups
            ],
        },
        ensure_ascii=True,
        separators=(",", ":"),
    )


def _layout_json(layout: Layout) -> dict[str, Any]:
    speakers = list(dict.fromkeys(one.segment.speaker for one in layout.segments))
    numbers = {speaker: place for place, speaker in enumerate(speakers)}
    return {
        "sha256": layout.source_sha256,
        "transcript": layout.transcript_name,
        "transcript_sha256": layout.transcript_sha256,
        "language": layout.language,
        "speakers": speakers,
        "segments": [
            [
                one.segment.index,
                one.segment.start,
                one.segment.end,
                numbers[one.segment.speaker],
                one.segment.turn,
                one.start,
                *_times(one.segment),
            ]
            for one in layout.segments
        ],
    }


def _times(segment: Segment) -> tuple[float | None, ...]:
    """Times of the recording, where the segment has any."""
    if segment.start_time is None and segment.end_time is None:
        return ()
    return segment.start_time, segment.end_time


def read_stamp(text: str) -> Stamp | None:
    """The stamp that a note holds; None when it is a note of another kind or damaged.

    A damaged stamp must not stop an import: the file is then read like anybody's.
    """
    try:
        raw = json.loads(text.strip().lstrip("\ufeff"))
        if not isinstance(raw, dict) or raw.get("format") != _FORMAT:
            return None
        if raw.get("version") != _VERSION:
            return None
        return Stamp(
            study=str(raw.get("study", "")),
            exported_at=str(raw.get("exported_at", "")),
            sources=tuple(
                StampSource(
                    guid=guid,
                    layout=_layout(one),
                    with_models=bool(one.get("with_models")),
                )
                for guid, one in raw["sources"].items()
            ),
            coders=tuple(StampCoder.model_validate(one) for one in raw["coders"]),
            codes=tuple(StampCode(guid=g, name=n, code=c) for g, n, c in raw["codes"]),
            scopes=tuple(
                StampScope.model_validate(one)
                for one in raw["scopes"]
                if one.get("exposure") in EXPOSURES
            ),
            groups=tuple(
                StampGroup.model_validate({**one, "marks": tuple(one["marks"].split())})
                for one in raw["groups"]
            ),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _layout(raw: dict[str, Any]) -> Layout:
    speakers: Sequence[str] = raw["speakers"]
    layout = Layout(
        source_sha256=raw["sha256"],
        transcript_name=raw["transcript"],
        transcript_sha256=raw["transcript_sha256"],
        language=raw["language"],
        segments=tuple(
            LayoutSegment(
                segment=Segment(
                    index=index,
                    start=start,
                    end=end,
                    speaker=speakers[speaker],
                    turn=turn,
                    start_time=times[0] if times else None,
                    end_time=times[1] if times else None,
                ),
                start=source,
            )
            for index, start, end, speaker, turn, source, *times in raw["segments"]
        ),
    )
    _refuse_gaps(layout)
    return layout


def _refuse_gaps(layout: Layout) -> None:
    """A layout whose segments do not follow each other was not written by this program."""
    ended = source_ended = 0
    for place, one in enumerate(layout.segments):
        if (
            one.segment.index != place
            or one.segment.start != ended
            or one.segment.end < ended
            or one.start < source_ended
        ):
            raise ValueError("segments do not follow each other")
        ended = one.segment.end
        source_ended = one.start + one.segment.end - one.segment.start


def read_layouts(text: str) -> dict[str, Layout]:
    """GUID of each source with its layout, from the text of the stamp; empty: no stamp."""
    stamp = read_stamp(text)
    return {} if stamp is None else {one.guid: one.layout for one in stamp.sources}
