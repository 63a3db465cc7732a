"""What the report says of a table as a whole: how its positions were read, and its other rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from assistant.counting import counted_many
from assistant.interchange.readers.nearest import NEAREST
from assistant.interchange.readers.rows import Row, Text
from assistant.transcripts.records import Skipped

__all__ = [
    "around_said",
    "left_off_said",
    "lost_said",
    "marks_said",
    "positions_said",
    "ranges",
    "skips_said",
    "told_together",
    "without_places",
]

_NAMED = 12
"""Rows that are named."""
_SHIFTS = {
    (0, 0): "from 0, end excluded",
    (-1, 0): "from 1, end included",
    (0, 1): "from 0, end included",
    (-1, -1): "from 1, end excluded",
}


def positions_said(texts: Iterable[Text], doubtful: Sequence[Skipped]) -> list[str]:
    shifts: Counter[tuple[int, int]] = Counter()
    for text in texts:
        shifts.update(text.finder.shifts)
    notes: list[str] = []
    if shifts and set(shifts) != {(0, 0)}:
        listed = ", ".join(f"{_SHIFTS[shift]} ({n})" for shift, n in shifts.most_common())
        notes.append(f"Positions fit their words counted {listed}.")
    if doubtful:
        notes.append(
            f"{counted_many(len(doubtful), 'rows')} with positions that do not fit the words: the "
            "words were found elsewhere and taken there. Each is listed below."
        )
    return notes


def left_off_said(rows: Mapping[str, Sequence[int]]) -> list[str]:
    """``rows``: what was left off around the words of a row -> numbers of those rows."""
    return [
        f"{what[0].upper()}{what[1:]} around the words of {counted_many(len(numbers), 'rows')} "
        f"({_rows(numbers)}) were not found and left off: the words stand once without them, or at "
        "the row's position."
        for what, numbers in rows.items()
    ]


def around_said(numbers: Sequence[int]) -> list[str]:
    """``numbers``: of rows that the rows around them gave a place."""
    if not numbers:
        return []
    several = len(numbers) > 1
    return [
        f"The words of {_rows(numbers)} stand more than once in the interview. "
        f"{'They were' if several else 'It was'} placed by the rows around "
        f"{'them' if several else 'it'}, since the table follows the interview: no other place is "
        "possible."
    ]


def lost_said(count: int) -> list[str]:
    """``count``: codings of rows that have no place in their text."""
    if not count:
        return []
    what = (
        "is not in the study, and its passage counts"
        if count == 1
        else ("are not in the study, and their passages count")
    )
    return [
        f"{counted_many(count, 'codings')} of these rows {what} there as not having the code. "
        "Correct the cells and import the table again, or code "
        f"{'that passage' if count == 1 else 'these passages'} in the program."
    ]


def _rows(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - _NAMED:,} more" if len(numbers) > _NAMED else ""
    listed = ", ".join(map(str, numbers[:_NAMED]))
    return f"row{'s' if len(numbers) > 1 else ''} {listed}{more}"


def told_together(
    skipped: list[Skipped], unknown: Iterable[tuple[int, Sequence[Row]]]
) -> dict[str, int]:
    """One entry for all rows with the same unknown text; where of it -> rows it stands for.

    ``unknown``: place in ``skipped`` of each such text, and its rows.
    """
    together: dict[str, int] = {}
    for place, rows in unknown:
        if len(rows) > 1:
            where = f"rows {ranges([row.number for row in rows])}"
            told = {"what": f"{len(rows):,} rows", "where": where}
            skipped[place] = skipped[place].model_copy(update=told)
            together[where] = len(rows)
    return together


def skips_said(skipped: Iterable[Skipped], together: Mapping[str, int]) -> list[str]:
    """``together``: where of an entry -> rows that it stands for, where these are several."""
    reasons: Counter[str] = Counter()
    for skip in skipped:
        if skip.where.startswith("row"):
            reasons[without_places(_without_guess(skip.why))] += together.get(skip.where, 1)
    if not reasons:
        return []
    listed = "; ".join(
        f"{why} ({counted_many(count, 'rows')})" for why, count in reasons.most_common()
    )
    return [f"Rows left out, whole or in part: {listed}."]


_OF_ONE_ROW = (
    (re.compile(r" \(at [^)]*\)"), ""),
    (re.compile(r"\bstand \d+ times(?: or more)?"), "stand more than once"),
    (re.compile(r"\bits position \d+–\d+"), "its position"),
    (re.compile(r"\bits position, [^,]* to [^,]*, cannot"), "its position cannot"),
    (re.compile(r"\bno transcript “[^”]*”"), "no transcript of that name"),
    (re.compile(r"\bunder “[^”]*”"), "under a code"),
    (re.compile(r"(an error of the spreadsheet) \([^)]*\)"), r"\1"),
)
"""What a reason names of one row, and what holds for all rows of that reason."""


def without_places(why: str) -> str:
    """The reason as it holds for several rows, as a sentence without numbers and names."""
    for one, every in _OF_ONE_ROW:
        why = one.sub(every, why)
    return why


def _without_guess(why: str) -> str:
    return why.partition(". Did you mean")[0].partition(NEAREST)[0]


def ranges(numbers: Sequence[int]) -> str:
    """``2, 5–18``: whole numbers in their order, all of them."""
    parts: list[tuple[int, int]] = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1] = parts[-1][0], number
        else:
            parts.append((number, number))
    return ", ".join(f"{a}–{b}" if b > a else f"{a}" for a, b in parts)


def marks_said(
    unmarked: Mapping[tuple[str, str], int], coded: Collection[tuple[str, str]]
) -> list[str]:
    """``unmarked``: (transcript, coder) as the table names them -> rows with a passage and no code;
    ``coded``: those pairs with a coding."""
    looked = sum(rows for pair, rows in unmarked.items() if pair in coded)
    notes: list[str] = []
    if looked:
        are = "have" if looked > 1 else "has"
        notes.append(
            f"{counted_many(looked, 'rows')} {are} no code. It is assumed that the coder looked "
            "there and found nothing, as in all else of these interviews that the table does not "
            "have. If she coded a part only, say which: `secondcoder transcripts NAME --coder NAME "
            "--set-scope 1-40`."
        )
    for (name, coder), rows in unmarked.items():
        if (name, coder) not in coded:
            who = f" of {coder}" if coder else ""
            where = f" in “{name}”" if name else ""
            notes.append(
                f"None of the {rows:,} rows{who}{where} has a code. It is assumed that nobody "
                "coded there, and nothing is recorded of it; a code that was looked for and not "
                "found cannot be told from that."
            )
    return notes
