"""The word for one difference between two runs, and how many more transcripts would tell.

Pure functions of the interval, the raised p and what runs that should not differ show.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

from scipy.special import ndtri  # type: ignore[import-untyped]

from assistant.counting import bar_as_written, counted
from eval.intervals.resampling import Interval
from eval.intervals.significance import least_transcripts
from eval.statistics.values import Value, is_defined, show

__all__ = ["FORETELLS", "Answer", "decide"]

Answer: TypeAlias = Literal["better", "worse", "no change", "cannot tell"]
POWER = 0.8
"""With which chance a difference as large as the one seen should be found."""
MOST_MORE = 500
"""More transcripts than this are no plan."""
FORETELLS = 5
"""With fewer transcripts the variance they show is off by about its own size (its relative standard
error is the root of 2 / (n - 1)), so that nothing can be worked out from it."""
AS_OFTEN = "both agree with people as often in every transcript, but are not the same everywhere"


def decide(
    apart: Interval,
    p: Value,
    differing: int,
    share: float,
    margin: float,
    floor: float | None,
    alpha: float,
) -> tuple[Answer, str, int | None]:
    """The word, why, and about how many more transcripts would tell (None: not to be said)."""
    found = apart.estimate
    if not is_defined(found):
        return "cannot tell", found.reason, None
    # A word that no interval stands beside could not be defended, whatever the swaps say.
    if is_defined(p) and p < alpha and is_defined(apart.low):
        if floor is not None and abs(found) <= floor:
            return "no change", f"repeats of one run differ as much ({show(floor)})", None
        return ("better" if found > 0 else "worse"), "more than swapping transcripts explains", None
    inside = (
        is_defined(apart.low)
        and is_defined(apart.high)
        and max(abs(apart.low), abs(apart.high)) <= margin
    )
    if inside:
        return "no change", f"the whole interval lies within {bar_as_written(margin)} of none", None
    if differing == 0:
        # They differ (else `_alike`), and as often in the one's favour as in the other's.
        return "cannot tell", AS_OFTEN, None
    if apart.transcripts < 2:
        return "cannot tell", "one transcript says nothing about others", None
    if not is_defined(apart.low):
        return "cannot tell", f"no interval: {apart.low.reason}", None
    if apart.transcripts < FORETELLS:
        known = counted(apart.transcripts, "transcript")
        return "cannot tell", f"how many more would tell cannot be foretold from {known}", None
    more = _more(apart, differing, share, margin)
    if more is None:
        return "cannot tell", "how many more would tell cannot be foretold", None
    if more > MOST_MORE:
        return "cannot tell", f"more than {MOST_MORE} further transcripts would be needed", None
    return "cannot tell", f"needs about {counted(more, 'more transcript')}", more


def _more(apart: Interval, differing: int, share: float, margin: float) -> int | None:
    """About how many further transcripts would tell, by scaling the variance.

    The standard error falls with the root of the number of transcripts. Enough are those with
    which a difference as large as the one seen would be found with 80% power, or with which an
    interval around it would lie within the margin, whichever needs fewer; and as many as the
    smallest p asks for. What was hardly ever seen is not in it: that bound shrinks faster than the
    root, and the test, which gives the word, does not know it.
    """
    if not is_defined(apart.se) or not is_defined(apart.estimate) or apart.transcripts < 2:
        return None
    size, se, n = abs(apart.estimate), apart.se, apart.transcripts
    found, kept = float(ndtri(1 - share / 2)), float(ndtri((1 + apart.level) / 2))
    needs = []
    if size > 0:
        needs.append(n * ((found + float(ndtri(POWER))) * se / size) ** 2)
    if size < margin:
        needs.append(n * (kept * se / (margin - size)) ** 2)
    if not needs:
        return None
    # Only transcripts in which the runs differ can be swapped to any effect.
    least = math.ceil(least_transcripts(share) * n / max(differing, 1))
    wanted = max(min(needs), float(min(least, 10_000)))
    return max(1, math.ceil(min(wanted, 1e6) - n))
