"""The stamp: all that a REFI-QDA file cannot say about a study, in a project note of its own.

It is JSON in a note named "Second Coder". By it a file that comes back is read exactly, a model's
coding is never taken for a person's, what a person had seen when coding is not forgotten, and a
suggestion that was rejected does not come back as an open one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from assistant.interchange.projects.records import Layout, LayoutSegment
from assistant.interchange.refi.naming import model_name
from assistant.transcripts.records import EXPOSURES, Exposure, Frozen, Segment

__all__ = [
    "Stamp",
    "StampCode",
    "StampCoder",
    "StampGroup",
    "StampScope",
    "StampSource",
    "read_stamp",
    "stamp_json",
]

_FORMAT = "second-coder-stamp"
_VERSION = 1


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
    finished_at: str = ""


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
    rejected: frozenset[str] = frozenset()
    """Marks of suggestions that a person had rejected (`model_mark`)."""

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
            "rejected": " ".join(sorted(stamp.rejected)),
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
            rejected=frozenset(str(raw.get("rejected", "")).split()),
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
