"""From a quote to a span of the transcript, or to the reason why there is none.

A ladder of three steps, each only where the one before found nothing: the quote stands in its
segment character for character; it stands there after folding (see `folding`); it is a close match
within the bounds of `close_match`, in a language that has a guard. Several places in the segment
are `ambiguous`, nothing is `unanchored`, a code that the codebook does not have is `unknown-code`.

Invariants: an anchored span lies within its segment, has no white space at its ends, and its quote
is ``text[start:end]``. The model's words are the evidence; it is never asked for offsets, and
nothing is placed by guessing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from assistant.codebook.records import Codebook
from assistant.coding.quotes.close_match import find_close
from assistant.coding.quotes.folding import fold
from assistant.coding.quotes.guards import Guard, guard_for
from assistant.coding.quotes.matching import Hits, core, find_exact, find_folded, units_in
from assistant.coding.records import (
    Anchored,
    Application,
    Chunk,
    How,
    Piece,
    Place,
    Placed,
    Unplaced,
    UnplacedStatus,
)
from assistant.spelling import is_unspaced
from assistant.transcripts.records import Segment, segment_body

__all__ = ["anchor", "anchor_all"]

Span = tuple[int, int]

_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|["\\/])')
_NEAR = 0.6
"""Below this similarity no passage counts as near."""


def anchor_all(
    applications: Sequence[Application],
    codebook: Codebook,
    text: str,
    segments: Sequence[Segment],
    chunk: Chunk,
    language: str,
) -> tuple[Placed, ...]:
    """What becomes of each application of the reply to a chunk, in the reply's order.

    ``segments`` are all of the transcript's, by index.
    """
    numbers = dict.fromkeys(piece.segment for piece in chunk.pieces)
    inside = [segments[number] for number in numbers]
    placed = []
    for application in applications:
        result: Anchored | Unplaced
        if 1 <= application.segment <= len(chunk.pieces):
            piece = chunk.pieces[application.segment - 1]
            segment = segments[piece.segment]
            others = [s for s in inside if s.index != segment.index]
            result = anchor(
                application, codebook, text, segment, language, piece=piece, others=others
            )
        else:
            result = _no_such_segment(application, codebook, text, inside)
        placed.append(Placed(application=application, result=result))
    return tuple(placed)


def anchor(
    application: Application,
    codebook: Codebook,
    text: str,
    segment: Segment,
    language: str,
    *,
    piece: Piece | None = None,
    others: Sequence[Segment] = (),
) -> Anchored | Unplaced:
    """Find where an application's quote stands in its segment.

    ``piece`` is the part of the segment that was asked about, where it was cut: of several
    places, one within it is the place that was meant. ``others`` are the chunk's other segments;
    nothing is anchored in them, but the nearest true passage may be there.
    """
    code, unknown = _resolve(application.code, codebook)
    place = _find(application, text, segment, language, piece, others)
    if unknown:
        return _as_unknown(unknown, place, segment)
    if isinstance(place, _Found):
        return Anchored(
            code=code,
            segment=segment.index,
            start=place.start,
            end=place.end,
            quote=text[place.start : place.end],
            how=place.how,
            similarity=place.similarity,
        )
    return place.model_copy(update={"code": code})


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    how: How
    similarity: float = 1.0


def _resolve(written: str, codebook: Codebook) -> tuple[str, str]:
    """The code's id and ``""``, or ``""`` and why there is none."""
    code = codebook.resolve(written)
    if code is None:
        rule = codebook.ignored(written)
        if rule is not None:
            return "", f"The codebook ignores “{written}” (rule “{rule.pattern}”)."
        return "", f"The codebook has no code, name or alias “{written}”."
    if not codebook.by_id[code].measured:
        kind = codebook.by_id[code].kind
        return "", f"“{written}” is a code of kind {kind}, which a model is not asked about."
    return code, ""


def _find(
    application: Application,
    text: str,
    segment: Segment,
    language: str,
    piece: Piece | None,
    others: Sequence[Segment],
) -> _Found | Unplaced:
    within = segment_body(text, segment)
    quote = application.quote.strip()
    plain = _without_escapes(quote)
    folded = _without_label(fold(plain).text.strip(), application.segment, segment.speaker)
    inner = core(folded)
    if not inner:
        return _unplaced("unanchored", "The reply gives no quote.", segment)
    guard = guard_for(language)
    cut = False
    for how, hits in _tries(text, within, quote, folded, inner, guard):
        if hits.spans:
            return _choose(hits.spans, how, piece, segment)
        cut = cut or bool(hits.cut)
    why = ""
    if cut:
        why = "The quote begins or ends inside a word or a number of the passage."
    elif guard is not None:
        close = find_close(text, within, folded, guard)
        if close.hits:
            spans = tuple((hit.start, hit.end) for hit in close.hits)
            return _choose(spans, "close", piece, segment, close.hits[0].similarity)
        why = close.refused
    elif units_in(inner) > 1:
        name = f"“{language}”" if language else "a language that is not known"
        why = f"The words differ, and close matches are not made in {name}."
    return _unanchored(text, segment, others, inner, why)


def _tries(
    text: str, within: Span, quote: str, folded: str, inner: str, guard: Guard | None
) -> list[tuple[How, Hits]]:
    """The exact and folded steps. A single word has to be exact: without its
    neighbours, "US" and "us" or "May" and "may" cannot be told apart."""
    exact = find_exact(text, within, quote, guard)
    tries: list[tuple[How, Hits]] = [("exact", exact)]
    if exact.spans:
        return tries
    if units_in(inner) < 2:
        bare = quote.strip(" \t\n.,;:…\"'“”„«»‹›‘’‚")
        return [*tries, ("folded", find_exact(text, within, bare, guard))]
    tries.append(("folded", find_folded(text, within, folded, guard)))
    if inner != folded:
        tries.append(("folded", find_folded(text, within, inner, guard)))
    return tries


