"""Coefficients behind ``--all``: for readers who ask for one of them by name.

None of them decides anything. Those of fourfold tables are by code and over all; those of sets
ask whether a unit got the same set of codes; those of numbers whether it got as many codes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.evaluation.figures import mean_defined, stack
from eval.further.passages import common_passages, passages_of
from eval.intervals.never_both import mean_rise
from eval.intervals.resampling import Estimator, Interval, Resampling, intervals
from eval.statistics.agreement import STATISTICS, why_undefined
from eval.statistics.alternative_annotator import AlternativeAnnotator, alternative_annotator
from eval.statistics.boundaries import boundary_similarity
from eval.statistics.categories import Weights, weights
from eval.statistics.counts import PairCounts, resampled
from eval.statistics.gamma import gamma
from eval.statistics.krippendorff import Level, distances
from eval.statistics.sets import CodeSet, jaccard, masi, masi_difference_first
from eval.statistics.unitizing import Unit
from eval.statistics.values import BoolArray, FloatArray, Undefined, Value
from eval.units.records import CodedTranscript, UnitMatrix

__all__ = ["Coefficient", "Further", "GammaRow", "measure_further", "substitute"]

TWO_VALUES = ("pi", "brennan_prediger")
NO_UNIT = "no two coders looked at a common unit for all codes"
SAME = "every unit got the same, so that nothing can differ"
TOO_MANY = 400
"""Passages of a coder in a transcript above which gamma is not computed: it would take minutes."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One figure for all codes together, with what it asks."""

    name: str
    value: Interval
    asks: str


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
        _sets(matrix, between, settings),
        _numbers(matrix, names, between, settings),
        _gamma(transcripts, matrix.codes, [(p.first, p.second) for p in pairs]),
    )


# --- the whole set of a unit -------------------------------------------------------------------


def _answered(matrix: UnitMatrix, name: str) -> BoolArray:
    """Units that a coder looked at for every code ``(U,)``."""
    return np.asarray(matrix.scope[matrix.coder(name)].all(axis=1), dtype=bool)


def _coded_in_pairs(
    matrix: UnitMatrix, between: set[frozenset[str]], values: dict[str, FloatArray]
) -> list[tuple[FloatArray, BoolArray]]:
    """Answers ``(2, U)`` of each pair, nan where one did not look, and where both did."""
    found = []
    for pair in sorted(tuple(sorted(p)) for p in between):
        both = _answered(matrix, pair[0]) & _answered(matrix, pair[1])
        found.append((np.where(both, np.stack([values[p] for p in pair]), np.nan), both))
    return found


def _sums(
    matrix: UnitMatrix, pairs: Sequence[tuple[FloatArray, BoolArray]], values: int
) -> FloatArray:
    """Coincidences ``(T, V, V)`` of values 0 to V - 1, over all pairs."""
    made = np.zeros((len(matrix.transcripts), values, values))
    for answers, both in pairs:
        one, other = answers[:, both].astype(np.int64)
        t = matrix.transcript[both]
        np.add.at(made, (t, one, other), 1.0)
        np.add.at(made, (t, other, one), 1.0)
    return made


def _alpha(
    sums: FloatArray,
    distance: Callable[[FloatArray], FloatArray],
    settings: Resampling,
    mass: FloatArray,
) -> Interval:
    """Alpha ``1 - D_o / D_e``; ``distance`` takes totals ``(V,)`` and gives ``(V, V)``."""

    def compute(given: FloatArray) -> FloatArray:
        found = np.full(len(given), np.nan)
        matrices = np.tensordot(given, sums, axes=1)
        for r, matrix in enumerate(matrices):
            totals = matrix.sum(axis=1)
            n = totals.sum()
            if n < 2:
                continue
            apart = distance(totals)
            by_chance = totals @ apart @ totals / (n * (n - 1))
            if by_chance > 0:
                found[r] = 1 - (matrix * apart).sum() / n / by_chance
        return found

    units = sums.sum(axis=(1, 2)) / 2
    return intervals(Estimator(compute, mass, units, -1.0, 1.0), settings).at(
        (), SAME if units.any() else NO_UNIT
    )


