"""What to double-code next: would a model as good as a colleague pass, and with what evidence?

From the interviews that two people coded, others are drawn (with replacement), and a model is put
beside the two that agrees with each of them as often as they do with each other. Then the lanes'
rules are applied. How often it comes out as ``accept`` is the chance that evidence of this size
would show a good model to be good; where it is low, that is the evidence's fault, not the model's.

The rule on word statistics is not simulated (it needs words), so chances are a little too high;
the difference is controlled over codes by Bonferroni's rule instead of Holm's, so they are a little
too low.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit  # type: ignore[import-untyped]

from eval.intervals.resampling import (
    NO_SPREAD_BELOW,
    Estimator,
    Intervals,
    Resampling,
    intervals,
    unseen,
)
from eval.statistics.agreement import STATISTICS
from eval.statistics.counts import resampled
from eval.statistics.values import BoolArray, FloatArray, IntArray, Undefined, Value, show
from eval.units.records import UnitMatrix
from eval.verdicts.policy import Policy
from eval.verdicts.roughness import roughness

__all__ = [
    "Chance",
    "CodePlan",
    "NextTranscript",
    "Planning",
    "chances",
    "hopeful",
    "like_a_colleague",
    "pair_tables",
    "passes",
    "plan_next",
]

SIZES = (8, 12, 16, 24, 36, 50)
SIMULATIONS = 200
ENOUGH = 0.8
"""Chance from which on a number of interviews is called enough."""
NO_PAIR = "no two independent people coded the same transcript"
NEVER = "nobody used it where two people coded"


@dataclass(frozen=True, slots=True)
class Chance:
    """Of a model as good as a colleague to come out as ``accept``."""

    transcripts: int
    chance: float


@dataclass(frozen=True, slots=True)
class CodePlan:
    code: str
    lane: str
    """Of the run that was measured; empty without one."""
    missing: tuple[str, ...]
    now: Value
    """The chance with the transcripts that there are."""
    chances: tuple[Chance, ...]
    enough: int | None
    """Doubly coded transcripts with which the chance is `ENOUGH`; None: not with 50."""
    advice: str
    """One sentence for people."""
    rough_now: float | None = None
    """Standard error of ``now``; see `eval.verdicts.roughness`. None: it cannot be told."""
    rough_most: float | None = None
    """The same of the chance with the most transcripts."""
    people_kappa: float | None = None
    """Where people agree too little for any model to pass: how much they do."""


@dataclass(frozen=True, slots=True)
class NextTranscript:
    """A transcript that would teach something if two people had coded it."""

    transcript: str
    coded_by: tuple[str, ...]
    """Who coded it independently already; one more person is then enough."""
    passages: float
    """Expected, of codes that can still come to pass."""
    codes: tuple[str, ...]
    """Those that it would teach most about."""
    gain: float
    """Sum over codes of the chance that one more such transcript adds; only for the order."""
    known_from: str
    """``a person``, ``the run`` or ``the average``: where the expectation comes from."""


@dataclass(frozen=True, slots=True)
class Planning:
    doubly_coded: int
    codes: tuple[CodePlan, ...]
    transcripts: tuple[NextTranscript, ...]
    simulations: int
    seed: int


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
    they differ it sides with either as often. `_rates` chooses them so that the model agrees with
    each as the two do.
    """
    a, b, c, d = (tables[..., i] for i in range(4))
    both, x, y = rng.binomial(a, rates[0]), rng.binomial(b, 0.5), rng.binomial(c, 0.5)
    z = rng.binomial(d, rates[1])
    first = np.stack([both + x, a - both + b - x, y + z, c - y + d - z], axis=-1)
    second = np.stack([both + y, a - both + c - y, x + z, b - x + d - z], axis=-1)
    return np.stack([tables, first, second], axis=-3)


def _rates(tables: IntArray) -> tuple[FloatArray, FloatArray]:
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
    rates = _rates(tables[:, used])
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
    return np.asarray(agreed & ~_too_rare(tables, most, policy), dtype=bool)


def _too_rare(tables: IntArray, most: int, policy: Policy) -> BoolArray:
    several = tables[..., :3].sum(axis=-1)
    rare: BoolArray = np.asarray(several.mean(axis=0) * most < policy.unproven.positives)
    return rare


