"""Cutting a long paragraph at sentence ends, for requests only.

A small splitter of our own: it never changes a character, and its parts always join to what it was
given. A wrong border does no harm to any figure, because units of agreement are segments, never
sentences; it only decides where a very long segment is cut for a request.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["cut_to_fit", "sentence_spans"]

Span = tuple[int, int]

_CLOSERS = "\"'”’»›)\\]"
# Full stop, question mark, exclamation mark or ellipsis with the quotation marks that close after
# it and the space behind it. Scripts without spaces have their own marks and need none.
_SENTENCE = re.compile(rf"[.!?…]+[{_CLOSERS}]*\s+|[。！？｡]+[{_CLOSERS}」』）]*\s*|\n+")
_CLAUSE = re.compile(r"[,;:–—]\s+|[、，；：]\s*")
_WORD = re.compile(r"\s+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|bzw|ca|usw|z\.\s?B|u\.\s?a|Sr|Sra|Mme"
    r"|Nr|No|approx))\.\s+$",
    re.IGNORECASE,
)


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Spans of the sentences of ``text[start:end]``; they tile it. Space goes with the sentence
    before it."""
    return _split(text, start, len(text) if end is None else end, _SENTENCE, sentence=True)


def _split(
    text: str, start: int, end: int, border: re.Pattern[str], *, sentence: bool = False
) -> tuple[Span, ...]:
    spans: list[Span] = []
    begin = start
    for match in border.finditer(text, start, end):
        cut = match.end()
        if cut >= end:
            break
        if sentence and match.group()[0] == "." and not _ends_sentence(text, begin, cut):
            continue
        spans.append((begin, cut))
        begin = cut
    if begin < end:
        spans.append((begin, end))
    return tuple(spans)


def _ends_sentence(text: str, begin: int, cut: int) -> bool:
    following = text[cut]
    return not (following.islower() or _ABBREVIATION.search(text, max(begin, cut - 12), cut))


def cut_to_fit(
    text: str, start: int, end: int, cost: Callable[[int, int], int], limit: int
) -> tuple[Span, ...]:
    """Cut ``text[start:end]`` into parts that cost at most ``limit``, at sentences where possible.

    ``cost(start, end)`` gives the cost of one part. A sentence above the limit is cut at clauses,
    then at spaces, then between characters (automatic transcripts have no full stops); a
    single character is never refused. The parts tile the stretch.
    """
    if cost(start, end) <= limit or end - start <= 1:
        return ((start, end),) if start < end else ()
    for border in (_SENTENCE, _CLAUSE, _WORD):
        atoms = _split(text, start, end, border, sentence=border is _SENTENCE)
        if len(atoms) > 1:
            break
    else:
        middle = (start + end) // 2
        atoms = ((start, middle), (middle, end))
    parts: list[Span] = []
    at = 0
    while at < len(atoms):
        begin = atoms[at][0]
        if cost(begin, atoms[at][1]) > limit:
            # What is left of an atom that had to be cut stays by itself.
            parts.extend(cut_to_fit(text, begin, atoms[at][1], cost, limit))
            at += 1
        else:
            last = _last_that_fits(at, len(atoms), lambda n: cost(begin, atoms[n][1]) <= limit)  # noqa: B023
            parts.append((begin, atoms[last][1]))
            at = last + 1
    return tuple(parts)


def _last_that_fits(first: int, end: int, fits: Callable[[int], bool]) -> int:
    """The last number in ``[first, end)`` that fits, when ``first`` does; asks about few of them,
    because a cost is counted from words and words are many."""
    step = 1
    low = first
    while low + step < end and fits(low + step):
        low += step
        step *= 2
    high = min(low + step, end)
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low