def _sets(
    matrix: UnitMatrix, between: set[frozenset[str]], settings: Resampling
) -> tuple[Coefficient, ...]:
    kinds: dict[CodeSet, int] = {}
    values: dict[str, FloatArray] = {}
    for name in {n for pair in between for n in pair}:
        rows = matrix.positive[matrix.coder(name)]
        values[name] = np.array(
            [kinds.setdefault(frozenset(np.flatnonzero(r).tolist()), len(kinds)) for r in rows],
            dtype=np.float64,
        )
    ordered = list(kinds)
    pairs = _coded_in_pairs(matrix, between, values)
    sums = _sums(matrix, pairs, len(ordered))
    empty = kinds.get(frozenset(), -1)
    mass = sums.sum(axis=(1, 2)) / 2 - (sums[:, empty, empty] / 2 if empty >= 0 else 0.0)
    found = []
    for name, distance, asks in (
        ("alpha, Jaccard", jaccard, "distance of two sets: 1 - shared codes / all codes"),
        ("alpha, MASI (1 - J x M)", masi, "Jaccard times monotonicity, taken from 1"),
        (
            "alpha, MASI ((1 - J) x (1 - M))",
            masi_difference_first,
            "each taken from 1 before they are multiplied: a milder distance of the same name",
        ),
    ):
        apart = np.array([[distance(a, b) for b in ordered] for a in ordered], dtype=np.float64)
        apart = apart.reshape(len(ordered), len(ordered))
        found.append(
            Coefficient(name, _alpha(sums, lambda _, d=apart: d, settings, mass), asks)  # type: ignore[misc]
        )
    return tuple(found)


# --- how many codes a unit got -------------------------------------------------------------------


def _numbers(
    matrix: UnitMatrix,
    names: Sequence[str],
    between: set[frozenset[str]],
    settings: Resampling,
) -> tuple[Coefficient, ...]:
    values = {
        name: matrix.positive[matrix.coder(name)].sum(axis=1).astype(np.float64) for name in names
    }
    pairs = _coded_in_pairs(matrix, between, values)
    most = int(max((v.max() for v in values.values() if len(v)), default=0)) + 1
    sums = _sums(matrix, pairs, most)
    mass = sums.sum(axis=(1, 2)) / 2 - sums[:, 0, 0] / 2
    points = np.arange(most, dtype=np.float64)
    levels: tuple[Level, ...] = ("ordinal", "interval", "ratio")
    found = [
        Coefficient(
            f"alpha, {level}",
            _alpha(sums, lambda totals, at=level: distances(points, totals, at), settings, mass),  # type: ignore[misc]
            "how many codes a unit got, the difference taken as " + level,
        )
        for level in levels
    ]
    kinds: tuple[Weights, ...] = ("linear", "quadratic", "ordinal")
    found += [
        Coefficient(
            f"AC2, {kind} weights",
            _ac2(sums, kind, settings),
            "the same with Gwet's chance; high where most units got none",
        )
        for kind in kinds
    ]
    found.append(Coefficient("Fleiss' kappa", _fleiss(sums, settings, mass), "exactly as many"))
    return tuple(found)


def _ac2(sums: FloatArray, kind: Weights, settings: Resampling) -> Interval:
    """Gwet 2014, ch. 4, for pairs of coders, from coincidences; see `categories.gwet`."""
    q = sums.shape[1]
    weight = weights(q, kind)

    def compute(given: FloatArray) -> FloatArray:
        matrices = np.tensordot(given, sums, axes=1)
        n = matrices.sum(axis=(1, 2))
        safe = np.where(n > 0, n, 1.0)
        agreed = (matrices * weight).sum(axis=(1, 2)) / safe
        share = matrices.sum(axis=2) / safe[:, None]
        chance = weight.sum() / max(q * (q - 1), 1) * (share * (1 - share)).sum(axis=1)
        usable = (n > 0) & (q > 1) & (chance < 1 - 1e-12)
        return np.where(usable, (agreed - chance) / np.where(usable, 1 - chance, 1.0), np.nan)

    units = sums.sum(axis=(1, 2)) / 2
    why = NO_UNIT if not units.any() else SAME
    return intervals(Estimator(compute, units, units, -1.0, 1.0), settings).at((), why)


def _fleiss(sums: FloatArray, settings: Resampling, mass: FloatArray) -> Interval:
    """Fleiss 1971 for pairs of coders, from coincidences; see `categories.fleiss`."""

    def compute(given: FloatArray) -> FloatArray:
        matrices = np.tensordot(given, sums, axes=1)
        n = matrices.sum(axis=(1, 2))
        safe = np.where(n > 0, n, 1.0)
        agreed = np.trace(matrices, axis1=1, axis2=2) / safe
        chance = ((matrices.sum(axis=2) / safe[:, None]) ** 2).sum(axis=1)
        usable = (n > 0) & (chance < 1 - 1e-12)
        return np.where(usable, (agreed - chance) / np.where(usable, 1 - chance, 1.0), np.nan)

    units = sums.sum(axis=(1, 2)) / 2
    why = NO_UNIT if not units.any() else SAME
    return intervals(Estimator(compute, mass, units, -1.0, 1.0), settings).at((), why)


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
        if any(p != q and (_answered(matrix, p) & _answered(matrix, q)).any() for q in people)
    ]
    chosen = [matrix.coder(name) for name in (*together, model)]
    return alternative_annotator(
        matrix.positive[chosen], matrix.scope[chosen], matrix.transcript, together
    )
