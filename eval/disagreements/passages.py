"""Passages in their context with every side's marks: a number and a kind of line for each side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from eval.disagreements.records import Passage, Side
from eval.report.wording import how_many
from eval.units.records import CodedTranscript

__all__ = ["Letters", "Paragraph", "Piece", "marks_of", "paragraphs"]

Letters: TypeAlias = Mapping[tuple[int, str, int, int], str]
"""(number of a side, code, start, end) -> letters of the disagreements that the mark belongs to."""
_AROUND = 260
"""Characters of the segment before and after that are shown."""
_SEGMENTS = 8
"""More segments than this are shown only where somebody marked something."""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    parties: tuple[int, ...] = ()
    """Numbers of the parties that marked it, from 1."""
    opens: tuple[str, ...] = ()
    """What is said where a mark begins here: the party's number, and letters where several
    disagreements have one text."""
    closes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    speaker: str
    pieces: tuple[Piece, ...]
    around: bool = False
    """Context: not part of the place in dispute."""
    gap: str = ""
    """Said before it where segments are left out."""


def marks_of(parties: Sequence[Sequence[Side]]) -> dict[int, list[Passage]]:
    """Number of each party, from 1, -> what it marked with the codes in dispute, nearby too."""
    return {
        number: [
            *(p for side in party for p in side.passages),
            *(
                Passage(code=n.code, start=n.start, end=n.end, quote="")
                for side in party
                for n in side.nearby
            ),
        ]
        for number, party in enumerate(parties, 1)
    }


def paragraphs(
    coded: CodedTranscript,
    first: int,
    last: int,
    marks: Mapping[int, Sequence[Passage]],
    letters: Letters | None = None,
) -> tuple[Paragraph, ...]:
    """Segments ``[first, last)`` with the marks of each party, and a little of what is around."""
    drawn = _Drawn(coded, marks, letters or {})
    wanted = list(range(first, last))
    if len(wanted) > _SEGMENTS:
        spans = [(p.start, p.end) for found in marks.values() for p in found]
        wanted = [
            s
            for s in wanted
            if any(a < coded.segments[s].end and coded.segments[s].start < b for a, b in spans)
        ] or wanted[:1]
    made: list[Paragraph] = []
    before = drawn.around(first - 1, end=True)
    if before:
        made.append(before)
    previous = wanted[0] - 1 if len(wanted) == last - first else first - 1
    for segment in wanted:
        skipped = segment - previous - 1
        gap = ""
        if skipped > 0:
            gap = f"{how_many(skipped, 'segment')} without a mark left out here."
        start, end = drawn.body(segment)
        made.append(Paragraph(coded.segments[segment].speaker, drawn.pieces(start, end), gap=gap))
        previous = segment
    after = drawn.around(last, end=False)
    if after:
        made.append(after)
    return tuple(made)


class _Drawn:
    """The text of one transcript with marks."""

    def __init__(
        self, coded: CodedTranscript, marks: Mapping[int, Sequence[Passage]], letters: Letters
    ) -> None:
        self.coded, self.marks, self.letters = coded, marks, letters

    def body(self, segment: int) -> tuple[int, int]:
        s = self.coded.segments[segment]
        raw = self.coded.text[s.start : s.end]
        start = s.start + len(raw) - len(raw.lstrip())
        return start, max(start, s.start + len(raw.rstrip()))

    def around(self, segment: int, *, end: bool) -> Paragraph | None:
        if not 0 <= segment < len(self.coded.segments):
            return None
        start, stop = self.body(segment)
        text = self.coded.text
        before = after = False
        if stop - start > _AROUND:
            if end:
                cut = text.find(" ", stop - _AROUND, stop)
                start, before = (cut + 1 if cut >= 0 else stop - _AROUND), True
            else:
                cut = text.rfind(" ", start, start + _AROUND)
                stop, after = (cut if cut >= 0 else start + _AROUND), True
        pieces = self.pieces(start, stop)
        if before:
            pieces = (Piece("… "), *pieces)
        if after:
            pieces = (*pieces, Piece(" …"))
        return Paragraph(self.coded.segments[segment].speaker, pieces, around=True)

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        inside = {
            number: [
                (
                    max(p.start, start),
                    min(p.end, end),
                    self.letters.get((number, p.code, p.start, p.end), ""),
                )
                for p in found
                if p.start < end and start < p.end
            ]
            for number, found in self.marks.items()
        }
        cuts = {start, end, *(x for spans in inside.values() for a, b, _ in spans for x in (a, b))}
        made = []
        for a, b in pairwise(sorted(cuts)):
            held = {n: [s for s in spans if s[0] <= a and b <= s[1]] for n, spans in inside.items()}
            made.append(
                Piece(
                    self.coded.text[a:b],
                    tuple(n for n, spans in held.items() if spans),
                    tuple(said for n, spans in held.items() if (said := self._opens(n, spans, a))),
                    tuple(n for n, spans in held.items() if spans and self._closes(n, spans, b)),
                )
            )
        return tuple(made)

    def _opens(self, number: int, spans: Sequence[tuple[int, int, str]], place: int) -> str:
        """Inside another mark of the same party nothing is said, unless it is of another letter."""
        here = [s for s in spans if s[0] == place]
        if not here or (not self.letters and len(here) < len(spans)):
            return ""
        return f"{number}{''.join(sorted({x for _, _, letters in here for x in letters}))}"

    def _closes(self, number: int, spans: Iterable[tuple[int, int, str]], place: int) -> bool:
        ends = [s[1] == place for s in spans]
        return any(ends) if self.letters else all(ends)
