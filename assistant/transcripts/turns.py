"""Lines to turns, paragraphs and codes: the part that all text and Word readers share.

Every line ends up in exactly one place: in a paragraph, as a speaker, as a code on the paragraph
before it, or in ``skipped`` with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from assistant.transcripts.code_labels import (
    Known,
    code_shaped,
    guess_in_lines,
)
from assistant.transcripts.composing import Paragraph, Turn
from assistant.transcripts.debris import FOOTER, find_debris, find_front_matter
from assistant.transcripts.lines import Line, join_broken, squeeze, without_numbers
from assistant.transcripts.paragraphs import breaks_before
from assistant.transcripts.records import Skipped
from assistant.transcripts.speaker_labels import Candidate
from assistant.transcripts.speakers import find_speakers

__all__ = ["Options", "Reading", "read_lines"]


@dataclass(frozen=True)
class Options:
    file_name: str
    known_codes: Collection[str] = ()
    labels: Collection[str] = ()
    trust_guesses: bool = False
    suspects: Collection[str] = ()
    """Labels by what stands in other files of the same import."""
    reader: str = "auto"
    speakers: Collection[str] = ()
    """Names that the user says are speakers'."""
    keep_all: bool = False
    """Only speakers' names are no speech: no titles, labels or remains of pages are looked for. For
    texts that another tool shows as they are, where people may have coded anything."""


_TITLE_WORDS = 12


@dataclass
class Reading:
    """What the lines of one file became."""

    turns: list[Turn] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    guessed: tuple[str, ...] = ()
    lookalikes: list[Skipped] = field(default_factory=list)
    delve: bool = False
    speaker_lines: int = 0
    """Turns whose speaker stands on a line of its own."""
    colon_lines: int = 0


def read_lines(lines: Sequence[Line], options: Options) -> Reading:
    """Decide over the whole file, then go through it once."""
    lines, numbers = without_numbers(lines)
    result = _Walk(lines, options).go()
    if numbers:
        why = "line numbers: every line of the file has one"
        where = f"{numbers[0]} to {numbers[-1]}"
        result.skipped.append(Skipped(what=" ".join(numbers), why=why, where=where))
    return result


