"""Numbers as every message writes them: ``1 file``, ``2 files``, ``0.52``, ``6%``.

The one place for it, so that nobody is told of "1 files", or of 1.00 where it is less.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

__all__ = [
    "bar_as_written",
    "coder_transcripts",
    "counted",
    "counted_many",
    "decimals",
    "decimals_beside",
    "per_cent",
]

_MOST_DIGITS = 4
_EXACT = 1e-9
"""Closer than this to 0 or 1 is 0 or 1: what is missing is the computer's own rounding."""
_REST = re.compile(r" (?:\(|(?:by|of|with|in|for|from|on|that|made|added|without) )")


def counted(number: int, noun: str, many: str = "") -> str:
    """``1 file``, ``2 files``; ``many`` where the plural is another word."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def coder_transcripts(number: int) -> str:
    """Two people who each coded the same three transcripts are six of these."""
    pair = "of a coder and a transcript"
    return counted(number, f"pair {pair}", f"pairs {pair}")


def counted_many(number: int, what: str) -> str:
    """``what`` is in the plural: ``counted_many(1, "codings by people")`` is ``1 coding by
    people``."""
    if number != 1:
        return f"{number:,} {what}"
    found = _REST.search(what)
    end = found.start() if found else len(what)
    head = what[:end]
    if head.endswith("ies"):
        head = head[:-3] + "y"
    elif head.endswith("s") and not head.endswith("ss"):
        head = head[:-1]
    return f"1 {head}{what[end:]}"


def decimals(value: float, digits: int = 2, *, sign: bool = False) -> str:
    """``0.52``; with ``sign`` ``+0.52``. -0.0 is 0.

    Rounding never says that a bound is reached which is not: 0.997 is ``0.997`` and not ``1.00``,
    -0.002 is ``-0.002`` and not ``0.00``. Another digit is taken where one is needed, at most four,
    and then ``>0.9999`` and ``<0.0001``.
    """
    form = "+" if sign else ""
    size = abs(value)
    for places in range(digits, max(digits, _MOST_DIGITS) + 1):
        rounded = round(value, places) + 0.0
        hidden = (rounded == 0 and size > _EXACT) or (abs(rounded) == 1 and size < 1 - _EXACT)
        if not hidden:
            return f"{rounded:{form}.{places}f}"
    step = 10.0**-places
    if rounded == 0:
        return f"{'<' if value > 0 else '>'}{math.copysign(step, value):{form}.{places}f}"
    return f"{'>' if value > 0 else '<'}{math.copysign(1 - step, value):{form}.{places}f}"


def decimals_beside(value: float, bar: float) -> str:
    """`decimals` with as many digits as tell the value from a bar that it has to reach: beside
    0.60 it is ``0.598``, not ``0.60``."""
    for digits in range(2, _MOST_DIGITS + 3):
        if abs(value - bar) <= _EXACT or round(value, digits) != round(bar, digits):
            break
    return decimals(value, digits)


def bar_as_written(bar: float) -> str:
    """A bar with all of its digits, two at least: ``0.60``, ``0.625``. Rounded to 0.62 it would be
    one that a figure of 0.62 reaches."""
    return f"{bar + 0.0:.{max(2, -int(Decimal(repr(bar)).as_tuple().exponent))}f}"


def per_cent(share: float, *, beside: float | None = None) -> str:
    """``6%``; ``under 1%`` and ``over 99%`` where it is neither nothing nor all.

    ``beside`` a bar, as many digits as tell it from that: ``10.4%`` is not 10%.
    """
    digits = 0
    if beside is not None and abs(share - beside) > _EXACT:
        digits = next((d for d in range(3) if f"{share:.{d}%}" != f"{beside:.{d}%}"), 3)
    if not digits and _EXACT < share < 0.01:
        return "under 1%"
    if not digits and 0.99 < share < 1 - _EXACT:
        return "over 99%"
    return f"{share:.{digits}%}"
