"""A figure or the reason why there is none.

Where a statistic is undefined the answer is `Undefined`, never nan, 0 or an exception: "neither
coder used this code" must not look like "no agreement". Inside arrays undefined is nan; every nan
becomes an `Undefined` with its reason before it leaves this package.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from typing_extensions import TypeIs

from assistant.counting import decimals

__all__ = [
    "BoolArray",
    "FloatArray",
    "IntArray",
    "Undefined",
    "Value",
    "at_least",
    "is_defined",
    "show",
    "to_json",
    "value_of",
]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Undefined:
    """There is no figure, and why, in words for people."""

    reason: str

    def __str__(self) -> str:
        return f"– ({self.reason})"


Value: TypeAlias = float | Undefined


def is_defined(value: Value) -> TypeIs[float]:
    return not isinstance(value, Undefined)


def value_of(number: float, reason: str) -> Value:
    """``number`` as a plain float; `Undefined` with ``reason`` where it is nan or infinite."""
    number = float(number)
    return number if math.isfinite(number) else Undefined(reason)


def at_least(value: Value, bound: float, *, strictly: bool = False) -> bool:
    """Whether the value is known and reaches the bound. Unknown is never enough."""
    if not is_defined(value):
        return False
    return value > bound if strictly else value >= bound


_LARGE = 999


def show(value: Value, digits: int = 2, *, sign: bool = False, reason: bool = False) -> str:
    """For people: ``0.52``, or ``–``, with the reason behind it if asked.

    What is below 1 never reads as 1, and what is not 0 never as 0: `decimals`.
    """
    if not is_defined(value):
        return str(value) if reason else "–"
    if abs(round(value, digits)) > _LARGE:
        # Ends of intervals of ratios, with two transcripts: no digit of them says anything.
        return f">{_LARGE}" if value > 0 else f"<-{_LARGE}"
    return decimals(value, digits, sign=sign)


def to_json(value: Value) -> Any:
    """A number, or ``{"undefined": reason}``."""
    return value if is_defined(value) else {"undefined": value.reason}
