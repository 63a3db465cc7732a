"""What a run will ask, before it asks: calls, tokens and, where prices are known, cost.

The preview and the run use this one planner, so that they cannot differ: the run sends
exactly the planned requests. What comes on top is not known in advance and is said in the
plan: halves of replies that were cut off, and one repair request for a reply that is not valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.codebook.records import Codebook
from assistant.coding.chunking import CountTokens, blank_segments, make_chunks
from assistant.coding.records import Chunk
from assistant.coding.requests import ListOptions, Questions, schema_for
from assistant.deidentify.veil import Veil
from assistant.hashing import canonical_json
from assistant.llm.prices import Prices, cost_of
from assistant.llm.records import ChatRequest, Schema
from assistant.prompts.records import Prompt
from assistant.transcripts.records import Transcript

__all__ = [
    "Plan",
    "PlannedCall",
    "RequestBuilder",
    "list_builder",
    "plan",
    "plan_list",
]

# Roles and separators of a chat request, in tokens.
_CHAT_FRAME = 12

RequestBuilder = Callable[[Transcript], Iterable[tuple[Chunk, ChatRequest]]]
"""Every question about one transcript, in order. `list` has one for a chunk; `judge` has one for
each code on the shortlist of a segment, and gives the same chunk with each of them."""


@dataclass(frozen=True)
class PlannedCall:
    transcript_id: int
    chunk: Chunk
    request: ChatRequest
    input_tokens: int
    """Upper estimate when the plan is inexact."""


@dataclass(frozen=True)
class Plan:
    """Everything a run will ask at first."""

    calls: tuple[PlannedCall, ...]
    blank: tuple[tuple[int, int], ...]
    """(transcript id, segment index) of segments of white space only: not asked, not coded."""
    exact: bool
    """Whether tokens are counted with the model's own table, or over-estimated."""
    prices: Prices
    repeats: int = 1
    notes: tuple[str, ...] = ()

    @cached_property
    def number_of_calls(self) -> int:
        """Calls to the endpoint: identical requests are asked once for each repeat."""
        return len({call.request.sha256 for call in self.calls}) * self.repeats

    @cached_property
    def input_tokens(self) -> int:
        distinct = {call.request.sha256: call.input_tokens for call in self.calls}
        return sum(distinct.values()) * self.repeats

    @cached_property
    def max_output_tokens(self) -> int:
        """If every reply were as long as it may be."""
        distinct = {c.request.sha256: c.request.max_output_tokens for c in self.calls}
        return sum(distinct.values()) * self.repeats

    @property
    def max_cost(self) -> float | None:
        """In ``prices.currency``; None where a price is not known."""
        return cost_of(self.prices, self.input_tokens, self.max_output_tokens)


def plan(
    transcripts: Sequence[Transcript],
    build: RequestBuilder,
    count_tokens: CountTokens,
    *,
    exact: bool,
    prices: Prices | None = None,
    repeats: int = 1,
    notes: Sequence[str] = (),
) -> Plan:
    """Plan a run of any strategy over some transcripts, in their order."""
    counted: dict[str, int] = {}

    def tokens(text: str) -> int:
        """Counted once: the system text and the schema are the same for many requests."""
        if text not in counted:
            counted[text] = count_tokens(text) if text else 0
        return counted[text]

    schemas: list[tuple[Schema, int]] = []

    def schema_tokens(schema: Schema | None) -> int:
        if schema is None:
            return 0
        for known, count in schemas:
            if known is schema:
                return count
        schemas.append((schema, tokens(canonical_json(schema.body))))
        return schemas[-1][1]

    calls: list[PlannedCall] = []
    said = list(notes)
    for transcript in transcripts:
        for chunk, request in build(transcript):
            cost = tokens(request.system) + schema_tokens(request.json_schema) + _CHAT_FRAME
            cost += count_tokens(request.user)
            calls.append(PlannedCall(transcript.id, chunk, request, cost))
    if not exact:
        said.append("Tokens are over-estimated: the model's own table of tokens is not here.")
    blank = tuple((t.id, n) for t in transcripts for n in blank_segments(t.text, t.segments))
    return Plan(
        calls=tuple(calls),
        blank=blank,
        exact=exact,
        prices=prices or Prices(),
        repeats=repeats,
        notes=tuple(dict.fromkeys(said)),
    )


def list_builder(
    codebook: Codebook,
    prompt: Prompt,
    options: ListOptions,
    count_tokens: CountTokens,
    *,
    chunk_tokens: int,
    context_segments: int,
    veil: Veil | None = None,
) -> RequestBuilder:
    """How `list` asks about a transcript: one request for a chunk.

    With a veil the chunks are those of the veiled transcript.
    """

    def build(transcript: Transcript) -> Iterable[tuple[Chunk, ChatRequest]]:
        seen = transcript if veil is None else veil.transcript(transcript)
        chunks = make_chunks(seen.text, seen.segments, count_tokens, chunk_tokens, context_segments)
        questions = Questions(prompt, codebook, transcript, options, veil)
        for chunk in chunks:
            yield chunk, questions.about(chunk)

    return build


def plan_list(
    transcripts: Sequence[Transcript],
    codebook: Codebook,
    prompt: Prompt,
    options: ListOptions,
    count_tokens: CountTokens,
    *,
    exact: bool,
    chunk_tokens: int = 1500,
    context_segments: int = 2,
    prices: Prices | None = None,
    repeats: int = 1,
    veil: Veil | None = None,
) -> Plan:
    """Plan a `list` run."""
    notes = []
    schema = schema_for(codebook, options.endpoint)
    code = schema.body["properties"]["applications"]["items"]["properties"]["code"]
    if "enum" not in code:
        notes.append(
            f"The {len(codebook.sent)} code ids are too many or too long for the reply's schema "
            "to list them: the model may invent codes, which are then set aside."
        )
    build = list_builder(
        codebook,
        prompt,
        options,
        count_tokens,
        chunk_tokens=chunk_tokens,
        context_segments=context_segments,
        veil=veil,
    )
    return plan(
        transcripts,
        build,
        count_tokens,
        exact=exact,
        prices=prices,
        repeats=repeats,
        notes=notes,
    )
