"""What of two consents holds where both were given for the same words."""

from __future__ import annotations

__all__ = ["stricter"]


def stricter(one: str, other: str) -> str:
    """The consent that allows no more than either: none, local, or the processors in both."""
    sides = [{p.strip() for p in consent.split(",") if p.strip()} for consent in (one, other)]
    if any("none" in {p.casefold() for p in side} for side in sides):
        return "none"
    if any(side == {"local"} for side in sides) or not (sides[0] & sides[1]):
        return one if one == other else "local"
    return ", ".join(sorted(sides[0] & sides[1])) if sides[0] != sides[1] else one
