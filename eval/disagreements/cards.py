"""A disagreement as a reader sees it, before it is HTML or Markdown.

Passages stand in their context with every party's marks; a mark is a number and a kind of line,
never a colour alone. Without quotes no word of a participant is in here, nor a rationale, which
may repeat one.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.codebook.records import Code, Codebook
from eval.disagreements.finding import Gathered
from eval.disagreements.records import KIND_WORDS, WHO_WORDS, Disagreement, Passage, Side
from eval.report.wording import how_many, listed
from eval.units.records import CodedTranscript

__all__ = ["SEED", "Card", "Definition", "Paragraph", "Party", "Piece", "card", "paragraphs"]

SEED = 20_250_301
"""Of the order of the two sides where it is hidden who is who."""
_AROUND = 260
"""Characters of the segment before and after that are shown."""
_SEGMENTS = 8
"""More segments than this are shown only where somebody marked something."""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    parties: tuple[int, ...] = ()
    """Numbers of the parties that marked it, from 1."""
    opens: tuple[int, ...] = ()
    """Those of which a mark begins here."""
    closes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    speaker: str
    pieces: tuple[Piece, ...]
    around: bool = False
    """Context: not part of the place in dispute."""
    gap: str = ""
    """Said before it where segments are left out."""


@dataclass(frozen=True, slots=True)
class Party:
    number: int
    names: str
    says: str
    details: tuple[tuple[str, str], ...] = ()
    """(word, sentence), such as the model's rationale."""
    where: str = ""
    """Positions of its marks, for reports without words."""


@dataclass(frozen=True, slots=True)
class Definition:
    code: str
    id: str
    definition: str
    include: str
    exclude: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Card:
    key: str
    title: str
    who: str
    kind: str
    place: str
    transcript: str
    codes: tuple[str, ...]
    language: str
    paragraphs: tuple[Paragraph, ...]
    parties: tuple[Party, ...]
    definitions: tuple[Definition, ...]
    look: str
    missing: str = ""
    hidden: bool = False
    """Who is who stays closed until it is opened."""
    group: str = ""
    """Class for filters: of who, else of what happened between two runs."""
    sort: str = ""
    """Kind for filters."""


def card(
    found: Disagreement, gathered: Gathered, *, quotes: bool = True, hide_sides: bool = False
) -> Card:
    """``hide_sides``: sides in an order drawn by chance, names and rationales closed."""
    book = gathered.codebook
    parties = list(found.parties)
    if hide_sides:
        random.Random(f"{SEED} {found.key}").shuffle(parties)
    labels = [book.by_id[code].label for code in found.codes]
    kind = KIND_WORDS[found.kind]
    who = WHO_WORDS[found.who]
    if hide_sides:
        who = ""
        if found.kind in ("missed", "over-coded"):
            kind = KIND_WORDS["one-side"]
        elif found.kind in ("too-general", "too-specific"):
            kind = KIND_WORDS["level"]
    elif found.kind == "confused" and found.same_family:
        kind += " of its family"
    marks = {
        number: [p for side in party for p in side.passages]
        for number, party in enumerate(parties, 1)
    }
    coded = gathered.texts[found.transcript]
    last = found.last_segment + 1
    shown = paragraphs(coded, found.first_segment, last, marks) if quotes else ()
    lines = dict(found.codebook_lines)
    return Card(
        key=found.key,
        title=" or ".join(labels),
        who=who,
        kind=kind,
        place=_place(found),
        transcript=found.transcript,
        codes=found.codes,
        language=found.language,
        paragraphs=shown,
        parties=tuple(
            _party(number, party, book, found, quotes, hide_sides)
            for number, party in enumerate(parties, 1)
        ),
        definitions=tuple(_definition(book.by_id[c], lines.get(c)) for c in found.codes),
        look="" if hide_sides else found.look,
        missing=_missing(found.missing, gathered.model),
        hidden=hide_sides,
        group="" if hide_sides else found.who,
        sort=kind if hide_sides else found.kind,
    )


def _place(found: Disagreement) -> str:
    first, last = found.first_segment + 1, found.last_segment + 1
    where = f"segment {first}" if first == last else f"segments {first} to {last}"
    speaker = f", {found.speaker}" if found.speaker else ""
    return f"{found.transcript}, {where}{speaker}"


def _missing(names: Sequence[str], model: str) -> str:
    if not names:
        return ""
    said = listed("the model" if name == model else name for name in names)
    return f"Did not look here, and so says nothing: {said}."


def _definition(code: Code, line: int | None) -> Definition:
    return Definition(code.label, code.id, code.definition, code.include, code.exclude, line)


