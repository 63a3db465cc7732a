"""What calls cost, from the prices that the study states.

Invariant: a cost that is not known is None, never 0. Nothing here knows any provider's prices: they
change, and a wrong figure is worse than none.
"""

from __future__ import annotations

from assistant.transcripts.records import Frozen

__all__ = ["Prices", "cost_of"]

_MILLION = 1_000_000


class Prices(Frozen):
    """Price of a million tokens, in ``currency``; None: not known."""

    input: float | None = None
    output: float | None = None
    currency: str = "USD"

    @property
    def known(self) -> bool:
        return self.input is not None and self.output is not None


def cost_of(prices: Prices, input_tokens: int | None, output_tokens: int | None) -> float | None:
    """Cost in ``prices.currency``, or None when a price or a count is not known.

    Cached input tokens count at the full price: discounts differ between providers, and a cost
    limit must not be passed because one was assumed.
    """
    if prices.input is None or prices.output is None:
        return None
    if input_tokens is None or output_tokens is None:
        return None
    return (input_tokens * prices.input + output_tokens * prices.output) / _MILLION
