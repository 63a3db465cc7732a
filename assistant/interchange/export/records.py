"""What is exported, as frozen rows that every format draws from, so that none says other things.

Positions are code points of the transcript's text, ``[start, end)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assistant.store.records import Coder

__all__ = [
    "FORMATS",
    "REJECTED",
    "AgreementRow",
    "Choice",
    "ExportCode",
    "ExportCoding",
    "ExportMemo",
    "LeftOut",
    "Written",
]

FORMATS = ("qdpx", "qdc", "xlsx", "csv", "docx", "html")

REJECTED = ("reject", "amend")
"""Decisions by which a suggestion is out: amended ones had another coding put in their place."""

Decided = Literal["accept", "open", "reject"]


@dataclass(frozen=True)
class Choice:
    """What the user wants to take away; empty means all."""

    coders: tuple[str, ...] = ()
    kinds: tuple[Literal["human", "model"], ...] = ("human", "model")
    decisions: tuple[Decided, ...] = ("accept",)
    """Of suggestions; people's codings need none."""
    lanes: tuple[str, ...] = ()
    """Of suggestions' codes, under the policy in force."""
    runs: tuple[int, ...] = ()
    transcripts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportCoding:
    guid: str
    transcript: str
    transcript_id: int
    coder: Coder
    code: str
    """Id in the codebook; as it was written where the codebook does not know it."""
    written: str
    """As the coder wrote it."""
    start: int
    end: int
    quote: str
    exposure: str
    """Empty for a model."""
    origin: str
    """``import``, ``review``, ``blind`` or ``suggestion``."""
    source_file: str = ""
    at: str = ""
    run: int | None = None
    lane: str = ""
    decision: str = ""
    """``accept``, ``open``, ``reject``, ``amend``; empty for a person."""
    decided_by: str = ""
    decided_at: str = ""
    reason: str = ""
    because: str = ""
    """Why it was accepted in bulk against the evidence: stands in every export."""
    rationale: str = ""
    confidence: float | None = None
    probability: float | None = None
    note: str = ""
    """Of a model's coding that came in a file: all that the file said of it, for people."""

    @property
    def by_model(self) -> bool:
        return self.coder.kind == "model"


@dataclass(frozen=True)
class ExportCode:
    """A code, or a family, with what stands under it."""

    id: str
    name: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    family: str = ""
    kind: str = ""
    """Of the codebook; ``family``; ``not in the codebook``."""
    applicable: bool = True
    under: tuple[ExportCode, ...] = ()

    @property
    def description(self) -> str:
        parts = [self.definition]
        parts += [f"Include: {self.include}"] if self.include else []
        parts += [f"Exclude: {self.exclude}"] if self.exclude else []
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class ExportMemo:
    guid: str
    about: str
    transcript_id: int | None
    start: int | None
    end: int | None
    code: str
    text: str
    who: str
    at: str


@dataclass(frozen=True)
class AgreementRow:
    """One code's figures in the last evaluation. An undefined figure is its reason, a text."""

    who: str
    code: str
    both: int
    only_first: int
    only_second: int
    neither: int
    transcripts: int
    figures: tuple[tuple[str, float | str, float | str, float | str], ...]
    """(name, estimate, low, high)"""


@dataclass(frozen=True)
class LeftOut:
    count: int
    what: str
    why: str


@dataclass(frozen=True)
class Written:
    """What an export wrote."""

    format: str
    files: tuple[Path, ...]
    counts: dict[str, int] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