def _party(
    number: int,
    party: Sequence[Side],
    book: Codebook,
    found: Disagreement,
    quotes: bool,
    hidden: bool,
) -> Party:
    labels = {code: book.by_id[code].label for code in found.codes}
    given = party[0].codes
    # A side that is hidden is one, however many agree on it: the plural would tell who it is.
    gives, does = ("gives", "does") if len(party) == 1 or hidden else ("give", "do")
    if found.kind == "border":
        says = f"{gives} {labels[found.codes[0]]} to what is marked {number}"
    elif given:
        says = f"{gives} " + listed(labels[code] for code in given)
    elif len(found.codes) == 2:
        says = f"{gives} neither"
    else:
        says = f"{does} not give {labels[found.codes[0]]}"
    details: list[tuple[str, str]] = []
    for side in party:
        name = "" if len(party) == 1 else f"{_name(side)}: "
        if side.rationale and quotes:
            details.append(("Why", f"{name}{side.rationale}"))
        if side.probability is not None:
            details.append(("Probability", f"{name}{side.probability:.2f}, calibrated"))
        elif side.confidence is not None:
            details.append(("Confidence", f"{name}{side.confidence:.2f}, as the model states it"))
        if side.note:
            details.append(("Note", f"{name}{side.note}"))
        if side.others:
            others = listed(book.by_id[code].label for code in side.others)
            details.append(("Also gives here", f"{name}{others}"))
    spots = [f"{p.start} to {p.end}" for side in party for p in side.passages]
    return Party(
        number,
        listed(_name(side) for side in party),
        says,
        tuple(details),
        f"characters {listed(dict.fromkeys(spots))}" if spots else "",
    )


def _name(side: Side) -> str:
    return f"Model: {side.coder}" if side.is_model else side.coder


# --- passages ------------------------------------------------------------------------------------


def paragraphs(
    coded: CodedTranscript, first: int, last: int, marks: Mapping[int, Sequence[Passage]]
) -> tuple[Paragraph, ...]:
    """Segments ``[first, last)`` with the marks of each party, and a little of what is around."""
    wanted = list(range(first, last))
    if len(wanted) > _SEGMENTS:
        spans = [(p.start, p.end) for found in marks.values() for p in found]
        wanted = [
            s
            for s in wanted
            if any(a < coded.segments[s].end and coded.segments[s].start < b for a, b in spans)
        ] or wanted[:1]
    made: list[Paragraph] = []
    before = _around(coded, first - 1, end=True)
    if before:
        made.append(before)
    previous = wanted[0] - 1 if len(wanted) == last - first else first - 1
    for segment in wanted:
        skipped = segment - previous - 1
        gap = ""
        if skipped > 0:
            gap = f"{how_many(skipped, 'segment')} without a mark left out here."
        start, end = _body(coded, segment)
        pieces = _pieces(coded.text, start, end, marks)
        made.append(Paragraph(coded.segments[segment].speaker, pieces, gap=gap))
        previous = segment
    after = _around(coded, last, end=False)
    if after:
        made.append(after)
    return tuple(made)


def _body(coded: CodedTranscript, segment: int) -> tuple[int, int]:
    s = coded.segments[segment]
    raw = coded.text[s.start : s.end]
    start = s.start + len(raw) - len(raw.lstrip())
    return start, max(start, s.start + len(raw.rstrip()))


def _around(coded: CodedTranscript, segment: int, *, end: bool) -> Paragraph | None:
    if not 0 <= segment < len(coded.segments):
        return None
    start, stop = _body(coded, segment)
    text = coded.text[start:stop]
    if len(text) > _AROUND:
        if end:
            text = "… " + text[-_AROUND:].partition(" ")[2]
        else:
            text = text[:_AROUND].rpartition(" ")[0] + " …"
    return Paragraph(coded.segments[segment].speaker, (Piece(text),), around=True)


def _pieces(
    text: str, start: int, end: int, marks: Mapping[int, Sequence[Passage]]
) -> tuple[Piece, ...]:
    inside = {
        number: [(max(p.start, start), min(p.end, end)) for p in found]
        for number, found in marks.items()
    }
    inside = {n: [(a, b) for a, b in spans if a < b] for n, spans in inside.items()}
    cuts = sorted({start, end, *(x for spans in inside.values() for span in spans for x in span)})
    made = []
    for a, b in pairwise(cuts):
        held = {n: [s for s in spans if s[0] <= a and b <= s[1]] for n, spans in inside.items()}
        made.append(
            Piece(
                text[a:b],
                tuple(n for n, spans in held.items() if spans),
                tuple(n for n, spans in held.items() if spans and _at(spans, 0, a)),
                tuple(n for n, spans in held.items() if spans and _at(spans, 1, b)),
            )
        )
    return tuple(made)


def _at(spans: Iterable[tuple[int, int]], which: int, place: int) -> bool:
    """Whether all spans begin (0) or end (1) here: inside another mark of the same party nothing
    is said."""
    return all(span[which] == place for span in spans)
