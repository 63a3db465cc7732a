"""From data to a page: the one place that knows templates. Every text is escaped, and held apart
from what stands around it (`assistant.isolating`).

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
from assistant.counting import counted, decimals
from assistant.errors import SecondCoderError
from assistant.guide.words import WORDS
from assistant.isolating import hold_apart, isolated, marked
from assistant.review.ways import in_links, in_words
from assistant.store.people.person import chosen_name

if TYPE_CHECKING:
    from jinja2 import Environment

    from assistant.review.desk import Asked

__all__ = ["answer", "fragment", "plain", "render", "with_terms"]

_IN_TEXT = ("kappa", "F1", "AC1", "alpha", "ceiling", "baseline", "token", "strategy", "recipe")
_TERM = re.compile(rf"\b({'|'.join((*_IN_TEXT, 'shortlist', 'seed', 'stratum'))})s?\b")


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
        return Markup(with_terms(str(escape(marked(text))), said))

    made.globals["explained"] = explained
    made.filters["ways"] = in_links

    def term(word: str, shown: str = "") -> Markup:
        """A word with its explanation on hover and for keyboard and screen readers."""
        return Markup('<abbr class="term" tabindex="0" title="{}">{}</abbr>').format(
            WORDS[word], escape(shown or word)
        )

    made.globals["term"] = term
    made.globals["counted"] = counted
    made.globals["decimals"] = decimals
    made.globals["version"] = __version__
    hold_apart(made)
    return made


def fragment(template: str, **values: Any) -> str:
    """A part of a page as HTML text."""
    return isolated(_environment().get_template(template).render(**values))


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
            "ask_name": not asked.given_name and not chosen_name() and desk.has_study,
            "address": _address(asked),
            **values,
        },
    )
    return HTMLResponse(html, status)


def _address(asked: Asked) -> str:
    """Where she comes back to after saying who she is: the page with all that was chosen on it, so
    that "only mine" stays only mine. Only what somebody insisted on under another name is left out:
    whoever she is has not been told yet what would be shown."""
    url = asked.request.url
    if asked.request.method != "GET" or not url.query:
        return url.path
    kept = url.remove_query_params("anyway")
    return kept.path + (f"?{kept.query}" if kept.query else "")


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
