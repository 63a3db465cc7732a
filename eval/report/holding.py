"""How well intervals hold with so few transcripts, as simulations measured it.

An interval says 95% and may hold less, or be wider than it need be. From twenty transcripts on the
measured share is near what is promised, and nothing is said.
"""

from __future__ import annotations

from eval.evaluation.results import Evaluation
from eval.intervals.coverage_table import measured_coverage
from eval.report.wording import how_many, listed

__all__ = ["FEW_TRANSCRIPTS", "how_intervals_hold", "in_a_few_words", "next_to_nothing"]

FEW_TRANSCRIPTS = 20
"""From so many on, nothing is said."""
NEXT_TO_NOTHING = 3
"""Of two or three transcripts the spread is hardly known at all."""
MADE_FOR = 0.95
"""Intervals of another level were not measured."""


def how_intervals_hold(found: Evaluation) -> tuple[str, ...]:
    """A sentence for each number of transcripts that figures rest on, where it is small."""
    resting: dict[int, list[str]] = {}
    for who, result in (("people with each other", found.people), ("the model", found.model)):
        if result is not None:
            resting.setdefault(len({p.transcript for p in result.each}), []).append(who)
    return tuple(
        f"Figures of {listed(who)} rest on {how_many(number, 'transcript')}: "
        f"{_measured(number, found)}."
        for number, who in resting.items()
        if 2 <= number < FEW_TRANSCRIPTS
    )


def _measured(number: int, found: Evaluation) -> str:
    known = measured_coverage(number, found.method) if found.level == MADE_FOR else None
    if known is None:
        return (
            f"how often intervals made for {found.level:.0%} hold the true figure with so few was "
            "not measured, and they may be misleading"
        )
    nearest = "" if known.transcripts == number else ", the nearest smaller number measured,"
    return f"in simulations {known}".replace(
        f"with {known.transcripts} transcripts", f"with {known.transcripts} transcripts{nearest}"
    )


def in_a_few_words(number: int, method: str, level: float) -> str:
    """For a bracket: ``95% interval; held in 96% of simulations with 8 transcripts``."""
    said = f"{level:.0%} interval"
    if not 2 <= number < FEW_TRANSCRIPTS:
        return said
    known = measured_coverage(number, method) if level == MADE_FOR else None
    if known is None:
        return f"{said}; how well it holds with {number} was not measured"
    return f"{said}; held in {known.mean:.0%} of simulations with {known.transcripts} transcripts"


def next_to_nothing(number: int) -> tuple[str, ...]:
    """What intervals of two or three transcripts mean, in words; else nothing."""
    if not 2 <= number <= NEXT_TO_NOTHING:
        return ()
    words = {2: "Two", 3: "Three"}[number]
    return (
        f"{words} transcripts tell next to nothing about others: how much transcripts differ is "
        "hardly seen in so few. Most intervals are very wide; a narrow one may be so by chance.",
    )
