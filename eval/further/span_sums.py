"""What figures about marked passages are made of: counts and lengths, transcript by transcript.

Each pair of coders in a transcript is one comparison, on what both looked at; all pairs' counts of
a transcript are added up, so that transcripts can be weighed and drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.further.passages import (
    closed_up,
    common_passages,
    passages_of,
    several_codes,
    units_of,
)
from eval.statistics.spans import THRESHOLDS, Span, clip, compare, union
from eval.statistics.unitizing import Unit
from eval.statistics.unitizing_sums import UnitSums, unit_sums
from eval.statistics.values import FloatArray, IntArray
from eval.units.records import CodedTranscript

__all__ = ["SpanSums", "sum_spans"]

ANY = "any code"


@dataclass(frozen=True, slots=True)
class SpanSums:
    """What all figures are made of, by transcript; each part has a row a transcript."""

    codes: tuple[str, ...]
    transcripts: tuple[str, ...]
    counts: IntArray
    """``(T, C, 8)`` as `spans.compare`."""
    alone: tuple[UnitSums, ...]
    """Of each code by itself."""
    any_code: UnitSums
    mixed: UnitSums
    """All codes at once, where each coder gave one at most."""

    def of(self, chosen: IntArray) -> SpanSums:
        """Of some transcripts; the same one may come several times."""
        return SpanSums(
            self.codes,
            tuple(self.transcripts[t] for t in chosen.tolist()),
            self.counts[chosen],
            tuple(sums.of(chosen) for sums in self.alone),
            self.any_code.of(chosen),
            self.mixed.of(chosen),
        )


def sum_spans(
    transcripts: Sequence[CodedTranscript], codes: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> tuple[SpanSums, float] | None:
    """Sums of each transcript that a pair looked at, and the share of text with several codes."""
    here = [(t, [p for p in pairs if _both(t, p)]) for t in transcripts]
    here = [(t, mine) for t, mine in here if mine]
    if not here:
        return None
    counts = np.stack([_counts(t, mine, codes) for t, mine in here])
    continua = [(t, pair) for t, mine in here for pair in mine]
    owner = np.array([i for i, (_, mine) in enumerate(here) for _ in mine])
    gather = np.zeros((len(here), len(continua)))
    gather[owner, np.arange(len(continua))] = 1.0
    mixed, share = _mixed(continua, codes, gather)
    alone = tuple(_alone(continua, code, gather) for code in codes)
    any_code = _any_code(continua, codes, gather)
    names = tuple(transcript.name for transcript, _ in here)
    return SpanSums(tuple(codes), names, counts, alone, any_code, mixed), share


def _both(transcript: CodedTranscript, pair: tuple[str, str]) -> bool:
    return bool(common_passages(transcript, pair))


def _counts(
    transcript: CodedTranscript, pairs: Sequence[tuple[str, str]], codes: Sequence[str]
) -> IntArray:
    """``(C, 8)`` as `spans.compare`, summed over pairs."""
    made = np.zeros((len(codes), 5 + len(THRESHOLDS)), dtype=np.int64)
    for first, second in pairs:
        within = common_passages(transcript, (first, second))
        one = passages_of(transcript, first, codes, within)
        other = passages_of(transcript, second, codes, within)
        for c, code in enumerate(codes):
            if not one[code] and not other[code]:
                continue
            inside = common_passages(transcript, (first, second), code)
            made[c] += compare(clip(one[code], inside), clip(other[code], inside))
    return made


# --- continua ----------------------------------------------------------------------------------

_Continua = Sequence[tuple[CodedTranscript, tuple[str, str]]]


def _length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)


def _gathered(sums: UnitSums, gather: FloatArray) -> UnitSums:
    """From one a pair and transcript to one a transcript."""

    def added(values: FloatArray) -> FloatArray:
        flat = gather @ values.reshape(len(values), -1)
        return np.asarray(flat.reshape(len(gather), *values.shape[1:]))

    return UnitSums(
        sums.codes,
        added(sums.observed),
        added(sums.own),
        added(sums.own_pairable),
        added(sums.units),
    )


def _alone(continua: _Continua, code: str, gather: FloatArray) -> UnitSums:
    coders: list[list[list[Unit]]] = []
    lengths: list[int] = []
    for transcript, pair in continua:
        within = common_passages(transcript, pair, code)
        marked = [passages_of(transcript, coder, (code,), within) for coder in pair]
        coders.append([units_of(one, within) for one in marked] if within else [])
        lengths.append(_length(within))
    return _gathered(unit_sums(coders, lengths, (code,)), gather)


def _any_code(continua: _Continua, codes: Sequence[str], gather: FloatArray) -> UnitSums:
    coders: list[list[list[Unit]]] = []
    lengths: list[int] = []
    for transcript, pair in continua:
        within = common_passages(transcript, pair)
        mine = []
        for coder in pair:
            found = passages_of(transcript, coder, codes, within)
            spans = union([span for part in found.values() for span in part])
            mine.append([Unit(s, e, ANY) for s, e in union(closed_up(spans, within))])
        coders.append(mine)
        lengths.append(_length(within))
    return _gathered(unit_sums(coders, lengths, (ANY,)), gather)


def _mixed(continua: _Continua, codes: Sequence[str], gather: FloatArray) -> tuple[UnitSums, float]:
    """All codes at once where each coder gave one at most, and the share that this leaves out."""
    coders: list[list[list[Unit]]] = []
    lengths: list[int] = []
    marked_length = left_length = 0
    for transcript, pair in continua:
        within = common_passages(transcript, pair)
        marked = [passages_of(transcript, coder, codes, within) for coder in pair]
        several = several_codes(marked)
        everything = union([s for by in marked for spans in by.values() for s in spans])
        marked_length += _length(everything)
        left_length += _length(several)
        kept = _without(within, several)
        coders.append([units_of(one, kept) for one in marked])
        lengths.append(_length(kept))
    share = left_length / marked_length if marked_length else 0.0
    return _gathered(unit_sums(coders, lengths, codes), gather), share


def _without(passages: Sequence[Span], out: Sequence[Span]) -> list[Span]:
    """``passages`` less ``out`` (both as `union` gives them)."""
    kept: list[Span] = []
    for start, end in passages:
        at = start
        for first, last in out:
            if last <= at or first >= end:
                continue
            if first > at:
                kept.append((at, first))
            at = max(at, last)
        if at < end:
            kept.append((at, end))
    return kept
