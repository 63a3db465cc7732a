"""A figure with its interval as the small plot beside it draws it (``bars.html``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eval.intervals.resampling import Interval

__all__ = ["Bar", "bar"]


@dataclass(frozen=True)
class Bar:
    """A figure between 0 and 1 with its interval; places in percent of the plot's width."""

    what: str
    shown: str
    at: float | None
    low: float | None
    high: float | None
    why: str = ""


def bar(what: str, found: Interval) -> Bar:
    from eval.statistics.values import is_defined, show

    if not is_defined(found.estimate):
        return Bar(what, "–", None, None, None, found.estimate.reason)
    low = found.low if is_defined(found.low) else None
    high = found.high if is_defined(found.high) else None
    whole = low is not None and high is not None
    ends = f" [{show(found.low)}, {show(found.high)}]" if whole else ", no interval"

    def place(value: float | None) -> float | None:
        return None if value is None else round(100 * min(1.0, max(0.0, value)), 1)

    said = f"{show(found.estimate)}{ends}"
    return Bar(what, said, place(found.estimate), place(low), place(high))
