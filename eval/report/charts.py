"""Plots as small typed records: what is shown, in which rows, with which marks.

The colours are named once here; a page may give them other values in the dark. A plot never holds a
number that its table does not. How it is drawn says `eval.report.drawing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from eval.intervals.resampling import Interval
from eval.statistics.values import Value, is_defined

__all__ = [
    "BASELINE",
    "COLOURS",
    "MODEL",
    "PEOPLE",
    "Chart",
    "Grid",
    "Look",
    "Mark",
    "Series",
    "mark",
]

Look: TypeAlias = Literal["model", "people", "baseline"]

COLOURS: dict[str, str] = {
    "model": "#1f5fa9",
    "people": "#a84a10",
    "baseline": "#5f6368",
    "text": "#1b1b1d",
    "faint": "#d5d5d8",
    "paper": "#fffffe",
}
"""As they stand in the SVG. The page's style gives each another value where it is dark."""


@dataclass(frozen=True, slots=True)
class Series:
    """Marks of one look, as the legend names them."""

    name: str
    look: Look


MODEL = Series("model with people", "model")
PEOPLE = Series("people with each other", "people")
BASELINE = Series("baseline with people", "baseline")


@dataclass(frozen=True, slots=True)
class Mark:
    """One value in one row, with the ends of its interval where it has one."""

    row: str
    series: str
    value: float
    low: float | None = None
    high: float | None = None


def mark(row: str, series: Series, found: Interval | Value) -> Mark | None:
    """None where there is no figure: what is undefined is in the table, with its reason."""
    if not isinstance(found, Interval):
        return Mark(row, series.name, found) if is_defined(found) else None
    if not is_defined(found.estimate):
        return None
    ends = is_defined(found.low) and is_defined(found.high)
    return Mark(
        row,
        series.name,
        found.estimate,
        found.low if ends and is_defined(found.low) else None,
        found.high if ends and is_defined(found.high) else None,
    )


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows from top to bottom, values from left to right."""

    id: str
    title: str
    description: str
    """For those who do not see it, and as its caption."""
    axis: str
    rows: tuple[str, ...]
    series: tuple[Series, ...]
    marks: tuple[Mark, ...]
    kind: Literal["marks", "bars"] = "marks"
    offset: bool = True
    """Whether each series has a line of its own within a row."""
    lowest: float | None = None
    """Left end of the axis; by default as far as the marks go."""
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts of rows by columns: a larger square and its number for a larger count."""

    id: str
    title: str
    description: str
    """For those who do not see it, and as its caption."""
    row_axis: str
    column_axis: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[str, str, int], ...]
    """(row, column, count); what is not there is empty."""
