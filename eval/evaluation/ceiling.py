"""How well people agree with each other, and how far the model is from that.

The difference is made on the same cells: for each two people, the units and codes that both and
the model looked at. There the mean of the model's agreement with either person is set against
their agreement with each other, and the mean is taken over pairs. Where everybody coded the same
units, that is the mean over people of model-person less the mean over pairs of person-person. A
person is compared with one person and the model with one person, never with a consensus.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from eval.evaluation.figures import Worst, by_code, lowest, mean_defined, over_codes
from eval.intervals.never_both import part_rise, rise
from eval.intervals.resampling import (
    DEFAULT,
    Estimator,
    Interval,
    Intervals,
    Resampling,
    bounded,
    intervals,
)
from eval.intervals.significance import holm_lower, one_sided_p
from eval.statistics.agreement import STATISTICS, Statistic, alpha_from_coincidences
from eval.statistics.counts import PairCounts, coincidences, resampled
from eval.statistics.values import BoolArray, FloatArray, IntArray, Value, is_defined, value_of
from eval.units.records import UnitMatrix

__all__ = [
    "NO_ALPHA",
    "Difference",
    "DifferenceRow",
    "PeopleAlone",
    "ReferenceCounts",
    "TranscriptDifference",
    "difference",
    "model_person",
    "people_alpha",
    "people_alphas",
    "person_person",
    "reference_counts",
]

NO_PEOPLE = "no two people and the model coded the same units of this code"
NO_FIGURE = "the figure is undefined for the model or for people"


def person_person(matrix: UnitMatrix, people: Sequence[str]) -> tuple[PairCounts, ...]:
    """Tables of every two people who looked at a common unit, in the order given."""
    pairs = (matrix.pair(first, second) for first, second in combinations(people, 2))
    return tuple(pair for pair in pairs if pair.cells.any())


def model_person(matrix: UnitMatrix, people: Sequence[str], model: str) -> tuple[PairCounts, ...]:
    """Tables of the model (second) with each person (first) who looked at a common unit."""
    pairs = (matrix.pair(person, model) for person in people)
    return tuple(pair for pair in pairs if pair.cells.any())


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """Model-person, person-person and their difference, on the same cells."""

    name: str
    model_person: Interval
    person_person: Interval
    difference: Interval
    controlled_low: Value
    """Lower end of the difference, controlled over the family of codes (Holm)."""
    p: Value
    """One-sided, of "the model is worse by the margin or more"; not yet controlled."""


@dataclass(frozen=True, slots=True)
class TranscriptDifference:
    """All codes of one transcript, pooled. One transcript has no interval."""

    name: str
    model_person: Value
    person_person: Value


@dataclass(frozen=True, slots=True)
class PeopleAlone:
    """People's average on the units that the model coded, whatever the model does there.

    Codes of which the model has no figure, since it is rightly silent, are in it too: so it is the
    same beside every run of these units.
    """

    macro: Interval
    codes: int
    worst: Worst


@dataclass(frozen=True, slots=True)
class Difference:
    statistic: str
    margin: float
    codes: tuple[DifferenceRow, ...]
    pooled: DifferenceRow
    macro: DifferenceRow
    pairs: tuple[tuple[str, str], ...]
    transcripts: tuple[TranscriptDifference, ...] = ()
    """Empty in evaluations of older versions."""
    alone: PeopleAlone | None = None
    """None in evaluations of older versions."""

    @property
    def common(self) -> int:
        """Codes of which the model and people have a figure: those that ``macro`` is of."""
        return sum(is_defined(row.person_person.estimate) for row in self.codes)

    def row(self, code: str) -> DifferenceRow:
        return next(row for row in self.codes if row.name == code)


def _triples(
    matrix: UnitMatrix, people: Sequence[str], model: str
) -> tuple[IntArray, tuple[tuple[str, str], ...]]:
    """Tables ``(T, P, 3, C, 4)``: people with each other, then each with the model."""
    tables, names = [], []
    model_scope = matrix.scope[matrix.coder(model)]
    for first, second in combinations(people, 2):
        within = (
            model_scope & matrix.scope[matrix.coder(first)] & matrix.scope[matrix.coder(second)]
        )
        if not within.any():
            continue
        trio = ((first, second), (first, model), (second, model))
        tables.append(np.stack([matrix.pair(a, b, within).cells for a, b in trio], axis=1))
        names.append((first, second))
    size = (len(matrix.transcripts), 0, 3, len(matrix.codes), 4)
    joined = np.stack(tables, axis=1) if tables else np.zeros(size, dtype=np.int64)
    return joined, tuple(names)


def difference(
    matrix: UnitMatrix,
    people: Sequence[str],
    model: str,
    *,
    statistic: str = "kappa",
    margin: float = 0.05,
    family: Sequence[str] | None = None,
    settings: Resampling = DEFAULT,
) -> Difference:
    """Model-person less person-person, by code, pooled and averaged.

    ``statistic`` is a symmetric one of `agreement.STATISTICS`; ``margin`` is by how much the model
    may be worse. ``family`` names the codes among which chance is controlled (default: all); the
    others get no controlled end.
    """
    if not STATISTICS[statistic].symmetric:
        raise ValueError(f"{statistic} depends on who is the reference, which people are not")
    cells, names = _triples(matrix, people, model)
    chosen = np.array([family is None or code in family for code in matrix.codes], dtype=bool)
    rows = _rows(cells, statistic, margin, settings, matrix.codes, chosen)
    together = _rows(
        cells.sum(axis=3, keepdims=True), statistic, margin, settings, ("all codes",), None
    )
    macro = _rows(cells, statistic, margin, settings, ("mean over codes",), None, macro=True)
    each = _parts(statistic, cells.sum(axis=3, keepdims=True), np.eye(len(cells)))
    return Difference(
        statistic,
        margin,
        rows,
        together[0],
        macro[0],
        names,
        tuple(
            TranscriptDifference(
                name,
                value_of(float(each[0][t, 0]), NO_FIGURE),
                value_of(float(each[1][t, 0]), NO_FIGURE),
            )
            for t, name in enumerate(matrix.transcripts)
        ),
        _alone(cells[:, :, 0], statistic, matrix.codes, settings),
    )


def _alone(
    cells: IntArray, key: str, names: Sequence[str], settings: Resampling
) -> PeopleAlone | None:
    """``cells`` ``(T, P, C, 4)`` of people with each other; None where there are no two."""
    if not cells.shape[1]:
        return None
    estimator = by_code(cells, STATISTICS[key])
    each = estimator.compute(np.ones((1, len(cells))))[0]
    return PeopleAlone(
        intervals(over_codes(estimator), settings).at((), NO_FIGURE),
        int(np.isfinite(each).sum()),
        lowest((name, value_of(float(x), NO_FIGURE)) for name, x in zip(names, each, strict=True)),
    )


def _parts(key: str, cells: IntArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Model-person and person-person ``(R, C)`` of tables ``(T, P, 3, C, 4)``."""
    figures = STATISTICS[key].compute(resampled(weights, cells))  # (R, P, 3, C)
    model = (figures[:, :, 1] + figures[:, :, 2]) / 2
    # A pair counts only where all three are defined: the same cells on both sides.
    known = np.isfinite(model) & np.isfinite(figures[:, :, 0])
    return (
        mean_defined(np.where(known, model, np.nan), axis=1),
        mean_defined(np.where(known, figures[:, :, 0], np.nan), axis=1),
    )


