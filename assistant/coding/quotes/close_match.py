"""A close match: the words of a quote aligned with the words of a passage, within narrow bounds.

Models leave out "um", repair a spelling or drop a word when they quote. Such a quote may be placed,
and what is stored is always the passage's own text. Refused, with a reason: a negation, a number or
a word of quantity that differs; a word replaced by another word; words in another order; an
ellipsis or a gap that joins two places; anything beyond `ALLOWED` of the quote's words. Only for
languages with a guard.

The alignment is semi-global over words (Sellers 1980, with words for letters), because it
gives the true beginning and end: a fuzzy window of the quote's length starts too late where the
quote lacks words. rapidfuzz first rejects what is not near, and compares spellings.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from assistant.coding.quotes.folding import fold
from assistant.coding.quotes.guards import ELLIPSIS, Guard, Word, words_of
from assistant.coding.quotes.matching import is_whole

__all__ = ["ALLOWED", "MIN_WORDS", "CloseHit", "CloseResult", "find_close"]

Span = tuple[int, int]

MIN_WORDS = 4
"""Shorter quotes have too few words to tell a slip from another passage."""
ALLOWED = 0.15
"""Edit cost per word of the quote that is still the same quote."""
_MAX_GAP = 2
"""Words of the passage, fillers apart, that a quote may skip in one place."""
_SPELLING = 84.0
_COST_SLIP = 0.34
"""Of a word in another spelling."""
_COST_NOISE = 0.1
"""Of leaving out a filler or a repeated word."""
_FAR = 1e9


@dataclass(frozen=True)
class CloseHit:
    start: int
    end: int
    similarity: float


@dataclass(frozen=True)
class CloseResult:
    """Hits that passed every bound, best first; or, when there are none, why the nearest failed."""

    hits: tuple[CloseHit, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class _Edit:
    """One step of an alignment; a missing side is None."""

    quote: str | None
    passage: str | None
    noise: bool = False


def find_close(text: str, within: Span, folded_quote: str, guard: Guard) -> CloseResult:
    """Close matches of a folded quote in ``text[within]``; never one that breaks a bound."""
    low, high = within
    quote = words_of(folded_quote)
    passage = fold(text[low:high])
    if len(quote) < MIN_WORDS:
        return CloseResult(refused="The quote is too short for anything but an exact match.")
    if fuzz.partial_ratio(folded_quote, passage.text) < 60:
        return CloseResult()
    words = words_of(passage.text)
    if not words:
        return CloseResult()
    table = _align(quote, words, guard)
    bound = ALLOWED * len(quote)
    last = table[-1]
    ends = sorted((cost, end) for end, cost in enumerate(last) if end and cost <= bound + 1e-9)
    taken: list[tuple[int, int]] = []
    hits: list[CloseHit] = []
    refused = ""
    for cost, end in ends:
        begin, edits = _trace(table, quote, words, guard, end)
        if begin >= end or any(begin < t_end and t_begin < end for t_begin, t_end in taken):
            continue
        taken.append((begin, end))
        stretch = passage.stretch(words[begin].start, words[end - 1].end)
        reason = _refusal(edits, guard)
        if not reason and stretch is None:
            reason = "The quote begins or ends inside a word."
        if not reason and stretch is not None:
            span = (low + stretch[0], low + stretch[1])
            reason = _span_refusal(text, within, span, folded_quote, guard)
            if not reason:
                hits.append(CloseHit(*span, similarity=round(1 - cost / len(quote), 3)))
                continue
        refused = refused or reason
    return CloseResult(tuple(hits), "" if hits else refused)


def _span_refusal(text: str, within: Span, span: Span, quote: str, guard: Guard) -> str:
    if not is_whole(text, within, span, guard):
        return "The quote begins or ends inside a word or a number."
    inner = quote.strip(" .'[]()")
    if len(ELLIPSIS.findall(inner)) > len(ELLIPSIS.findall(fold(text[slice(*span)]).text)):
        return "An ellipsis in the quote joins two places."
    return ""


def _noise(words: tuple[Word, ...], at: int, guard: Guard) -> bool:
    """Whether a word of the passage may be left out freely: a filler, or one said twice."""
    word = words[at].text
    if word in guard.fillers:
        return True
    if guard.protects(word):
        return False
    following = at + 1
    while following < len(words) and words[following].text in guard.fillers:
        following += 1
    return following < len(words) and words[following].text == word


def _pair_cost(one: str, other: str, guard: Guard) -> float:
    if one == other:
        return 0.0
    if len(one) < 4 or len(other) < 4 or one[0] != other[0]:
        return _FAR
    if guard.protects(one) or guard.protects(other) or guard.opposed(one, other):
        return _FAR
    return _COST_SLIP if fuzz.ratio(one, other) >= _SPELLING else _FAR


def _put_in_cost(place: int, words: int) -> float:
    """Of a word that only the quote has. Its first and last word have to stand in the passage:
    else the end of a quote could be given up to leave out a negation that stands before it."""
    return _FAR if place in (0, words - 1) else 1.0


def _align(quote: tuple[Word, ...], words: tuple[Word, ...], guard: Guard) -> list[list[float]]:
    """Cost of the best alignment of the first i quote words that ends at passage word j."""
    skip = [_COST_NOISE if _noise(words, j, guard) else 1.0 for j in range(len(words))]
    costs: dict[tuple[str, str], float] = {}
    table = [[0.0] * (len(words) + 1)]
    for i, q in enumerate(quote):
        above = table[-1]
        put_in = _put_in_cost(i, len(quote))
        row = [above[0] + put_in]
        left = row[0]
        for j, word in enumerate(words):
            if q.text == word.text:
                pair = 0.0
            else:
                key = (q.text, word.text)
                known = costs.get(key)
                pair = costs[key] = _pair_cost(q.text, word.text, guard) if known is None else known
            best = above[j] + pair
            if above[j + 1] + put_in < best:
                best = above[j + 1] + put_in
            if left + skip[j] < best:
                best = left + skip[j]
            row.append(best)
            left = best
        table.append(row)
    return table


def _trace(
    table: list[list[float]],
    quote: tuple[Word, ...],
    words: tuple[Word, ...],
    guard: Guard,
    end: int,
) -> tuple[int, list[_Edit]]:
    """Where the alignment that ends before passage word ``end`` begins, and its steps in order."""
    i, j = len(quote), end
    edits: list[_Edit] = []
    while i > 0:
        here = table[i][j]
        if j > 0:
            q, w = quote[i - 1].text, words[j - 1].text
            if abs(table[i - 1][j - 1] + _pair_cost(q, w, guard) - here) < 1e-6:
                edits.append(_Edit(q, w))
                i, j = i - 1, j - 1
                continue
            noise = _noise(words, j - 1, guard)
            if abs(table[i][j - 1] + (_COST_NOISE if noise else 1.0) - here) < 1e-6:
                edits.append(_Edit(None, w, noise))
                j -= 1
                continue
        edits.append(_Edit(quote[i - 1].text, None))
        i -= 1
    edits.reverse()
    return j, edits


def _refusal(edits: list[_Edit], guard: Guard) -> str:
    """Why an alignment within the cost bound is still not the same quote, or ``""``."""
    left_out = [e.passage for e in edits if e.quote is None and e.passage and not e.noise]
    put_in = [e.quote for e in edits if e.passage is None and e.quote]
    for word in (*left_out, *put_in):
        if guard.protects(word):
            return (
                f"The quote and the passage differ in “{word}”, which may change the meaning "
                "(a negation, a number or a word of quantity)."
            )
    gone = {e.passage for e in edits if e.quote is None and e.passage not in guard.fillers}
    if gone & set(put_in):
        return "The quote has the passage's words in another order."
    gap, added = 0, 0
    for edit in edits:
        if edit.quote is not None and edit.passage is not None:
            gap, added = 0, 0
            continue
        gap += edit.quote is None and not edit.noise
        added += edit.passage is None
        if gap and added:
            return "The quote replaces a word of the passage by another."
        if gap > _MAX_GAP:
            return "The quote skips words and so joins two places."
    return ""
