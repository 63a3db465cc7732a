"""Better, worse, no change, or cannot tell: the answer about each code and about all together.

All tests of one comparison are one family: over all codes together with half of the level, over
each code with an equal share of the other half, stepped down after Holm (1979, Scand. J. Stat. 6,
65-70, with weights). So chance calls anything different in at most 5% of comparisons of runs that
do not differ; ``bench/comparing.py`` measures it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import ndtri  # type: ignore[import-untyped]

from assistant.counting import counted
from eval.evaluation.figures import Worst, by_code, lowest, mean_defined
from eval.intervals.never_both import part_rise
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
    FloatArray,
    IntArray,
    Undefined,
    Value,
    is_defined,
    show,
    value_of,
)

__all__ = [
    "ALL",
    "FORETELLS",
    "SAME",
    "Answer",
    "Answers",
    "CodeAnswer",
    "RunBehind",
    "answers_of",
    "least_transcripts",
    "weighted_holm",
]

Answer: TypeAlias = Literal["better", "worse", "no change", "cannot tell"]
ALL = "all codes"
POWER = 0.8
"""With which chance a difference as large as the one seen should be found."""
MOST_MORE = 500
"""More transcripts than this are no plan."""
FORETELLS = 5
"""With fewer transcripts the variance they show is off by about its own size (its relative standard
error is the root of 2 / (n - 1)), so that nothing can be worked out from it."""
SAME = "both runs gave the same codes everywhere, so there is no difference to estimate"
AS_OFTEN = "both agree with people as often in every transcript, but are not the same everywhere"
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
    """Of the mean over people for whom kappa is defined with both runs, as the interval's."""
    kappa = STATISTICS["kappa"].compute
    sums = cells.sum(axis=0, keepdims=True).astype(np.float64)
    known = np.isfinite(kappa(sums)).all(axis=2)  # (1, P, C)

    def apart(first: FloatArray, second: FloatArray) -> FloatArray:
        """Sums ``(R, P, C, 4)`` of both runs give ``(R, C)``."""
        return mean_defined(np.where(known, kappa(second) - kappa(first), np.nan), axis=1)

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
    shared = np.isfinite(statistic.compute(cells.sum(axis=0).astype(np.float64))).all(axis=1)

    def parts(weights: FloatArray) -> FloatArray:
        found = statistic.compute(resampled(weights, cells))  # (R, P, 2)
        known = np.isfinite(found).all(axis=2, keepdims=True)
        return mean_defined(np.where(known, found, np.nan), axis=1)  # (R, 2)

    empty = not cells.shape[1]
    flat = cells.reshape(len(cells), -1, 4)
    zero = np.zeros(len(cells))
    mass = zero if empty else statistic.base(flat).max(axis=1)
    units = zero if empty else flat.sum(axis=-1).max(axis=1).astype(np.float64)

    first_rises, second_rises = (part_rise(statistic, cells, (which,)) for which in range(2))

    def apart(weights: FloatArray) -> FloatArray:
        both = parts(weights)
        return both[:, 1] - both[:, 0]

    estimator = Estimator(apart, mass, units, rises=second_rises, falls=first_rises)
    difference = bounded(intervals(estimator, settings), statistic.lowest - statistic.highest)

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
    answer, why, more = _decide(apart, p, differing, share, margin, floor, alpha)
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


def _decide(
    apart: Interval,
    p: Value,
    differing: int,
    share: float,
    margin: float,
    floor: float | None,
    alpha: float,
) -> tuple[Answer, str, int | None]:
    found = apart.estimate
    if not is_defined(found):
        return "cannot tell", found.reason, None
    if is_defined(p) and p < alpha:
        if floor is not None and abs(found) <= floor:
            return "no change", f"repeats of one run differ as much ({show(floor)})", None
        return ("better" if found > 0 else "worse"), "more than swapping transcripts explains", None
    inside = (
        is_defined(apart.low)
        and is_defined(apart.high)
        and max(abs(apart.low), abs(apart.high)) <= margin
    )
    if inside:
        return "no change", f"the whole interval lies within {margin:.2f} of none", None
    if differing == 0:
        # They differ (else `_alike`), and as often in the one's favour as in the other's.
        return "cannot tell", AS_OFTEN, None
    if apart.transcripts < 2:
        return "cannot tell", "one transcript says nothing about others", None
    if not is_defined(apart.low):
        return "cannot tell", f"no interval: {apart.low.reason}", None
    if apart.transcripts < FORETELLS:
        known = counted(apart.transcripts, "transcript")
        return "cannot tell", f"how many more would tell cannot be foretold from {known}", None
    more = _more(apart, differing, share, margin)
    if more is None:
        return "cannot tell", "how many more would tell cannot be foretold", None
    if more > MOST_MORE:
        return "cannot tell", f"more than {MOST_MORE} further transcripts would be needed", None
    return "cannot tell", f"needs about {counted(more, 'more transcript')}", more


def _more(apart: Interval, differing: int, share: float, margin: float) -> int | None:
    """About how many further transcripts would tell, by scaling the variance.

    The standard error falls with the root of the number of transcripts. Enough are those with
    which a difference as large as the one seen would be found with 80% power, or with which an
    interval around it would lie within the margin, whichever needs fewer; and as many as the
    smallest p asks for.
    """
    if not is_defined(apart.se) or not is_defined(apart.estimate) or apart.transcripts < 2:
        return None
    size, se, n = abs(apart.estimate), float(apart.se), apart.transcripts
    found, kept = float(ndtri(1 - share / 2)), float(ndtri((1 + apart.level) / 2))
    needs = []
    if size > 0:
        needs.append(n * ((found + float(ndtri(POWER))) * se / size) ** 2)
    if size < margin:
        needs.append(n * (kept * se / (margin - size)) ** 2)
    if not needs:
        return None
    # Only transcripts in which the runs differ can be swapped to any effect.
    least = math.ceil(least_transcripts(share) * n / max(differing, 1))
    wanted = max(min(needs), float(min(least, 10_000)))
    return max(1, math.ceil(min(wanted, 1e6) - n))
