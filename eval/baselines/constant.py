"""Figures that are what they are whatever is drawn: those of a baseline that never says yes.

Its kappa, recall and F1 are 0 by their formulas. An interval around them would read as if another
sample of interviews might give another figure.
"""

from __future__ import annotations

from dataclasses import replace

from eval.evaluation.figures import Row, Summary
from eval.intervals.resampling import Interval
from eval.statistics.values import Undefined, is_defined

__all__ = ["without_chance"]

FIXED = ("kappa", "recall", "f1", "positive_agreement", "over_coding")
"""Of whoever never says yes; the others hang on how often people do."""
_WHY = Undefined("it is 0 whatever is drawn, since this baseline never gives a code")


def without_chance(never: Summary) -> Summary:
    """The same without intervals around figures that cannot be another."""
    return replace(
        never,
        codes=tuple(_row(row) for row in never.codes),
        pooled=_row(never.pooled),
        together=_row(never.together),
        macro={key: _fixed(key, found) for key, found in never.macro.items()},
    )


def _row(row: Row) -> Row:
    return replace(row, values={key: _fixed(key, one) for key, one in row.values.items()})


def _fixed(key: str, found: Interval) -> Interval:
    if key not in FIXED or not is_defined(found.estimate) or found.estimate != 0:
        return found
    return replace(found, low=_WHY, high=_WHY, se=_WHY)
