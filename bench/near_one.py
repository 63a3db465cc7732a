"""How good are intervals of figures near 1, such as a recall of 0.98, with few transcripts?

    python -m bench.near_one

Populations as in `bench.coverage`, of codes that people and a model hardly ever miss. Shown are
the share of intervals that hold the true figure, the share that lie wholly above it (2.5% would be
right), and the mean width: with the ends of `eval.intervals.near_bound` and, beside it, on the
logit alone.
"""

from __future__ import annotations

import argparse

import numpy as np

import eval.intervals.near_bound as near_bound
from bench.coverage import POPULATION, TRANSCRIPTS, World, draw, estimator
from eval.intervals.resampling import intervals

NEAR_ONE = (
    World("common, hardly missed", 0.08, 15, (0.98,) * 3, (0.001,) * 3, 0.5),
    World("rare, hardly missed", 0.025, 20, (0.97,) * 3, (0.0005,) * 3, 0.5),
    World("almost never missed", 0.06, 15, (0.995,) * 3, (0.0003,) * 3, 0.5),
)
FIGURES = ("kappa", "f1", "precision", "recall")


def measure(codes: int, seed: int, near: float) -> dict[int, tuple[float, float, float, float]]:
    """Transcripts -> mean and least share that hold, share above, width; ``near`` 0: logit."""
    kept_near, near_bound.NEAR = near_bound.NEAR, near
    found: dict[int, list[tuple[float, float, float]]] = {n: [] for n in TRANSCRIPTS}
    try:
        for number, world in enumerate(NEAR_ONE):
            rng = np.random.default_rng((seed, number))
            whole = draw(world, POPULATION, 1, rng)
            for transcripts in TRANSCRIPTS:
                tables = draw(world, transcripts, codes, rng)
                marked = tables[:, 1, :, :2].sum(axis=-1)
                kept = (marked.sum(axis=0) >= 10) & ((marked > 0).sum(axis=0) >= 5)
                for figure in FIGURES:
                    truth = estimator(whole, figure).compute(np.ones((1, POPULATION)))[0, 0]
                    made = intervals(estimator(tables[:, :, kept], figure))
                    known = np.isfinite(made.low) & np.isfinite(made.high)
                    low, high = made.low[known], made.high[known]
                    held = float(((low <= truth) & (truth <= high)).mean())
                    above = float((low > truth).mean())
                    found[transcripts].append((held, above, float((high - low).mean())))
    finally:
        near_bound.NEAR = kept_near
    made_rows = {}
    for transcripts, rows in found.items():
        held, above, width = (float(np.mean([row[i] for row in rows])) for i in range(3))
        made_rows[transcripts] = (held, min(row[0] for row in rows), above, width)
    return made_rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--codes", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=11)
    given = parser.parse_args()
    print("transcripts   held (least)    above   width    on the logit alone: held, width")
    now = measure(given.codes, given.seed, near_bound.NEAR)
    before = measure(given.codes, given.seed, 0.0)
    for transcripts, (held, least, above, width) in now.items():
        print(
            f"{transcripts:11}   {held:.3f} ({least:.3f})   {above:.3f}   {width:.2f}"
            f"     {before[transcripts][0]:.3f}   {before[transcripts][3]:.2f}"
        )


if __name__ == "__main__":
    main()
