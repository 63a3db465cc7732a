"""What the answer on one screen is made of, and what both kinds of it say in the same words.

One is of people with people (`short.py`), one of a run with people (`short_run.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eval.evaluation.results import Coverage
from eval.report.holding import in_a_few_words
from eval.report.view import View
from eval.report.wording import how_many, listed

__all__ = ["Grid", "Short", "behind", "coded", "how_to_read", "part", "who_coded"]

HOW_TO_READ = (
    "kappa: 1 always the same, 0 no better than chance; in brackets what these transcripts allow "
    "({level})."
)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of plain text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Short:
    """In the order in which it is read."""

    heading: str
    answer: Grid | None
    """None where nothing could be measured."""
    said: tuple[str, ...]
    """What the answer means, one sentence each."""
    codes: Grid | None
    """One line a code."""
    below: tuple[str, ...]
    """What the table of codes leaves out, and what to do next."""

    @property
    def lines(self) -> int:
        """As the command prints it: four lines around each table, two at the end."""
        grids = sum(len(g.rows) + 4 for g in (self.answer, self.codes) if g is not None)
        return 1 + grids + len(self.said) + len(self.below) + 2


def coded(rests: Coverage) -> str:
    return (
        f"{how_many(rests.units, rests.unit)} of {how_many(len(rests.transcripts), 'transcript')}"
    )


def part(rests: Coverage, units: int | None) -> str:
    """The units that figures rest on, where people coded others too; empty where they did not."""
    if units is None or units == rests.units:
        return ""
    there = how_many(len(rests.transcripts), "transcript")
    return f"{how_many(units, rests.unit)}; people coded {rests.units:,} of {there}"


def behind(beside: Iterable[tuple[str, str]]) -> list[str]:
    """A line for each pooled figure that has any code behind it."""
    return [f"{who}, kappa: {said}." for who, said in beside if said]


def how_to_read(view: View, transcripts: int) -> str:
    """Kappa and its interval in a sentence, for figures of so many transcripts."""
    level = in_a_few_words(transcripts, view.evaluation.method, view.evaluation.level)
    return HOW_TO_READ.format(level=level)


def who_coded(view: View) -> str:
    people = view.measured_people
    return listed(people) if len(people) < 5 else f"{len(people)} people"
