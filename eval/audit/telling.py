"""An audit's figures in words: the sentence above them, what they count, and what chance can do.

The share that is wrong is of what is suggested, the share that is missed of what people find. Both
count the same codes: those that would be accepted, or all where none would. A code that is
suggested nowhere counts too, since all that people find of it is missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assistant.counting import per_cent
from eval.audit.samples import Samples
from eval.intervals.resampling import Interval
from eval.report.wording import how_many
from eval.statistics.values import is_defined

if TYPE_CHECKING:
    from eval.audit.found import AuditResult, Counted

__all__ = ["all_counted", "chance", "headline", "how_often", "range_of", "what_counts"]


def headline(
    error: Interval,
    missed: Interval,
    counted: Counted,
    transcripts: int,
    left_out: Mapping[str, str],
) -> str:
    """What the audit found, with ``left_out``: names of codes that would be counted, and why the
    sample says nothing about them."""
    where = "this interview" if transcripts == 1 else f"these {transcripts} interviews"
    what = "you would accept" if counted.would_be_accepted else "the model suggests"
    told = (
        f"Of what {what} in {where}, {_about(error, 'is wrong')}, and of what people find there of "
        f"{_codes(counted)}, {_about(missed, 'is missed')}."
    )
    if left_out:
        without = "; ".join(f"{name} ({why})" for name, why in left_out.items())
        told += f" Left out of these figures, since nothing is known of it: {without}."
    return told


def _codes(counted: Counted) -> str:
    n = len(counted.codes)
    if counted.would_be_accepted:
        return "the same code" if n == 1 else f"the same {n} codes"
    whole = n + len(counted.left_out)
    if counted.left_out:
        return f"{n} of {how_many(whole, 'code')}"
    return "the one code" if n == 1 else f"all {n} codes"


def _about(figure: Interval, words: str) -> str:
    if is_defined(figure.estimate) and is_defined(figure.low) and is_defined(figure.high):
        said = per_cent(figure.estimate)
        about = "about " if said[0].isdigit() else ""
        return f"{about}{said} {words} ({_ends(figure)})"
    return f"it is not known how much {words} ({getattr(figure.estimate, 'reason', '')})"


def range_of(figure: Interval, bar: float | None = None) -> str:
    """``6% (2 to 13)``, or why it is not known. Beside a ``bar`` it never reads as that."""
    if not (is_defined(figure.estimate) and is_defined(figure.low) and is_defined(figure.high)):
        return f"not known ({getattr(figure.estimate, 'reason', '')})"
    return f"{per_cent(figure.estimate, beside=bar)} ({_ends(figure, bar)})"


def _ends(figure: Interval, bar: float | None = None) -> str:
    assert is_defined(figure.low)
    assert is_defined(figure.high)
    low, high = (per_cent(end, beside=bar) for end in (figure.low, figure.high))
    return f"{low.removesuffix('%')} to {high.removesuffix('%')}"


def all_counted(counted: Counted) -> str:
    """Name of the row with the figures of the sentence."""
    return "all that would be accepted" if counted.would_be_accepted else "all codes"


def what_counts(counted: Counted) -> str:
    """Which codes the figures of the sentence are about."""
    if not counted.codes:
        return "No code is counted."
    names = ", ".join(counted.names)
    if counted.would_be_accepted:
        told = (
            f"Both figures count {how_many(len(counted.codes), 'code')}, in the lane “accept”: "
            f"{names}. What people find of other codes is not in them."
        )
    else:
        told = (
            f"No code is in the lane “accept”, so both figures count {_codes(counted)}, also those "
            f"that the model suggests nowhere: {names}."
        )
    if counted.without_row:
        told += f" Neither suggested nor found, so not below: {', '.join(counted.without_row)}."
    return told


def chance(found: AuditResult) -> str:
    """What the intervals are and how figures come from counts."""
    if found.sampled == found.passages:
        return (
            "That is every passage, so nothing is left to the chance of drawing: each interval is "
            "a single number."
        )
    return (
        f"Intervals: {found.level * 100:.4g} in 100 such samples hold the truth. Shares weigh each "
        "passage by how many it stands for."
    )


def how_often(samples: Samples, level: float) -> str:
    """That it is not the only sample; nothing where it is."""
    if samples.drawn == 1:
        return ""
    said = f"{samples.drawn} samples of these interviews were drawn"
    if samples.judged == 1:
        return f"{said}; this is the first that was judged."
    return (
        f"{said}; this is number {samples.judged} that was judged or wholly coded, so it is judged "
        f"more strictly (intervals at level {level:.2%})."
    )
