"""Agreement on passages as they were marked, of people with people and of a model with people.

Segments and exchanges ask "is the code there?"; this asks "are the same words marked?". Each pair
of coders in a transcript is one comparison, and all pairs' counts are added up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from eval.evaluation.behind import Behind, behind_these
from eval.evaluation.figures import Worst, lowest
from eval.further.span_sums import SpanSums, sum_spans
from eval.intervals.resampling import Estimator, Interval, Resampling, intervals
from eval.statistics.spans import (
    THRESHOLDS,
    character_f1,
    intersection_over_union,
    matched_f1,
)
from eval.statistics.unitizing_sums import (
    UnitSums,
    binary_alpha,
    code_alpha,
    common_alpha,
    place_alpha,
)
from eval.statistics.values import FloatArray, IntArray, Undefined, is_defined, value_of
from eval.units.records import CodedTranscript

__all__ = ["SpanResult", "SpanRow", "measure_spans", "span_figures"]

NOBODY = "neither marked a passage with it"
NO_CODES = "it asks where anything is marked, whatever the code"
NO_CHANCE = "nobody marked it, or there is nothing in which marks could differ"
NO_COMMON = "no two marked a common passage, or with one code only"
NEVER_ALIKE = (
    "no passage was marked alike by both: the figure then follows from lengths alone, and nothing "
    "shows how far it would vary"
)
OF_ONE_CODE = (
    "it is of one code against the others; for all codes see cu-alpha, which stands below the table"
)


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
    behind: dict[str, Behind] = field(default_factory=dict)
    """Behind each figure of all codes, by name: fields of `SpanRow`, thresholds of ``matched``;
    ``common`` has the (k)u-alphas of codes behind it, ``binary`` no code. Empty in evaluations of
    older versions."""


def measure_spans(
    transcripts: Sequence[CodedTranscript],
    codes: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    settings: Resampling,
) -> SpanResult | None:
    """None where no pair looked at a common passage. ``pairs``: first and second coder."""
    summed = sum_spans(transcripts, codes, pairs)
    if summed is None:
        return None
    return replace(span_figures(*summed, settings), behind=_behind(summed[0], settings))


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


_OF_COUNTS: Mapping[str, Callable[[FloatArray], FloatArray]] = {
    "character_f1": character_f1,
    "iou": intersection_over_union,
    **{f"{t:.2f}": lambda counts, t=t: matched_f1(counts, t) for t in THRESHOLDS},  # type: ignore[misc]
}
"""Figures of counts ``(..., 8)``, by the names of `SpanResult.behind`."""


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
        {f"{t:.2f}": measured(_OF_COUNTS[f"{t:.2f}"]) for t in THRESHOLDS},
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


# --- behind the figures of all codes ------------------------------------------------------------


def _behind(sums: SpanSums, settings: Resampling) -> dict[str, Behind]:
    """Each code weighing the same, the worst code and the worst transcript."""
    each = np.eye(len(sums.transcripts))

    def of_codes(by_each: Estimator, in_each: FloatArray) -> Behind:
        return behind_these(by_each, sums.codes, in_each, sums.transcripts, settings)

    counts = sums.counts.astype(np.float64)
    passages = counts[..., 3:5].sum(axis=-1)
    found = {
        name: of_codes(
            Estimator(
                lambda w, figure=figure: figure(np.tensordot(w, counts, axes=1)),  # type: ignore[misc]
                passages,
                passages,
                0.0,
                1.0,
            ),
            figure(counts.sum(axis=1)),
        )
        for name, figure in _OF_COUNTS.items()
    }
    alone, mixed = sums.alone, sums.mixed
    found["u_alpha"] = of_codes(
        _alpha(
            lambda w: np.stack([place_alpha(w, one) for one in alone], axis=1),
            np.stack([one.units.sum(axis=1) for one in alone], axis=1),
        ),
        place_alpha(each, mixed),
    )
    found["common"] = of_codes(
        _alpha(lambda w: code_alpha(w, mixed), mixed.units[:, 1:]), common_alpha(each, mixed)
    )
    why = Undefined(NO_CODES)
    local = zip(sums.transcripts, binary_alpha(each, sums.any_code).tolist(), strict=True)
    found["binary"] = replace(
        found["common"],
        macro=replace(
            found["common"].macro, estimate=why, low=why, high=why, se=why, df=0.0, transcripts=0
        ),
        codes=0,
        worst_code=Worst("", why),
        worst_transcript=lowest((name, value_of(one, NO_CHANCE)) for name, one in local),
    )
    return found
