"""Names from other people's files turn nothing that stands beside them in a page."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from jinja2 import Environment

from assistant.isolating import hold_apart, isolated, said, shown

NAME = "שלום"
TURNER = "cod\u202etxt"
NUMBERED = "cod\\u202etxt"


def drawn(template: str, **values: object) -> str:
    made = Environment(autoescape=True)
    hold_apart(made)
    return isolated(made.from_string(template).render(**values))


def test_what_turns_nothing_is_as_it_was() -> None:
    template = '<p title="{{ a }}">{{ a }} {{ [a, a]|join("; ") }} {{ n }}</p>'
    assert drawn(template, a="É <b>", n=3) == (
        '<p title="É &lt;b&gt;">É &lt;b&gt; É &lt;b&gt;; É &lt;b&gt; 3</p>'
    )


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("<p>{{ a }} (3)</p>", f'<p><bdi dir="rtl">{NAME}</bdi> (3)</p>'),
        ('<a title="{{ a }}, 3">x</a>', f'<a title="\u2068{NAME}\u2069, 3">x</a>'),
        ('<input value="{{ a }}">', f'<input value="{NAME}">'),
        (
            '<option value="{{ a }}">{{ a }} (3)</option>',
            f'<option value="{NAME}">\u2068{NAME}\u2069 (3)</option>',
        ),
        ("<title>{{ a }} · S</title>{{ b }}", f"<title>\u2068{NAME}\u2069 · S</title>{NUMBERED}"),
        ("<textarea>{{ a }}{{ b }}</textarea>", f"<textarea>{NAME}{TURNER}</textarea>"),
        ('<p class="seg" id="g1">{{ a }} 3</p>', f'<p class="seg" id="g1">{NAME} 3</p>'),
        ("<p>{{ b }} (3)</p>", f"<p>{NUMBERED} (3)</p>"),
        (
            '<i data-x="{{ b }}" title="{{ b }}"></i>',
            f'<i data-x="{TURNER}" title="{NUMBERED}"></i>',
        ),
        (
            "<p>{{ [a, 'b', a]|join(', ') }}</p>",
            f'<p><bdi dir="rtl">{NAME}</bdi>, b, <bdi dir="rtl">{NAME}</bdi></p>',
        ),
        (
            "<p>{{ 'No code is called “' ~ a ~ '” here: look.' }}</p>",
            f'<p><bdi dir="ltr">No code is called “<bdi>{NAME}</bdi>” here: look.</bdi></p>',
        ),
    ],
)
def test_each_is_held_apart_as_its_place_allows(template: str, page: str) -> None:
    assert drawn(template, a=NAME, b=TURNER) == page


def test_what_stands_between_stays_whole() -> None:
    found = said(f"The name {NAME}, 3 {NAME} & <b> more words than that")
    assert found == (
        f'<bdi dir="ltr">The name <bdi>{NAME}, 3 {NAME}</bdi> &amp; &lt;b&gt; more words than '
        "that</bdi>"
    )


def test_for_a_script_it_is_held_apart_once() -> None:
    assert shown(shown(NAME)) == f"\u2068{NAME}\u2069"
    assert (shown("Tools"), shown(TURNER)) == ("Tools", NUMBERED)
    assert drawn("<p>{{ a }}</p>", a=shown(NAME)) == f'<p><bdi dir="rtl">{NAME}</bdi></p>'


def test_tags_around_and_within_a_name_change_nothing_of_it() -> None:
    template = (
        "<!doctype html><!-- a > b --><ul><li>x</li></ul><P>{{ a }}</P>"
        "<TITLE>{{ a }}</TITLE><pre>{{ a }}</pre>{{ long }}</div>"
    )
    made = Environment(autoescape=True)
    hold_apart(made)
    html = made.from_string(template).render(a=NAME, long=f"{NAME} kappa of many more words")
    html = html.replace("kappa", '<abbr title="x">kappa</abbr>')
    assert isolated(html) == (
        f'<!doctype html><!-- a > b --><ul><li>x</li></ul><P><bdi dir="rtl">{NAME}</bdi></P>'
        f'<TITLE>\u2068{NAME}\u2069</TITLE><pre><bdi dir="rtl">{NAME}</bdi></pre>'
        f'<bdi dir="rtl">{NAME} </bdi><abbr title="x">kappa</abbr> of many more words</div>'
    )


def test_letters_are_counted_only_where_it_is_in_doubt() -> None:
    """A page of passages from right to left is not gone through letter by letter."""
    passage = " ".join([NAME] * 500)
    made = Environment(autoescape=True)
    hold_apart(made)
    html = made.from_string("<p>{{ a }}</p><i>3</i><b>x</b>" * 4).render(a=passage)
    steps = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        page = isolated(html)
    finally:
        sys.setprofile(None)
    assert page.count('<bdi dir="rtl">') == 4
    assert steps < 2000
