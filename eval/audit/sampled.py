"""A batch beside what was said of its sample: figures of any of its codes.

Each sampled passage stands for so many of its stratum; `eval.audit.estimate` makes shares and
intervals of that. Here it is put together from the plan, the suggestions and the blind codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import UnitsConfig
from eval.audit.batch import passages_of
from eval.audit.drawing import Passage, Plan, stratify
from eval.audit.estimate import Stratum, as_interval, error_share, missed_share
from eval.audit.said import Said, coders_of, said
from eval.audit.samples import ONE, Samples, level_for
from eval.intervals.resampling import Interval
from eval.statistics.values import Undefined
from eval.verdicts.policy import Policy

__all__ = ["Judged", "Sampled", "Seen", "sampled"]


@dataclass(frozen=True, slots=True)
class Judged:
    """An audit with all that it is judged by."""

    audit_id: int
    run: RunRow
    plan: Plan
    transcripts: tuple[int, ...]
    codebook: Codebook
    policy: Policy
    units: UnitsConfig
    accepted: tuple[str, ...]
    """Codes in lane `accept`."""
    outside: Mapping[str, str]
    """Transcripts that are unlike the evidence, and why."""
    samples: Samples = ONE
    """Samples of these transcripts up to this one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Counts of one code in the sample, not weighed."""

    looked_at: int = 0
    """Suggestions of it."""
    wrong: float = 0.0
    missed: float = 0.0


@dataclass(frozen=True, slots=True)
class Sampled:
    """The batch, what was said of its sample, and the figures that follow."""

    plan: Plan
    passages: tuple[Passage, ...]
    """All of the batch."""
    stratum: tuple[str, ...]
    """Of each of them."""
    codes: tuple[str, ...]
    """In the order of the columns of ``heard.share``."""
    coders: Mapping[int, list[str]]
    """Of each transcript, who coded its sample."""
    heard: Said
    level: float
    transcripts: int

    def suggested(self, code: str) -> int:
        """In the batch."""
        return sum(code in passage.suggested for passage in self.passages)

    def seen(self, code: str) -> Seen:
        """Nothing, where the sample says nothing about the code."""
        if code in self.heard.unknown:
            return Seen()
        column, looked_at, wrong, alone = self.codes.index(code), 0, 0.0, 0.0
        for passage in self.passages:
            found = self.heard.share.get((passage.transcript_id, passage.segment))
            if found is None:
                continue
            if code in passage.suggested:
                looked_at += 1
                wrong += 1 - float(found[column])
            else:
                alone += float(found[column])
        return Seen(looked_at, wrong, alone)

    def shares(self, codes: Sequence[str]) -> tuple[Interval, Interval]:
        """What is wrong among the suggestions of these codes, and what is missed of them."""
        why = ""
        if not codes:
            why = "nobody who coded the sample says yes or no about these codes"
        elif len(codes) == 1:
            why = self.heard.unknown.get(codes[0], "")
        if why:
            none = as_interval(Undefined(why), self.level, self.transcripts)
            return none, none
        strata = self._strata(codes)
        return (
            as_interval(error_share(strata, self.level), self.level, self.transcripts),
            as_interval(missed_share(strata, self.level), self.level, self.transcripts),
        )

    def _strata(self, of: Sequence[str]) -> list[Stratum]:
        wanted = set(of)
        columns = np.array([self.codes.index(c) for c in of], dtype=np.int64)
        suggested = {(p.transcript_id, p.segment): p.suggested & wanted for p in self.passages}
        made = []
        for number, stratum in enumerate(self.plan.strata):
            mine = [
                p.suggested & wanted
                for p, name in zip(self.passages, self.stratum, strict=True)
                if name == stratum.name
            ]
            places = [(d.transcript_id, d.segment) for d in self.plan.sample if d.stratum == number]
            model = np.array([[c in suggested[p] for c in of] for p in places], dtype=float)
            person = np.array([self.heard.share[p][columns] for p in places])
            model, person = (x.reshape(len(places), len(of)) for x in (model, person))
            made.append(
                Stratum(
                    len(mine),
                    sum(bool(m) for m in mine),
                    sum(len(m) for m in mine),
                    model.sum(axis=1),
                    (model * (1 - person)).sum(axis=1),
                    ((1 - model) * person).sum(axis=1),
                    len(of),
                )
            )
        return made


def sampled(judged: Judged, store: Store) -> Sampled:
    """Raises `UserError` where the sample stands for the batch no more, or is not all coded."""
    passages = _population(judged, store)
    coders = coders_of(store, judged.audit_id, judged.plan, judged.transcripts)
    return Sampled(
        judged.plan,
        passages,
        tuple(stratify(passages, judged.plan.codes, judged.plan.segments)),
        tuple(c.id for c in judged.codebook.sent),
        coders,
        said(store, judged.run, judged.codebook, judged.units, judged.plan, coders),
        level_for(judged.policy.intervals.level, judged.samples),
        len(judged.transcripts),
    )


def _population(judged: Judged, store: Store) -> tuple[Passage, ...]:
    """The batch as it was when the sample was drawn."""
    gone = [i.name for i in transcript_infos(store) if i.withdrawn and i.id in judged.transcripts]
    hint = f"Draw a new sample: secondcoder audit draw {judged.run.id}."
    if gone:
        raise UserError(
            f"Since audit {judged.audit_id} was drawn, {', '.join(gone)} was withdrawn.", hint=hint
        )
    passages = tuple(
        sorted(
            passages_of(store, judged.run, judged.transcripts, judged.units),
            key=lambda p: (p.transcript_id, p.segment),
        )
    )
    sizes = Counter(stratify(passages, judged.plan.codes, judged.plan.segments))
    if sizes != {s.name: s.population for s in judged.plan.strata}:
        raise UserError(
            f"Since audit {judged.audit_id} was drawn, what run {judged.run.id} suggests has "
            "changed, so the sample does not stand for it any more.",
            hint=hint,
        )
    return passages
