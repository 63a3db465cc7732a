"""Numbers of what a file holds, in words: `assistant.counting.counted_many` by its short name."""

from __future__ import annotations

from assistant.counting import counted_many as counted

__all__ = ["counted"]
