"""What a comparison on equal terms leaves out, and what each run's figures are with it.

A difference needs a figure of both runs with a person. Where she never gives a code and one run is
as silent about it, that run has no figure with her, while a run that gives it has one: her cells
are in no difference, and being rightly silent counts for nothing there. So it is said who and what
fell out, with each run's own figure, which is the one that an evaluation of that run prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.evaluation.figures import mean_defined
from eval.statistics.agreement import STATISTICS
from eval.statistics.values import FloatArray, IntArray, Value, value_of

__all__ = ["Alone", "AloneCode", "alone"]

NONE = "no person has a figure with this run"


@dataclass(frozen=True, slots=True)
class AloneCode:
    """A code of which some person has a figure with one of the two runs only."""

    name: str
    people: tuple[str, ...]
    """Who that is: in the difference of neither run."""
    kappa: tuple[Value, Value]
    """Of the first and the second run, mean over everybody who has one with it."""


@dataclass(frozen=True, slots=True)
class Alone:
    codes: tuple[AloneCode, ...]
    mean: tuple[Value, Value]
    """Of each run's kappa, over all codes that it has one for."""
    mean_codes: tuple[int, int]


def alone(cells: IntArray, codes: Sequence[str], people: Sequence[str]) -> Alone:
    """From the tables ``(T, P, 2, C, 4)`` that the comparison is made of."""
    kappa: FloatArray = STATISTICS["kappa"].compute(cells.sum(axis=0).astype(np.float64))
    known = np.isfinite(kappa)  # (P, 2, C)
    one = known[:, 0] != known[:, 1]
    own = mean_defined(kappa, axis=0)  # (2, C)
    means = mean_defined(own, axis=1)
    return Alone(
        tuple(
            AloneCode(
                code,
                tuple(name for p, name in enumerate(people) if one[p, c]),
                (value_of(own[0, c], NONE), value_of(own[1, c], NONE)),
            )
            for c, code in enumerate(codes)
            if one[:, c].any()
        ),
        (value_of(means[0], NONE), value_of(means[1], NONE)),
        (int(np.isfinite(own[0]).sum()), int(np.isfinite(own[1]).sum())),
    )
