"""What stands on the pages of a Delve print: title, speakers, passages, codes; the rest is debris.

The print is a list of passages. Each has a speaker's name in bold above it (or none: then the
speaker before goes on), its text, and below it one small box for every code; a gap parts it from
the next one. Page breaks fall anywhere: also between a name and its passage, and between a passage
and its boxes. A passage that a page break cuts is one passage, unless its last line on the first
page had room for the first word of the next: browsers fill their lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest

from assistant.counting import counted
from assistant.transcripts.pdf.delve_joins import Joiner, Marked
from assistant.transcripts.pdf.delve_pages import Box, Line, Page
from assistant.transcripts.records import Skipped

__all__ = ["Passage", "Print", "is_delve_print", "read_print"]

_CLOSING = re.compile(r"^Created with (?:the )?Delve\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\bdelvetool\.com\b", re.IGNORECASE)
_MARGIN = 0.045
_NUMBER = re.compile(r"\d+")
_PAGE_OF = re.compile(r"(\d+)/(\d+)$")


@dataclass(frozen=True, slots=True)
class Passage:
    paragraphs: tuple[Marked, ...]
    codes: tuple[str, ...]
    speaker: str
    new_turn: bool
    """A speaker's name stood above it, or it is the first."""
    page: int
    edges: int
    """Places where two underlines meet: highlights that overlap or touch."""


