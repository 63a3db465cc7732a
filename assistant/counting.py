"""Numbers as every message writes them: ``1 file``, ``2 files``, ``0.52``.

The one place for it, so that nobody is told of "1 files", or of 1.00 where it is less.
"""

from __future__ import annotations

import math
import re

__all__ = ["coder_transcripts", "counted", "counted_many", "decimals"]

_MOST_DIGITS = 4
_EXACT = 1e-9
"""Closer than this to 0 or 1 is 0 or 1: what is missing is the computer's own rounding."""
_REST = re.compile(r" (?:\(|(?:by|of|with|in|for|from|on|that|without) )")


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
