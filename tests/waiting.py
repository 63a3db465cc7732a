"""Waiting for what another thread, program or page does. Nothing here is slow where it is there.

A limit only ends a test that would never end. On a machine that does ten other things a program
needs a minute to start, so the limit is far beyond that, and no test asserts that it is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["LIMIT", "until"]

LIMIT = 600.0
"""Seconds."""


def until(there: Callable[[], object], what: str, *, every: float = 0.01) -> None:
    """Return as soon as ``there()`` is true. ``what`` says what was waited for in vain."""
    end = time.monotonic() + LIMIT
    while not there():
        assert time.monotonic() < end, f"waited {LIMIT:.0f} seconds for this: {what}"
        time.sleep(every)
