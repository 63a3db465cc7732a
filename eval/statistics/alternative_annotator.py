"""May a model stand in for one of several people? The alternative annotator test.

Calderon, Reichart & Dror 2025, The alternative annotator test for LLM-as-a-judge, Proc. ACL. Each
person is left out in turn; model and person are compared by how close each comes to the others.
The model wins against the person where it is not worse by more than ``epsilon``, and passes when it
wins against half of the people.

Unlike the paper, whole transcripts are what chance draws: its t-test takes each passage for
independent of the others, which passages of one interview are not. There is no public oracle:
tests prove properties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr  # type: ignore[import-untyped]

from eval.statistics.values import BoolArray, FloatArray, IntArray, Undefined, Value

__all__ = ["AlternativeAnnotator", "LeftOutPerson", "alternative_annotator", "benjamini_yekutieli"]

EPSILON = 0.2
"""What a model may be worse, because it costs less: the paper's value for experts."""
LEVEL = 0.05
FEW_PEOPLE = "the test needs three people who coded the same passages"
FEW_TRANSCRIPTS = "fewer than two transcripts were coded by three people and the model"


@dataclass(frozen=True, slots=True)
class LeftOutPerson:
    """The model against one person, both compared with the others."""

    person: str
    units: int
    transcripts: int
    model_at_least: float
    """Share of units in which the model comes at least as close to the others."""
    person_at_least: float
    p: Value
    """One-sided, of "the person is better by ``epsilon`` or more"."""
    won: bool


@dataclass(frozen=True, slots=True)
class AlternativeAnnotator:
    people: tuple[LeftOutPerson, ...]
    winning_rate: Value
    """Share of people against whom the model wins, controlled for false discoveries."""
    advantage: Value
    """Mean share of units in which the model comes at least as close as the person."""
    epsilon: float
    passed: bool


def _likeness(one: BoolArray, other: BoolArray) -> FloatArray:
    """Jaccard index of the codes of each unit ``(U,)``; 1 where both gave none."""
    both, either = (one & other).sum(axis=1), (one | other).sum(axis=1)
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)


def alternative_annotator(
    positive: BoolArray,
    scope: BoolArray,
    transcript: IntArray,
    people: Sequence[str],
    *,
    epsilon: float = EPSILON,
    level: float = LEVEL,
) -> AlternativeAnnotator:
    """``positive`` and ``scope`` ``(K + 1, U, C)``: people in order, then the model.

    Units count that the model, the person and two others looked at and where any of them gave a
    code: where all are silent nobody is closer. ``transcript`` ``(U,)``.
    """
    k = len(people)
    none = Undefined(FEW_PEOPLE)
    if k < 3 or positive.shape[0] != k + 1:
        return AlternativeAnnotator((), none, none, epsilon, False)
    looked: BoolArray = np.asarray(scope.all(axis=2))
    said: BoolArray = np.asarray(positive.any(axis=2)) & looked
    model = k
    rows = []
    for j in range(k):
        others = [i for i in range(k) if i != j]
        seen = looked[others]
        units = looked[j] & looked[model] & (seen.sum(axis=0) >= 2) & said.any(axis=0)
        closeness = []
        for who in (model, j):
            like = np.stack([_likeness(positive[who], positive[i]) for i in others])
            closeness.append((like * seen).sum(axis=0) / np.maximum(seen.sum(axis=0), 1))
        ahead = (closeness[0] - closeness[1])[units]
        wins: BoolArray = np.asarray(ahead >= -1e-12)
        loses: BoolArray = np.asarray(ahead <= 1e-12)
        rows.append(_row(people[j], wins, loses, transcript[units], epsilon))
    known = [row for row in rows if isinstance(row.p, float)]
    if not known:
        none = Undefined(FEW_TRANSCRIPTS if any(row.units for row in rows) else FEW_PEOPLE)
        return AlternativeAnnotator(tuple(rows), none, none, epsilon, False)
    kept = benjamini_yekutieli(np.array([float(row.p) for row in known]), level)  # type: ignore[arg-type]
    won = {row.person for row, keep in zip(known, kept, strict=True) if keep}
    done = tuple(
        LeftOutPerson(
            r.person,
            r.units,
            r.transcripts,
            r.model_at_least,
            r.person_at_least,
            r.p,
            r.person in won,
        )
        for r in rows
    )
    rate = len(won) / len(known)
    advantage = float(np.mean([row.model_at_least for row in known]))
    return AlternativeAnnotator(done, rate, advantage, epsilon, rate >= 0.5)


def _row(
    person: str, wins: BoolArray, loses: BoolArray, transcript: IntArray, epsilon: float
) -> LeftOutPerson:
    """The t-test of mean difference against ``epsilon``, transcripts being left out in turn."""
    groups = np.unique(transcript)
    n, units = len(groups), len(wins)
    model, human = (float(x.mean()) if units else 0.0 for x in (wins, loses))
    if n < 2:
        return LeftOutPerson(
            person,
            units,
            n,
            model,
            human,
            Undefined(FEW_TRANSCRIPTS if units else FEW_PEOPLE),
            False,
        )
    apart = loses.astype(np.float64) - wins
    left = np.array([apart[transcript != group].mean() for group in groups])
    se = float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))
    far = float(apart.mean()) - epsilon
    p = float(stdtr(n - 1, far / se)) if se > 0 else float(far >= 0)
    return LeftOutPerson(person, units, n, model, human, p, False)


def benjamini_yekutieli(p: FloatArray, level: float) -> BoolArray:
    """Which p are kept with at most ``level`` false ones among them, whatever their dependence.

    Benjamini & Yekutieli 2001, The control of the false discovery rate in multiple testing under
    dependency, Ann. Stat. 29, 1165-1188.
    """
    m = len(p)
    order = np.argsort(p, kind="stable")
    bars = level * np.arange(1, m + 1) / (m * (1 / np.arange(1, m + 1)).sum())
    below = np.flatnonzero(p[order] <= bars)
    kept = np.zeros(m, dtype=bool)
    if len(below):
        kept[order[: below[-1] + 1]] = True
    return kept