def _rows(
    cells: IntArray,
    key: str,
    margin: float,
    settings: Resampling,
    names: Sequence[str],
    family: BoolArray | None,
    *,
    macro: bool = False,
) -> tuple[DifferenceRow, ...]:
    statistic = STATISTICS[key]

    # A unit counts once, however many people looked at it.
    flat = cells.reshape(len(cells), -1, *cells.shape[3:])
    empty = np.zeros((len(cells), cells.shape[3]))
    mass = statistic.base(flat).max(axis=1) if flat.shape[1] else empty
    units = flat.sum(axis=-1).max(axis=1).astype(np.float64) if flat.shape[1] else empty

    model_rises, people_rises = (part_rise(statistic, cells, p) for p in ((1, 2), (0,)))

    def both(weights: FloatArray) -> FloatArray:
        model, people = _parts(key, cells, weights)
        return model - people

    def measured(estimator: Estimator) -> Intervals:
        return intervals(_one_row(over_codes(estimator)) if macro else estimator, settings)

    model = measured(_side(statistic, cells, (1, 2), units))
    people = measured(_side(statistic, cells, (0,), units))
    apart = measured(Estimator(both, mass, units, rises=model_rises, falls=people_rises))
    p = one_sided_p(apart, -margin)
    shown = bounded(apart, statistic.lowest - statistic.highest)
    inside: BoolArray = np.ones(len(names), dtype=bool) if family is None else family
    low = np.full(len(names), np.nan)
    low[inside] = holm_lower(apart.where(inside), -margin, settings.level)
    looked = units.sum(axis=1, keepdims=True) if macro else units
    why = [NO_FIGURE if looked[:, c].any() else NO_PEOPLE for c in range(len(names))]
    return tuple(
        DifferenceRow(
            name=name,
            model_person=model.at(c, why[c]),
            person_person=people.at(c, why[c]),
            difference=shown.at(c, why[c]),
            controlled_low=value_of(low[c], _why_no_end(apart.at(c, why[c]), bool(inside[c]))),
            p=value_of(p[c], _why_no_end(apart.at(c, why[c]), True)),
        )
        for c, name in enumerate(names)
    )


