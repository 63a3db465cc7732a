"""The words of a segment that carry a code, cut from the text as they stand.

The judge says yes to a segment and names no words, so the quote is the sentence most like the code
with as many neighbours as the units of agreement ask for: a span counts in a segment when it covers
half of it or ten words, and a quote that did not count would be a coding that no figure sees.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assistant.coding.judge.passages import Embeds, FloatArray
from assistant.coding.sentences import sentence_spans
from assistant.transcripts.records import Segment, segment_body

__all__ = ["Words", "cut_quote", "sentences"]

_ENOUGH_WORDS = 10
_SHORT = 50
"""Words up to which a segment is quoted whole: it is read at a glance, and its sentences need not
be embedded, which would double the time of a run without a model."""


Words = Callable[[int, int], str]
"""What may be sent of a stretch of the text: names are replaced in it."""


def cut_quote(
    text: str, segment: Segment, code: FloatArray, embedder: Embeds, words: Words | None = None
) -> tuple[int, int]:
    """``[start, end)`` in ``text``, inside the segment and without white space around it.

    ``code``: the code's vector (dimensions,), from the same embedder.
    """
    start, end = segment_body(text, segment)
    spans = _spans(text, segment)
    if not spans:
        return start, end
    near = embedder.embed(_said(text, spans, words), "passage") @ code
    first = last = int(np.argmax(near))
    while not _enough(text, spans[first][0], spans[last][1], start, end):
        before = near[first - 1] if first > 0 else -np.inf
        after = near[last + 1] if last + 1 < len(spans) else -np.inf
        if before > after:
            first -= 1
        else:
            last += 1
    return spans[first][0], spans[last][1]


def sentences(text: str, segment: Segment, words: Words | None = None) -> list[str]:
    """What `cut_quote` will embed: to embed the sentences of many segments in one go."""
    return _said(text, _spans(text, segment), words)


def _said(text: str, spans: list[tuple[int, int]], words: Words | None) -> list[str]:
    return [text[a:b] if words is None else words(a, b) for a, b in spans]


def _spans(text: str, segment: Segment) -> list[tuple[int, int]]:
    """Sentences of a segment that can be cut; none for one that is quoted whole."""
    start, end = segment_body(text, segment)
    spans = [
        stripped
        for begin, stop in sentence_spans(text, start, end)
        if (stripped := _stripped(text, begin, stop))
    ]
    return [] if len(spans) < 2 or _words(text, start, end) <= _SHORT else spans


def _enough(text: str, start: int, end: int, whole_start: int, whole_end: int) -> bool:
    half = 2 * (end - start) >= whole_end - whole_start
    return half or _words(text, start, end) >= _ENOUGH_WORDS


def _words(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
