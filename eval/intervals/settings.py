"""How intervals are made: what the policy says of it, apart from what computes them.

By itself, so that reading a policy loads no numerical library: `secondcoder status` looks at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["DEFAULT", "Method", "Resampling"]

Method: TypeAlias = Literal["jackknife-t", "percentile", "bca"]


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made. Printed in every report."""

    method: Method = "jackknife-t"
    level: float = 0.95
    resamples: int = 2000
    """For percentile, BCa and sign-flip tests; the jackknife draws nothing."""
    seed: int = 20_250_301

    def __post_init__(self) -> None:
        if not 0.5 <= self.level < 1:
            raise ValueError(f"level {self.level} is not between 0.5 and 1")
        if self.resamples < 100:
            raise ValueError("fewer than 100 resamples say nothing about the ends of an interval")


DEFAULT = Resampling()
