"""How many samples of the same interviews were drawn and judged, and what that costs.

Who draws until one passes has to be seen.
Each further sample has the chance to pass by luck again. So the error level falls with the square
of the number of the sample: 5% for the first, 5/4% for the second, 5/9% for the third. Only upper
ends decide, half of the level lies above them, and 1 + 1/4 + 1/9 + … is less than 1.65: a batch
above the bar passes by luck in at most 4.2 of 100 cases, however many samples are judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.store.database import Store
from assistant.store.measured.audits import AuditRow, audits
from assistant.store.model.runs import run
from assistant.store.people.codings import scopes

__all__ = ["ONE", "Samples", "level_for", "newer_sample", "samples_of"]


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of a batch up to one of them, that one included."""

    drawn: int
    """All that have an interview in common with it, of this recipe, also in later runs."""
    judged: int
    """Of these, those that were judged or wholly coded no later than it, itself included."""


ONE = Samples(1, 1)


def samples_of(store: Store, row: AuditRow) -> Samples:
    """Count the samples of a recipe that share an interview with ``row``.

    A repeat of the run is a sample of the same recipe and counts. So does one that was coded and
    never judged: its figures can be worked out by hand.
    """
    recipe = run(store, row.run_id).recipe_sha256
    mine = set(row.transcripts)
    same = [
        one
        for one in audits(store)
        if mine & set(one.transcripts) and run(store, one.run_id).recipe_sha256 == recipe
    ]
    place = [one.id for one in same].index(row.id)
    blind = _blind(store, {key for one in same for key in one.transcripts})
    earlier = [one for one in same[:place] if one.passed is not None or _coded(one, blind)]
    return Samples(len(same), len(earlier) + 1)


def newer_sample(store: Store, row: AuditRow) -> AuditRow | None:
    """The newest sample of the same run that has an interview in common and was drawn after it."""
    rows = audits(store, row.run_id)
    later = rows[[one.id for one in rows].index(row.id) + 1 :]
    shared = [one for one in later if set(one.transcripts) & set(row.transcripts)]
    return shared[-1] if shared else None


def level_for(level: float, samples: Samples) -> float:
    """Level of the intervals of the last of so many samples; ``level`` is that of the first."""
    return float(1 - (1 - level) / samples.judged**2)


def _blind(store: Store, transcripts: set[int]) -> dict[int, set[int]]:
    """Transcript -> segments that somebody coded blind."""
    found: dict[int, set[int]] = {key: set() for key in transcripts}
    for scope in scopes(store):
        if scope.transcript_id in found and scope.exposure == "blind":
            found[scope.transcript_id] |= set(scope.segments or ())
    return found


def _coded(row: AuditRow, blind: Mapping[int, set[int]]) -> bool:
    sample = row.plan.get("sample", ())
    return bool(sample) and all(d["segment"] in blind[d["transcript_id"]] for d in sample)
