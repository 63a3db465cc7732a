"""What is painted: only what is around the window, never what a hidden person coded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]

_SIZES = "() => Object.fromEntries([...CSS.highlights].map(([name, mark]) => [name, mark.size]))"
_BOXES = "() => document.querySelectorAll('.stretch.current div').length"


def whole(page: Page) -> Page:
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector("#margin[data-whole]")
    return page


def test_a_hidden_person_is_neither_painted_nor_labelled(
    server: Serving, open_page: Opener
) -> None:
    page = whole(open_page(server, "/transcripts/1"))
    before = page.evaluate(_SIZES)
    button = page.locator(".bar-coders [data-coder='Ana']")
    look = str(button.get_attribute("class")).split("look-")[1][0]
    assert f"person-{look}" in before
    ana = page.locator(f"#margin .look-{look}")
    labels = ana.count()
    assert labels
    button.click()
    assert f"person-{look}" not in page.evaluate(_SIZES)
    page.wait_for_selector("#margin[data-whole]")
    assert ana.count() == 0
    button.click()
    page.wait_for_selector("#margin[data-whole]")
    assert page.evaluate(_SIZES) == before
    assert ana.count() == labels


def test_only_what_is_around_the_window_is_painted_and_all_of_it_when_printed(
    server: Serving, open_page: Opener
) -> None:
    page = whole(open_page(server, "/transcripts/1", viewport={"width": 900, "height": 220}))
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(100)
    top = page.evaluate(_SIZES)["model-open"]
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    everything = page.evaluate(_SIZES)["model-open"]
    assert 0 < top < everything
    page.evaluate("scrollTo(0, document.getElementById('text').offsetHeight / 2)")
    page.wait_for_function("() => scrollY > 300")
    page.evaluate("dispatchEvent(new Event('resize'))")
    seen = page.evaluate(
        """() => {
          const inSight = (node) => {
            const box = node.getBoundingClientRect();
            return box.bottom > 0 && box.top < innerHeight;
          };
          const painted = new Set();
          for (const mark of CSS.highlights.values())
            for (const range of mark) painted.add(range.startContainer.parentElement);
          const data = JSON.parse(document.getElementById("data").textContent);
          return [...document.querySelectorAll(".seg")].filter(inSight).filter((node) => {
            const start = Number(node.dataset.start);
            const end = start + node.textContent.length;
            return data.spans.some((s) => s.start < end && s.end > start) && !painted.has(node);
          }).length;
        }"""
    )
    assert seen == 0, "a coded passage in sight is not painted"


def test_the_passage_one_is_at_is_marked_behind_its_words(
    server: Serving, open_page: Opener
) -> None:
    page = whole(open_page(server, "/transcripts/1"))
    page.keyboard.press("j")
    assert page.evaluate(_BOXES) >= 1
    inside = page.evaluate(
        """() => {
          const box = document.querySelector(".stretch.current div").getBoundingClientRect();
          const hit = document.caretPositionFromPoint(box.left + 4, box.top + box.height / 2);
          return hit.offsetNode.nodeType === Node.TEXT_NODE;
        }"""
    )
    assert inside, "the mark takes no clicks away from the text"
    page.keyboard.press("]")
    assert page.evaluate("() => document.querySelectorAll('.stretch.draft div').length") >= 1
    assert page.evaluate(_BOXES) == 0


def test_the_list_of_codes_holds_the_focus_and_gives_it_back(
    server: Serving, open_page: Opener
) -> None:
    page = whole(open_page(server, "/transcripts/1"))
    page.keyboard.press("j")
    page.keyboard.press("c")
    inside = "() => document.getElementById('picker').contains(document.activeElement)"
    for _ in range(3):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.mouse.click(5, 300)
    assert not page.locator("#picker").is_visible()
    page.keyboard.press("c")
    page.keyboard.press("Escape")
    assert not page.locator("#picker").is_visible()
    assert not page.evaluate(inside)
