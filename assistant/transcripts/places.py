"""A text of another tool as a transcript's text, with an exact map of positions between the two.

Cleaning a text (line ends, invisible characters, Unicode NFC) and composing it (no speakers' names,
no layout) drops and joins characters. A `PlaceMap` knows where each one went, so that a span that a
person marked elsewhere covers the same characters here.

Invariant: the characters of a carried span are those of the original, after NFC and without white
space and invisible ones; a character outside the original span is in it only where NFC made one of
both.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from assistant.errors import BugError
from assistant.transcripts.composing import Composed, Paragraph, compose
from assistant.transcripts.decoding import clean_text, dropped_characters
from assistant.transcripts.lines import join_broken, squeeze, text_lines
from assistant.transcripts.turns import Options, Reading, read_lines

__all__ = ["PlaceMap", "PlacedText", "Run", "clean_map", "place_text"]

_WORDS = re.compile(r"\S+(?: \S+)*")


class Run(NamedTuple):
    """A stretch of the source and what it became."""

    source: int
    source_end: int
    target: int
    target_end: int
    straight: bool = True
    """Character by character; otherwise all of one is all of the other."""


class PlaceMap:
    """Runs in order, in source and target alike. What lies in no run is gone, or was put in."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = tuple(runs)
        self._starts = [run.source for run in self.runs]
        self._ends = [run.source_end for run in self.runs]

    def carry(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the characters of ``[start, end)`` stand; None when none of them is left."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end) - 1
        if first > last or start >= end:
            return None
        run = self.runs[first]
        began = run.target + max(0, start - run.source) if run.straight else run.target
        run = self.runs[last]
        ended = run.target_end - max(0, run.source_end - end) if run.straight else run.target_end
        return (began, ended) if began < ended else None


@dataclass(frozen=True)
class PlacedText:
    composed: Composed
    notes: tuple[str, ...]
    cleaned: PlaceMap
    spoken: PlaceMap

    def carry(self, start: int, end: int) -> tuple[int, int] | None:
        """``[start, end)`` of the given text in ``composed.text``, without white space around it.

        None when nothing of it is speech: a speaker's name, or white space alone.
        """
        at = self.cleaned.carry(start, end)
        at = self.spoken.carry(*at) if at else None
        if at is None:
            return None
        said = self.composed.text[slice(*at)]
        start = at[0] + len(said) - len(said.lstrip())
        end = at[0] + len(said.rstrip())
        return (start, end) if start < end else None


def place_text(text: str, name: str) -> PlacedText:
    """The text as turns and segments. ``name`` is its name there, for messages.

    Everything in it is kept but white space, invisible characters, line numbers and the names of
    speakers (with time stamps beside them). The composed text is empty where nothing is left.
    """
    clean, notes = clean_text(text)
    cleaned = clean_map(text, clean)
    reading = read_lines(text_lines(clean), Options(name, reader="spoken", keep_all=True))
    composed = compose(reading.turns)
    left_out = tuple(
        f"Not speech: “{skip.what}” at {skip.where} ({skip.why})." for skip in reading.skipped
    )
    spoken = PlaceMap(_spoken(clean, reading, composed))
    return PlacedText(composed, (*notes, *reading.notes, *left_out), cleaned, spoken)


def _spoken(clean: str, reading: Reading, composed: Composed) -> Iterator[Run]:
    paragraphs = (p for turn in reading.turns for p in turn.paragraphs if p.text)
    for segment, paragraph in zip(composed.segments, paragraphs, strict=True):
        yield from _paragraph(clean, paragraph, segment.start)


def _paragraph(clean: str, paragraph: Paragraph, at: int) -> Iterator[Run]:
    text = ""
    for start, end in paragraph.pieces:
        piece = clean[start:end]
        said = squeeze(piece)
        text = join_broken(text, said)
        target = at + len(text) - len(said)
        for match in _WORDS.finditer(piece):
            length = match.end() - match.start()
            yield Run(start + match.start(), start + match.end(), target, target + length)
            target += length + 1
    if text != paragraph.text:
        raise BugError(f"The parts of the paragraph at {paragraph.where} do not make its text.")


# --- cleaning ----------------------------------------------------------------------------------


def clean_map(text: str, clean: str) -> PlaceMap:
    """How ``clean_text(text)``, which is ``clean``, came about, to the character."""
    kept: list[Run] = []  # before NFC
    pieces: list[str] = []
    source = target = 0
    for start, end, became in dropped_characters(text):
        if start > source:
            kept.append(Run(source, start, target, target + start - source))
            pieces.append(text[source:start])
            target += start - source
        if became:
            kept.append(Run(start, end, target, target + len(became), False))
            pieces.append(became)
            target += len(became)
        source = end
    if source < len(text):
        kept.append(Run(source, len(text), target, target + len(text) - source))
        pieces.append(text[source:])
    before = "".join(pieces)
    if before == clean:
        return PlaceMap(kept)
    return PlaceMap(_joined(kept, list(_normalised(before, clean))))


def _normalised(before: str, clean: str) -> Iterator[Run]:
    """Runs of NFC: line by line, then cluster by cluster where a line changes."""
    source = target = 0
    for line in before.splitlines(keepends=True):
        if unicodedata.is_normalized("NFC", line):
            yield Run(source, source + len(line), target, target + len(line))
            source, target = source + len(line), target + len(line)
            continue
        same = 0  # characters before this cluster that stay as they are: one run
        for cluster in _clusters(line):
            made = unicodedata.normalize("NFC", cluster)
            if cluster == made:
                same += len(cluster)
                continue
            if same:
                yield Run(source, source + same, target, target + same)
            source, target = source + same, target + same
            yield Run(source, source + len(cluster), target, target + len(made), False)
            source, target, same = source + len(cluster), target + len(made), 0
        if same:
            yield Run(source, source + same, target, target + same)
        source, target = source + same, target + same
    if target != len(clean):
        raise BugError("A text could not be brought to Unicode NFC cluster by cluster.")


def _clusters(line: str) -> Iterator[str]:
    """Parts of a line that NFC changes independently of each other."""
    cluster = [line[0]]
    for char in line[1:]:
        if char.isascii():  # never joins what stands before it
            yield "".join(cluster)
            cluster = []
        elif unicodedata.combining(char) == 0:
            one = "".join(cluster)
            whole = unicodedata.normalize("NFC", one + char)
            if whole == unicodedata.normalize("NFC", one) + unicodedata.normalize("NFC", char):
                yield one
                cluster = []
        cluster.append(char)
    yield "".join(cluster)


def _joined(first: list[Run], then: list[Run]) -> Iterator[Run]:
    """Two maps one after the other, as one."""
    place = 0
    for run in then:
        while place < len(first) and first[place].target_end <= run.source:
            place += 1
        if not run.straight:
            last = place
            while last + 1 < len(first) and first[last + 1].target < run.source_end:
                last += 1
            yield Run(
                _back(first[place], run.source, False),
                _back(first[last], run.source_end, True),
                run.target,
                run.target_end,
                False,
            )
            continue
        at = run.source
        index = place
        while at < run.source_end:
            piece = first[index]
            upto = min(run.source_end, piece.target_end)
            target = run.target + at - run.source
            yield Run(_back(piece, at, False), _back(piece, upto, True), target, target + upto - at)
            at, index = upto, index + 1


def _back(run: Run, target: int, end: bool) -> int:
    """Where a position of a run's target stands in its source."""
    if run.straight:
        return run.source + target - run.target
    return run.source_end if end else run.source
