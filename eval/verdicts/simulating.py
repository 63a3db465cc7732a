"""How often a model as good as a colleague would come out as ``accept``, by simulation.

From the interviews that two people coded, others are drawn (with replacement), and a model is put
beside the two that agrees with each of them as often as they do with each other. Then the lanes'
rules are applied. Where that chance is low, it is the evidence's fault, not the model's.

The rule on word statistics is not simulated (it needs words), so chances are a little too high;
the difference is controlled over codes by Bonferroni's rule instead of Holm's, so they are a little
too low.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit  # type: ignore[import-untyped]

from eval.intervals.effective import unseen
from eval.intervals.resampling import (
    NO_SPREAD_BELOW,
    Estimator,
    Intervals,
    Resampling,
    intervals,
)
from eval.statistics.agreement import STATISTICS
from eval.statistics.counts import resampled
from eval.statistics.values import BoolArray, FloatArray, IntArray
from eval.units.records import UnitMatrix
from eval.verdicts.policy import Policy

__all__ = [
    "SIMULATIONS",
    "chances",
    "hopeful",
    "like_a_colleague",
    "matching_rates",
    "pair_tables",
    "passes",
    "too_rare",
]

SIMULATIONS = 200


def pair_tables(matrix: UnitMatrix, people: Sequence[str]) -> tuple[IntArray, tuple[str, ...]]:
    """Tables ``(D, C, 4)`` of two people for each transcript that two coded, and its name.

    Of three or more the two who looked at most units.
    """
    found: dict[int, IntArray] = {}
    for i, first in enumerate(people):
        for second in people[i + 1 :]:
            cells = matrix.pair(first, second).cells
            for t in np.flatnonzero(cells.sum(axis=(1, 2))).tolist():
                if t not in found or cells[t].sum() > found[t].sum():
                    found[t] = cells[t]
    names = tuple(matrix.transcripts[t] for t in sorted(found))
    size = (0, len(matrix.codes), 4)
    tables = np.stack([found[t] for t in sorted(found)]) if found else np.zeros(size, np.int64)
    return tables, names


def like_a_colleague(
    tables: IntArray, rng: np.random.Generator, rates: tuple[FloatArray, FloatArray]
) -> IntArray:
    """Put a third coder beside two: ``(..., C, 4)`` to ``(..., 3, C, 4)``: AB, AM, BM.

    ``rates`` ``(C,)``: the model's share of yes where both say yes, and where neither does; where
    they differ it sides with either as often. `matching_rates` chooses them so that the model
    agrees with each as the two do.
    """
    a, b, c, d = (tables[..., i] for i in range(4))
    both, x, y = rng.binomial(a, rates[0]), rng.binomial(b, 0.5), rng.binomial(c, 0.5)
    z = rng.binomial(d, rates[1])
    first = np.stack([both + x, a - both + b - x, y + z, c - y + d - z], axis=-1)
    second = np.stack([both + y, a - both + c - y, x + z, b - x + d - z], axis=-1)
    return np.stack([tables, first, second], axis=-3)


def matching_rates(tables: IntArray) -> tuple[FloatArray, FloatArray]:
    """The rates of `like_a_colleague` ``(C,)`` that fit the tables ``(D, C, 4)`` of two people."""
    a, b, c, d = (tables.sum(axis=0)[..., i].astype(np.float64) for i in range(4))
    apart = (b + c) / 2
    yes = np.clip(1 - apart / (2 * np.maximum(a, 0.5)), 0, 1)
    no = np.clip(apart / (2 * np.maximum(d, 0.5)), 0, 1)
    return yes, no


def passes(tables: IntArray, policy: Policy, family: IntArray | int | None = None) -> BoolArray:
    """Which codes come out as ``accept``, from tables ``(T, 3, F, 4)``; see `like_a_colleague`.

    ``family``: over how many codes the difference is controlled (default: 1). All rules of the
    lanes but that on word statistics.
    """
    settings = Resampling(level=policy.intervals.level)
    kappa = STATISTICS["kappa"]

    def parts(weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        k = kappa.compute(resampled(weights, tables))
        return (k[:, 1] + k[:, 2]) / 2, k[:, 0]

    mass = kappa.base(tables).max(axis=1)
    units = tables[:, 0].sum(axis=-1).astype(np.float64)

    def of(which: int) -> Intervals:
        def compute(weights: FloatArray) -> FloatArray:
            model, people = parts(weights)
            return (model, people, model - people)[which]

        ends = (-np.inf, np.inf) if which == 2 else (kappa.lowest, kappa.highest)
        return intervals(Estimator(compute, mass, units, *ends), settings)

    def share(key: str) -> FloatArray:
        statistic = STATISTICS[key]
        mine = tables[:, 1:]
        return intervals(
            Estimator(
                lambda w: statistic.compute(resampled(w, mine)).mean(axis=1),
                statistic.base(mine).max(axis=1),
                units,
                0.0,
                1.0,
            ),
            settings,
        ).low

    model, people, apart = of(0), of(1), of(2)
    tail = (1 - settings.level) / 2 / np.maximum(1 if family is None else family, 1)
    tails = np.broadcast_to(tail, apart.se.shape)
    flat = apart.se <= NO_SPREAD_BELOW
    low = np.where(
        flat,
        apart.estimate - unseen(apart.units, tails),
        apart.estimate - stdtrit(apart.df, 1 - tails) * apart.se,
    )
    marked = tables[:, 0, :, :3].sum(axis=-1)
    bar = policy.unproven
    ok: BoolArray = (
        (len(tables) >= bar.reference_transcripts)
        & (marked.sum(axis=0) >= bar.positives)
        & ((marked > 0).sum(axis=0) >= bar.positive_transcripts)
        & (np.nan_to_num(model.low, nan=-1.0) > policy.withhold.kappa_above)
        & (np.nan_to_num(people.low, nan=-1.0) >= policy.vague.person_person_kappa)
        & (np.nan_to_num(low, nan=-9.0) >= -policy.accept.worse_than_people_by)
        & (np.nan_to_num(share("precision")) > policy.accept.precision)
        & (np.nan_to_num(share("recall")) > policy.accept.recall)
    )
    return ok


def chances(
    tables: IntArray,
    sizes: Sequence[int],
    policy: Policy,
    seed: int,
    *,
    simulations: int = SIMULATIONS,
) -> FloatArray:
    """Chance of each code at each number of transcripts ``(len(sizes), C)``, from ``(D, C, 4)``."""
    codes = tables.shape[1]
    found = np.zeros((len(sizes), codes))
    bar = policy.unproven
    used = np.flatnonzero(hopeful(tables, max(sizes), policy))
    if not len(used):
        return found
    rates = matching_rates(tables[:, used])
    several = tables[..., :3].sum(axis=-1)
    for s, size in enumerate(sizes):
        if size < bar.reference_transcripts:
            continue
        rng = np.random.default_rng((seed, size))
        which = rng.integers(0, len(tables), (size, simulations))
        drawn = tables[:, used][which]
        marked = several[which]  # (T, S, C), of all codes: the family that is controlled
        eligible = (marked.sum(axis=0) >= bar.positives) & (
            (marked > 0).sum(axis=0) >= bar.positive_transcripts
        )
        family = np.repeat(eligible.sum(axis=1), len(used))
        beside = like_a_colleague(drawn, rng, rates)  # (T, S, 3, C, 4)
        flat = np.moveaxis(beside, 2, 1).reshape(size, 3, -1, 4)
        ok = passes(flat, policy, family).reshape(simulations, -1)
        found[s, used] = ok.mean(axis=0)
    return found


def hopeful(tables: IntArray, most: int, policy: Policy) -> BoolArray:
    """Codes ``(C,)`` that could pass with ``most`` transcripts like those of ``(D, C, 4)``.

    Where people's own kappa is below the bar its lower end hardly ever reaches it; a code that is
    too rare to be proven needs no simulation either.
    """
    if not len(tables):
        return np.zeros(tables.shape[1], dtype=bool)
    kappa = STATISTICS["kappa"].compute(tables.sum(axis=0))
    agreed = np.nan_to_num(kappa, nan=-1.0) >= policy.vague.person_person_kappa
    return np.asarray(agreed & ~too_rare(tables, most, policy), dtype=bool)


def too_rare(tables: IntArray, most: int, policy: Policy) -> BoolArray:
    """Codes ``(C,)`` of which ``most`` such transcripts would hold too few passages."""
    several = tables[..., :3].sum(axis=-1)
    rare: BoolArray = np.asarray(several.mean(axis=0) * most < policy.unproven.positives)
    return rare