@dataclass(frozen=True)
class Print:
    passages: tuple[Passage, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    page: int
    speaker: str = ""
    new_turn: bool = False
    lines: list[list[Line]] = field(default_factory=lambda: [[]])
    """By paragraph; the last one is never empty once the draft stands in the list."""
    codes: list[str] = field(default_factory=list)


def is_delve_print(pages: Sequence[Page]) -> bool:
    """Delve's closing line, or its address in the margin of a page."""
    for page in pages:
        for line in page.lines:
            if _CLOSING.match(line.text) or (_in_margin(line, page) and _ADDRESS.search(line.text)):
                return True
    return False


def read_print(pages: Sequence[Page]) -> Print:
    """Passages in order, and everything that did not become one."""
    return _Reading(pages).result()


class _Reading:
    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages
        self.margin = _margin_lines(pages)
        body = [
            line
            for page in pages
            for place, line in enumerate(page.lines)
            if (page.number, place) not in self.margin
        ]
        sizes = Counter({0.0: 0})
        for line in body:
            sizes[line.size] += len(line.text)
        self.size = sizes.most_common(1)[0][0]
        self.joiner = Joiner([line for line in body if line.size <= 1.2 * self.size])
        self.pitch = self._line_pitch()
        self.drafts: list[_Draft] = []
        self.names: list[Line] = []
        """A speaker's name that waits for its passage (more than one line if it is long)."""
        self.names_page = 0
        self.skipped: list[Skipped] = []
        self.closed = False

    def result(self) -> Print:
        for page in self.pages:
            self._read_page(page)
        self._drop_names("no text follows it")
        if self.margin:
            self.skipped.insert(
                0,
                Skipped(
                    what=f"{counted(len(self.margin), 'line')} in the margins of the pages",
                    why="headers and footers that the browser printed are not interview text",
                    where=f"pages 1 to {len(self.pages)}",
                ),
            )
        passages, taken = _with_plain_names([self._passage(draft) for draft in self.drafts])
        self.skipped += taken
        return Print(passages, tuple(self.skipped), self._notes(passages))

    def _read_page(self, page: Page) -> None:
        items: list[tuple[float, float, Line | Box]] = [
            (line.baseline, line.x0, line)
            for place, line in enumerate(page.lines)
            if (page.number, place) not in self.margin
        ]
        items += [(box.baseline, box.x0, box) for box in page.boxes]
        items.sort(key=lambda entry: entry[:2])
        first = True
        for (_, _, item), following in zip_longest(items, items[1:]):
            if isinstance(item, Box):
                self._box(item, page.number)
            elif self._is_debris(item, page.number):
                continue
            elif self._is_name(item, following[2] if following else None):
                self._name(item, page.number)
            else:
                self._text(item, page.number, first)
            first = False

    def _is_debris(self, line: Line, page: int) -> bool:
        """The title in large letters above everything, and Delve's closing line."""
        where = f"page {page}"
        if line.size > 1.3 * self.size and not self.drafts and not self.names:
            self.skipped.append(Skipped(what=line.text, why="the title of the print", where=where))
            return True
        if _CLOSING.match(line.text):
            self.closed = True
            why = "Delve's closing line"
            self.skipped.append(Skipped(what=line.text, why=why, where=where))
            return True
        return False

    def _box(self, box: Box, page: int) -> None:
        if self.names or not self.drafts:
            self._drop_names("a code follows it instead of text")
            why = "a code that no passage stands above"
            self.skipped.append(Skipped(what=box.text, why=why, where=f"page {page}"))
            return
        self.drafts[-1].codes.append(box.text)

    def _name(self, line: Line, page: int) -> None:
        if self.names and line.baseline - self.names[-1].baseline > 0.9 * self.pitch:
            self._drop_names("no text follows it")
        self.names.append(line)
        self.names_page = page

    def _drop_names(self, why: str) -> None:
        if self.names:
            what = "speaker " + " ".join(line.text.strip() for line in self.names)
            self.skipped.append(Skipped(what=what, why=why, where=f"page {self.names_page}"))
            self.names = []

    def _text(self, line: Line, page: int, first_on_page: bool) -> None:
        draft = self.drafts[-1] if self.drafts else None
        if self.names or draft is None:
            speaker = " ".join(name.text.strip() for name in self.names)
            self.names = []
            draft = _Draft(page, speaker, new_turn=True)
            self.drafts.append(draft)
        else:
            above = draft.lines[-1][-1]
            ended = self.joiner.could_hold_more(above, line)
            gap = line.baseline - above.baseline > 1.3 * self.pitch
            if draft.codes or (ended if first_on_page else gap):
                draft = _Draft(page, draft.speaker)
                self.drafts.append(draft)
            elif ended:
                draft.lines.append([])
        draft.lines[-1].append(line)

    def _line_pitch(self) -> float:
        """Distance of two lines of one passage: the commonest between lines of text.

        Delve sets its lines 2.2 times the size of the letters apart; where a print is too short to
        tell, that is taken.
        """
        steps: Counter[float] = Counter()
        for page in self.pages:
            for above, below in pairwise(page.lines):
                step = below.baseline - above.baseline
                plain = not above.bold and not below.bold and above.size == below.size == self.size
                if plain and self.size < step < 3.2 * self.size:
                    steps[round(step * 2) / 2] += 1
        return max(steps, key=lambda step: (steps[step], step)) if steps else 2.2 * self.size

    def _is_name(self, line: Line, following: Line | Box | None) -> bool:
        """Bold, or as near to the line below as only a name is to its text.

        The second holds where a script's bold letters come from a font that is not named so.
        """
        if abs(line.size - self.size) > 0.1 * self.size:
            return False
        if line.bold or not isinstance(following, Line) or following.bold:
            return line.bold
        return following.baseline - line.baseline < 0.9 * self.pitch

    def _passage(self, draft: _Draft) -> Passage:
        return Passage(
            tuple(self.joiner.join(lines) for lines in draft.lines),
            tuple(draft.codes),
            draft.speaker,
            draft.new_turn,
            draft.page,
            sum(line.edges for lines in draft.lines for line in lines),
        )

    def _notes(self, passages: Sequence[Passage]) -> tuple[str, ...]:
        notes = []
        if not self.closed:
            notes.append(
                "Delve's closing line is missing: the print may not hold the whole interview."
            )
        printed = _pages_printed(self.pages)
        if printed and printed != len(self.pages):
            notes.append(
                f"The footers count {counted(printed, 'page')}, the file has {len(self.pages)}: "
                "the print "
                "may not hold the whole interview."
            )
        unreadable = sum(page.unreadable for page in self.pages)
        if unreadable:
            notes.append(
                f"Shown as \ufffd, since their font does not name its letters: "
                f"{counted(unreadable, 'character')}."
            )
        return tuple(notes)


def _with_plain_names(
    passages: Sequence[Passage],
) -> tuple[tuple[Passage, ...], list[Skipped]]:
    """Names that Delve did not take for names when the transcript was put in.

    Where a passage without a name of its own begins with a speaker's name and a colon, or is
    nothing but that name with text after it, the name is taken out of the text. Only names that
    stand in bold elsewhere in the print count.
    """
    names = {passage.speaker.casefold(): passage.speaker for passage in passages if passage.speaker}
    result: list[Passage] = []
    taken: list[Skipped] = []
    waiting = ""
    for passage, following in zip_longest(passages, passages[1:]):
        first, *rest = passage.paragraphs
        head, colon, body = first.text.partition(":")
        name = "" if passage.new_turn else names.get(head.strip().casefold(), "")
        alone = name and not (colon or rest or passage.codes)
        goes_on = following is not None and not following.new_turn
        if (name and body.strip()) or (alone and goes_on):
            why = "a speaker's name within the text, taken as the speaker of what follows"
            where = f"page {passage.page}"
            taken.append(Skipped(what=head.strip() + colon, why=why, where=where))
        if alone and goes_on:
            waiting = name
            continue
        if name and body.strip():
            cut = len(first.text) - len(body.lstrip())
            first = Marked(first.text[cut:], first.marked[cut:])
            passage = replace(passage, speaker=name, paragraphs=(first, *rest), new_turn=True)
        elif waiting:
            passage = replace(passage, speaker=waiting, new_turn=True)
        waiting = ""
        result.append(passage)
    return tuple(result), taken


def _in_margin(line: Line, page: Page) -> bool:
    depth = _MARGIN * page.height
    return line.baseline < depth or line.baseline > page.height - depth


def _margin_lines(pages: Sequence[Page]) -> frozenset[tuple[int, int]]:
    """``(page number, place)`` of the lines that browsers print in the margins.

    They stand within 4.5% of the page's height from its edge and come again, but for numbers, on
    at least half of the pages; on a print of one page the place is enough.
    """
    found: dict[tuple[int, int], tuple[bool, str]] = {}
    for page in pages:
        for place, line in enumerate(page.lines):
            if _in_margin(line, page):
                top = line.baseline < page.height / 2
                found[page.number, place] = (top, _NUMBER.sub("#", line.text))
    counts = Counter(found.values())
    return frozenset(key for key, shape in found.items() if 2 * counts[shape] >= len(pages))


def _pages_printed(pages: Sequence[Page]) -> int:
    for page in pages:
        for line in page.lines:
            if _in_margin(line, page) and (match := _PAGE_OF.search(line.text.strip())):
                return int(match[2])
    return 0
