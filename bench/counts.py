"""How often do the intervals of corrected counts hold the true number?

    python -m bench.counts

Batches of which the truth is known: a code of some rate, a model that finds a share of it and takes
other passages for it, and a person who codes a stratified random sample. Shown are the share of
intervals that hold the true number, their mean width, how far the naive number is off, and how far
the corrected one.
"""

from __future__ import annotations

import argparse

import numpy as np

from eval.sampling.counting import corrected_total

WORLDS = (
    ("rare, many missed", 0.02, 0.5, 0.005),
    ("rare, over-coded", 0.02, 0.8, 0.04),
    ("common", 0.10, 0.7, 0.05),
    ("common, good model", 0.10, 0.92, 0.01),
)
PASSAGES = 1500


def measure(
    rate: float, hits: float, alarms: float, sample: int, times: int, seed: int
) -> tuple[float, float, float, float]:
    """Share that hold, mean width, mean absolute error of the naive and the corrected number."""
    rng = np.random.default_rng(seed)
    held, width, naive, corrected = [], [], [], []
    for _ in range(times):
        truth = rng.random(PASSAGES) < rate
        marked = np.where(truth, rng.random(PASSAGES) < hits, rng.random(PASSAGES) < alarms)
        cells = []
        for kind in (True, False):
            members = np.flatnonzero(marked == kind)
            n = min(len(members), sample // 2)
            chosen = rng.choice(members, n, replace=False)
            cells.append((len(members), truth[chosen].astype(np.float64), kind))
        estimate, low, high = corrected_total(cells)
        real = int(truth.sum())
        held.append(low <= real <= high)
        width.append(high - low)
        naive.append(abs(int(marked.sum()) - real))
        corrected.append(abs(estimate - real))
    return tuple(float(np.mean(x)) for x in (held, width, naive, corrected))  # type: ignore[return-value]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    print("code                  sample   held    width   naive off   corrected off")
    for name, rate, hits, alarms in WORLDS:
        for sample in (60, 120, 240):
            held, width, naive, corrected = measure(
                rate, hits, alarms, sample, given.times, given.seed
            )
            print(
                f"{name:20} {sample:7}   {held:.3f}  {width:6.1f}  {naive:9.1f}  {corrected:12.1f}"
            )


if __name__ == "__main__":
    main()
