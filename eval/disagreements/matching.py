"""From matrices of yes and no to disputes: what belongs together is one thing to look at.

Pure: plain values in, records out. Every cell (segment and code) in which two coders who both
looked say different things is in exactly one dispute; cells in which all agree are in none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

import numpy as np

from eval.disagreements.pairing import Cell, Couple, Kinship, certain, choose
from eval.statistics.values import BoolArray
from eval.units.records import CodedTranscript, UnitSegment

__all__ = ["Cells", "Dispute", "Matcher", "disputes"]

Span: TypeAlias = tuple[int, int]
_Votes: TypeAlias = tuple[frozenset[str], frozenset[str]]
"""Who says yes, who says no."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one transcript. K coders, R rows (units), C codes."""

    transcript: CodedTranscript
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    positive: BoolArray
    """``(K, R, C)``"""
    scope: BoolArray
    """``(K, R, C)``"""
    segments: tuple[Span, ...]
    """Of each row: first segment and the one after its last."""
    larger: Mapping[str, Mapping[int, Span]] = field(default_factory=dict)
    """Codes of a larger unit: row that holds the answer -> segments of the unit."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Cells that are one thing to look at."""

    rows: tuple[int, ...]
    segments: Span
    """First segment and the one after the last."""
    codes: tuple[str, ...]
    """One, or the two that stand for each other, by id."""
    answers: Mapping[str, frozenset[tuple[int, str]]]
    """Coder -> the (row, code) of this dispute that the coder gave. Only who looked at all."""
    border: bool = False
    instead: tuple[Couple, ...] = ()
    """Couples for which as much speaks as for what was paired here."""

    def said(self, coder: str) -> tuple[str, ...]:
        """The codes in dispute that a coder gave in any of the rows."""
        given = {code for _, code in self.answers[coder]}
        return tuple(code for code in self.codes if code in given)


@dataclass(slots=True)
class _Group:
    """A dispute that still grows."""

    codes: tuple[str, ...]
    cells: dict[Cell, _Votes]
    border: bool = False

    @property
    def rows(self) -> list[int]:
        return sorted({row for row, _ in self.cells})


def disputes(cells: Cells, kinship: Kinship) -> tuple[Dispute, ...]:
    """All disputes of a transcript that is the whole study, in the order of the text."""
    matcher = Matcher(cells)
    return matcher.found(kinship, matcher.certain)