def plan_next(
    matrix: UnitMatrix,
    people: Sequence[str],
    policy: Policy,
    *,
    lanes: Mapping[str, str],
    missing: Mapping[str, Sequence[str]],
    latent: Sequence[str] = (),
    expected: Mapping[str, tuple[str, tuple[str, ...], FloatArray]] | None = None,
) -> Planning:
    """``matrix``: independent ``people`` only. ``lanes`` and ``missing``: of codes, if measured.

    ``expected``: transcript that fewer than two people coded -> where the expectation comes from,
    who coded it, and expected passages by code ``(C,)``.
    """
    tables, names = pair_tables(matrix, people)
    now = len(names)
    sizes = tuple(sorted({*SIZES, *([now] if now else [])}))
    seed = policy.intervals.seed
    found = chances(tables, sizes, policy, seed)
    ends = sorted({sizes.index(now) if now else 0, len(sizes) - 1})
    # Many transcripts take long to simulate and make chances less rough.
    again = SIMULATIONS // (2 if now <= 24 else 5)
    rough = roughness(
        tables,
        found[ends],
        SIMULATIONS,
        lambda fewer: chances(fewer, [sizes[i] for i in ends], policy, seed, simulations=again),
        seed,
    )[[0, -1]]
    used: BoolArray = np.asarray(tables[..., :3].sum(axis=(0, 2)) > 0)
    per_more = np.zeros(len(matrix.codes))
    could = hopeful(tables, max(sizes), policy)
    rare = _too_rare(tables, max(sizes), policy) if now else np.zeros(len(could), dtype=bool)
    kappa = STATISTICS["kappa"].compute(tables.sum(axis=0))
    plans = []
    for c, code in enumerate(matrix.codes):
        if lanes.get(code) == "accept":
            continue
        at_now: Value = Undefined(NO_PAIR if not now else NEVER)
        if now and used[c]:
            at_now = float(found[sizes.index(now), c]) if code not in latent else 0.0
        row = tuple(Chance(n, float(found[s, c])) for s, n in enumerate(sizes))
        later = [x for x in row if x.transcripts > now]
        enough = next((x.transcripts for x in row if x.chance >= ENOUGH), None)
        if code in latent:
            row, enough, later = (), None, []
        base = at_now if isinstance(at_now, float) else 0.0
        per_more[c] = max(((x.chance - base) / (x.transcripts - now) for x in later), default=0.0)
        known = [float(x) if could[c] and np.isfinite(x) else None for x in rough[:, c]]
        plans.append(
            CodePlan(
                code,
                lanes.get(code, ""),
                tuple(missing.get(code, ())),
                at_now,
                row,
                enough,
                _advice(at_now, row, enough, now, code in latent, rough[:, c])
                if could[c] or isinstance(at_now, Undefined) or code in latent
                else _hopeless(bool(rare[c]), float(kappa[c]), max(sizes), policy),
                rough_now=known[0],
                rough_most=known[1],
                people_kappa=None
                if could[c] or rare[c] or isinstance(at_now, Undefined) or code in latent
                else float(kappa[c]),
            )
        )
    order = {code: i for i, code in enumerate(matrix.codes)}
    plans.sort(key=lambda p: (p.enough is None, p.enough or 0, -per_more[order[p.code]], p.code))
    usual = tables[..., :3].sum(axis=(0, 2)) / max(now, 1)
    return Planning(
        now,
        tuple(plans),
        _order(matrix, expected or {}, np.maximum(per_more, 0.0), usual),
        SIMULATIONS,
        seed,
    )


def _hopeless(rare: bool, kappa: float, most: int, policy: Policy) -> str:
    if rare:
        return (
            f"Too rare: even {most} doubly coded transcripts would hold fewer than "
            f"{policy.unproven.positives} passages with it. Look for it where it is likely, or "
            "make one code of it and its neighbours."
        )
    return (
        f"People do not agree on it (kappa {show(kappa)} where two coded; the lower end must reach "
        f"{policy.vague.person_person_kappa:.2f}): a model as good as your colleague would not "
        "pass. Work on its definition before coding more."
    )


def _advice(
    now: Value,
    row: Sequence[Chance],
    enough: int | None,
    there: int,
    latent: bool,
    rough: FloatArray,
) -> str:
    def about(chance: float, error: float) -> str:
        if not np.isfinite(error):
            return f"{chance:.2f} (how rough this is cannot be told from one transcript)"
        return f"{chance:.2f} (give or take {max(error, 0.01):.2f})"

    if latent:
        return "A latent code is never accepted unread: more evidence would not change that."
    if isinstance(now, Undefined):
        return f"Nothing can be said yet: {now.reason}."
    if now >= ENOUGH:
        return (
            "A model as good as your colleague would pass with probability "
            f"{about(now, rough[0])} now."
        )
    best = max(row, key=lambda x: x.chance)
    text = (
        f"A model as good as your colleague would pass with probability {about(now, rough[0])} now"
    )
    if enough is not None and enough > there:
        return (
            f"{text}; with {enough} doubly coded transcripts ({enough - there} more) with "
            f"probability {max(x.chance for x in row if x.transcripts == enough):.2f}."
        )
    if best.chance > max(now, 0.2):
        shown = about(best.chance, rough[1]) if best is row[-1] else f"{best.chance:.2f}"
        return (
            f"{text}, and with {best.transcripts} doubly coded transcripts with probability "
            f"{shown}."
        )
    return (
        f"{text}, and hardly even with {row[-1].transcripts} doubly coded transcripts: "
        "people agree on it too little or too unevenly, or it occurs too seldom."
    )


def _order(
    matrix: UnitMatrix,
    expected: Mapping[str, tuple[str, tuple[str, ...], FloatArray]],
    per_more: FloatArray,
    usual: FloatArray,
) -> tuple[NextTranscript, ...]:
    """Transcripts by what they would teach: a code's gain a transcript times how rich it is."""
    rows = []
    for name, (source, coded_by, passages) in expected.items():
        rich = np.minimum(passages / np.maximum(usual, 0.5), 2.0)
        gains = per_more * rich
        best = [matrix.codes[c] for c in np.argsort(-gains, kind="stable")[:3] if gains[c] > 0]
        rows.append(
            NextTranscript(
                name,
                coded_by,
                float(passages[per_more > 0].sum()),
                tuple(best),
                float(gains.sum()),
                source,
            )
        )
    return tuple(sorted(rows, key=lambda r: (-r.gain, not r.coded_by, r.transcript)))
