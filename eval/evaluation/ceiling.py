"""How well people agree with each other, and on how much that rests.

A person is compared with one person and the model with one person, never with a consensus; alpha
takes all people at once. How far the model is from it says `eval.evaluation.difference`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from eval.intervals.never_both import rise
from eval.intervals.resampling import (
    DEFAULT,
    Estimator,
    Interval,
    Resampling,
    intervals,
)
from eval.statistics.agreement import STATISTICS, alpha_from_coincidences
from eval.statistics.counts import PairCounts, coincidences, resampled
from eval.statistics.values import BoolArray, FloatArray, IntArray
from eval.units.records import UnitMatrix

__all__ = [
    "NO_ALPHA",
    "ReferenceCounts",
    "model_person",
    "people_alpha",
    "people_alphas",
    "person_person",
    "reference_counts",
]


def person_person(matrix: UnitMatrix, people: Sequence[str]) -> tuple[PairCounts, ...]:
    """Tables of every two people who looked at a common unit, in the order given."""
    pairs = (matrix.pair(first, second) for first, second in combinations(people, 2))
    return tuple(pair for pair in pairs if pair.cells.any())


def model_person(matrix: UnitMatrix, people: Sequence[str], model: str) -> tuple[PairCounts, ...]:
    """Tables of the model (second) with each person (first) who looked at a common unit."""
    pairs = (matrix.pair(person, model) for person in people)
    return tuple(pair for pair in pairs if pair.cells.any())


def people_alphas(matrix: UnitMatrix, people: Sequence[str]) -> tuple[Estimator, Estimator]:
    """Krippendorff's alpha of any number of people, answers missing or not: by code, and pooled.

    A unit that only one of them looked at says nothing; one that several looked at counts once,
    which a table of every two people would count more often (Krippendorff 2004, Content Analysis,
    ch. 11; oracle: `eval.statistics.krippendorff`).
    """
    chosen = [matrix.coder(person) for person in people]
    pairs = coincidences(
        matrix.positive[chosen], matrix.scope[chosen], matrix.transcript, len(matrix.transcripts)
    )

    yes: BoolArray = np.asarray((matrix.positive[chosen] & matrix.scope[chosen]).any(axis=1))
    several: BoolArray = np.asarray(yes.sum(axis=0) > 1)
    anything: BoolArray = np.asarray(yes.any(axis=1).sum() > 1)

    def measured(table: FloatArray, used: BoolArray) -> Estimator:
        """``used``: where two people give the code at all; see `eval.intervals.never_both.rise`."""
        alpha = STATISTICS["alpha"]
        return Estimator(
            compute=lambda w: alpha_from_coincidences(resampled(w, table)),
            mass=(table[..., 0] + 2 * table[..., 1]) / max(len(chosen), 1),
            units=table.sum(axis=-1) + table[..., 1],
            lowest=-1.0,
            highest=1.0,
            # As tables of two: a yes beside a no may be either coder's.
            rises=lambda tail: np.where(used, rise(alpha, table[..., [0, 1, 1, 2]] / 2, tail), 0),
        )

    return measured(pairs, several), measured(pairs.sum(axis=1), anything)


NO_ALPHA = "nobody, or everybody everywhere, used it where two people looked"


def people_alpha(
    matrix: UnitMatrix, people: Sequence[str], settings: Resampling = DEFAULT
) -> tuple[tuple[Interval, ...], Interval]:
    """Krippendorff's alpha of all people at once, by code and pooled; answers may be missing."""
    codes, together = (intervals(one, settings) for one in people_alphas(matrix, people))
    return (
        tuple(codes.at(c, NO_ALPHA) for c in range(len(matrix.codes))),
        together.at((), NO_ALPHA),
    )


@dataclass(frozen=True, slots=True)
class ReferenceCounts:
    """What people's codings of one code amount to."""

    transcripts: int
    """In which at least one of the people looked for it."""
    positives: int
    """Units in which at least one of the people says yes."""
    positive_transcripts: int
    """In which there is such a unit."""
    people: int
    """Who looked for it anywhere."""


def reference_counts(
    matrix: UnitMatrix, people: Sequence[str], within: BoolArray | None = None
) -> tuple[ReferenceCounts, ...]:
    """One for each code, in the units ``within`` ``(U, C)`` (None: all)."""
    chosen = [matrix.coder(person) for person in people]
    scope = matrix.scope[chosen]
    if within is not None:
        scope = scope & within
    yes: BoolArray = np.asarray((matrix.positive[chosen] & scope).any(axis=0))
    seen: BoolArray = np.asarray(scope.any(axis=0))
    coders: IntArray = scope.any(axis=1).sum(axis=0)
    return tuple(
        ReferenceCounts(
            transcripts=len(np.unique(matrix.transcript[seen[:, c]])),
            positives=int(yes[:, c].sum()),
            positive_transcripts=len(np.unique(matrix.transcript[yes[:, c]])),
            people=int(coders[c]),
        )
        for c in range(len(matrix.codes))
    )
