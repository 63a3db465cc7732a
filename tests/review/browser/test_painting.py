"""What is painted: only what is around the window, never what a hidden person coded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from tests.review.browser.steps import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]

_SIZES = "() => Object.fromEntries([...CSS.highlights].map(([name, mark]) => [name, mark.size]))"
_BOXES = "() => document.querySelectorAll('.stretch.current div').length"


def whole(page: Page) -> Page:
    ready(page)
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
    top = page.evaluate(_SIZES)["model-open"]
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    everything = page.evaluate(_SIZES)["model-open"]
    assert 0 < top < everything
    page.evaluate("scrollTo(0, document.getElementById('text').offsetHeight / 2)")
    # A coded passage in sight is painted, as soon as the page is told that it was scrolled.
    page.wait_for_function(
        """() => {
          if (scrollY < 300) return false;
          const inSight = (node) => {
            const box = node.getBoundingClientRect();
            return box.bottom > 0 && box.top < innerHeight;
          };
          const painted = new Set();
          for (const mark of CSS.highlights.values())
            for (const range of mark) painted.add(range.startContainer.parentElement);
          const data = JSON.parse(document.getElementById("data").textContent);
          return ![...document.querySelectorAll(".seg")].filter(inSight).some((node) => {
            const start = Number(node.dataset.start);
            const end = start + node.textContent.length;
            return data.spans.some((s) => s.start < end && s.end > start) && !painted.has(node);
          });
        }"""
    )


def test_every_way_of_painting_is_said_of_the_element_that_holds_the_words(
    server: Serving, open_page: Opener
) -> None:
    """Firefox hands no highlight's style on to the elements inside."""
    page = whole(open_page(server, "/transcripts/1"))
    missed = page.evaluate(
        """() => {
          const of = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
            .flatMap((rule) => rule.cssRules?.length ? [...rule.cssRules] : [rule])
            .map((rule) => rule.selectorText ?? "").filter((one) => one.includes("::highlight("));
          const holders = [...CSS.highlights].flatMap(([name, mark]) =>
            [...mark].map((range) => [name, range.startContainer.parentElement]));
          if (!holders.length) return ["nothing is painted"];
          return [...new Set(holders.filter(([name, holder]) => !of.some((selector) => {
            const [element, highlight] = selector.split("::");
            return highlight === `highlight(${name})` && holder.matches(element);
          })).map(([name]) => name))];
        }"""
    )
    assert missed == []


def test_the_passage_one_is_at_is_marked_behind_its_words(
    server: Serving, open_page: Opener
) -> None:
    page = whole(open_page(server, "/transcripts/1"))
    page.keyboard.press("j")
    assert page.evaluate(_BOXES) >= 1
    # The mark takes no clicks away from the text, once the window has followed.
    page.wait_for_function(
        """() => {
          const box = document.querySelector(".stretch.current div").getBoundingClientRect();
          const hit = document.caretPositionFromPoint(box.left + 4, box.top + box.height / 2);
          return hit?.offsetNode.nodeType === Node.TEXT_NODE;
        }"""
    )
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
    page.locator("#picker").wait_for(state="hidden")
    page.keyboard.press("c")
    page.locator("#picker").wait_for()
    page.keyboard.press("Escape")
    page.locator("#picker").wait_for(state="hidden")
    assert not page.evaluate(inside)
