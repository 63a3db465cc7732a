"""What goes to a model and what comes back, as the rest of the program sees it.

The hash of a `ChatRequest` is the address of the request; it never holds headers or
keys. A `ChatReply` exists for each attempt, also for one that failed.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from assistant.hashing import hash_json
from assistant.transcripts.records import Frozen

__all__ = [
    "ChatReply",
    "ChatRequest",
    "EmbeddingReply",
    "EmbeddingRequest",
    "Outcome",
    "Schema",
    "TokenLogprob",
]

Outcome = Literal["ok", "refused", "cut-off", "invalid", "failed"]


class Schema(Frozen):
    """A strict JSON schema for the reply."""

    name: str
    body: dict[str, Any]


class ChatRequest(Frozen):
    """One question to a chat model, independent of the endpoint that answers it."""

    model: str
    system: str
    user: str
    temperature: float = 0.0
    max_output_tokens: int = 2000
    json_schema: Schema | None = None
    top_logprobs: int = 0
    """Above 0: ask for the log-probabilities of this many tokens at each place."""
    seed: int | None = None
    endpoint: str = ""
    """Address of the endpoint: the same question to another endpoint is another request."""

    @cached_property
    def sha256(self) -> str:
        return hash_json(self.model_dump(mode="json"))


class TokenLogprob(Frozen):
    token: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()


class ChatReply(Frozen):
    """What one attempt brought. ``outcome`` is the client's view: whether the text can be parsed as
    what was asked for is decided by ``assistant.coding``, which may turn ``ok`` into ``invalid``.
    """

    outcome: Outcome
    text: str = ""
    """The reply's content, byte for byte."""
    raw: str = ""
    """The whole body as received, JSON text."""
    refusal: str = ""
    finish_reason: str = ""
    model: str = ""
    """The model that answered, as the endpoint says."""
    logprobs: tuple[TokenLogprob, ...] = ()
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    latency_ms: int = 0
    http_status: int | None = None
    error: str = ""
    """For people; never holds a key."""
    attempts: int = 1
    mode: str = ""
    """``schema``, ``json`` or ``text``: how the endpoint was asked for structure."""


class EmbeddingRequest(Frozen):
    """Texts whose vectors are asked for in one request."""

    endpoint: str
    model: str
    texts: tuple[str, ...]

    @cached_property
    def sha256(self) -> str:
        return hash_json(self.model_dump(mode="json"))


class EmbeddingReply(Frozen):
    """What one attempt at an `EmbeddingRequest` brought, but for the vectors themselves."""

    request: EmbeddingRequest
    outcome: Literal["ok", "failed"]
    model: str = ""
    """The model that answered, as the endpoint says."""
    dimensions: int | None = None
    input_tokens: int | None = None
    latency_ms: int = 0
    http_status: int | None = None
    error: str = ""
    """For people; never holds a key."""
