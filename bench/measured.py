"""One figure with its target, and the table that `python -m bench` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Measured", "table"]


@dataclass(frozen=True)
class Measured:
    what: str
    value: float
    unit: str
    target: float | None = None
    """At most this is wanted; None: shown for what it says about the others."""
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "met" if self.value <= self.target else "MISSED"


def table(rows: Sequence[Measured | str]) -> str:
    """A plain table; a string is a line by itself, such as why something is not there."""
    cells = [
        (
            row.what,
            f"{row.value:,.3f}" if row.value < 10 else f"{row.value:,.1f}",
            row.unit,
            "" if row.target is None else f"{row.target:g}",
            row.verdict,
            row.note,
        )
        for row in rows
        if isinstance(row, Measured)
    ]
    head = ("what", "measured", "unit", "target", "", "")
    widths = [max(len(line[i]) for line in (head, *cells)) for i in range(len(head))]

    def line(parts: Sequence[str]) -> str:
        sides = ("<", ">", "<", ">", "<", "<")
        return "  ".join(f"{p:{s}{w}}" for p, s, w in zip(parts, sides, widths, strict=True))

    made = [line(head).rstrip(), "-" * len(line(head).rstrip())]
    each = iter(cells)
    made += [row if isinstance(row, str) else line(next(each)).rstrip() for row in rows]
    return "\n".join(made)
