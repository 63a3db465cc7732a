"""Sections of reports as parts of a page: the same tables and plots as in the files.

The policy of the pages allows no style inside elements, so that is taken out of plots; what it said
is in ``pages.css``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from assistant.review.rendering import with_terms
from assistant.review.ways import linked_html

if TYPE_CHECKING:
    from eval.disagreements.cards import Card
    from eval.report.charts import Chart, Grid
    from eval.report.document import Section

__all__ = ["card_html", "plot", "section_html"]

_STYLE = re.compile(r'(<(?:svg|g|path|text|rect|line)\b[^>]*?)\s+style="[^"]*"')
# The plot as a whole is named and described; its parts as pictures without names would be noise.
_SENTENCES = re.compile(r"<(p|li|figcaption)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"(<[^>]+>)")
_ROLES = re.compile(r'\s+(?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')


def plot(chart: Chart | Grid) -> Markup:
    """One plot with its caption."""
    from eval.report.drawing import inline_svg

    svg = Markup(_plain(inline_svg(chart)))
    return Markup('<figure class="plot">{}<figcaption>{}</figcaption></figure>').format(
        svg, chart.description
    )


def section_html(section: Section, said: list[str] | None = None) -> Markup:
    """The blocks of one section, without its title.

    ``said``: words of the trade that the page has explained; the first of each other in a sentence
    is explained here and added.
    """
    from eval.report.html import environment

    template = environment("eval.disagreements").from_string(
        '{% from "blocks.html.j2" import blocks %}{{ blocks(section) }}'
    )
    html = linked_html(_plain(template.render(section=section)))
    return Markup(html if said is None else _SENTENCES.sub(lambda p: _explained(p[0], said), html))


def _explained(paragraph: str, said: list[str]) -> str:
    """Words between tags alone; what is explained or linked already stays as it is."""
    parts = _TAG.split(paragraph)
    deep = 0
    for place, part in enumerate(parts):
        if part.startswith("<"):
            if part.startswith(("<a", "<span", "<code", "<svg")):
                deep += 1
            elif part.startswith(("</a", "</span", "</code", "</svg")):
                deep -= 1
        elif not deep:
            parts[place] = with_terms(part, said)
    return "".join(parts)


def _plain(html: str) -> str:
    return _ROLES.sub("", _STYLE.sub(r"\1", html))


def card_html(card: Card, level: int = 3) -> Markup:
    """One passage with its sides."""
    from eval.report.html import environment

    template = environment("eval.disagreements").from_string(
        '{% from "cards.html.j2" import card %}{{ card(c, level) }}'
    )
    return Markup(template.render(c=card, level=level))
