"""How often would a code pass that should not, and how many interviews does a good model need?

    python -m bench.passing

Codes are drawn from populations as in `bench.coverage`. The model is put beside two people either
as one who agrees with each as often as they do with each other ("as good"), or so much worse that
its kappa with people is .15 below theirs ("worse"). Shown is the share of codes that come out as
``accept`` by the rules of the policy, without the rule on word statistics; "family": the same with
the difference controlled over 20 codes, as in a study with so many. Of the worse at most 5% may
pass at any number of interviews.
"""

from __future__ import annotations

import argparse

import numpy as np

from bench.coverage import World, draw
from eval.statistics.agreement import STATISTICS
from eval.statistics.values import IntArray
from eval.verdicts.policy import Policy
from eval.verdicts.simulating import passes

SIZES = (6, 8, 10, 12, 16, 24, 36, 50, 100, 200)
WORSE = 0.15

GOOD = (
    World("rare, clear", 0.03, 20, (0.92,) * 3, (0.002,) * 3, 0.4),
    World("common, clear", 0.08, 15, (0.92,) * 3, (0.005,) * 3, 0.4),
    World("common, very clear", 0.10, 15, (0.97,) * 3, (0.003,) * 3, 0.4),
    World("common, fair", 0.10, 15, (0.88,) * 3, (0.010,) * 3, 0.4),
)


def worsened(world: World, by: float = WORSE) -> World:
    """The same people, and a model whose kappa with them is ``by`` below theirs."""
    kappa = STATISTICS["kappa"]
    rng = np.random.default_rng(1)

    def below(share: float) -> tuple[float, World]:
        """``share`` 0: as people; 1: misses half and takes much for it."""
        hits = world.hits[2] * (1 - 0.5 * share)
        alarms = world.alarms[2] * (1 + 6 * share)
        made = World(
            world.name,
            world.rate,
            world.spread,
            (*world.hits[:2], hits),
            (*world.alarms[:2], alarms),
            world.wobble,
        )
        k = kappa.compute(draw(made, 4000, 1, rng).sum(axis=0))[:, 0]
        return float(k[0] - (k[1] + k[2]) / 2), made

    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        found, _made = below(middle)
        low, high = (middle, high) if found < by else (low, middle)
    return below((low + high) / 2)[1]


def share_passing(world: World, size: int, codes: int, seed: int, family: int = 1) -> float:
    """Share of codes drawn that come out as ``accept``."""
    rng = np.random.default_rng((seed, size))
    done, passed = 0, 0
    # In batches, so that 200 interviews stay within memory.
    while done < codes:
        many = min(codes - done, max(50, 20_000 // size))
        tables: IntArray = draw(world, size, many, rng)
        passed += int(passes(tables, Policy(), family).sum())
        done += many
    return passed / codes


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--codes", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args()
    print("code                 model       " + "".join(f"{n:>7}" for n in SIZES))
    for world in GOOD:
        for what, one, family in (
            ("as good", world, 1),
            ("as good, family", world, 20),
            ("worse", worsened(world), 1),
        ):
            row = [share_passing(one, n, given.codes, given.seed, family) for n in SIZES]
            print(f"{world.name:20} {what:15}" + "".join(f"{x:7.3f}" for x in row), flush=True)


if __name__ == "__main__":
    main()
