"""Facts that several sections of a report need, drawn from an evaluation and from nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from assistant.transcripts.records import ADJUDICATED
from eval.evaluation.figures import Row
from eval.evaluation.results import BaselineResult, Evaluation, PairInTranscript
from eval.report.document import Cell
from eval.report.wording import how_many, listed
from eval.verdicts.lanes import Lane, Verdict

__all__ = ["FEW", "LANE_ORDER", "LANE_SYMBOLS", "LANE_WORDS", "View", "used"]

FEW = 3
"""Codes with fewer yes than this are in tables only: a mark would look like knowledge."""

LANE_ORDER: tuple[Lane, ...] = ("accept", "review", "vague", "withhold", "unproven")
"""From what may be used most to what may be used least."""

LANE_SYMBOLS: dict[Lane, str] = {
    "accept": "✓",
    "review": "◐",
    "vague": "≈",
    "withhold": "✕",
    "unproven": "?",
}
LANE_WORDS: dict[Lane, str] = {
    "accept": "Suggestions agree with people about as people do with each other, on enough "
    "evidence. Many may be accepted at a time, but only in a batch that has passed its own audit.",
    "review": "Suggestions are worth reading. A person decides on each.",
    "vague": "People are not shown to agree on this code, so nobody can say whether the model is "
    "right. Look at its definition in the codebook first. A person decides on each suggestion.",
    "withhold": "The model has not been shown to know this code. Its suggestions are shown only "
    "when asked for, and a person decides on each.",
    "unproven": "There is too little evidence to say anything. That is a finding, not a failure: "
    "suggestions can be read, and a person decides on each.",
}


@dataclass(frozen=True)
class View:
    """An evaluation with what can be read off it."""

    evaluation: Evaluation

    # --- names -----------------------------------------------------------------------------------

    @cached_property
    def _labels(self) -> Counter[str]:
        return Counter(self.evaluation.code_names.values())

    def label(self, code: str) -> str:
        """The code's name; its id where the name stands for several codes, or there is none."""
        name = self.evaluation.code_names.get(code, code)
        return name if self._labels[name] < 2 else code

    def code(self, code: str) -> Cell:
        """With its id, by which commands know it, where that is something else."""
        label = self.label(code)
        return Cell(label, under=code if label != code else "")

    # --- what was measured -----------------------------------------------------------------------

    @cached_property
    def model_transcripts(self) -> tuple[str, ...]:
        model = self.evaluation.model
        return _names(p.transcript for p in model.each) if model else ()

    @cached_property
    def people_transcripts(self) -> tuple[str, ...]:
        """That two people coded."""
        people = self.evaluation.people
        return _names(p.transcript for p in people.each) if people else ()

    @cached_property
    def measured_people(self) -> tuple[str, ...]:
        """People whose codes any figure rests on."""
        found = self.evaluation
        if found.model is not None:
            return _names(p.first for p in found.model.each)
        pairs = found.people.each if found.people else ()
        return tuple(sorted({name for p in pairs for name in (p.first, p.second)}))

    @cached_property
    def withdrawn_since(self) -> tuple[str, ...]:
        """Withdrawn after this was measured: the figures still rest on them."""
        found = self.evaluation
        # A run made before it was withdrawn still names it; no figure made after rests on it.
        return tuple(name for name in found.withdrawn if name in found.coverage.transcripts)

    @cached_property
    def withdrawn_before(self) -> tuple[str, ...]:
        """Withdrawn before: in no figure."""
        found = self.evaluation
        return tuple(name for name in found.withdrawn if name not in self.withdrawn_since)

    @cached_property
    def pairs(self) -> tuple[PairInTranscript, ...]:
        found = self.evaluation
        return (*(found.model.each if found.model else ()),) or (
            *(found.people.each if found.people else ()),
        )

    @cached_property
    def evidence_words(self) -> str:
        """How much of the main figures counts towards a verdict."""
        doubtful = [p for p in self.pairs if not p.counts_as_evidence]
        if not doubtful:
            return ""
        roles = {"unknown": "what the coder had seen is not known"}
        roles["adjudicated"] = f"the coding was {ADJUDICATED}"
        names = {(p.transcript, n) for p in doubtful for n in (p.first, p.second)}
        why = {
            roles[p.role]: None
            for p in self.evaluation.coverage.people
            if (p.transcript, p.name) in names and p.role in roles
        }
        how = "None" if len(doubtful) == len(self.pairs) else "Only a part"
        where = how_many(len(_names(p.transcript for p in doubtful)), "transcript")
        reason = f": {listed(why)} in {where}" if why else ""
        return f"{how} of these figures counts as evidence for a verdict{reason}."

    # --- codes -----------------------------------------------------------------------------------

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """By lane, then by how often people used the code."""
        model = self.evaluation.model
        return tuple(
            sorted(
                model.verdicts if model else (),
                key=lambda v: (
                    LANE_ORDER.index(v.lane),
                    -v.evidence.positives,
                    -self.yes(v.code),
                    v.code,
                ),
            )
        )

    @cached_property
    def _yes(self) -> dict[str, int]:
        found = self.evaluation
        if found.model is not None:
            return {row.name: row.positives for row in found.model.summary.codes}
        return {row.name: used(row) for row in found.people.together.codes} if found.people else {}

    def yes(self, code: str) -> int:
        """Units with a yes of a person, summed over pairs of coders."""
        return self._yes.get(code, 0)

    @cached_property
    def best_baseline(self) -> BaselineResult | None:
        model = self.evaluation.model
        if model is None:
            return None
        return next((b for b in model.baselines if b.name == model.best_baseline), None)


def used(row: Row) -> int:
    """Units in which either of the two says yes."""
    return sum(row.counts[:3])


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
