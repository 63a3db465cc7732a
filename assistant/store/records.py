"""What the store gives out: frozen rows with names, never bare tuples or dicts.

What was asked in a run and answered stands in `assistant.store.model.reply_records`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.codebook.records import RecordedVersion
from assistant.transcripts.records import REFERENCE, Exposure

__all__ = [
    "CodedSoFar",
    "Coder",
    "CoderKind",
    "Coding",
    "Decision",
    "DecisionKind",
    "DocumentCoding",
    "DocumentRow",
    "Event",
    "RunRow",
    "Scope",
    "TranscriptInfo",
    "VerdictRow",
]

CoderKind = Literal["human", "model"]
DecisionKind = Literal["accept", "reject", "amend", "undo"]


@dataclass(frozen=True)
class Coder:
    id: int
    name: str
    kind: CoderKind
    recipe_sha256: str = ""


@dataclass(frozen=True)
class TranscriptInfo:
    """A transcript without its text."""

    id: int
    name: str
    sha256: str
    language: str
    consent: str
    segments: int
    characters: int
    withdrawn: bool
    coders: tuple[str, ...]
    codings: int
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """What a coder really coded of one transcript. ``None``: all of it."""

    coder: Coder
    transcript_id: int
    exposure: Exposure
    first_segment: int | None = None
    last_segment: int | None = None
    codebook_sha256: str = ""
    codes: tuple[str, ...] | None = None
    segments: tuple[int, ...] | None = None
    """A sample of the transcript, in order: nothing is known of the segments that are not in it."""
    finished_at: str = ""
    """When a person who codes in the program said that she was done."""
    created_at: str = field(default="", compare=False)
    """When it came into the study; the store fills it in."""

    @property
    def is_reference(self) -> bool:
        """Whether a model may be measured against what this coder says there."""
        return self.coder.kind == "human" and self.exposure in REFERENCE

    @property
    def is_begun(self) -> bool:
        """Whether it is an audit's sample that its coder has not said to have finished."""
        return self.segments is not None and self.exposure == "blind" and not self.finished_at

    @property
    def is_stated(self) -> bool:
        """Whether somebody said that a part was coded, where nothing is on record."""
        part = self.first_segment is not None or self.codes is not None
        return part and not self.finished_at and self.segments is None


@dataclass(frozen=True)
class Coding:
    """A person's coding. ``code`` is spelled as it was written; the codebook resolves it."""

    id: int
    guid: str
    transcript_id: int
    coder: Coder
    code: str
    start: int
    end: int
    quote: str
    origin: Literal["import", "review", "blind"]
    exposure: Exposure
    document: str = ""
    at: str = ""
    """When it came into the study: import of its file, or when it was made in the tool."""


@dataclass(frozen=True)
class CodedSoFar:
    """Of all transcripts."""

    versions: tuple[RecordedVersion, ...]
    scopes: tuple[Scope, ...]
    codings: tuple[Coding, ...]
    looked_again: Mapping[tuple[int, int], Mapping[str, str]]
    """(coder's id, transcript's id) -> code -> hash of the version that she went by."""


@dataclass(frozen=True)
class DocumentRow:
    id: int
    transcript_id: int
    name: str
    path: str
    format: str
    file_sha256: str
    encoding: str
    title: str
    coder: str
    language: str
    text: str
    segments_json: str
    notes: tuple[str, ...]
    is_base: bool
    imported_at: str
    coder_kind: CoderKind = "human"
    project_sha256: str = ""
    """The project file of another tool that it came in; empty for a file of its own."""
    stated: bool = False
    """Somebody said which interview it is, though its words are not the same to 99%."""


Carried = Literal["exact", "partial", "same-as-another-file", "failed", "corrected"]
"""``corrected``: a later file has the same coding (by its identifier) elsewhere or otherwise."""


@dataclass(frozen=True)
class DocumentCoding:
    """A coding as a file has it, and what became of it in the transcript."""

    code: str
    start: int
    end: int
    carried: Carried = "exact"
    why: str = ""
    coding_guid: str = ""
    """Of the coding of the study that it is; where it was corrected, that it was."""
    file_guid: str = ""
    """The coding's own, as the file has it."""


@dataclass(frozen=True)
class RunRow:
    id: int
    run_key: str
    recipe_sha256: str
    repeat: int
    coder: Coder
    strategy: str
    codebook_sha256: str
    prompt_sha256: str
    status: Literal["running", "partial", "complete"]
    why: str
    header: dict[str, Any]
    """The run's header as stored; its form is `assistant.coding.header`'s business."""
    started_at: str
    ended_at: str
    transcripts: tuple[int, ...]
    fits: dict[int, str] = field(default_factory=dict)
    """Transcript id -> hash of the fit used for it."""

    @property
    def standing(self) -> str:
        """``status`` in words: a program that was killed could not say that it ended."""
        if self.status != "running":
            return self.status
        return "running, or cut off in the middle (then the same command goes on with it)"


@dataclass(frozen=True)
class Decision:
    id: int
    suggestion_id: int
    decision: DecisionKind
    reviewer: str
    decided_at: str
    reason: str
    seconds: float | None
    bulk_id: int | None
    coding_id: int | None
    undoes: int | None = None
    """Of an undoing: the decision that it takes back; None where that is not in this study."""


@dataclass(frozen=True)
class VerdictRow:
    id: int
    evaluation_id: int
    run_id: int
    recipe_sha256: str
    code_recipe_sha256: str
    code: str
    lane: Literal["unproven", "withhold", "vague", "accept", "review"]
    reasons: tuple[str, ...]
    evidence: dict[str, Any]
    policy_sha256: str
    decided_at: str


@dataclass(frozen=True)
class Event:
    id: int
    at: str
    who: str
    kind: str
    what: str
    details: dict[str, Any]
