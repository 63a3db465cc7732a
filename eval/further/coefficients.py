"""Coefficients behind ``--all``: for readers who ask for one of them by name.

None of them decides anything. Those of fourfold tables are by code and over all; those of a unit's
whole answer stand in `eval.further.whole_units`; gamma is transcript by transcript.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.evaluation.figures import mean_defined, stack
from eval.further.passages import common_passages, passages_of
from eval.further.whole_units import Coefficient, answered, of_numbers, of_sets
from eval.intervals.never_both import mean_rise
from eval.intervals.resampling import Estimator, Interval, Resampling, intervals
from eval.statistics.agreement import STATISTICS, why_undefined
from eval.statistics.alternative_annotator import AlternativeAnnotator, alternative_annotator
from eval.statistics.boundaries import boundary_similarity
from eval.statistics.counts import PairCounts, resampled
from eval.statistics.gamma import gamma
from eval.statistics.unitizing import Unit
from eval.statistics.values import Undefined, Value
from eval.units.records import CodedTranscript, UnitMatrix

__all__ = ["Further", "GammaRow", "measure_further", "substitute"]

TWO_VALUES = ("pi", "brennan_prediger")
TOO_MANY = 400
"""Passages of a coder in a transcript above which gamma is not computed: it would take minutes."""


@dataclass(frozen=True, slots=True)
class GammaRow:
    """One pair of coders in one transcript: single texts have no interval."""

    transcript: str
    first: str
    second: str
    gamma: Value
    aligned: int
    only_first: int
    only_second: int
    boundaries: Value
    """Boundary similarity of where passages begin and end, in words, moved by one word at most."""


@dataclass(frozen=True, slots=True)
class Further:
    """What ``--all`` adds about one comparison."""

    codes: tuple[tuple[str, dict[str, Interval]], ...]
    """Code -> key of `agreement.STATISTICS` -> figure."""
    together: dict[str, Interval]
    sets: tuple[Coefficient, ...]
    numbers: tuple[Coefficient, ...]
    gamma: tuple[GammaRow, ...]


def measure_further(
    matrix: UnitMatrix,
    transcripts: Sequence[CodedTranscript],
    pairs: Sequence[PairCounts],
    settings: Resampling,
) -> Further:
    """``pairs``: the tables of a comparison, one or more."""
    cells = stack(pairs)
    codes, together = {}, {}
    for key in TWO_VALUES:
        statistic = STATISTICS[key]
        for name, table in (("", cells.sum(axis=2, keepdims=True)), ("codes", cells)):
            estimator = Estimator(
                lambda w, t=table, s=statistic: mean_defined(s.compute(resampled(w, t)), axis=1),  # type: ignore[misc]
                statistic.base(table).max(axis=1),
                table.sum(axis=-1).max(axis=1).astype(np.float64),
                statistic.lowest,
                statistic.highest,
                mean_rise(statistic, table),
            )
            found = intervals(estimator, settings)
            why = [why_undefined(t).reason for t in table.sum(axis=(0, 1))]
            if name:
                codes[key] = [found.at(c, why[c]) for c in range(len(matrix.codes))]
            else:
                together[key] = found.at(0, why[0])
    names = tuple(dict.fromkeys(n for p in pairs for n in (p.first, p.second)))
    between = {frozenset((p.first, p.second)) for p in pairs}
    return Further(
        tuple(
            (code, {key: codes[key][c] for key in TWO_VALUES})
            for c, code in enumerate(matrix.codes)
        ),
        together,
        of_sets(matrix, between, settings),
        of_numbers(matrix, names, between, settings),
        _gamma(transcripts, matrix.codes, [(p.first, p.second) for p in pairs]),
    )


# --- transcript by transcript --------------------------------------------------------------------


def _gamma(
    transcripts: Sequence[CodedTranscript], codes: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> tuple[GammaRow, ...]:
    rows = []
    for transcript in transcripts:
        for first, second in pairs:
            within = common_passages(transcript, (first, second))
            if not within:
                continue
            one, other = (
                [
                    Unit(start, end, code)
                    for code, spans in passages_of(transcript, who, codes, within).items()
                    for start, end in spans
                ]
                for who in (first, second)
            )
            if not one and not other:
                continue
            rows.append(_gamma_row(transcript, first, second, one, other))
    return tuple(rows)


def _gamma_row(
    transcript: CodedTranscript,
    first: str,
    second: str,
    one: Sequence[Unit],
    other: Sequence[Unit],
) -> GammaRow:
    value: Value = Undefined(f"more than {TOO_MANY} passages: it would take minutes")
    aligned = alone = beside = 0
    if max(len(one), len(other)) <= TOO_MANY:
        found = gamma(one, other, len(transcript.text), samples=30)
        value = found.value
        pairs = found.alignment.pairs
        aligned = sum(i is not None and j is not None for i, j in pairs)
        alone = sum(j is None for _, j in pairs)
        beside = sum(i is None for i, _ in pairs)
    words = np.array(
        [i for i, c in enumerate(transcript.text) if c.isspace()] or [0], dtype=np.int64
    )

    def borders(units: Sequence[Unit]) -> set[int]:
        return {int(np.searchsorted(words, x)) for u in units for x in (u.start, u.end)}

    return GammaRow(
        transcript.name,
        first,
        second,
        value,
        aligned,
        alone,
        beside,
        boundary_similarity(borders(one), borders(other)),
    )


# --- may the model stand in for a person? --------------------------------------------------------


def substitute(matrix: UnitMatrix, people: Sequence[str], model: str) -> AlternativeAnnotator:
    """`alternative_annotator` for the three or more people of whom each two coded together."""
    together = [
        p
        for p in people
        if any(p != q and (answered(matrix, p) & answered(matrix, q)).any() for q in people)
    ]
    chosen = [matrix.coder(name) for name in (*together, model)]
    return alternative_annotator(
        matrix.positive[chosen], matrix.scope[chosen], matrix.transcript, together
    )
