"""Keys that come before the browser has told what happened: on a slow computer that takes long."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.people.memos import memos
from assistant.study import Study
from tests.browsing import drawn
from tests.review.browser.steps import ready, said, select
from tests.review.browser.test_slow_answers import Held

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]

_PRESS = """const press = (node, key, more = {}) => node.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));"""


def test_a_memo_is_kept_also_where_the_next_one_is_opened_at_once(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    begun = page.evaluate(
        f"""() => {{
          {_PRESS}
          const words = document.getElementById("memo-text");
          press(document.body, "m");
          words.value = "Ask about the frost.";
          words.dispatchEvent(new InputEvent("input", {{ bubbles: true }}));
          press(words, "Enter", {{ ctrlKey: true }});
          press(document.body, "j");
          press(document.body, "m");
          return words.value;
        }}"""
    )
    assert begun == ""
    said(page, "The memo is kept")
    assert page.locator("#memo-text").is_visible()
    with open_store(study.database)[0] as store:
        (kept,) = memos(store, 1)
    assert kept.text == "Ask about the frost."
    page.keyboard.press("Escape")
    page.locator("#memo").wait_for(state="hidden")


def test_a_key_is_about_no_words_that_are_not_selected_any_more(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    select(page, "three rakes")
    page.locator("#floating").wait_for()
    title = page.evaluate(
        f"""() => {{
          {_PRESS}
          getSelection().removeAllRanges();
          press(document.body, "j");
          press(document.body, "n");
          return document.querySelector("#picker h2").textContent;
        }}"""
    )
    assert title.startswith("Code “In part 2")


def test_late_evidence_moves_no_panel_of_another_passage(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1", viewport={"width": 1280, "height": 360}))
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    held = Held(page, "**/why*")
    page.keyboard.press("e")
    page.keyboard.press("j")
    drawn(page)
    with page.expect_response("**/why*") as came:
        held.let_go()
    came.value.finished()
    drawn(page)
    drawn(page)
    assert page.locator("#panel").evaluate("node => node.scrollTop") == 0
    assert not [url for url in asked if "/similar" in url]


def test_evidence_that_comes_before_the_next_picture_stays_in_sight(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1", viewport={"width": 1280, "height": 360}))
    page.evaluate(
        """() => {
          window.later = [];
          window.requestAnimationFrame = (work) => window.later.push(work);
        }"""
    )
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("[data-part=near] figure").first.wait_for()
    top = page.locator("#panel").evaluate("node => node.scrollTop")
    assert top > 0
    page.evaluate("() => { for (const work of window.later) work(performance.now()); }")
    assert page.locator("#panel").evaluate("node => node.scrollTop") == top
