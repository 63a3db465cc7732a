"""From data to a page: the one place that knows templates. Every text is escaped.

A template extends ``frame.html`` and fills the blocks ``title``, ``head`` (own CSS and JS files)
and ``main``. Data for a script goes into ``<script type="application/json">`` by ``tojson``.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from starlette.responses import HTMLResponse, JSONResponse

from assistant import __version__
from assistant.counting import counted
from assistant.errors import SecondCoderError
from assistant.review.ways import in_links, in_words

if TYPE_CHECKING:
    from jinja2 import Environment

    from assistant.review.desk import Asked

__all__ = ["answer", "fragment", "plain", "render", "with_terms"]

WORDS = {
    "lane": "What may happen to a code's suggestions, judged by how well they agreed with people.",
    "unproven": "Too few passages coded by people to judge this code.",
    "withhold": "The model is not shown to know this code: it is not shown to agree with people "
    "beyond chance, or not shown to do better than word statistics.",
    "vague": "People are not shown to agree on this code, or only one person coded.",
    "accept": "As good as another person on this code; many at once after a passed audit.",
    "review": "Useful, but each suggestion needs a person's decision.",
    "check": "Some suggestions are planted and wrong, and some passages without one are asked "
    "about, to see whether you still read. Which they were is said as soon as you have answered.",
    "void": "What it was measured on, or by, changed since: figures and lane count no more.",
    "kappa": "Agreement beyond chance: 1 is perfect, 0 is what chance alone would give.",
    "F1": "Of the passages that either of two gave a code, how far both did: 1 all, 0 none. "
    "Chance is not taken into account.",
    "AC1": "Agreement beyond chance, counted so that it suffers less than kappa where a code is "
    "very rare or very common.",
    "alpha": "Agreement beyond chance of any number of people at once; 1 is perfect, 0 is chance.",
    "baseline": "What could be had without a model, such as from counting words alone.",
    "token": "A piece of a word: what models read and write, and what is paid for.",
    "strategy": "How the model is asked: “list”, for all codes of some passages at once; “judge”, "
    "yes or no about one code and one passage.",
    "recipe": "All that determines what a model would say: model, prompt, codebook and settings.",
    "shortlist": "The few most likely codes of a passage that a model is asked about with “judge”.",
    "ceiling": "How well people agree with each other on the same code and the same passages.",
    "interval": "With few interviews a figure is uncertain; the true one likely lies in here.",
    "exposure": "What a person had seen of other people's or the model's codes when coding.",
    "scope": "The passages and codes that a person looked at. Outside them there is no “no”.",
    "independent": "Coded without seeing other codes, as stated by the study.",
    "blind": "Coded without seeing other codes, as recorded by this program.",
    "after-model": "Coded after the model's codes had been shown; never used to measure it.",
    "adjudicated": "Made from other people's codes, so it inherits from them.",
    "unknown": "Nobody has said what this person had seen; it counts towards no verdict.",
    "suggestion": "A code that the model proposes. It counts only when a person accepts it.",
    "segment": "One paragraph of one speaker: the unit in which agreement is counted.",
    "run": "One pass of a model over some interviews.",
    "prompt": "The instruction that the model is given together with a passage.",
    "codebook": "The list of codes with their definitions.",
}
"""Short explanations: ``{{ term("kappa") }}`` shows the word with its explanation."""


_IN_TEXT = ("kappa", "F1", "AC1", "alpha", "ceiling", "baseline", "token", "strategy", "recipe")
_TERM = re.compile(rf"\b({'|'.join((*_IN_TEXT, 'shortlist'))})s?\b")


def with_terms(html: str, said: list[str]) -> str:
    """Escaped text without tags, each word of the trade explained where it first occurs.

    ``said``: the words that are explained already; those explained here are added.
    """
    from markupsafe import escape

    def explain(found: re.Match[str]) -> str:
        word = found[1]
        if word in said:
            return found[0]
        said.append(word)
        title = escape(WORDS[word])
        return f'<abbr class="term" tabindex="0" title="{title}">{found[0]}</abbr>'

    return _TERM.sub(explain, html)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape

    made = Environment(
        loader=PackageLoader("assistant.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def explained(text: str, said: list[str]) -> Markup:
        return Markup(with_terms(str(escape(text)), said))

    made.globals["explained"] = explained
    made.filters["ways"] = in_links

    def term(word: str, shown: str = "") -> Markup:
        """A word with its explanation on hover and for keyboard and screen readers."""
        return Markup('<abbr class="term" tabindex="0" title="{}">{}</abbr>').format(
            WORDS[word], escape(shown or word)
        )

    made.globals["term"] = term
    made.globals["counted"] = counted
    made.globals["version"] = __version__
    return made


def fragment(template: str, **values: Any) -> str:
    """A part of a page as HTML text."""
    return _environment().get_template(template).render(**values)


def render(asked: Asked, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page in the frame. ``here`` (the nav entry's path) marks where one is."""
    from assistant.review.pages import navigation

    desk = asked.desk
    name = desk.study().config.name if desk.has_study else ""
    html = fragment(
        template,
        **{
            "study_name": name,
            "nav": navigation() if desk.has_study else (),
            "here": "/" + asked.request.url.path.strip("/").partition("/")[0],
            "who": asked.who,
            "ask_name": not asked.given_name and desk.has_study,
            "address": asked.request.url.path,
            **values,
        },
    )
    return HTMLResponse(html, status)


def answer(value: Any, status: int = 200) -> JSONResponse:
    """Records, dataclasses and plain values as a JSON answer."""
    return JSONResponse(plain(value), status)


def plain(value: Any) -> Any:
    """Records, dataclasses, errors and paths as plain JSON values."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, SecondCoderError):
        said = {"what": value.what, "where": value.where, "hint": value.hint}
        return {name: in_words(words) for name, words in said.items()}
    return value
