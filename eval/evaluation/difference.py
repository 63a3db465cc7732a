"""How far the model is from people's agreement with each other.

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

from eval.evaluation.figures import Worst, by_code, lowest, mean_defined, mean_of_these, over_codes
from eval.intervals.never_both import part_rise
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
from eval.statistics.agreement import STATISTICS, Statistic
from eval.statistics.counts import resampled
from eval.statistics.values import BoolArray, FloatArray, IntArray, Value, is_defined, value_of
from eval.units.records import UnitMatrix

__all__ = ["Difference", "DifferenceRow", "PeopleAlone", "TranscriptDifference", "difference"]


NO_PEOPLE = "no two people and the model coded the same units of this code"


NO_FIGURE = "the figure is undefined for the model or for people"


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

    What was hardly ever seen (`eval.intervals.never_both`) is averaged over pairs of people. Added
    in squares, as independent errors are (Zou & Donner 2008, Stat. Med. 27, 1693-1702) and as
    `eval.evaluation.gain` does it over people, it would be too little here: three people make three
    pairs, each two of which have a person in common, so that the same person's chance few passages
    are in two of three. Of codes that three people give to the same passage one time in ten, the
    lower end of the difference lay above the truth in 3.3% of 1,000 samples of 50 interviews with
    squares, in 0.6% with the mean, and in 6.4% by the spread alone (2.5% would be right); such
    codes are drawn in ``tests/eval/test_three_people.py``. It costs no verdict of a code that
    people agree on, since there it is next to nothing, and one that they do not agree on is `vague`
    in any case.
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

    # Averaged, and not added in squares as in `eval.evaluation.gain`: see `difference`.
    model_rises, people_rises = (part_rise(statistic, cells, p) for p in ((1, 2), (0,)))

    known: BoolArray = np.asarray(np.isfinite(statistic.compute(cells.sum(axis=0))).all(axis=1))

    def both(weights: FloatArray) -> FloatArray:
        if macro:  # One code of which a pair has hardly any must not cost the mean its interval.
            model, people = _parts(key, cells, weights)
            return model - people
        figures = statistic.compute(resampled(weights, cells))  # (R, P, 3, C)
        return mean_of_these((figures[:, :, 1] + figures[:, :, 2]) / 2 - figures[:, :, 0], known)

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