class _Walk:
    def __init__(self, lines: Sequence[Line], options: Options) -> None:
        self.lines = lines
        self.options = options
        self.result = Reading()
        self.coded = options.reader in ("auto", "delve-text", "word") and not options.keep_all
        self.sure = Known(options.labels if self.coded else ())
        self.book = Known(options.known_codes if self.coded else ())
        self.speakers = find_speakers(
            lines,
            not_speaker=self._no_speaker,
            alones=options.reader != "plain",
            colons=options.reader != "speaker-lines",
            named=options.speakers,
        )
        self.front: dict[int, str] = {}
        self.debris: dict[int, tuple[str, str]] = {}
        if not options.keep_all:
            self.front = find_front_matter(lines, options.file_name, self.speakers.read)
            self.debris = find_debris(lines, self.speakers.read)
        self.result.notes += self.speakers.notes
        self.guesses: dict[str, int] = {}
        self._decide_codes()
        self.left_out = set(self.front) | set(self.debris)
        shown = [Line("") if self._outside(i) else line for i, line in enumerate(lines)]
        self.breaks, self.mode = breaks_before(shown, self._begins, as_shown=options.keep_all)
        self.named_each = self._names_each_paragraph()
        self.unnamed = 0

    # What a line is

    def _no_speaker(self, text: str) -> bool:
        if not self.coded:
            return False
        return text in self.sure or text in self.book or code_shaped(text)

    def _begins(self, line: Line) -> bool:
        return self.speakers.read(line) is not None

    def _outside(self, index: int) -> bool:
        return index in self.left_out or self._code(self.lines[index].text)

    def _code(self, text: str) -> bool:
        """A label line, believed or not."""
        return text in self.sure or text in self.guesses or (self.use_book and text in self.book)

    def _decide_codes(self) -> None:
        """Plain words of a codebook are labels in Delve exports only: people say them too."""
        texts = [line.text for line in self.lines if not line.blank]
        self.use_book = True
        if not self.coded:
            self.use_book = False
            return
        found = guess_in_lines(
            self.lines,
            self.speakers,
            Known([*self.options.known_codes, *self.options.labels]),
            skip=lambda index: index in self.front or index in self.debris,
            suspects=self.options.suspects,
            seen=self.result.lookalikes,
        )
        self.guesses = {label: count for label, count, _ in found}
        footer = any(FOOTER.search(text) for text in texts[-3:])
        listed = [t for t in texts if t in self.sure or (t in self.book and code_shaped(t))]
        self.result.delve = (
            footer or bool(listed) or bool(found) or self.options.reader == "delve-text"
        )
        self.use_book = self.result.delve
        self.result.guessed = tuple(self.guesses)

    def _names_each_paragraph(self) -> bool:
        """The file names the speaker before every paragraph, also when it has not changed.

        Then a paragraph without a name has lost it, and belongs to nobody for certain. In other
        files it is the next paragraph of the same turn.
        """
        named = repeated = bare = 0
        previous: str | None = None
        fresh = False
        for index, line in enumerate(self.lines):
            if line.blank or self._outside(index):
                continue
            found = self.speakers.read(line)
            if found is not None:
                named += 1
                repeated += found.key == previous
                previous = found.key
                fresh = not found.rest
            else:
                bare += self.breaks(index) and not fresh
                fresh = False
        return named >= 10 and repeated >= 0.1 * named and bare <= 0.35 * named

    # The walk

    def go(self) -> Reading:
        result = self.result
        self.turn: Turn | None = None
        self.paragraph: Paragraph | None = None
        self.passage: Paragraph | None = None  # what a code label belongs to
        for index, line in enumerate(self.lines):
            if line.blank:
                continue
            if index in self.front:
                self._skip(line.text, self.front[index], line.where)
                continue
            text = line.text
            if index in self.debris:
                dropped, why = self.debris[index]
                self._skip(dropped, why, line.where)
                text = squeeze(FOOTER.sub("", text)) if FOOTER.search(text) else ""
                if not text:
                    continue
                line = Line(text, line.where)
            found = self.speakers.read(line)
            if found is not None:
                self._start_turn(found, line)
            elif self._code(text) and self._take_code(text, line):
                self.paragraph = None
            else:
                self._speech(text, index)
        self._close_turn()
        self._report()
        return result

    def _start_turn(self, found: Candidate, line: Line) -> None:
        self._close_turn()
        self.turn = Turn(found.label, where=line.where)
        self.paragraph = None
        if found.alone:
            self.result.speaker_lines += 1
        else:
            self.result.colon_lines += 1
        if found.stamp:
            self._skip(found.stamp, "a time stamp beside a speaker", line.where)
        if found.rest:
            self._new_paragraph(self._said(found.rest), line, found.rest)

    def _close_turn(self) -> None:
        if self.turn is None:
            return
        if self.turn.paragraphs:
            self.result.turns.append(self.turn)
        else:
            what = self.turn.speaker or ":"
            self._skip(what, "a speaker without a word", self.turn.where)
        self.turn = None

    def _new_paragraph(self, text: str, line: Line, written: str) -> None:
        if self.turn is None:
            self.turn = Turn("", where=line.where)
        self.paragraph = self.passage = Paragraph(text, where=line.where)
        self.paragraph.pieces += _piece(line, written)
        self.turn.paragraphs.append(self.paragraph)

    def _speech(self, text: str, index: int) -> None:
        line, written = self.lines[index], text
        text = self._said(text)
        empty_turn = self.turn is not None and not self.turn.paragraphs
        if self.paragraph is not None and not self.breaks(index):
            self.paragraph.text = join_broken(self.paragraph.text, text)
            self.paragraph.pieces += _piece(line, written)
            return
        if self.named_each and not empty_turn:
            self._close_turn()
            self.turn = Turn("", where=self.lines[index].where)
            self.unnamed += 1
        self._new_paragraph(text, line, written)

    def _said(self, text: str) -> str:
        markdown = self.options.file_name.lower().endswith((".md", ".markdown"))
        return plain_markdown(text) if markdown else text

    def _take_code(self, text: str, line: Line) -> bool:
        """True when the line was a label, whether it became a coding or was skipped."""
        under = self.turn is not None and not self.turn.paragraphs
        if under and not code_shaped(text):
            return False  # the only words of a turn
        if text in self.guesses and not self.options.trust_guesses:
            why = "looks like a code label, which nobody has confirmed; it made no coding"
            self._skip(text, why, line.where)
        elif under or self.passage is None:
            self._skip(text, "a code label with no passage before it", line.where)
        elif text in self.passage.codes:
            self._skip(text, "the same code a second time on one passage", line.where)
        else:
            self.passage.codes.append(text)
        return True

    def _skip(self, what: str, why: str, where: str) -> None:
        self.result.skipped.append(Skipped(what=what, why=why, where=where))

    def _report(self) -> None:
        result = self.result
        names = Counter(turn.speaker for turn in result.turns if turn.speaker)
        if names:
            listed = ", ".join(f"{name} ({count})" for name, count in names.most_common())
            result.notes.append(f"Speakers (turns): {listed}.")
            if (title := _may_be_title(result.turns)) and self.coded:
                result.notes.append(
                    f"The first line, “{title}”, has no speaker and was read as words of the "
                    "interview. If it is a title, put “# ” before it in the file: best before the "
                    "import (--dry-run shows this line too), since of several files of an "
                    "interview a rule says whose text is kept."
                )
        elif result.turns:
            result.notes.append(
                "No speakers were found; the file was read as prose. If it is no interview, take "
                "it out again: `secondcoder withdraw NAME --no-interview`."
            )
        if self.unnamed:
            result.notes.append(
                f"{self.unnamed} paragraphs have no speaker though the file names one before "
                "each; they were left without."
                if self.unnamed > 1
                else "1 paragraph has no speaker though the file names one before each; it was "
                "left without."
            )
        if self.mode != "blank" and any(len(turn.paragraphs) > 1 for turn in result.turns):
            how = "broken lines were joined" if self.mode == "wrapped" else "a line is a paragraph"
            result.notes.append(f"No empty lines between turns: {how}.")


def _may_be_title(turns: Sequence[Turn]) -> str:
    """A short first line without a speaker, in a file that names one in all other turns.

    It is not left out for that: somebody may have said it.
    """
    if len(turns) < 3 or turns[0].speaker or not all(turn.speaker for turn in turns[1:]):
        return ""
    if len(turns[0].paragraphs) > 1:
        return ""
    text = turns[0].paragraphs[0].text.strip()
    return text if len(text.split()) <= _TITLE_WORDS and text[-1:] not in ".?!…,;:。？！" else ""


def _piece(line: Line, written: str) -> list[tuple[int, int]]:
    """Where the end of a line that says ``written`` stands; nothing when nobody keeps count.

    What is said on a line is always its end: names, time stamps and numbers stand before it.
    """
    if line.at < 0 or not written:
        return []
    left, place = len(written) - written.count(" "), len(line.raw)
    while left and place:
        place -= 1
        left -= not line.raw[place].isspace()
    return [(line.at + place, line.at + len(line.raw))]


def plain_markdown(text: str) -> str:
    """A line of Markdown without quotation mark, emphasis and escapes."""
    text = re.sub(r"^>\s+", "", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!<>~|-])", r"\1", text)