class Matcher:
    """One transcript. First `certain` of every transcript, then `found` with the sum of them."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.spans: dict[tuple[str, str], list[Span]] = {}
        for coding in cells.transcript.codings:
            self.spans.setdefault((coding.coder, coding.code), []).append(
                (coding.start, coding.end)
            )
        self._votes = self._disputed()
        self._border = {cell for cell in self._votes if self._is_border(*cell, self._votes[cell])}
        self._meetings = self._meet(self._votes, self._border)

    @property
    def certain(self) -> Counter[Couple]:
        """How often which two codes, and no third, stand for each other."""
        return certain(self._meetings)

    def found(self, kinship: Kinship, often: Mapping[Couple, int]) -> tuple[Dispute, ...]:
        """All disputes, in the order of the text. ``often``: `certain` of the whole study."""
        votes, border = self._votes, self._border
        pairs, tied = choose(self._meetings, kinship, often)
        groups = [
            *self._grouped({cell: votes[cell] for cell in border}, border=True),
            *self._confusions(pairs, votes),
        ]
        paired = {(row, code) for row, one, other in pairs for code in (one, other)}
        rest = {c: v for c, v in votes.items() if c not in border and c not in paired}
        confused = [group for group in groups if len(group.codes) == 2]
        for group in self._grouped(rest, border=False):
            if not self._absorbed(group, confused):
                groups.append(group)
        made = [self._dispute(group, tied) for group in groups]
        return tuple(sorted(made, key=lambda d: (d.segments, d.codes)))

    # --- cells -----------------------------------------------------------------------------------

    def _disputed(self) -> dict[Cell, _Votes]:
        c = self.cells
        yes = c.positive & c.scope
        count, looked = yes.sum(axis=0), c.scope.sum(axis=0)
        found: dict[Cell, _Votes] = {}
        for row, k in zip(*np.nonzero((count > 0) & (count < looked)), strict=True):
            said = frozenset(c.coders[i] for i in np.flatnonzero(yes[:, row, k]))
            here = frozenset(c.coders[i] for i in np.flatnonzero(c.scope[:, row, k]))
            found[int(row), c.codes[k]] = (said, here - said)
        return found

    def _place(self, row: int, code: str = "") -> Span:
        return self.cells.larger.get(code, {}).get(row) or self.cells.segments[row]

    def _characters(self, row: int) -> Span:
        first, last = self.cells.segments[row]
        segments = self.cells.transcript.segments
        return segments[first].start, segments[last - 1].end

    def _is_border(self, row: int, code: str, votes: _Votes) -> bool:
        """Everybody who says no here gave the code to a passage that overlaps or goes on from one
        that others gave it to here."""
        if code in self.cells.larger:
            return False
        yes, no = votes
        here = [
            span
            for coder in yes
            for span in self.spans.get((coder, code), ())
            if _overlap(span, self._characters(row))
        ]
        says = {coder: self._says_something(coder, row) for coder in no}
        return all(
            any(
                _overlap(mine, theirs) or self._goes_on(mine, theirs, silent=not says[coder])
                for mine in self.spans.get((coder, code), ())
                for theirs in here
            )
            for coder in no
        )

    def _says_something(self, coder: str, row: int) -> bool:
        """Whether a coder gives the row any code at all."""
        here = self._characters(row)
        return any(
            _overlap(span, here)
            for (who, _), spans in self.spans.items()
            if who == coder
            for span in spans
        )

    def _goes_on(self, one: Span, other: Span, *, silent: bool) -> bool:
        """Whether two passages follow each other in one speaker's turn.

        For a coder who is ``silent`` about the place in dispute also in what one speaker says in
        several turns, and from a question to its answer: she marked the same thing elsewhere.
        """
        first, second = sorted((one, other))
        between = self.cells.transcript.text[first[1] : second[0]]
        if between.strip() or first[1] > second[0]:
            return False
        before, after = self._segment(first[1] - 1), self._segment(second[0])
        if before is None or after is None:
            return False
        if before.turn == after.turn:
            return True
        same = bool(before.speaker) and before.speaker == after.speaker
        return silent and (same or (before.interviewer and not after.interviewer))

    def _segment(self, character: int) -> UnitSegment | None:
        for segment in self.cells.transcript.segments:
            if segment.start <= character < segment.end:
                return segment
        return None

    # --- two codes that stand for each other -----------------------------------------------------

    def _meet(
        self, votes: Mapping[Cell, _Votes], border: set[Cell]
    ) -> dict[int, dict[Couple, float]]:
        """Row -> couples that could stand for each other, with how far their passages overlap."""
        by_row: dict[int, list[str]] = {}
        for row, code in votes:
            if (row, code) not in border and code not in self.cells.larger:
                by_row.setdefault(row, []).append(code)
        found: dict[int, dict[Couple, float]] = {}
        for row, codes in by_row.items():
            for one, other in combinations(sorted(codes), 2):
                if (share := self._shared(row, one, other, votes)) is not None:
                    found.setdefault(row, {})[one, other] = share
        return found

    def _shared(self, row: int, one: str, other: str, votes: Mapping[Cell, _Votes]) -> float | None:
        """How far two codes are names for one passage; None where they are not."""
        (yes, no), (yes2, no2) = votes[row, one], votes[row, other]
        first, second = yes & no2, yes2 & no
        if not first or not second or (yes & yes2):
            return None
        shared = [
            _share(a, b)
            for x in first
            for y in second
            for a in self.spans.get((x, one), ())
            for b in self.spans.get((y, other), ())
            if _overlap(a, b)
            and _overlap(a, self._characters(row))
            and _overlap(b, self._characters(row))
        ]
        return max(shared, default=None)

    def _confusions(
        self, pairs: Sequence[tuple[int, str, str]], votes: Mapping[Cell, _Votes]
    ) -> Iterator[_Group]:
        grown: dict[tuple[str, str], list[_Group]] = {}
        for row, one, other in sorted(pairs):
            now = {(row, one): votes[row, one], (row, other): votes[row, other]}
            mine = grown.setdefault((one, other), [])
            before = mine[-1] if mine else None
            if (
                before is not None
                and before.rows[-1] == row - 1
                and all(before.cells[row - 1, c] == votes[row, c] for c in (one, other))
                and any(self._together(row - 1, row, c, votes[row, c]) for c in (one, other))
            ):
                before.cells.update(now)
            else:
                mine.append(_Group((one, other), now))
        for groups in grown.values():
            yield from groups

    # --- what belongs together -------------------------------------------------------------------

    def _grouped(self, cells: Mapping[Cell, _Votes], *, border: bool) -> Iterator[_Group]:
        """One code in rows that follow each other; both ends of a border with its middle."""
        last: dict[str, _Group] = {}
        for row, code in sorted(cells):
            votes = cells[row, code]
            group = last.get(code)
            if group is not None and code not in self.cells.larger:
                previous = group.rows[-1]
                before = group.cells[previous, code]
                if border:
                    same = before[0] | before[1] == votes[0] | votes[1]
                    goes_on = all(
                        self._all_give(between, code, votes) for between in range(previous + 1, row)
                    )
                else:
                    same = before == votes
                    goes_on = previous == row - 1 and self._together(previous, row, code, votes)
                if same and goes_on:
                    group.cells[row, code] = votes
                    continue
            if group is not None:
                yield group
            last[code] = _Group((code,), {(row, code): votes}, border)
        yield from last.values()

    def _all_give(self, row: int, code: str, votes: _Votes) -> bool:
        """The middle of a passage, on which all agree."""
        c = self.cells
        k = c.codes.index(code)
        return all(
            bool(c.positive[i, row, k])
            for i, coder in enumerate(c.coders)
            if coder in votes[0] | votes[1]
        )

    def _together(self, row: int, following: int, code: str, votes: _Votes) -> bool:
        """One coding covers both rows, or goes on in the second where it ended in the first (a
        question and its answer, marked as two), or one speaker says both in one turn."""
        segments = self.cells.transcript.segments
        turns = [segments[self.cells.segments[r][0]].turn for r in (row, following)]
        if turns[0] == turns[1]:
            return True
        here, there = self._characters(row), self._characters(following)
        for coder in votes[0]:
            mine = self.spans.get((coder, code), ())
            ends = [span[1] for span in mine if _overlap(span, here)]
            starts = [span[0] for span in mine if _overlap(span, there)]
            text = self.cells.transcript.text
            if any(a >= b or not text[a:b].strip() for a in ends for b in starts):
                return True
        return False

    def _absorbed(self, group: _Group, confused: Sequence[_Group]) -> bool:
        """The rest of a passage of which another part is confused with a second code."""
        code, rows = group.codes[0], group.rows
        for other in confused:
            if code not in other.codes:
                continue
            for mine, theirs in ((rows[0], rows[0] - 1), (rows[-1], rows[-1] + 1)):
                votes = group.cells[mine, code]
                if other.cells.get((theirs, code)) == votes and any(
                    _overlap(span, self._characters(mine))
                    and _overlap(span, self._characters(theirs))
                    for coder in votes[0]
                    for span in self.spans.get((coder, code), ())
                ):
                    other.cells.update(group.cells)
                    return True
        return False

    def _dispute(self, group: _Group, tied: Mapping[Cell, frozenset[Couple]]) -> Dispute:
        instead = {couple for cell in group.cells for couple in tied.get(cell, ())}
        looked = frozenset.intersection(*(yes | no for yes, no in group.cells.values()))
        places = [self._place(row, code) for row, code in group.cells]
        return Dispute(
            tuple(group.rows),
            (min(p[0] for p in places), max(p[1] for p in places)),
            group.codes,
            {
                coder: frozenset(cell for cell, (yes, _) in group.cells.items() if coder in yes)
                for coder in self.cells.coders
                if coder in looked
            },
            group.border,
            tuple(sorted(couple for couple in instead if couple != group.codes)),
        )


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _share(one: Span, other: Span) -> float:
    """Characters in both as a share of those in either."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return both / (max(one[1], other[1]) - min(one[0], other[0]))
