"""What a reviewer looks at for hours: nothing jumps, no line and no word is cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.people.coded_parts import set_coded_part
from assistant.study import Study
from tests.review.browser.steps import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

_ROW = """() => [...document.querySelectorAll("#panel .decide > button")].map(
  node => Math.round(node.getBoundingClientRect().left))"""
_CUT = """() => {
  const panel = document.querySelector("#panel").getBoundingClientRect();
  const row = document.querySelector("#panel .decide").getBoundingClientRect();
  const lines = [...document.querySelectorAll(
    "#panel :is(h2, .by, .definition, .rule, .state, .also-list li)")];
  return lines.filter(node => {
    const box = node.getBoundingClientRect();
    const across = edge => box.height && box.top < edge - 1 && box.bottom > edge + 1;
    return across(panel.top + 2) || (box.top > row.top && across(row.bottom));
  }).map(node => node.textContent);
}"""
_LEADS = """() => {
  const box = document.querySelector("#help .keys div").getBoundingClientRect();
  const shown = document.querySelector("#help").getBoundingClientRect();
  return box.top >= shown.top && box.bottom <= shown.bottom;
}"""


@pytest.mark.parametrize("size", [(640, 360), (1280, 720)])
def test_the_keys_are_listed_from_the_first_one(
    server: Serving, open_page: Callable[..., Page], size: tuple[int, int]
) -> None:
    page = open_page(server, "/transcripts/1", viewport={"width": size[0], "height": size[1]})
    ready(page)
    page.keyboard.press("?")
    page.locator("#help[open]").wait_for()
    assert page.evaluate(_LEADS)
    if size[0] == 1280:
        assert page.locator("#help").evaluate("node => node.scrollHeight <= node.clientHeight")


def test_nothing_jumps_and_nothing_is_cut(server: Serving, open_page: Callable[..., Page]) -> None:
    page = open_page(server, "/transcripts/1", viewport={"width": 1280, "height": 720})
    ready(page)
    page.keyboard.press("j")
    page.locator("#panel h2:visible").wait_for()
    before = page.evaluate(_ROW)
    assert len({*before}) == 3, "three columns: all in one row"
    page.keyboard.press("a")  # the evidence appears, and with it something to scroll
    page.locator("[data-part=near] figure").first.wait_for()
    assert page.locator("#panel").evaluate("node => node.scrollHeight > node.clientHeight")
    assert page.evaluate(_ROW) == before
    assert page.evaluate(_CUT) == []


def test_what_is_told_of_a_passage_cuts_no_word(
    server: Serving, open_page: Callable[..., Page]
) -> None:
    page = open_page(server, "/transcripts/1")
    ready(page)
    told = page.evaluate(
        """async () => (await import("/static/js/moving.js")).shortened(
          "Overwhelmingly, considerations ".repeat(9) + "end")"""
    )
    assert len(told) <= 90
    beginning, end = told.split(" … ")
    assert {*beginning.split(), *end.split()} <= {"Overwhelmingly,", "considerations", "end"}
    page.keyboard.press("J")
    page.locator("#panel [data-part=where]", has_text="36 suggestions in this list").wait_for()
    page.keyboard.press("d")  # people's codes are among them
    page.locator("#panel [data-part=where]", has_text="codes in this list").wait_for()


_OUTSIDE = """() => [...document.querySelectorAll(".wide, .card, fieldset")].filter(node =>
  node.scrollWidth > node.clientWidth + 1 || [...node.querySelectorAll("input, fieldset")].some(
    one => one.getBoundingClientRect().right > node.getBoundingClientRect().right)
).map(node => node.outerHTML.slice(0, 90))"""


def test_the_page_of_the_study_cuts_nothing(
    study: Study, server: Serving, open_page: Callable[..., Page]
) -> None:
    """Who looked for some codes only is told with all of them, in as many lines as it takes."""
    codes = [f"Family-and-what-became-of-it-{n}" for n in range(9)]
    with open_store(study.database)[0] as store:
        assert set_coded_part(store, "Ana", 1, first=0, last=20, codes=codes)
    page = open_page(server, "/", viewport={"width": 1280, "height": 720})
    page.get_by_text(codes[-1]).wait_for()
    assert page.evaluate(_OUTSIDE) == []
