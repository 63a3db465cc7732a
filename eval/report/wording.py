"""Numbers, counts and lists as a report writes them: the same everywhere.

Two decimals with a leading zero, more where two would reach 0 or 1; counts as whole numbers; a
figure that is not defined is a dash with its reason, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.counting import counted as how_many
from assistant.counting import per_cent
from eval.intervals.resampling import Interval
from eval.report.document import Cell
from eval.statistics.values import Value, is_defined, show

__all__ = [
    "bracket",
    "count",
    "figure",
    "how_many",
    "listed",
    "looked_at",
    "measured",
    "number",
    "order_of_pairs",
    "pair_names",
    "share",
    "short_hash",
    "value",
    "was",
    "yes_no",
]

NONE = "–"


def was(number: int) -> str:
    """``1 was``, ``2 were``."""
    return "was" if number == 1 else "were"


def listed(names: Iterable[str], last: str = "and") -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    known = list(names)
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} {last} {known[-1]}"


MOST_NAMED = 3
"""More names do not go into the head of a column."""


def pair_names(pairs: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Heads of two columns of pairs: the people where nobody is on both sides, else their place.

    ``Ann`` and ``Ben or Cem`` of Ann with Ben and Ann with Cem; ``first`` and ``second`` where Ben
    is beside Cem too. `order_of_pairs` then says who that is.
    """
    both = tuple(dict.fromkeys(pairs))
    firsts, seconds = (
        list(dict.fromkeys(side)) for side in (*zip(*both, strict=True),) or ((), ())
    )
    if not set(firsts).isdisjoint(seconds):
        return "first", "second"
    return (
        listed(firsts, "or") if 0 < len(firsts) <= MOST_NAMED else "first",
        listed(seconds, "or") if 0 < len(seconds) <= MOST_NAMED else "second",
    )


def order_of_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """Who is first and who is second, where `pair_names` does not say it; else empty."""
    both = tuple(dict.fromkeys(pairs))
    if not both or not {"first", "second"} & set(pair_names(both)):
        return ""
    return f"First and second person of each pair: {listed(f'{a} with {b}' for a, b in both)}."


_LOOKS = {
    "evaluation": "evaluation",
    "compare": "comparison of runs",
    "disagreements": "list of disagreements",
    "inspect": "evaluation by inspect",
}


def looked_at(kinds: Mapping[str, int]) -> str:
    """How often what was looked at: ``3 evaluations and 1 comparison of runs``."""
    plural = {"compare": "comparisons of runs", "disagreements": "lists of disagreements"}
    plural["inspect"] = "evaluations by inspect"
    return listed(
        how_many(n, _LOOKS.get(kind, kind), plural.get(kind, "")) for kind, n in kinds.items()
    )


def short_hash(digest: str) -> str:
    """``sha256:6980c410…`` as coders' names have it: ``6980c410``."""
    return digest.removeprefix("sha256:")[:8]


def share(part: float) -> str:
    """A share as per cent, never rounded to 0 or 100 where it is neither."""
    return per_cent(part)


def number(found: Value, *, sign: bool = False) -> str:
    return show(found, sign=sign)


def bracket(found: Interval, *, sign: bool = False) -> str:
    """``[0.12, 0.50]``; empty where there is no interval."""
    if not (is_defined(found.low) and is_defined(found.high)):
        return ""
    return f"[{show(found.low, sign=sign)}, {show(found.high, sign=sign)}]"


def measured(found: Interval, *, sign: bool = False) -> str:
    """For sentences: ``0.31 [0.12, 0.50]``, or why there is no figure or no interval."""
    if not is_defined(found.estimate):
        return show(found.estimate, reason=True)
    if not is_defined(found.low):
        return f"{show(found.estimate, sign=sign)} (no interval: {found.low.reason})"
    return f"{show(found.estimate, sign=sign)} {bracket(found, sign=sign)}"


def figure(found: Interval, *, sign: bool = False) -> Cell:
    """A figure over its interval."""
    if not is_defined(found.estimate):
        return Cell(NONE, why=found.estimate.reason)
    text = show(found.estimate, sign=sign)
    if is_defined(found.low) and is_defined(found.high):
        return Cell(text, under=bracket(found, sign=sign))
    ends: Sequence[Value] = (found.low, found.high)
    why = next(end.reason for end in ends if not is_defined(end))
    return Cell(text, under="no interval", why=why)


def value(found: Value, *, sign: bool = False) -> Cell:
    """A figure without an interval."""
    if not is_defined(found):
        return Cell(NONE, why=found.reason)
    return Cell(show(found, sign=sign))


def count(found: int) -> Cell:
    return Cell(f"{found:,}")


def yes_no(found: bool) -> Cell:
    return Cell("yes", symbol="✓", kind="yes") if found else Cell("no", symbol="✕", kind="no")
