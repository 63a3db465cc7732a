"""The `list` strategy: what becomes of the reply to one chunk.

Reads a reply, anchors its quotes and stores everything it said in one transaction with the chunk's
new status: a process killed in between finds the reply again and does the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.codebook.records import Codebook
from assistant.coding.quotes.anchoring import anchor_all
from assistant.coding.records import Anchored, Chunk, Placed, Uncoded
from assistant.coding.reply import ParsedReply, Problem, parse_reply
from assistant.coding.unveiling import quote_unveiled, unveiled
from assistant.deidentify.veil import Veil
from assistant.llm.records import ChatReply
from assistant.store.database import Store
from assistant.store.model.calls import set_call_outcome
from assistant.store.model.chunks import is_settled, set_chunk
from assistant.store.model.outcomes import set_segment_outcomes, single_segment_status
from assistant.store.model.reply_records import (
    NewSuggestion,
    NewUncoded,
    NewUnplaced,
    SegmentOutcome,
)
from assistant.store.model.suggestions import record_results
from assistant.store.model.words_kept import check_not_withdrawn
from assistant.transcripts.records import Transcript, segment_body

__all__ = ["Next", "fail_chunk", "take_reply"]


@dataclass(frozen=True)
class Next:
    """What has to happen with the chunk now."""

    what: Literal["done", "repair", "halve", "failed"]
    why: str = ""


def take_reply(
    store: Store,
    run_id: int,
    chunk_id: int,
    call_id: int,
    transcript: Transcript,
    chunk: Chunk,
    codebook: Codebook,
    reply: ChatReply,
    veil: Veil | None = None,
) -> Next:
    """Store what a reply says about a chunk; what has to happen next.

    With a veil, quotes are looked for in the veiled transcript, where the chunk's places are; what
    is found is led back to the original, which is the only text that is stored.
    """
    if reply.outcome == "cut-off":
        return Next("halve", reply.error)
    if reply.outcome == "refused":
        return Next("failed", f"the model refused: {reply.error or reply.refusal}")
    if reply.outcome == "invalid":
        return Next("repair", reply.error)
    if reply.outcome != "ok":
        return Next("failed", reply.error or f"the call ended as {reply.outcome}")
    parsed = parse_reply(reply.text, mode=reply.mode or "schema")
    if isinstance(parsed, Problem):
        if parsed.incomplete:
            set_call_outcome(store, call_id, "cut-off", parsed.message)
            return Next("halve", parsed.message)
        set_call_outcome(store, call_id, "invalid", parsed.message)
        return Next("repair", parsed.message)
    seen = transcript if veil is None else veil.transcript(transcript)
    placed = anchor_all(
        parsed.applications,
        codebook if veil is None else veil.codebook(codebook),
        seen.text,
        seen.segments,
        chunk,
        transcript.language,
    )
    if veil is not None:
        placed = unveiled(placed, veil, transcript, codebook)
    _keep(store, run_id, chunk_id, call_id, transcript, chunk, placed, parsed, veil)
    return Next("done")


def _keep(
    store: Store,
    run_id: int,
    chunk_id: int,
    call_id: int,
    transcript: Transcript,
    chunk: Chunk,
    placed: Sequence[Placed],
    parsed: ParsedReply,
    veil: Veil | None,
) -> None:
    shown = transcript if veil is None else veil.transcript(transcript)

    def words(said: Uncoded) -> str:
        segment = _segment(chunk, said.segment)
        if veil is None or segment is None:
            return said.quote
        return quote_unveiled(said.quote, veil, transcript, segment)

    suggestions: list[NewSuggestion] = []
    unplaced: list[NewUnplaced] = []
    seen: set[tuple[str, int, int]] = set()
    for item in placed:
        said, result = item.application, item.result
        if isinstance(result, Anchored):
            if (result.code, result.start, result.end) in seen:
                continue  # the reply said the same thing twice
            seen.add((result.code, result.start, result.end))
            suggestions.append(
                NewSuggestion(
                    transcript.id,
                    result.segment,
                    result.code,
                    result.start,
                    result.end,
                    result.quote,
                    said.quote,
                    result.how,
                    said.rationale,
                    said.confidence,
                )
            )
        else:
            unplaced.append(
                NewUnplaced(
                    transcript.id,
                    result.segment,
                    said.code,
                    said.quote,
                    result.status,
                    result.why,
                    result.nearest_start,
                    result.nearest_end,
                    result.similarity,
                    said.rationale,
                    said.confidence,
                )
            )
    uncoded = [
        NewUncoded(transcript.id, _segment(chunk, u.segment), words(u), u.note)
        for u in parsed.uncoded
    ]
    with store.transaction():
        check_not_withdrawn(store, [transcript.id])
        if is_settled(store, chunk_id):
            return
        record_results(store, run_id, call_id, suggestions, unplaced, uncoded)
        set_chunk(store, chunk_id, "done")
        _outcomes(store, run_id, shown, chunk, {s.segment for s in suggestions}, unplaced)


def _segment(chunk: Chunk, number: int) -> int | None:
    return chunk.pieces[number - 1].segment if 1 <= number <= len(chunk.pieces) else None


def _outcomes(
    store: Store,
    run_id: int,
    transcript: Transcript,
    chunk: Chunk,
    coded: set[int],
    unplaced: Sequence[NewUnplaced],
) -> None:
    """Coded, or coded and found empty. What was said and could not be placed is told in why."""
    lost = {u.segment for u in unplaced}
    outcomes = []
    for segment in dict.fromkeys(piece.segment for piece in chunk.pieces):
        status: Literal["coded", "coded-empty", "failed"]
        status = "coded" if segment in coded else "coded-empty"
        if _in_parts(chunk, transcript):
            # A segment above the budget is spread over several chunks: all of them count.
            found = single_segment_status(store, run_id, transcript.id, segment)
            if found is None or found == "failed":
                continue  # not known yet; or it is there already, with its reason
            status = found
        why = "the reply held something here that could not be placed" if segment in lost else ""
        outcomes.append(SegmentOutcome(transcript.id, segment, status, why))
    set_segment_outcomes(store, run_id, outcomes)


def _in_parts(chunk: Chunk, transcript: Transcript) -> bool:
    """Whether the chunk holds a part of one segment only."""
    first = chunk.pieces[0]
    whole = segment_body(transcript.text, transcript.segments[first.segment])
    return (first.start, first.end) != whole


def fail_chunk(
    store: Store, run_id: int, chunk_id: int, transcript_id: int, chunk: Chunk, why: str
) -> None:
    """No usable reply: every segment of the chunk has failed, and says why."""
    with store.transaction():
        check_not_withdrawn(store, [transcript_id])
        if is_settled(store, chunk_id):
            return
        set_chunk(store, chunk_id, "failed", why)
        set_segment_outcomes(
            store,
            run_id,
            [
                SegmentOutcome(transcript_id, segment, "failed", why)
                for segment in dict.fromkeys(piece.segment for piece in chunk.pieces)
            ],
        )
