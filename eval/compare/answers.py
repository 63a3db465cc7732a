"""Better, worse, no change, or cannot tell: the answer about each code and about all together.

All tests of one comparison are one family: over all codes together with half of the level, over
each code with an equal share of the other half, stepped down after Holm (1979, Scand. J. Stat. 6,
65-70, with weights). So chance calls anything different in at most 5% of comparisons of runs that
do not differ; ``bench/comparing.py`` measures it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval.compare.deciding import Answer, decide
from eval.evaluation.figures import Worst, by_code, lowest, mean_defined, mean_of_these
from eval.intervals.never_both import apart_rise
from eval.intervals.resampling import (
    DEFAULT,
    Estimator,
    Interval,
    Resampling,
    bounded,
    intervals,
)
from eval.intervals.significance import SignFlip, least_transcripts, sign_flip_apart
from eval.statistics.agreement import STATISTICS
from eval.statistics.counts import resampled
from eval.statistics.values import (
    BoolArray,
    FloatArray,
    IntArray,
    Undefined,
    Value,
    is_defined,
    value_of,
)

__all__ = [
    "ALL",
    "SAME",
    "Answers",
    "CodeAnswer",
    "RunBehind",
    "answers_of",
    "least_transcripts",
    "weighted_holm",
]

ALL = "all codes"
SAME = "both runs gave the same codes everywhere, so there is no difference to estimate"
NO_FIGURE = "the figure is undefined with one of the two runs or with both"


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """One code, or all together. Differences are the second run less the first."""

    name: str
    first: dict[str, Interval]
    """By statistic (``kappa``, ``f1``): the first run with people, mean over people."""
    second: dict[str, Interval]
    difference: dict[str, Interval]
    p: Value
    """Of kappa, by swapping transcripts, raised for the family."""
    transcripts: int
    """In which the two runs differ at all here."""
    answer: Answer
    why: str
    more: int | None = None
    """About how many more transcripts would tell; None where that cannot be said."""


@dataclass(frozen=True, slots=True)
class RunBehind:
    """What stands behind one run's pooled kappa."""

    mean: Value
    """Over the codes that have a figure with both runs."""
    codes: int
    worst_code: Worst
    worst_transcript: Worst


@dataclass(frozen=True, slots=True)
class Answers:
    together: CodeAnswer
    codes: tuple[CodeAnswer, ...]
    swaps: int
    exact: bool
    behind: tuple[RunBehind, ...] = ()
    """Of the first run and of the second; empty where transcripts were not named."""

    @property
    def different(self) -> bool:
        """Whether anything in the family is called better or worse."""
        return any(a.answer in ("better", "worse") for a in (self.together, *self.codes))


def answers_of(
    cells: IntArray,
    codes: Sequence[str],
    settings: Resampling = DEFAULT,
    *,
    margin: float = 0.05,
    floor: dict[str, float] | None = None,
    same: Sequence[bool] = (),
    transcripts: Sequence[str] = (),
) -> Answers:
    """Answers from tables ``(T, P, 2, C, 4)`` of each person with the first and the second run.

    ``margin``: differences smaller than this do not matter. ``floor``: name -> the largest
    difference in kappa that repeats or paraphrases of one run showed; a smaller one is no change.
    ``same``: of each code, whether the two runs gave it to the same units everywhere; then there is
    nothing to estimate, and no interval. ``transcripts``: their names.
    """
    noise = floor or {}
    pooled = cells.sum(axis=3, keepdims=True)
    flips = [_flip(table, settings) for table in (pooled, cells)]
    p = np.concatenate([flip.p for flip in flips])
    count = int(np.isfinite(p[1:]).sum())
    weights = np.concatenate([[0.5], np.full(len(codes), 0.5 / max(count, 1))])
    raised = weighted_holm(p, weights)
    alpha = 1 - settings.level
    differing = np.concatenate([flip.transcripts for flip in flips])
    made = []
    for index, name in enumerate((ALL, *codes)):
        table, place = (pooled, 0) if index == 0 else (cells, index - 1)
        figures = {key: _figures(table[:, :, :, place], key, settings) for key in ("kappa", "f1")}
        alike = bool(same) and (all(same) if index == 0 else same[place])
        made.append(
            _alike(name, figures)
            if alike
            else _answer(
                name,
                figures,
                value_of(raised[index], NO_FIGURE),
                int(differing[index]),
                alpha * float(weights[index]),
                max(margin, 0.0),
                noise.get(name),
                alpha,
            )
        )
    return Answers(
        made[0],
        tuple(made[1:]),
        flips[0].swaps,
        flips[0].exact,
        _behind(made[1:], pooled[:, :, :, 0], transcripts) if transcripts else (),
    )


def _alike(name: str, figures: dict[str, tuple[Interval, Interval, Interval]]) -> CodeAnswer:
    """No change by what was said, not by chance: a difference of 0 without an interval."""
    none = Undefined(SAME)
    known = is_defined(figures["kappa"][0].estimate)
    return CodeAnswer(
        name,
        {key: three[0] for key, three in figures.items()},
        {key: three[1] for key, three in figures.items()},
        {key: replace(three[2], low=none, high=none, se=none) for key, three in figures.items()},
        none,
        0,
        "no change" if known else "cannot tell",
        SAME.split(",")[0] if known else NO_FIGURE,
    )


