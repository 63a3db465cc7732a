"""Agreement on passages as they were marked, of people with people and of a model with people.

Segments and exchanges ask "is the code there?"; this asks "are the same words marked?". Each pair
of coders in a transcript is one comparison, and all pairs' counts are added up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval.further.passages import (
    closed_up,
    common_passages,
    passages_of,
    several_codes,
    units_of,
)
from eval.intervals.resampling import Estimator, Interval, Resampling, intervals
from eval.statistics.spans import (
    THRESHOLDS,
    Span,
    character_f1,
    clip,
    compare,
    intersection_over_union,
    matched_f1,
    union,
)
from eval.statistics.unitizing import Unit
from eval.statistics.unitizing_sums import (
    UnitSums,
    binary_alpha,
    code_alpha,
    common_alpha,
    place_alpha,
    unit_sums,
)
from eval.statistics.values import FloatArray, IntArray, Undefined, is_defined
from eval.units.records import CodedTranscript

__all__ = ["SpanResult", "SpanRow", "SpanSums", "measure_spans", "span_figures", "sum_spans"]

NOBODY = "neither marked a passage with it"
NO_CHANCE = "nobody marked it, or there is nothing in which marks could differ"
NO_COMMON = "no two marked a common passage, or with one code only"
NEVER_ALIKE = (
    "no passage was marked alike by both: the figure then follows from lengths alone, and nothing "
    "shows how far it would vary"
)
OF_ONE_CODE = (
    "it is of one code against the others; for all codes see cu-alpha, which stands below the table"
)
ANY = "any code"


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One code, or all."""

    code: str
    first: int
    """Passages of the first coder (of a person, beside a model), summed over pairs."""
    second: int
    character_f1: Interval
    iou: Interval
    matched: dict[str, Interval]
    """F1 of matched passages, by threshold (``"0.50"``)."""
    u_alpha: Interval
    """Krippendorff's u-alpha of this code alone: where it is."""
    kind_alpha: Interval
    """(k)u-alpha: this code against the others, where both marked something. Of one code only:
    undefined in the row of all codes, for which there is cu-alpha."""


@dataclass(frozen=True, slots=True)
class SpanResult:
    codes: tuple[SpanRow, ...]
    together: SpanRow
    """All codes: counts added up; u-alpha is that of the family, of place and code."""
    binary: Interval
    """|u-alpha: where anything is marked, whatever the code."""
    common: Interval
    """cu-alpha: which code, where both marked something."""
    several_codes_share: float
    """Of the marked characters those where a coder gave several codes at once; u-alpha of all
    codes, cu-alpha and (k)u-alpha leave them out, as they allow one code a place."""


@dataclass(frozen=True, slots=True)
class SpanSums:
    """What all figures are made of, by transcript; each part has a row a transcript."""

    codes: tuple[str, ...]
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
            self.counts[chosen],
            tuple(sums.of(chosen) for sums in self.alone),
            self.any_code.of(chosen),
            self.mixed.of(chosen),
        )


def measure_spans(
    transcripts: Sequence[CodedTranscript],
    codes: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    settings: Resampling,
) -> SpanResult | None:
    """None where no pair looked at a common passage. ``pairs``: first and second coder."""
    summed = sum_spans(transcripts, codes, pairs)
    return None if summed is None else span_figures(*summed, settings)


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
    return SpanSums(tuple(codes), counts, alone, any_code, mixed), share


def span_figures(sums: SpanSums, several_codes_share: float, settings: Resampling) -> SpanResult:
    """All figures with their intervals, from `sum_spans`."""
    mixed, any_code = sums.mixed, sums.any_code
    kinds = intervals(_alpha(lambda w: code_alpha(w, mixed), mixed.units[:, 1:]), settings)
    rows = tuple(
        _row(
            code,
            sums.counts[:, c],
            settings,
            _alone_alpha(sums.alone[c], settings),
            _where_alike(kinds.at(c, NO_COMMON), mixed, c),
        )
        for c, code in enumerate(sums.codes)
    )
    total = mixed.units.sum(axis=1)
    common = _where_alike(
        intervals(_alpha(lambda w: common_alpha(w, mixed), total), settings).at((), NO_COMMON),
        mixed,
    )
    place = _where_alike(
        intervals(_alpha(lambda w: place_alpha(w, mixed), total), settings).at((), NO_CHANCE),
        mixed,
    )
    together = _row("all codes", sums.counts.sum(axis=1), settings, place, _no_kind(place))
    binary = _where_alike(
        intervals(
            _alpha(lambda w: binary_alpha(w, any_code), any_code.units.sum(axis=1)), settings
        ).at((), NO_CHANCE),
        any_code,
    )
    return SpanResult(rows, together, binary, common, several_codes_share)


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


def _row(
    name: str, counts: IntArray, settings: Resampling, u_alpha: Interval, kind: Interval
) -> SpanRow:
    """``counts`` ``(T, 8)``."""
    passages = counts[:, 3:5].sum(axis=1).astype(np.float64)

    def measured(compute: Callable[[FloatArray], FloatArray]) -> Interval:
        estimator = Estimator(
            lambda w: compute(w @ counts.astype(np.float64)), passages, passages, 0.0, 1.0
        )
        return intervals(estimator, settings).at((), NOBODY)

    return SpanRow(
        name,
        int(counts[:, 3].sum()),
        int(counts[:, 4].sum()),
        measured(character_f1),
        measured(intersection_over_union),
        {f"{t:.2f}": measured(lambda c, t=t: matched_f1(c, t)) for t in THRESHOLDS},  # type: ignore[misc]
        u_alpha,
        kind,
    )


def _alone_alpha(sums: UnitSums, settings: Resampling) -> Interval:
    estimator = _alpha(lambda w: place_alpha(w, sums), sums.units.sum(axis=1))
    return _where_alike(intervals(estimator, settings).at((), NO_CHANCE), sums)


def _where_alike(found: Interval, sums: UnitSums, code: int | None = None) -> Interval:
    """Without ends where no character has the same code from both; ``code`` None: no code at all.

    Alpha is then not above 0 whatever the coders do, since nothing covaries (Krippendorff 2004,
    Reliability in content analysis, Hum. Commun. Res. 30, 411-433, on data without variation), and
    hardly moves with the choice of transcripts: an interval such as [-0.01, -0.01] would tell of
    a certainty that is not there.
    """
    alike = np.diagonal(sums.observed, axis1=1, axis2=2)[:, 1:].sum(axis=0)
    if not is_defined(found.estimate) or (alike.sum() if code is None else alike[code]) > 0:
        return found
    why = Undefined(NEVER_ALIKE)
    return replace(found, low=why, high=why, se=why)


def _no_kind(like: Interval) -> Interval:
    why = Undefined(OF_ONE_CODE)
    return replace(like, estimate=why, low=why, high=why, se=why, df=0.0)


def _alpha(compute: Callable[[FloatArray], FloatArray], units: FloatArray) -> Estimator:
    return Estimator(compute, units, np.asarray(units, dtype=np.float64), -1.0, 1.0)


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
