"""A disagreement as a reader sees it, before it is HTML or Markdown.

A side is a number and a kind of line, never a colour alone. Without quotes no word of a participant
is in here, nor a rationale, which may repeat one. Where sides are hidden, all that could tell who
is who (names, reasons, kind, class, who did not look, where to look) is in what stays closed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.codebook.records import Code, Codebook
from assistant.counting import decimals
from eval.disagreements.finding import Gathered
from eval.disagreements.passages import Paragraph, marks_of, paragraphs
from eval.disagreements.records import KIND_WORDS, WHO_WORDS, Disagreement, Nearby, Side
from eval.report.wording import listed

__all__ = ["SEED", "Card", "Definition", "Party", "card", "drawn_order", "place_words"]

SEED = 20_250_301
"""Of the order of the two sides where it is hidden who is who."""
_QUOTED = 12
"""Words of a passage nearby."""


@dataclass(frozen=True, slots=True)
class Party:
    number: int
    names: str
    says: str
    details: tuple[tuple[str, str], ...] = ()
    """(word, sentence), such as the model's rationale."""
    where: str = ""
    """Positions of its marks, for reports without words."""
    near: tuple[str, ...] = ()
    """Where this side gives a code in dispute close by; without names where sides are hidden."""


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
    several: str = ""
    """Said where several pairs of codes could be meant."""
    hidden: bool = False
    """Who is who stays closed until it is opened."""
    closed: tuple[tuple[str, str], ...] = ()
    """(word, sentence) of what is told when it is opened, where it is hidden."""
    spot: str = ""
    """Key of the passage that it has in common with other disagreements."""
    letter: str = ""
    """Where several have one text: the name of this one's marks."""
    group: str = ""
    """Class for filters: of who, else of what happened between two runs."""
    sort: str = ""
    """Kind for filters."""


def drawn_order(found: Disagreement, by: str) -> list[int]:
    """Places of the parties, drawn by chance: the same for the same ``by``, a key."""
    order = list(range(len(found.parties)))
    random.Random(f"{SEED} {by}").shuffle(order)
    return order


def card(
    found: Disagreement,
    gathered: Gathered,
    *,
    quotes: bool = True,
    hide_sides: bool = False,
    by: str = "",
) -> Card:
    """``hide_sides``: sides in an order drawn by chance, names and rationales closed.

    ``by``: key that the order is drawn by; that of the passage unless one is given, so that a
    side has one number in all that is said about a passage.
    """
    book = gathered.codebook
    parties = list(found.parties)
    if hide_sides:
        order = drawn_order(found, by or found.place or found.key)
        parties = [parties[index] for index in order]
    labels = [book.by_id[code].label for code in found.codes]
    kind = KIND_WORDS[found.kind]
    if found.kind == "confused" and found.same_family:
        kind += " of its family"
    who, missing = WHO_WORDS[found.who], _missing(found.missing, gathered.model)
    told = (("Kind", kind), ("Who", who), ("Where to look", found.look), ("Missing", missing))
    coded = gathered.texts[found.transcript]
    last = found.last_segment + 1
    shown = paragraphs(coded, found.first_segment, last, marks_of(parties)) if quotes else ()
    lines = dict(found.codebook_lines)
    return Card(
        key=found.key,
        title=" or ".join(labels),
        who="" if hide_sides else who,
        kind="" if hide_sides else kind,
        place=place_words(found),
        transcript=found.transcript,
        codes=found.codes,
        language=found.language,
        paragraphs=shown,
        parties=tuple(
            _party(number, party, gathered, found, quotes, hide_sides)
            for number, party in enumerate(parties, 1)
        ),
        definitions=tuple(_definition(book.by_id[c], lines.get(c)) for c in found.codes),
        look="" if hide_sides else found.look,
        missing="" if hide_sides else missing,
        several=_several(found, book),
        hidden=hide_sides,
        closed=tuple((word, said) for word, said in told if said) if hide_sides else (),
        spot=found.place,
        group="" if hide_sides else found.who,
        sort="" if hide_sides else found.kind,
    )


def _several(found: Disagreement, book: Codebook) -> str:
    """The pairs for which as much speaks, that of the card itself among them."""
    if not found.instead:
        return ""
    own = [found.codes] if len(found.codes) == 2 else []
    pairs = [f"{book.by_id[a].label} or {book.by_id[b].label}" for a, b in (*own, *found.instead)]
    if len(pairs) == 1:
        return f"Several could be meant: this may as well be about {pairs[0]}."
    return f"Several could be meant, and as much speaks for each: {'; '.join(pairs)}."


def place_words(found: Disagreement, *others: Disagreement) -> str:
    """Where it is, in words; with ``others`` from the first to the last of all."""
    first = min(d.first_segment for d in (found, *others)) + 1
    last = max(d.last_segment for d in (found, *others)) + 1
    where = f"passage {first}" if first == last else f"passages {first} to {last}"
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
    gathered: Gathered,
    found: Disagreement,
    quotes: bool,
    hidden: bool,
) -> Party:
    book = gathered.codebook
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
            details.append(("Probability", f"{name}{decimals(side.probability)}, calibrated"))
        elif side.confidence is not None:
            details.append(
                ("Confidence", f"{name}{decimals(side.confidence)}, as the model states it")
            )
    notes = _by_saying(party, lambda side: side.note)
    details += [("Note", f"{who}{note}") for note, who in notes.items()]
    others = _by_saying(party, lambda side: listed(book.by_id[code].label for code in side.others))
    if others:
        word = "Also gives here" if sum(bool(s.others) for s in party) == 1 else "Also give here"
        details.append((word, "; ".join(f"{who}{codes}" for codes, who in others.items())))
    near = [
        ("" if len(party) == 1 or hidden else f"{_name(side)}: ")
        + _near(labels[n.code], n, found, quotes)
        for side in party
        for n in side.nearby
    ]
    spots = [f"{p.start} to {p.end}" for side in party for p in side.passages]
    return Party(
        number,
        listed(_name(side) for side in party),
        says,
        tuple(details),
        f"characters {listed(dict.fromkeys(spots))}" if spots else "",
        tuple(dict.fromkeys(near)),
    )


def _by_saying(party: Sequence[Side], saying: Callable[[Side], str]) -> dict[str, str]:
    """What those of a party say -> who says so (``"Ana and Ben: "``; of one alone ``""``)."""
    names: dict[str, list[str]] = {}
    for side in party:
        if said := saying(side):
            names.setdefault(said, []).append(_name(side))
    return {s: "" if len(party) == 1 else f"{listed(by)}: " for s, by in names.items()}


def _name(side: Side) -> str:
    return f"Model: {side.coder}" if side.is_model else side.coder


def _near(label: str, n: Nearby, found: Disagreement, quotes: bool) -> str:
    if n.segment == found.first_segment - 1:
        where = "in the segment before"
    elif n.segment == found.last_segment + 1:
        where = "in the segment after"
    else:
        where = f"in segment {n.segment + 1}"
    words = n.quote.split()
    quoted = " ".join(words[:_QUOTED]) + (" …" if len(words) > _QUOTED else "")
    return f"gives {label} {where}" + (f": “{quoted}”" if quotes and quoted else "")