def _behind(
    codes: Sequence[CodeAnswer], pooled: IntArray, transcripts: Sequence[str]
) -> tuple[RunBehind, ...]:
    """``pooled`` ``(T, P, 2, 4)``: all codes together."""
    kappa = STATISTICS["kappa"].compute(pooled.astype(np.float64))
    local = mean_defined(kappa, axis=1)  # (T, 2)
    made = []
    for run in range(2):
        figures = [
            (row.name, (row.first, row.second)[run]["kappa"].estimate)
            for row in codes
            if is_defined(row.difference["kappa"].estimate)
        ]
        known = [one for _, one in figures if is_defined(one)]
        each = [value_of(float(one), NO_FIGURE) for one in local[:, run]]
        made.append(
            RunBehind(
                sum(known) / len(known) if known else Undefined(NO_FIGURE),
                len(known),
                lowest(figures),
                lowest(zip(transcripts, each, strict=True)),
            )
        )
    return tuple(made)


def _flip(cells: IntArray, settings: Resampling) -> SignFlip:
    """Of the mean over people for whom kappa is defined with both runs, as the interval's.

    They are the same people in every swap, as in every draw of the interval.
    """
    kappa = STATISTICS["kappa"].compute
    sums = cells.sum(axis=0, keepdims=True).astype(np.float64)
    known: BoolArray = np.asarray(np.isfinite(kappa(sums)[0]).all(axis=1))  # (P, C)

    def apart(first: FloatArray, second: FloatArray) -> FloatArray:
        """Sums ``(R, P, C, 4)`` of both runs give ``(R, C)``."""
        return mean_of_these(kappa(second) - kappa(first), known)

    return sign_flip_apart(cells[:, :, 0], cells[:, :, 1], apart, settings)


def weighted_holm(p: FloatArray, weights: FloatArray) -> FloatArray:
    """p values raised so that the chance of any false one stays below the level.

    Holm 1979 with weights that add up to 1 or less: with equal weights it is his procedure. nan
    stays nan, and its weight goes to the others.
    """
    raised = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p) & (weights > 0))
    order = known[np.argsort(p[known] / weights[known], kind="stable")]
    left = float(weights[order].sum())
    highest = 0.0
    for index in order:
        highest = max(highest, min(1.0, float(p[index]) * left / float(weights[index])))
        raised[index] = highest
        left -= float(weights[index])
    return raised


def _figures(
    cells: IntArray, key: str, settings: Resampling
) -> tuple[Interval, Interval, Interval]:
    """First, second, and second less first, of tables ``(T, P, 2, 4)``, on the same cells.

    Each run's own interval is of its own answers, as beside any other run; the difference's is of
    both.
    """
    statistic = STATISTICS[key]
    sums = cells.sum(axis=0).astype(np.float64)
    shared: BoolArray = np.asarray(np.isfinite(statistic.compute(sums)).all(axis=1))

    empty = not cells.shape[1]
    flat = cells.reshape(len(cells), -1, 4)
    zero = np.zeros(len(cells))
    mass = zero if empty else statistic.base(flat).max(axis=1)
    units = zero if empty else flat.sum(axis=-1).max(axis=1).astype(np.float64)

    first_rises, second_rises = (apart_rise(statistic, cells, which) for which in range(2))

    def apart(weights: FloatArray) -> FloatArray:
        found = statistic.compute(resampled(weights, cells))  # (R, P, 2)
        return mean_of_these(found[:, :, 1] - found[:, :, 0], shared)

    estimator = Estimator(apart, mass, units, rises=second_rises, falls=first_rises)
    difference = bounded(intervals(estimator, settings), statistic.lowest - statistic.highest)
    # The standard error foretells how many more would tell: of the spread alone, which all have.
    spread = replace(estimator, rises=None, falls=None)
    by_leaving_out = replace(settings, method="jackknife-t")
    difference = replace(difference, se=intervals(spread, by_leaving_out).se)

    def own(which: int) -> Interval:
        if not shared.any():
            return difference.at((), NO_FIGURE)
        one = by_code(cells[:, shared, which, None], statistic)
        return intervals(one, settings).at(0, NO_FIGURE)

    return own(0), own(1), difference.at((), NO_FIGURE)


def _answer(
    name: str,
    figures: dict[str, tuple[Interval, Interval, Interval]],
    p: Value,
    differing: int,
    share: float,
    margin: float,
    floor: float | None,
    alpha: float,
) -> CodeAnswer:
    apart = figures["kappa"][2]
    answer, why, more = decide(apart, p, differing, share, margin, floor, alpha)
    return CodeAnswer(
        name,
        {key: three[0] for key, three in figures.items()},
        {key: three[1] for key, three in figures.items()},
        {key: three[2] for key, three in figures.items()},
        p,
        differing,
        answer,
        why,
        more,
    )
