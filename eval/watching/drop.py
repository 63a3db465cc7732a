"""Do people accept less in new interviews than the evidence promised?

What people decide one by one on suggestions in new interviews is set beside the precision in the
interviews of the evidence, interview by interview (exact permutation test of the means, one-sided;
Fisher 1935), over the codes that somebody decided on. Who decides has seen the suggestion and
accepts more readily, so a drop that is not found may still be there. The test is made anew after
every decision, so that one day chance alone may find a drop: it then costs another look, and
nothing is accepted on it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from assistant.counting import per_cent
from assistant.store.database import Store
from assistant.store.decided.decisions import decisions_in_force
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import codings
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook
from assistant.study import Study
from eval.report.wording import how_many
from eval.statistics.values import Undefined, Value
from eval.units.building import build_units
from eval.units.loading import load
from eval.units.records import UnitPlan
from eval.verdicts.policy import Policy

__all__ = ["Drop", "find_drop", "permutation"]

_EXACT = 20_000


@dataclass(frozen=True, slots=True)
class Drop:
    """What people accept in new interviews beside what the evidence promised."""

    expected: Value
    """Mean precision over the interviews of the evidence."""
    accepted: Value
    """Mean share of suggestions that people accept, over new interviews, decided one by one. With
    other borders and the same code counts as accepted: the evidence counts segments."""
    by_transcript: tuple[tuple[str, int, int], ...]
    """New interview, accepted, decided."""
    p: Value
    """One-sided."""
    dropped: bool
    sentence: str


def find_drop(
    study: Study,
    store: Store,
    run_row: RunRow,
    origin: RunRow,
    evidence: Sequence[int],
    new: Sequence[int],
    policy: Policy,
) -> Drop:
    """Set people's single decisions in ``new`` beside the precision in ``evidence`` (ids)."""
    made = decisions_in_force(store).values()
    single = {d.suggestion_id for d in made if d.bulk_id is None}
    own = {d.suggestion_id: d.coding_id for d in made}
    names = {i.id: i.name for i in transcript_infos(store)}
    rows: list[tuple[str, int, int]] = []
    codes: set[str] = set()
    for key in new:
        decided = [
            s
            for s in suggestions(store, run_row.id, key)
            if s.id in single and s.decision != "open"
        ]
        if decided:
            given = {c.id: c.code for c in codings(store, key)}
            right = [
                s.decision == "accept"
                or (s.decision == "amend" and given.get(own[s.id] or 0) == s.code)
                for s in decided
            ]
            rows.append((names[key], sum(right), len(decided)))
            codes |= {s.code for s in decided}
    before = _precisions(study, store, origin, evidence, codes)
    after = [accepted / decided for _, accepted, decided in rows]
    expected: Value = float(np.mean(before)) if before else Undefined("there is no evidence")
    accepted: Value = float(np.mean(after)) if after else Undefined("nobody decided one by one")
    p = permutation(before, after, policy.intervals.seed)
    dropped = isinstance(p, float) and p < policy.watch.drop_chance
    if isinstance(expected, float) and isinstance(accepted, float) and isinstance(p, float):
        sentence = (
            f"People accept {per_cent(accepted)} of the suggestions in "
            f"{how_many(len(after), 'new interview')} (mean over interviews); in the "
            f"{how_many(len(before), 'interview')} of the evidence "
            f"{per_cent(expected)} were what people had found. "
            + ("That is a drop" if dropped else "That is not shown to be a drop")
            + f" ({_p(p)}, by interview)."
        )
    else:
        why = next(x.reason for x in (accepted, expected, p) if isinstance(x, Undefined))
        sentence = f"Whether people accept less in new interviews cannot be told: {why}."
    return Drop(expected, accepted, tuple(rows), p, dropped, sentence)


def _p(p: float) -> str:
    return "p under 0.001" if p < 0.001 else f"p = {p:.3f}"


def _precisions(
    study: Study, store: Store, origin: RunRow, evidence: Sequence[int], codes: Collection[str]
) -> list[float]:
    """Share of suggestions that people found, by interview of the evidence; mean of people.

    Of ``codes`` alone; of all where there are none.
    """
    if not evidence:
        return []
    book = codebook(store, origin.codebook_sha256)
    units = study.config.units
    loaded = load(store, book, units.interviewers, run=origin, reference_only=True)
    wanted = {i.name for i in transcript_infos(store) if i.id in evidence}
    kept = tuple(t for t in loaded.transcripts if t.name in wanted)
    matrix = build_units(
        kept,
        UnitPlan(
            loaded.codes,
            (*loaded.coders, loaded.model),
            leave_out_interviewers=not units.count_interviewers,
        ),
    )
    model = matrix.coder(loaded.model)
    asked = np.array([not codes or code in codes for code in matrix.codes])
    found: list[float] = []
    for number in range(len(kept)):
        mine = matrix.transcript == number
        shares = []
        for person in loaded.coders:
            k = matrix.coder(person)
            both = mine[:, None] & asked & matrix.scope[k] & matrix.scope[model]
            said = int((matrix.positive[model] & both).sum())
            if said:
                shares.append(
                    int((matrix.positive[model] & matrix.positive[k] & both).sum()) / said
                )
        if shares:
            found.append(float(np.mean(shares)))
    return found


def permutation(before: Sequence[float], after: Sequence[float], seed: int) -> Value:
    """Chance of a mean of ``after`` as low or lower, if interviews were dealt at random."""
    if not after:
        return Undefined("nobody decided one by one on suggestions in new interviews")
    if not before:
        return Undefined("the evidence has no interview with suggestions")
    values = np.array([*before, *after])
    n, m = len(values), len(after)
    if comb(n, m) <= 20:
        return Undefined(
            f"{m} new and {how_many(len(before), 'old interview')} are too few for any p below 5%"
        )
    bar = float(np.sum(after)) + 1e-9
    if comb(n, m) <= _EXACT:
        sums = [float(values[list(chosen)].sum()) for chosen in combinations(range(n), m)]
        return float(np.mean(np.array(sums) <= bar))
    rng = np.random.default_rng(seed)
    dealt = np.array([values[rng.permutation(n)[:m]].sum() for _ in range(_EXACT)])
    return float((1 + (dealt <= bar).sum()) / (1 + _EXACT))
