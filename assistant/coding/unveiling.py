"""From the veiled text back to the original: spans, codes and quotes of a reply.

A span that cuts a replacement takes in all that it stands for, so that no stored quote begins
inside a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.codebook.records import Codebook
from assistant.coding.records import Anchored, Place, Placed, Unplaced
from assistant.deidentify.veil import Veil
from assistant.transcripts.records import Transcript, segment_body

__all__ = ["quote_unveiled", "unveiled"]


def unveiled(
    placed: Sequence[Placed], veil: Veil, transcript: Transcript, codebook: Codebook
) -> tuple[Placed, ...]:
    """Results in the veiled text as results in the original. What the model wrote stays."""
    return tuple(
        item.model_copy(
            update={
                "result": _anchored(item.result, veil, transcript, codebook)
                if isinstance(item.result, Anchored)
                else _unplaced(item.result, veil, transcript, codebook)
            }
        )
        for item in placed
    )


def quote_unveiled(quote: str, veil: Veil, transcript: Transcript, segment: int) -> str:
    """A quote that stands once in its segment, in the original's words; else as it was written."""
    seen = veil.transcript(transcript)
    low, high = segment_body(seen.text, seen.segments[segment])
    wanted = quote.strip()
    at = seen.text.find(wanted, low, high) if wanted else -1
    if at < 0 or seen.text.find(wanted, at + 1, high) >= 0:
        return quote
    start, end = veil.masked(transcript).original(at, at + len(wanted))
    return transcript.text[start:end]


def _anchored(found: Anchored, veil: Veil, transcript: Transcript, codebook: Codebook) -> Anchored:
    start, end = veil.masked(transcript).original(found.start, found.end)
    return found.model_copy(
        update={
            "code": veil.code(codebook, found.code),
            "start": start,
            "end": end,
            "quote": transcript.text[start:end],
        }
    )


def _unplaced(found: Unplaced, veil: Veil, transcript: Transcript, codebook: Codebook) -> Unplaced:
    masked = veil.masked(transcript)
    places = tuple(
        Place(start=start, end=end)
        for start, end in (masked.original(p.start, p.end) for p in found.places)
    )
    update: dict[str, object] = {"code": veil.code(codebook, found.code), "places": places}
    if found.nearest_start is not None and found.nearest_end is not None:
        start, end = masked.original(found.nearest_start, found.nearest_end)
        update |= {"nearest_start": start, "nearest_end": end}
    return found.model_copy(update=update)