def _without_escapes(quote: str) -> str:
    """A quote without the escapes of JSON that passages are shown with, if it was copied so."""
    if "\\" not in quote:
        return quote
    plain = _ESCAPE.sub(lambda m: chr(int(m[1][1:], 16)) if len(m[1]) > 1 else m[1], quote)
    return "".join(char for char in plain if not 0xD800 <= ord(char) <= 0xDFFF)


def _without_label(folded: str, number: int, speaker: str) -> str:
    """A folded quote without the number and speaker that stood before the passage in the request.

    They are not part of the transcript's text, so they cannot be part of a quote from it.
    """
    for label in (f"[{number}]", fold(speaker).text.strip() + ":" if speaker else ""):
        if label and folded.startswith(label) and len(folded) > len(label):
            folded = folded[len(label) :].lstrip()
    return folded


def _choose(
    spans: tuple[Span, ...],
    how: How,
    piece: Piece | None,
    segment: Segment,
    similarity: float = 1.0,
) -> _Found | Unplaced:
    if len(spans) > 1 and piece is not None:
        asked = [s for s in spans if piece.start <= s[0] and s[1] <= piece.end]
        spans = tuple(asked) if len(asked) == 1 else spans
    if len(spans) == 1:
        return _Found(*spans[0], how=how, similarity=similarity)
    return Unplaced(
        status="ambiguous",
        why=f"The quote stands in {len(spans)} places of its passage.",
        segment=segment.index,
        nearest_start=spans[0][0],
        nearest_end=spans[0][1],
        similarity=similarity,
        places=tuple(Place(start=start, end=end) for start, end in spans),
    )


def _unplaced(status: UnplacedStatus, why: str, segment: Segment | None) -> Unplaced:
    return Unplaced(status=status, why=why, segment=segment.index if segment else None)


def _unanchored(
    text: str, segment: Segment | None, others: Sequence[Segment], inner: str, why: str
) -> Unplaced:
    """An ``unanchored`` record with the nearest true passage and, if ``why`` is empty, a reason."""
    around = sorted([*([segment] if segment else []), *others], key=lambda s: s.start)
    span = (around[0].start, around[-1].end) if around else (0, 0)
    elsewhere = find_folded(text, span, inner, None).spans if units_in(inner) > 1 else ()
    if elsewhere:
        start, end = elsewhere[0]
        if not any(s.start <= start and end <= s.end for s in around):
            why = "The quote runs over the end of its passage."
        elif segment is None or not (segment.start <= start and end <= segment.end):
            why = "The quote stands word for word in another passage than the one it was given for."
        similarity = 1.0
    else:
        near = _nearest(text, segment, others, inner)
        why = why or (
            "The quote differs too much from the nearest words."
            if near
            else "No passage has anything like the quote."
        )
        if near is None:
            return _unplaced("unanchored", why, segment)
        start, end, similarity = near
    return Unplaced(
        status="unanchored",
        why=why,
        segment=segment.index if segment else None,
        nearest_start=start,
        nearest_end=end,
        similarity=similarity,
    )


def _nearest(
    text: str, segment: Segment | None, others: Sequence[Segment], inner: str
) -> tuple[int, int, float] | None:
    """The stretch most like the quote, its own segment first; None below `_NEAR`."""
    best: tuple[int, int, float] | None = None
    for candidate in ([segment] if segment else [], others):
        for one in candidate:
            low, high = segment_body(text, one)
            passage = fold(text[low:high])
            if not passage.text:
                continue
            cutoff = 100 * max(_NEAR, best[2] if best else 0)
            window = fuzz.partial_ratio_alignment(inner, passage.text, score_cutoff=cutoff)
            if window is None or window.dest_start >= window.dest_end:
                continue
            start = low + passage.starts[window.dest_start]
            end = low + passage.ends[window.dest_end - 1]
            start, end = _to_words(text, (low, high), start, end)
            likeness = fuzz.ratio(inner, fold(text[start:end]).text) / 100
            if likeness >= _NEAR and (best is None or likeness > best[2]):
                best = (start, end, round(likeness, 3))
        if best is not None:
            return best
    return best


def _to_words(text: str, within: Span, start: int, end: int) -> Span:
    """A span widened to the words it cuts, without white space at its ends."""

    def joined(at: int) -> bool:
        return text[at - 1].isalnum() and text[at].isalnum() and not is_unspaced(text[at])

    while start > within[0] and joined(start):
        start -= 1
    while end < within[1] and joined(end):
        end += 1
    raw = text[start:end]
    return start + len(raw) - len(raw.lstrip()), end - (len(raw) - len(raw.rstrip()))


def _as_unknown(why: str, place: _Found | Unplaced, segment: Segment) -> Unplaced:
    if isinstance(place, _Found):
        start, end, similarity = place.start, place.end, place.similarity
        return Unplaced(
            status="unknown-code",
            why=why,
            segment=segment.index,
            nearest_start=start,
            nearest_end=end,
            similarity=similarity,
        )
    return place.model_copy(update={"status": "unknown-code", "why": why})


def _no_such_segment(
    application: Application, codebook: Codebook, text: str, inside: Sequence[Segment]
) -> Unplaced:
    code, unknown = _resolve(application.code, codebook)
    inner = core(fold(application.quote.strip()).text)
    why = f"The request has no passage number {application.segment}."
    lost = _unanchored(text, None, inside, inner, why)
    if unknown:
        return lost.model_copy(update={"status": "unknown-code", "why": unknown})
    return lost.model_copy(update={"code": code, "why": why})
