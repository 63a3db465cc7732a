"""What disagreements say about codes: how often agreed on, confused with what, used by one side.

Counts only: nothing here is a coefficient. A *place* is a segment (or a code's own larger unit)
that two coders looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from eval.disagreements.finding import Gathered
from eval.disagreements.records import Disagreement

__all__ = ["CodeCounts", "OneSided", "Pair", "by_code", "confusable", "one_sided"]


@dataclass(frozen=True, slots=True)
class CodeCounts:
    """Places of one code at which at least two coders looked and somebody said yes."""

    code: str
    agreed: int
    """All who looked say yes."""
    disputed: int
    """Some say yes and some no."""
    disagreements: int
    """Things to look at that these come to; one may hold several places."""
    confused_with: str = ""
    """The code that stands in its place most often; empty where none does."""
    confused: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two codes that stand for each other."""

    one: str
    other: str
    times: int
    """Disagreements in which one side gives the first and another side the second."""
    both: int
    """Places at which one coder gives both."""
    same_family: bool
    examples: tuple[str, ...]
    """Keys of disagreements."""


@dataclass(frozen=True, slots=True)
class OneSided:
    """A code that one of two coders uses, and the other never, where both looked."""

    code: str
    user: str
    times: int
    """Places."""
    never: str
    transcripts: int


def by_code(gathered: Gathered) -> tuple[CodeCounts, ...]:
    """Codes with a yes anywhere, those disputed most first."""
    m = gathered.matrix
    yes = m.positive & m.scope
    said, looked = yes.sum(axis=0), m.scope.sum(axis=0)
    pairable = looked >= 2
    agreed = ((said == looked) & (said > 0) & pairable).sum(axis=0)
    disputed = ((said < looked) & (said > 0) & pairable).sum(axis=0)
    things = Counter(code for d in gathered.disagreements for code in d.codes)
    partners: dict[str, Counter[str]] = {}
    for pair in confusable(gathered):
        partners.setdefault(pair.one, Counter())[pair.other] += pair.times
        partners.setdefault(pair.other, Counter())[pair.one] += pair.times
    rows = []
    for c, code in enumerate(m.codes):
        if not agreed[c] + disputed[c]:
            continue
        if gathered.wanted.codes and not things[code]:
            continue
        top = sorted(partners.get(code, Counter()).items(), key=lambda item: (-item[1], item[0]))
        with_code, times = top[0] if top else ("", 0)
        counts = CodeCounts(code, int(agreed[c]), int(disputed[c]), things[code], with_code, times)
        rows.append(counts)
    return tuple(sorted(rows, key=lambda r: (-r.disputed, -r.agreed, r.code)))


def confusable(gathered: Gathered) -> tuple[Pair, ...]:
    """Pairs of codes that one side and another give to one passage, most frequent first."""
    found: dict[tuple[str, str], list[Disagreement]] = {}
    for d in gathered.disagreements:
        if len(d.codes) == 2:
            found.setdefault((d.codes[0], d.codes[1]), []).append(d)
    m = gathered.matrix
    place = {code: c for c, code in enumerate(m.codes)}
    rows = []
    for (one, other), mine in found.items():
        both = m.positive[:, :, place[one]] & m.positive[:, :, place[other]]
        rows.append(
            Pair(
                one,
                other,
                len(mine),
                int(both.any(axis=0).sum()),
                mine[0].same_family,
                tuple(d.key for d in mine),
            )
        )
    return tuple(sorted(rows, key=lambda r: (-r.times, r.one, r.other)))


def one_sided(gathered: Gathered, at_least: int = 1) -> tuple[OneSided, ...]:
    """For every two coders: codes that one uses and the other never, where both looked."""
    m = gathered.matrix
    rows: list[OneSided] = []
    wanted = _wanted(gathered)
    for a, b in combinations(range(len(m.coders)), 2):
        shared = m.scope[a] & m.scope[b]
        for c, code in enumerate(m.codes):
            if wanted and code not in wanted:
                continue
            here = shared[:, c]
            counts = [int((m.positive[k, :, c] & here).sum()) for k in (a, b)]
            for user, never in ((0, 1), (1, 0)):
                if counts[user] >= at_least and not counts[never]:
                    rows.append(
                        OneSided(
                            code,
                            m.coders[(a, b)[user]],
                            counts[user],
                            m.coders[(a, b)[never]],
                            len(np.unique(m.transcript[here])),
                        )
                    )
    return tuple(sorted(rows, key=lambda r: (-r.times, r.code, r.user, r.never)))


def _wanted(gathered: Gathered) -> Sequence[str]:
    resolved = (gathered.codebook.resolve(code) for code in gathered.wanted.codes)
    return [code for code in resolved if code is not None]