def _side(
    statistic: Statistic, cells: IntArray, parts: tuple[int, ...], units: FloatArray
) -> Estimator:
    """The model's figure (parts 1 and 2) or people's (0) by code, its interval from its own cells.

    The pairs are those for whom all three figures are defined. Which these are is said once, by all
    transcripts: were it said again without one of them, people's interval would depend on the model
    that they are set beside, and the same people would have another one beside another run.
    """
    whole = statistic.compute(cells.sum(axis=0))  # (P, 3, C)
    known: BoolArray = np.asarray(np.isfinite(whole).all(axis=1))
    mine = cells[:, :, list(parts)]
    rests = np.where(known[:, None], statistic.base(mine), 0)
    flat = rests.reshape(len(cells), -1, cells.shape[3])

    def compute(weights: FloatArray) -> FloatArray:
        figures = mean_defined(statistic.compute(resampled(weights, mine)), axis=2)  # (R, P, C)
        return mean_defined(np.where(known, figures, np.nan), axis=1)

    return Estimator(
        compute,
        flat.max(axis=1) if flat.shape[1] else np.zeros((len(cells), cells.shape[3])),
        units,
        statistic.lowest,
        statistic.highest,
        rises=part_rise(statistic, cells, parts),
    )


def _one_row(estimator: Estimator) -> Estimator:
    """The same figure with shape ``(1,)``."""
    return Estimator(
        compute=lambda w: estimator.compute(w)[:, None],
        mass=estimator.mass[:, None],
        units=estimator.units[:, None],
        lowest=estimator.lowest,
        highest=estimator.highest,
        rises=_as_row(estimator.rises),
        falls=_as_row(estimator.falls),
    )


def _as_row(
    single: Callable[[float], FloatArray] | None,
) -> Callable[[float], FloatArray] | None:
    return None if single is None else lambda tail: single(tail)[None]


def _why_no_end(found: Interval, in_family: bool) -> str:
    if not in_family:
        return "this code is not in the family that is controlled"
    return "" if isinstance(found.low, float) else found.low.reason


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
