"""What a `judge` run will ask and learn from, as frozen records.

Made by `assistant.coding.judge.preparing`.
A cell is a segment with a code. Cells on a shortlist are asked about; without a model there are the
same cells and no requests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.codebook.records import Codebook
from assistant.coding.embedding import EmbeddingSender, ToEmbed
from assistant.coding.judge.fitting import Cells
from assistant.coding.judge.passages import FloatArray, Passages
from assistant.coding.judge.stored import StoredEmbedder
from assistant.coding.settings import Settings
from assistant.deidentify.veil import Veil
from assistant.llm.records import ChatRequest
from assistant.recipe import Recipe
from assistant.transcripts.records import Transcript

__all__ = ["JudgePlan", "Question", "TranscriptPlan", "question_key"]


def question_key(transcript_id: int, segment: int, code: str) -> str:
    return f"{transcript_id}/{segment}/{code}"


@dataclass(frozen=True)
class Question:
    """One cell with its request; without a model there is none."""

    segment: int
    code: int
    """Place among the codes that are sent."""
    request: ChatRequest | None


@dataclass(frozen=True)
class TranscriptPlan:
    transcript: Transcript
    shown: Codebook
    """Without examples from this transcript, by name or by their words."""
    passages: Passages
    scores: FloatArray
    """(segments, codes): the ranking."""
    questions: tuple[Question, ...]
    not_asked: dict[int, str]
    """Segment -> why it is ranked and not asked about."""

    def cells(self, log_odds: dict[tuple[int, int], float] | None = None) -> Cells:
        segments = np.array([q.segment for q in self.questions], np.intp)
        codes = np.array([q.code for q in self.questions], np.intp)
        if log_odds is None:
            return Cells(segments, codes, None)
        answers = [log_odds.get((q.segment, q.code), np.nan) for q in self.questions]
        return Cells(segments, codes, np.array(answers, float))


@dataclass(frozen=True)
class JudgePlan:
    settings: Settings
    codebook: Codebook
    shown: Codebook
    """Without examples that consent does not cover."""
    codebook_source: str
    recipe: Recipe
    repeat: int
    targets: tuple[TranscriptPlan, ...]
    """To be coded."""
    calibration: tuple[TranscriptPlan, ...]
    """Asked about too, so that answers can be calibrated; nothing is suggested there."""
    coded: tuple[int, ...]
    """Ids of all transcripts that people coded and that may be learned from."""
    embedder: StoredEmbedder
    blank: tuple[tuple[int, int], ...]
    fit_inputs: dict[int, str]
    """Transcript id -> hash of all that its calibration will learn from."""
    notes: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    """Examples of the codebook that consent does not cover."""
    veil: Veil | None = None
    to_embed: ToEmbed | None = None
    """Set where an endpoint has to embed first: then this is an estimate made by word statistics,
    with as many questions and others than those that will be asked."""
    sender: EmbeddingSender | None = None
    withdrawn: frozenset[int] = frozenset()
    """Transcripts that were withdrawn before this was planned."""

    def code_id(self, number: int) -> str:
        """The id of a code by its place among those that are sent."""
        return self.codebook.sent[number].id

    @property
    def asked(self) -> tuple[TranscriptPlan, ...]:
        return (*self.targets, *self.calibration)

    @property
    def requests(self) -> int:
        found = {q.request.sha256 for p in self.asked for q in p.questions if q.request}
        return len(found)
