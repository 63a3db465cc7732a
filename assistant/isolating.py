"""A name never turns the words around it: writing from right to left stays within its own place.

Names, codes, speakers and file names come from other people's files and are kept as they are. In a
page letters that run from right to left would turn what stands beside them, and characters that
control the direction the rest of the line. So whatever goes into a page is marked while the page is
made (`marked`), and the finished page says of each marked place by its surroundings how it is held
apart (`isolated`): with ``<bdi>`` between words; with isolates of Unicode where no element can
stand, as in an option or a title; not at all in what is sent back or read by a script. Characters
that control the direction are shown by their number, as the terminal shows them.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["hold_apart", "isolated", "marked", "said", "shown"]

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""In no text: Unicode keeps them for use within a program."""
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RTL = (
    "\u0590-\u08ff\u200f\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff"
    "\U0001e800-\U0001efff"
)
_LEFTWARDS = re.compile(f"[{_RTL}]+")
_RUN = re.compile(rf"[{_RTL}]+(?:(?:(?![^\W\d_])[^<>])+[{_RTL}]+)*")
"""What runs from right to left, with what is no letter in between."""
_TURNS = re.compile(f"[\u202a-\u202e\u2066-\u2069{_RTL}{_OPEN}{_CLOSE}]")
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}]")
_PIECE = re.compile(f"([{_OPEN}{_CLOSE}])")
_PART = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+|<", re.DOTALL)
_TAG = re.compile(r"</?([A-Za-z][\w-]*)")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_READ_OUT = frozenset(("title", "aria-label", "placeholder", "alt", "label", "data-labels"))
_AS_IT_IS = frozenset(("script", "style", "textarea"))
_WORDS_ONLY = frozenset(("option", "title", "desc", "text"))
"""Elements that hold no other; those of a plot among them."""
_APART = _AS_IT_IS | _WORDS_ONLY
_PASSAGE = re.compile(r'<p\b[^>]*\bclass="seg\b')
"""A passage, whose one text a script paints: its style holds it apart."""
_BETWEEN = re.compile(
    rf"(?:[^<{_OPEN}{_CLOSE}]+"
    rf"|<(?!!--|p\b|(?:{'|'.join(sorted(_APART))})\b)[^>{_OPEN}{_CLOSE}]*+>)++",
    re.IGNORECASE,
)
"""What holds no mark and begins none of these elements: most of a page, taken at one go."""


def hold_apart(environment: Environment) -> None:
    """Have an environment's templates mark what they are given. What they make of it goes through
    `isolated`."""
    from jinja2 import pass_eval_context
    from jinja2.filters import do_join, make_attrgetter
    from jinja2.nodes import EvalContext
    from markupsafe import Markup

    @pass_eval_context
    def join(
        context: EvalContext, value: Any, between: str = "", attribute: str | None = None
    ) -> Any:
        parts = list(value)
        if attribute is not None:
            parts = list(map(make_attrgetter(context.environment, attribute), parts))
        if any(isinstance(part, str) and _TURNS.search(part) for part in parts):
            return Markup(escape(between)).join(marked(part) for part in parts)
        return do_join(context, parts, between)

    environment.finalize = marked
    environment.filters["join"] = join


def marked(value: Any) -> Any:
    """A value on its way into a page; what turns nothing, and what is HTML already, as it is."""
    if not isinstance(value, str) or hasattr(value, "__html__") or not _TURNS.search(value):
        return value
    return f"{_OPEN}{_MARKS.sub('', value)}{_CLOSE}"


def isolated(html: str) -> str:
    """A finished page, or a part of one, with what was marked in it held apart."""
    if _OPEN not in html:
        return html
    made: list[str] = []
    within, deep, at = "", 0, 0
    while at < len(html):
        if not within and not deep and (between := _BETWEEN.match(html, at)):
            made.append(between[0])
            at = between.end()
            continue
        next_part = _PART.match(html, at)
        assert next_part is not None  # it takes whatever comes
        part, at = next_part[0], next_part.end()
        if found := _TAG.match(part):
            name = found[1].lower()
            if part.startswith("</"):
                within = "" if name == within else within
            elif not within and (name in _APART or _PASSAGE.match(part)):
                within = name
            made.append(_ATTRIBUTE.sub(_attribute, part) if _OPEN in part else part)
        elif not within or within in _WORDS_ONLY:
            how = _plain if within else _element
            for piece in _PIECE.split(part):
                deep += {_OPEN: 1, _CLOSE: -1}.get(piece, 0)
                made.append("" if _MARKS.match(piece) else how(piece) if deep else piece)
        else:
            made.append(_MARKS.sub("", part))
    return "".join(made)


def said(text: str, *, plain: bool = False) -> str:
    """A text as HTML, held apart. ``plain``: where no element can stand."""
    return (_plain if plain else _element)(escape(text))


def shown(text: str) -> str:
    """A text that a script writes into its sentences."""
    return _plain(text)


def _attribute(found: re.Match[str]) -> str:
    name, value = found[1], found[2]
    pieces = _PIECE.split(value) if name in _READ_OUT else [_MARKS.sub("", value)]
    words = "".join(_plain(p) for p in pieces if not _MARKS.match(p)) if len(pieces) > 1 else value
    return f'{name}="{_MARKS.sub("", words)}"'


def _numbered(text: str) -> str:
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _plain(text: str) -> str:
    if text[:1] == "\u2068" and text[-1:] == "\u2069":  # held apart already
        text = text[1:-1]
    text = _numbered(text)
    return f"\u2068{text}\u2069" if _LEFTWARDS.search(text) else text


def _element(html: str) -> str:
    """Escaped text. What is mostly written from right to left begins there; in a sentence of ours
    each name from right to left stays where it stands."""
    html = _numbered(html[1:-1] if html[:1] + html[-1:] == "\u2068\u2069" else html)
    leftwards = sum(map(len, _LEFTWARDS.findall(html)))
    if not leftwards:
        return html
    # No text has more letters than characters: most need no count of them.
    if 2 * leftwards > len(html) or 2 * leftwards > sum(map(str.isalpha, html)):
        return f'<bdi dir="rtl">{html}</bdi>'
    return f'<bdi dir="ltr">{_RUN.sub(lambda run: f"<bdi>{run[0]}</bdi>", html)}</bdi>'
