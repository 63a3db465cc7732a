"""Pages of passages to look at: self-contained, filtered in the page, complete without a script.

The template escapes every text. The only script is ours, stands in the page, and is allowed by its
hash; nothing is fetched.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.isolating import isolated
from eval.disagreements.cards import Card, Party
from eval.disagreements.passages import Paragraph
from eval.disagreements.spots import Spot, singles
from eval.report.charts import COLOURS
from eval.report.document import Section
from eval.report.html import environment, style
from eval.report.markdown import escape, section_lines
from eval.report.wording import how_many

__all__ = ["Choice", "Group", "Page", "page_html", "page_markdown"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: its name in the script, its label, and (value, text) of what can be chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: str
    text: str
    cards: tuple[Card, ...]
    spots: tuple[Spot, ...] = ()
    """The same cards, those at one passage together; where left out, each stands alone."""

    @property
    def shown(self) -> tuple[Spot, ...]:
        return self.spots or singles(self.cards)

    @property
    def many(self) -> str:
        """How many cards, and at how many passages where that is another number."""
        there = len({card.spot or card.key for card in self.cards})
        cards = str(len(self.cards))
        return cards if there == len(self.cards) else f"{cards} at {how_many(there, 'passage')}"


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    groups: tuple[Group, ...]
    foot: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    back: str = ""
    """Address of the page that this one is a part of."""


@cache
def _own(name: str) -> str:
    return (files("eval.disagreements") / "templates" / name).read_text(encoding="utf-8")


def page_html(page: Page) -> str:
    from markupsafe import Markup

    script = _own("filters.js")
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return isolated(
        environment("eval.disagreements")
        .get_template("page.html.j2")
        .render(
            page=page,
            style=Markup(style() + _own("cards.css")),
            colours=COLOURS,
            script=Markup(script),
            script_hash="sha256-" + base64.b64encode(digest).decode("ascii"),
        )
    )


def page_markdown(page: Page, plots: str = "plots") -> str:
    parts = [f"# {escape(page.title)}", escape(page.subtitle)]
    for section in page.sections:
        parts += section_lines(section, plots)
    for group in page.groups:
        parts.append(f"## {escape(group.title)} ({group.many})")
        if group.text:
            parts.append(escape(group.text))
        for spot in group.shown:
            parts += _spot(spot)
    if told := [line for group in page.groups for card in group.cards for line in _told(card)]:
        parts.append("## Who is who")
        parts.append("\n".join(told))
    parts.append("---")
    parts += [escape(text) for text in page.foot]
    return "\n\n".join(parts) + "\n"


def _spot(spot: Spot) -> list[str]:
    parts = []
    if spot.title:
        place = ". ".join(part for part in (spot.place, spot.more) if part)
        parts += [f"### {escape(spot.title)}", f"{escape(place)} (`{spot.id}`)"]
        parts += _quoted(spot.paragraphs)
    for card in spot.cards:
        parts += _card(card, "####" if spot.title else "###")
    if spot.more and not spot.title:
        parts.append(escape(f"{spot.more}."))
    return parts


def _quoted(paragraphs: Sequence[Paragraph]) -> list[str]:
    """One quotation; none without paragraphs."""
    quoted = []
    for paragraph in paragraphs:
        if paragraph.gap:
            quoted.append(f"> *{escape(paragraph.gap)}*")
        marked = "".join(
            "".join(f"⟦{said} " for said in piece.opens)
            + piece.text
            + "".join(f" {n}⟧" for n in reversed(piece.closes))
            for piece in paragraph.pieces
        )
        said = f"**{escape(paragraph.speaker)}** " if paragraph.speaker else ""
        text = escape(marked)
        quoted.append(f"> {said}{f'*{text}*' if paragraph.around else text}")
    return ["\n>\n".join(quoted)] if quoted else []


def _card(card: Card, heading: str) -> list[str]:
    about = (card.kind, card.who, "" if card.letter else card.place)
    title = f"{card.letter}. {card.title}" if card.letter else card.title
    said = " · ".join(part for part in about if part)
    parts = [f"{heading} {escape(title)}", f"{escape(said)} (`{card.key}`)".strip()]
    parts += _quoted(card.paragraphs)
    lines = []
    for party in card.parties:
        name = "Side" if card.hidden else f"**{escape(party.names)}**"
        lines.append(f"{party.number}. {name} {escape(party.says)}")
        lines += [f"   - Close by: {escape(said)}" for said in party.near]
        lines += [] if card.hidden else _details(party)
        if party.where and not card.paragraphs and not card.letter:
            lines.append(f"   - Where: {escape(party.where)}")
    parts.append("\n".join(lines))
    if card.several:
        parts.append(escape(card.several))
    entries = []
    for d in card.definitions:
        line = f" (codebook, line {d.line})" if d.line else ""
        more = [d.definition or "No definition."]
        more += [f"Include: {d.include}"] if d.include else []
        more += [f"Exclude: {d.exclude}"] if d.exclude else []
        entries.append(f"- **{escape(d.code)}**{line}: {escape(' '.join(more))}")
    parts.append("\n".join(entries))
    for text in (card.missing, card.look):
        if text:
            parts.append(escape(text))
    return parts


def _details(party: Party) -> list[str]:
    return [f"   - {escape(word)}: {escape(said)}" for word, said in party.details]


def _told(card: Card) -> list[str]:
    """What stays closed until the end of a text in which nothing can be opened."""
    if not card.hidden:
        return []
    lines = [f"- `{card.key}`: {escape(card.title)}"]
    for party in card.parties:
        lines.append(f"   - {party.number}: **{escape(party.names)}**")
        lines += [f"  {line}" for line in _details(party)]
    return [*lines, *(f"   - {escape(word)}: {escape(said)}" for word, said in card.closed)]
