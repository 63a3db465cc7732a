"""Pages of passages to look at: self-contained, filtered in the page, complete without a script.

The template escapes every text. The only script is ours, stands in the page, and is allowed by its
hash; nothing is fetched.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from eval.disagreements.cards import Card
from eval.report.charts import COLOURS
from eval.report.document import Section
from eval.report.html import environment, style
from eval.report.markdown import escape, section_lines

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
    return (
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
        parts.append(f"## {escape(group.title)} ({len(group.cards)})")
        if group.text:
            parts.append(escape(group.text))
        for card in group.cards:
            parts += _card(card)
    parts.append("---")
    parts += [escape(text) for text in page.foot]
    return "\n\n".join(parts) + "\n"


def _card(card: Card) -> list[str]:
    about = " · ".join(part for part in (card.kind, card.who, card.place) if part)
    parts = [f"### {escape(card.title)}", f"{escape(about)} (`{card.key}`)"]
    quoted = []
    for paragraph in card.paragraphs:
        if paragraph.gap:
            quoted.append(f"> *{escape(paragraph.gap)}*")
        marked = "".join(
            "".join(f"⟦{n} " for n in piece.opens)
            + piece.text
            + "".join(f" {n}⟧" for n in reversed(piece.closes))
            for piece in paragraph.pieces
        )
        said = f"**{escape(paragraph.speaker)}** " if paragraph.speaker else ""
        text = escape(marked)
        quoted.append(f"> {said}{f'*{text}*' if paragraph.around else text}")
    if quoted:
        parts.append("\n>\n".join(quoted))
    lines = []
    for party in card.parties:
        lines.append(f"{party.number}. **{escape(party.names)}** {escape(party.says)}")
        lines += [f"   - {escape(word)}: {escape(said)}" for word, said in party.details]
        if party.where and not card.paragraphs:
            lines.append(f"   - Where: {escape(party.where)}")
    parts.append("\n".join(lines))
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
