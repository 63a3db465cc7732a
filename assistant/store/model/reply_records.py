"""What was asked in a run and what was read from the replies, as the store gives it out.

Requests (chunks), calls, what became of each segment, and what a model said: suggestions, quotes
without a place, passages that no code fits, and answers to yes/no questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "CallRow",
    "ChunkRow",
    "Judgement",
    "NewSuggestion",
    "NewUncoded",
    "NewUnplaced",
    "SegmentOutcome",
    "SegmentStatus",
    "Suggestion",
    "Unplaced",
]

SegmentStatus = Literal["coded", "coded-empty", "failed", "not-coded"]


@dataclass(frozen=True)
class ChunkRow:
    id: int
    run_id: int
    transcript_id: int
    key: str
    first_segment: int
    last_segment: int
    code: str
    request_sha256: str
    parent_id: int | None
    status: Literal["open", "done", "halved", "failed"]
    why: str


@dataclass(frozen=True)
class CallRow:
    id: int
    run_id: int
    chunk_id: int
    request_sha256: str
    repeat: int
    attempt: int
    outcome: str
    reply_text: str
    raw: str
    error: str
    http_status: int | None
    finish_reason: str
    response_model: str
    structured_mode: str
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int | None
    cost: float | None
    latency_ms: int
    received_at: str
    reused_call_id: int | None


@dataclass(frozen=True)
class SegmentOutcome:
    transcript_id: int
    segment: int
    status: SegmentStatus
    why: str = ""


@dataclass(frozen=True)
class NewSuggestion:
    transcript_id: int
    segment: int
    code: str
    start: int
    end: int
    quote: str
    reply_quote: str
    anchoring: Literal["exact", "folded", "close", "cut"]
    rationale: str
    confidence: float | None = None
    probability: float | None = None


@dataclass(frozen=True)
class NewUnplaced:
    transcript_id: int
    segment: int | None
    code_written: str
    reply_quote: str
    status: Literal["unanchored", "ambiguous", "unknown-code"]
    why: str
    nearest_start: int | None = None
    nearest_end: int | None = None
    similarity: float | None = None
    rationale: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class NewUncoded:
    """Something is here but no code fits."""

    transcript_id: int
    segment: int | None
    quote: str
    note: str


@dataclass(frozen=True)
class Judgement:
    """One yes/no question of the judge strategy, asked or only ranked."""

    transcript_id: int
    segment: int
    code: str
    score: float
    log_odds: float | None = None
    probability: float | None = None
    suggested: bool = False
    call_id: int | None = None


@dataclass(frozen=True)
class Suggestion:
    id: int
    guid: str
    run_id: int
    call_id: int | None
    transcript_id: int
    transcript: str
    segment: int
    code: str
    start: int
    end: int
    quote: str
    reply_quote: str
    anchoring: str
    rationale: str
    confidence: float | None
    probability: float | None
    decision: Literal["open", "accept", "reject", "amend"]


@dataclass(frozen=True)
class Unplaced:
    id: int
    run_id: int
    call_id: int
    transcript_id: int
    transcript: str
    segment: int | None
    code_written: str
    reply_quote: str
    status: str
    why: str
    nearest_start: int | None
    nearest_end: int | None
    similarity: float | None
