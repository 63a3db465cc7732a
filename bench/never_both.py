"""How good are intervals of kappa where two coders hardly ever say yes to the same passage?

    python -m bench.never_both

Populations as in `bench.coverage`, of codes on which two coders agree seldom or never. Shown are
the share of intervals that hold the true figure, the share that lie wholly below and wholly above
it (2.5% would be right), and the mean width, with `eval.intervals.never_both` and without it: of
all codes that a verdict would look at, and of those of them that both gave to no passage or to
few. The other figures are there to show that they need nothing of the kind.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

import numpy as np

from bench.coverage import POPULATION, TRANSCRIPTS, World, draw
from eval.evaluation.figures import by_code
from eval.intervals.resampling import Intervals, intervals
from eval.statistics.agreement import STATISTICS
from eval.statistics.values import BoolArray

HARDLY_EVER = (
    World("by chance alone", 0.05, 20, (0.02,) * 3, (0.02,) * 3, 0.4),
    World("once in twenty", 0.05, 20, (0.15,) * 3, (0.015,) * 3, 0.4),
    World("once in ten", 0.04, 20, (0.25,) * 3, (0.015,) * 3, 0.4),
)
FEW = 10
FIGURES = ("kappa", "alpha", "f1", "ac1", "precision")


@dataclass(frozen=True)
class Measured:
    codes: int
    held: float
    below: float
    """Wholly below the truth: the upper end is too low."""
    above: float
    width: float


def _of(found: Intervals, truth: float, chosen: BoolArray) -> Measured:
    low, high = found.low[chosen], found.high[chosen]
    if not len(low):
        return Measured(0, np.nan, np.nan, np.nan, np.nan)
    return Measured(
        len(low),
        float(((low <= truth) & (truth <= high)).mean()),
        float((high < truth).mean()),
        float((low > truth).mean()),
        float((high - low).mean()),
    )


def measure(
    world: World,
    transcripts: int,
    codes: int,
    seed: int,
    figure: str = "kappa",
    *,
    yes_is_no: bool = False,
) -> dict[tuple[str, bool], Measured]:
    """(which codes, with `eval.intervals.never_both` or without) -> what came out.

    "all", "never both", and "few both": one to nine passages of both. ``yes_is_no``: of codes that
    stand nearly everywhere, so that a no of both is what hardly ever happens.
    """
    rng = np.random.default_rng((seed, transcripts))
    statistic = STATISTICS[figure]
    whole = draw(world, POPULATION, 1, rng)[:, 1:2]
    truth = float(by_code(whole, statistic).compute(np.ones((1, POPULATION)))[0, 0])
    tables = draw(world, transcripts, codes, rng)[:, 1:2]
    marked = tables[:, 0, :, :2].sum(axis=-1)
    kept = (marked.sum(axis=0) >= 10) & ((marked > 0).sum(axis=0) >= 5)
    tables = tables[:, :, kept]
    both = tables[:, 0, :, 0].sum(axis=0)
    if yes_is_no:
        tables = tables[..., ::-1]
    found = {}
    for with_it in (True, False):
        estimator = by_code(tables, statistic)
        made = intervals(estimator if with_it else replace(estimator, rises=None))
        known: BoolArray = np.asarray(np.isfinite(made.low) & np.isfinite(made.high))
        never: BoolArray = np.asarray(known & (both == 0))
        few: BoolArray = np.asarray(known & (both > 0) & (both < FEW))
        found["all", with_it] = _of(made, truth, known)
        found["never both", with_it] = _of(made, truth, never)
        found["few both", with_it] = _of(made, truth, few)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--codes", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=13)
    given = parser.parse_args()
    print("figure  code              transcripts  which        codes   held  below  above  width")
    for figure in FIGURES:
        for world in HARDLY_EVER:
            for transcripts in TRANSCRIPTS:
                found = measure(world, transcripts, given.codes, given.seed, figure)
                for (which, with_it), m in found.items():
                    if not (with_it or STATISTICS[figure].needs_both):
                        continue
                    print(
                        f"{figure:7} {world.name:17} {transcripts:11}  {which:11} {m.codes:6}  "
                        f"{m.held:.3f}  {m.below:.3f}  {m.above:.3f}   {m.width:.2f}"
                        f"{'' if with_it else '   (without)'}"
                    )


if __name__ == "__main__":
    main()
