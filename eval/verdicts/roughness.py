"""How rough the simulated chances of `eval.verdicts.simulating` are, as a standard error.

Two things make them rough: a few hundred simulations, and, much more, the few interviews that all
simulations draw from. The second is found by leaving out a fifth of these at a time (one at a time
with fewer than five) and simulating again: the delete-a-group jackknife (Shao and Wu 1989, Ann.
Stat. 17, 1176). With few interviews this is itself a rough figure; it says which chances mean
nothing, not how far off the others are to a digit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from eval.statistics.values import FloatArray, IntArray

__all__ = ["GROUPS", "roughness"]

GROUPS = 5


def roughness(
    tables: IntArray,
    found: FloatArray,
    simulations: int,
    simulate: Callable[[IntArray], FloatArray],
    seed: int,
) -> FloatArray:
    """Standard errors of ``found``, chances from ``simulations`` that draw from ``tables``.

    ``tables`` ``(D, C, 4)``: one for each interview. ``simulate`` does it again with fewer of them
    and gives what has ``found``'s shape. nan where fewer than two interviews are there.
    """
    if len(tables) < 2:
        return np.full(found.shape, np.nan)
    # A chance of 0 or 1 in a few hundred simulations is not certain (Laplace's rule).
    smooth = (found * simulations + 1) / (simulations + 2)
    drawing = smooth * (1 - smooth) / simulations
    groups = min(GROUPS, len(tables))
    order = np.random.default_rng(seed).permutation(len(tables))
    again = np.stack(
        [
            simulate(np.delete(tables, left_out, axis=0))
            for left_out in np.array_split(order, groups)
        ]
    )
    spread = (groups - 1) / groups * ((again - again.mean(axis=0)) ** 2).sum(axis=0)
    error: FloatArray = np.minimum(np.sqrt(drawing + spread), 0.5)
    return error
