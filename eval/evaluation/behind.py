"""What stands behind one pooled figure: each code weighing the same, and the worst cases.

A figure of all codes together is ruled by the common codes and by long transcripts. Nobody is shown
one without these three, under whatever unit or rule it was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.evaluation.figures import NO_CODE, Worst, by_code, lowest, over_codes, pooled, stack
from eval.intervals.resampling import Estimator, Interval, Resampling, intervals
from eval.statistics.agreement import STATISTICS
from eval.statistics.counts import PairCounts
from eval.statistics.values import FloatArray, value_of

__all__ = ["Behind", "behind_pairs", "behind_these"]


@dataclass(frozen=True, slots=True)
class Behind:
    """Beside one pooled figure."""

    macro: Interval
    """Mean over the codes that have a figure."""
    codes: int
    """How many these are."""
    worst_code: Worst
    worst_transcript: Worst


def behind_these(
    by_each: Estimator,
    codes: Sequence[str],
    in_each: FloatArray,
    transcripts: Sequence[str],
    settings: Resampling,
) -> Behind:
    """``by_each``: one figure a code; ``in_each`` ``(T,)``: all codes in one transcript, nan where
    there is no figure."""
    figures = by_each.compute(np.ones((1, by_each.transcripts)))[0]
    return Behind(
        intervals(over_codes(by_each), settings).at((), NO_CODE),
        int(np.isfinite(figures).sum()),
        _lowest(codes, figures),
        _lowest(transcripts, in_each),
    )


def _lowest(names: Sequence[str], figures: FloatArray) -> Worst:
    return lowest(
        (name, value_of(float(one), NO_CODE)) for name, one in zip(names, figures, strict=True)
    )


def behind_pairs(
    pairs: Sequence[PairCounts], settings: Resampling, key: str = "kappa"
) -> Behind | None:
    """Of the mean over ``pairs`` of one coefficient; None where there is no pair."""
    if not pairs:
        return None
    cells = stack(pairs)
    statistic = STATISTICS[key]
    everything = pooled(cells, statistic)
    return behind_these(
        by_code(cells, statistic),
        pairs[0].codes,
        everything.compute(np.eye(len(cells))),
        pairs[0].transcripts,
        settings,
    )
