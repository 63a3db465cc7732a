"""What to double-code next: with how many more interviews a good model could be shown to be good,
and which interviews would teach most.

The chances come from `eval.verdicts.simulating`; here they become a plan and a sentence for each
code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.counting import bar_as_written, decimals, decimals_beside
from eval.evaluation.figures import by_code
from eval.intervals.resampling import Interval, intervals
from eval.intervals.significance import least_transcripts
from eval.statistics.agreement import STATISTICS
from eval.statistics.values import BoolArray, FloatArray, Undefined, Value, is_defined, show
from eval.units.records import UnitMatrix
from eval.verdicts.policy import Policy
from eval.verdicts.roughness import roughness
from eval.verdicts.simulating import SIMULATIONS, chances, hopeful, pair_tables, too_rare

__all__ = ["Chance", "CodePlan", "NextTranscript", "Planning", "kappa_below", "plan_next"]

SIZES = (8, 12, 16, 24, 36, 50)
ENOUGH = 0.8
"""Chance from which on a number of interviews is called enough."""
NO_PAIR = "no two people coded the same transcript independently"
NEVER = "nobody used it where two or more people coded"


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
    """Where by this figure people agree too little for any model to pass: how much they do."""
    people: Interval | None = None
    """The same with its interval; None in evaluations of older versions."""
    disagreed: bool | None = None
    """Whether people are shown to agree too little: the whole interval is below the bar. None
    where ``people_kappa`` is, and in evaluations of older versions."""
    needed: float | None = None
    """The bar that ``people_kappa`` is below; None where there is none."""


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
    rare = too_rare(tables, max(sizes), policy) if now else np.zeros(len(could), dtype=bool)
    kappas = (
        intervals(by_code(tables[:, None], STATISTICS["kappa"]), policy.resampling) if now else None
    )
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
        apart: Interval | None = None
        if kappas and not (could[c] or rare[c] or isinstance(at_now, Undefined) or code in latent):
            apart = kappas.at(c)
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
                else _hopeless(apart, max(sizes), policy),
                rough_now=known[0],
                rough_most=known[1],
                people_kappa=apart.estimate if apart and is_defined(apart.estimate) else None,
                people=apart,
                disagreed=_disagreed(apart, policy) if apart else None,
                needed=policy.vague.person_person_kappa if apart else None,
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


def kappa_below(kappa: Value, bar: float) -> str:
    """With as many digits as tell it from the bar that it is below: ``0.598``, not ``0.60``."""
    return decimals_beside(kappa, bar) if is_defined(kappa) else show(kappa)


def _disagreed(people: Interval, policy: Policy) -> bool:
    """Whether people are shown to agree less than the bar, as against not shown to reach it."""
    return (
        is_defined(people.high)
        # As printed: an end of 0.60 does not read as below 0.60.
        and max(people.high, round(people.high, 2)) < policy.vague.person_person_kappa
        and people.transcripts >= least_transcripts(1 - people.level)
    )


def _hopeless(people: Interval | None, most: int, policy: Policy) -> str:
    """``people``: their kappa, below the bar; None: the code is too rare."""
    if people is None:
        return (
            f"Too rare: even {most} doubly coded transcripts would hold fewer than "
            f"{policy.unproven.positives} passages with it. Look for it where it is likely, or "
            "make one code of it and its neighbours."
        )
    bar = policy.vague.person_person_kappa
    needed = bar_as_written(bar)
    ends = (
        f" [{show(people.low)}, {show(people.high)}]"
        if is_defined(people.low)
        else f", without an interval: {people.low.reason}"
    )
    figure = f"kappa of two of them {kappa_below(people.estimate, bar)}{ends}"
    if _disagreed(people, policy):
        return (
            f"People do not agree on it ({figure}; {needed} is needed): a model as good as a "
            "colleague would not pass. Work on its definition before coding more."
        )
    return (
        f"People are not shown to agree on it ({figure}; the lower end must reach {needed}). If "
        "that figure is the truth, a model as good as a colleague would not pass; more doubly "
        "coded transcripts would tell. Look at its definition and where they differ."
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
            return f"{decimals(chance)} (how rough this is cannot be told from one transcript)"
        return f"{decimals(chance)} (give or take {max(error, 0.01):.2f})"

    if latent:
        return "A latent code is never accepted unread: more evidence would not change that."
    if isinstance(now, Undefined):
        return f"Nothing can be said yet: {now.reason}."
    if now >= ENOUGH:
        return (
            "A model as good as a colleague would pass with probability "
            f"{about(now, rough[0])} now."
        )
    best = max(row, key=lambda x: x.chance)
    text = f"A model as good as a colleague would pass with probability {about(now, rough[0])} now"
    if enough is not None and enough > there:
        return (
            f"{text}; with {enough} doubly coded transcripts ({enough - there} more) with "
            f"probability {decimals(max(x.chance for x in row if x.transcripts == enough))}."
        )
    if best.chance > max(now, 0.2):
        shown = about(best.chance, rough[1]) if best is row[-1] else decimals(best.chance)
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
