"""What units are: segments, exchanges, whole transcripts, and who said yes to what in them.

"No" is data only inside a scope: a unit that a coder never looked at is missing, not negative.
Nothing is left out in silence: `LeftOut` counts every segment and coding that is in no matrix, by
reason. `eval.units.building.build_units` makes a `UnitMatrix` from spans.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from eval.statistics.counts import PairCounts, count_cells
from eval.statistics.values import BoolArray, IntArray
from eval.units.words import DEFAULT_RULE, Rule

__all__ = [
    "CodedTranscript",
    "CoderScope",
    "CodingSpan",
    "LeftOut",
    "UnitKind",
    "UnitMatrix",
    "UnitPlan",
    "UnitSegment",
    "exchanges",
    "to_families",
]

UnitKind = Literal["segment", "exchange", "transcript"]


@dataclass(frozen=True, slots=True)
class UnitSegment:
    start: int
    end: int
    speaker: str = ""
    turn: int = 0
    interviewer: bool = False


@dataclass(frozen=True, slots=True)
class CodingSpan:
    coder: str
    code: str
    """Id in the codebook that is measured; aliases are resolved before."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CoderScope:
    """What one coder looked at. Several scopes of one coder add up."""

    coder: str
    codes: frozenset[str] | None = None
    """None: all codes."""
    passages: tuple[tuple[int, int], ...] | None = None
    """None: the whole transcript."""
    silent: frozenset[str] = frozenset()
    """Codes of which nothing is known all the same: they were defined otherwise, or not there."""

    def looked_for(self, code: str) -> bool:
        return code not in self.silent and (self.codes is None or code in self.codes)


@dataclass(frozen=True, slots=True)
class CodedTranscript:
    name: str
    text: str
    segments: tuple[UnitSegment, ...]
    codings: tuple[CodingSpan, ...]
    scopes: tuple[CoderScope, ...]


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What is to be measured, and in which units."""

    codes: tuple[str, ...]
    coders: tuple[str, ...]
    unit: Literal["segment", "exchange"] = "segment"
    rule: Rule = DEFAULT_RULE
    leave_out_interviewers: bool = False
    """Only for segments: an exchange always has its question."""
    code_units: Mapping[str, UnitKind] = field(default_factory=dict)
    """Codes that are meant for a larger unit than the plan's."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What stands in no matrix, and why."""

    interviewer_segments: int = 0
    unknown_codes: tuple[tuple[str, int], ...] = ()
    """Codes of the coders that are not measured, with their number of codings."""
    out_of_scope: int = 0
    """Codings outside what their coder is said to have looked at."""
    only_interviewer: int = 0
    """Codings that lie wholly in segments that are left out."""
    too_small: int = 0
    """Codings that cover too little of any unit to count."""
    units_unseen: tuple[tuple[str, int], ...] = ()
    """Per coder, units that lie in none of the coder's scopes."""
    transcripts: tuple[tuple[str, str], ...] = ()
    """Transcripts that have no such units, and why."""


@dataclass(frozen=True, slots=True)
class UnitMatrix:
    """Who said yes to which code in which unit. K coders, U units, C codes."""

    transcripts: tuple[str, ...]
    codes: tuple[str, ...]
    coders: tuple[str, ...]
    unit: str
    rule: Rule
    transcript: IntArray
    """``(U,)`` number of each unit's transcript."""
    segment: IntArray
    """``(U, 2)`` first segment of each unit and the one after its last."""
    words: IntArray
    """``(U,)``"""
    positive: BoolArray
    """``(K, U, C)``; never True outside the scope."""
    scope: BoolArray
    """``(K, U, C)``"""
    left_out: LeftOut

    def coder(self, name: str) -> int:
        return self.coders.index(name)

    def pair(self, first: str, second: str, within: BoolArray | None = None) -> PairCounts:
        """Tables of two coders on what both looked at (and ``within`` ``(U, C)``)."""
        i, j = self.coder(first), self.coder(second)
        scope = self.scope[i] & self.scope[j]
        if within is not None:
            scope = scope & within
        cells = count_cells(
            self.positive[i], self.positive[j], scope, self.transcript, len(self.transcripts)
        )
        return PairCounts(first, second, self.transcripts, self.codes, cells)

    def only(self, transcripts: Collection[str]) -> UnitMatrix:
        """The units of these transcripts alone; ``left_out`` stays that of all."""
        kept = [n for n, name in enumerate(self.transcripts) if name in transcripts]
        here = np.isin(self.transcript, kept)
        place = np.full(len(self.transcripts), -1, dtype=np.int64)
        place[kept] = np.arange(len(kept))
        return replace(
            self,
            transcripts=tuple(self.transcripts[n] for n in kept),
            transcript=place[self.transcript[here]],
            segment=self.segment[here],
            words=self.words[here],
            positive=self.positive[:, here],
            scope=self.scope[:, here],
        )


def exchanges(segments: Sequence[UnitSegment]) -> IntArray | None:
    """The exchange of each segment, from 0; None where nobody is marked as interviewer.

    An exchange is a question (one or more segments of interviewers) with all that follows up to
    the next question. What stands before the first question is an exchange of its own.
    """
    if not any(segment.interviewer for segment in segments):
        return None
    asks = np.array([segment.interviewer for segment in segments])
    starts = asks & ~np.concatenate([[False], asks[:-1]])
    starts[0] = False
    return np.cumsum(starts).astype(np.int64)


def to_families(matrix: UnitMatrix, family_of: Mapping[str, str]) -> UnitMatrix:
    """The same by families: yes where any code of the family is.

    A family's "no" is data where the coder looked for all of its codes that are measured. Codes
    without a family (missing or ``""``) stay as they are. Families come in the order of their
    first code.
    """
    names = [family_of.get(code, "") or code for code in matrix.codes]
    families = tuple(dict.fromkeys(names))
    yes = np.zeros((*matrix.positive.shape[:2], len(families)), dtype=bool)
    seen = np.ones_like(yes)
    for c, name in enumerate(names):
        f = families.index(name)
        yes[:, :, f] |= matrix.positive[:, :, c]
        seen[:, :, f] &= matrix.scope[:, :, c]
    return replace(matrix, codes=families, positive=yes & seen, scope=seen)
