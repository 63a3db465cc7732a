"""What a look at people's codes found: figures and places, no participant's words."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.codebook.findings import Finding
from eval.evaluation.results import PeopleResult

__all__ = ["HARDLY", "CodeUse", "CoderLook", "Course", "Extent", "Inspected", "Twice"]

HARDLY = 3
"""Codes with fewer codings are hardly used."""


@dataclass(frozen=True)
class CoderLook:
    """One person over all transcripts."""

    name: str
    transcripts: int
    codings: int
    codes: int
    median_words: float
    """Of a coding."""
    exposures: dict[str, int]
    """What the person had seen -> in how many transcripts."""
    parts: int
    """Transcripts of which only a part is said to have been coded."""


@dataclass(frozen=True)
class CodeUse:
    """One code, under its id in the codebook, or as written where the codebook lacks it."""

    code: str
    name: str
    in_codebook: bool
    measured: bool
    """False for ignored, structural and attribute codes."""
    defined: bool
    codings: int
    transcripts: int
    coders: tuple[str, ...]
    could: int
    """People who coded a transcript in which somebody used it."""


@dataclass(frozen=True)
class Extent:
    """A coding of a word, or of pages."""

    transcript: str
    coder: str
    code: str
    segment: int
    """Its first passage, from 1."""
    segments: int
    words: int


@dataclass(frozen=True)
class Twice:
    """The same code by the same person on words that overlap."""

    transcript: str
    coder: str
    code: str
    segment: int
    same: bool
    """Exactly the same words."""


@dataclass(frozen=True)
class Course:
    """How one person's codings lie along one transcript."""

    transcript: str
    coder: str
    codings: int
    tenths: tuple[int, ...]
    """Codings that begin in each tenth of the text."""
    first: float
    last: float
    """Where the first begins and the last ends, as shares of the text."""
    others_last: float | None
    """Where the last coding of anybody else ends; None: nobody else coded it."""
    chance: float
    """That so many codings, spread evenly, would all lie before ``last``."""
    stops: bool


@dataclass(frozen=True)
class TwoNames:
    """Two names of people that may be one person's."""

    fewer: str
    """The one with fewer codings, so rather the slip."""
    more: str
    difference: str
    """In words: ``"spelling (two letters swapped)"``."""


@dataclass(frozen=True)
class Inspected:
    study: str
    made_at: str
    codebook: str
    transcripts: int
    coded: int
    """Transcripts that somebody coded."""
    doubly: int
    """That two people or more coded."""
    independently: int
    """Of these, by two or more who had seen nobody else's codes."""
    coders: tuple[CoderLook, ...]
    codes: tuple[CodeUse, ...]
    findings: tuple[Finding, ...]
    """Of the codebook beside its use; see `assistant.codebook.checking`."""
    short: tuple[Extent, ...]
    long: tuple[Extent, ...]
    lengths: tuple[tuple[str, int], ...]
    """Kind of length in words -> codings."""
    twice: tuple[Twice, ...]
    courses: tuple[Course, ...]
    people: PeopleResult | None
    """Agreement, where two people coded the same transcript."""
    evaluation: int | None
    """Under which that is stored."""
    no_agreement: str
    """Why there is none."""
    one_person: tuple[TwoNames, ...] = ()
    overrides: tuple[str, ...] = ()
    """A sentence for each bulk decision against the evidence."""
    notes: tuple[str, ...] = ()
    """What that agreement is of: whose codes are not in it, in which languages it mixes."""
