"""Who comes first where two people stand side by side: each person in one column throughout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["in_columns"]


def in_columns(names: Sequence[str], together: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """``names`` so ordered that of any two who coded the same text the same one is always first.

    ``together``: who coded each text. Where somebody coded with each of several others, she is
    first beside all of them, though one of their names may come before hers. Where no order can do
    it (three people with each other) the names stay as they are. Else in the order given.
    """
    beside: dict[str, set[str]] = {name: set() for name in names}
    for people in together:
        here = [name for name in people if name in beside]
        for name in here:
            beside[name] |= set(here) - {name}
    first: list[str] = []
    second: list[str] = []
    seen: set[str] = set()
    for name in names:
        if name in seen:
            continue
        sides = _two_sides(name, beside)
        group = [n for n in names if n in sides]
        seen |= set(group)
        left = [n for n in group if sides[n] == 0]
        right = [n for n in group if sides[n] == 1]
        if any(sides[a] == sides[b] for a in group for b in beside[a]):
            left, right = group, []
        elif right and len(right) < len(left):
            left, right = right, left
        first += left
        second += right
    order = {name: n for n, name in enumerate(names)}
    return (*sorted(first, key=order.__getitem__), *sorted(second, key=order.__getitem__))


def _two_sides(start: str, beside: dict[str, set[str]]) -> dict[str, int]:
    """Everybody who can be reached from ``start``, by turns on one side and the other."""
    sides = {start: 0}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        for other in sorted(beside[name]):
            if other not in sides:
                sides[other] = 1 - sides[name]
                waiting.append(other)
    return sides
