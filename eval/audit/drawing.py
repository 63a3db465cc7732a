"""Draw the sample: random within strata, so that rare codes are seen, with the chance of each kept.

Pure. Passages are sorted into strata by the rarest code that would be accepted there, then by
whether anything else is suggested, then nothing. Half of the sample goes to passages with a code
that would be accepted, half to the others, where what is missed hides; within each half by the
square root of a stratum's size, which lies between "each code the same" and "as they come".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.transcripts.records import Frozen

__all__ = ["Drawn", "Passage", "Plan", "PlannedStratum", "allocate", "draw", "stratify"]

OTHER = "other codes"
NOTHING = "nothing suggested"
RARE = "rare codes"
LEAST = 4
"""Strata of fewer passages are put together."""
PER_STRATUM = 8
"""Passages of the sample for each stratum of codes, at least, on average."""


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """One segment of the batch that the run coded."""

    transcript_id: int
    segment: int
    suggested: frozenset[str]


class PlannedStratum(Frozen):
    name: str
    population: int
    sampled: int

    @property
    def weight(self) -> float:
        """Passages of the batch for which each sampled one stands."""
        return self.population / self.sampled if self.sampled else 0.0


class Drawn(Frozen):
    """One sampled passage."""

    transcript_id: int
    segment: int
    stratum: int
    """Number in the plan's strata."""


class Plan(Frozen):
    """As it is stored with the audit."""

    seed: int
    segments: int
    """Passages that were asked for; the sample has fewer where the batch has."""
    codes: tuple[str, ...]
    """Codes that would be accepted, by which the strata were made."""
    strata: tuple[PlannedStratum, ...]
    sample: tuple[Drawn, ...]

    def of(self, transcript_id: int) -> tuple[int, ...]:
        """Sampled segments of one transcript, in order."""
        return tuple(sorted(d.segment for d in self.sample if d.transcript_id == transcript_id))


def stratify(passages: Sequence[Passage], codes: Sequence[str], segments: int) -> list[str]:
    """The stratum of each passage; few enough that ``segments`` give each some."""
    most = max(1, segments // PER_STRATUM)
    counts = Counter(code for p in passages for code in p.suggested if code in codes)

    def first(passage: Passage) -> str:
        own = sorted((counts[c], c) for c in passage.suggested if c in counts)
        if own:
            return own[0][1]
        return OTHER if passage.suggested else NOTHING

    names = [first(p) for p in passages]
    sizes = Counter(n for n in names if n not in (OTHER, NOTHING))
    together = {n for n, size in sizes.items() if size < LEAST}
    if len(together) < 2:
        together = set()
    by_size = sorted(sizes, key=lambda n: (sizes[n], n))
    while len(sizes) - len(together) + bool(together) > most:
        together.add(next(n for n in by_size if n not in together))
    return [RARE if n in together else n for n in names]


def allocate(sizes: Mapping[str, int], segments: int) -> dict[str, int]:
    """How many of each stratum are drawn; together ``segments``, or all there are."""
    total = min(segments, sum(sizes.values()))
    rest = {n for n in sizes if n in (OTHER, NOTHING)}
    halves = [set(sizes) - rest, rest]
    room = [sum(sizes[n] for n in half) for half in halves]
    first = min(room[0], max(total - room[1], math.ceil(total / 2)))
    shares = [first, total - first]
    found: dict[str, int] = {}
    for half, share in zip(halves, shares, strict=True):
        found |= _by_root({n: sizes[n] for n in sorted(half)}, share)
    return found


def _by_root(sizes: Mapping[str, int], share: int) -> dict[str, int]:
    """``share`` by the square root of sizes, two of each at least where that is possible."""
    found = {name: min(size, 2) for name, size in sizes.items()}
    while sum(found.values()) > share:
        largest = max(found, key=lambda n: (found[n], sizes[n], n))
        found[largest] -= 1
    while sum(found.values()) < share:
        open_ = [n for n in sizes if found[n] < sizes[n]]
        if not open_:
            break
        # The one that is furthest below its due.
        most = min(open_, key=lambda n: ((found[n] + 1) / math.sqrt(sizes[n]), n))
        found[most] += 1
    return found


def draw(passages: Sequence[Passage], codes: Sequence[str], segments: int, seed: int) -> Plan:
    """The same passages and seed give the same sample, in whatever order the passages come."""
    ordered = sorted(passages, key=lambda p: (p.transcript_id, p.segment))
    names = stratify(ordered, codes, segments)
    sizes = Counter(names)
    counts = allocate(sizes, segments)
    order = sorted(sizes, key=lambda n: (n in (OTHER, NOTHING), n == NOTHING, sizes[n], n))
    number = {name: i for i, name in enumerate(order)}
    rng = np.random.default_rng(seed)
    sample: list[Drawn] = []
    for name in order:
        members = [p for p, n in zip(ordered, names, strict=True) if n == name]
        chosen = rng.choice(len(members), size=counts[name], replace=False)
        sample += [
            Drawn(
                transcript_id=members[i].transcript_id,
                segment=members[i].segment,
                stratum=number[name],
            )
            for i in sorted(chosen)
        ]
    return Plan(
        seed=seed,
        segments=segments,
        codes=tuple(codes),
        strata=tuple(PlannedStratum(name=n, population=sizes[n], sampled=counts[n]) for n in order),
        sample=tuple(sorted(sample, key=lambda d: (d.transcript_id, d.segment))),
    )
