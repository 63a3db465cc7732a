"""A browser that cannot paint ranges of text has marks in it, which say the same; and print."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, codings
from assistant.store.records import Coding
from assistant.study import Study
from tests.review.browser.steps import added, ready, said, select

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]

_MARKED = """id => [...document.querySelectorAll(`mark[data-spans~='${id}']`)]
  .map((mark) => mark.textContent).join('')"""
_SAYS = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
# Highlights whose ranges still stand in the page.
_PAINTED = """() => [...CSS.highlights].filter(([, mark]) => [...mark].every((range) =>
  range.startContainer.isConnected && range.endOffset <= range.endContainer.length))
  .map(([name]) => name)"""
_WORDS = "() => [...document.querySelectorAll('.seg')].map((one) => one.textContent).join('|')"


def without_painting(page: Page) -> Page:
    page.add_init_script("delete window.Highlight")
    page.reload()
    ready(page)
    assert page.evaluate("typeof Highlight") == "undefined"
    return page


def second_reader(study: Study) -> tuple[Coding, str]:
    """A coder who gave another code to the words that Ana coded first; (Ana's coding, quote)."""
    with open_store(study.database)[0] as store:
        first = next(c for c in codings(store, 1) if c.coder.name == "Ana")
        for name in ("Cleo", "Dora"):
            coder = add_coder(store, name, "human")
            made = Coding(
                0,
                f"{name} too",
                1,
                coder,
                "sharing",
                first.start,
                first.end,
                first.quote,
                "import",
                "independent",
            )
            add_coding(store, made)
    return first, first.quote


def test_marks_follow_every_change(study: Study, server: Serving, open_page: Opener) -> None:
    first, quote = second_reader(study)
    page = ready(open_page(server, "/transcripts/1"))
    words = page.evaluate(_WORDS)
    page = without_painting(page)
    assert page.evaluate(_WORDS) == words
    assert page.evaluate(_MARKED, f"c{first.id}") == quote
    # Three coders over the same words, three lines.
    lines = page.evaluate(
        """id => {
          const outer = document.querySelector(`mark[data-spans~='${id}']`);
          return [outer, ...outer.querySelectorAll("mark")].map((mark) => {
            const look = getComputedStyle(mark);
            const [line, kind] = [look.textDecorationLine, look.textDecorationStyle];
            return `${line} ${kind} ${look.textUnderlineOffset}`;
          });
        }""",
        f"c{first.id}",
    )
    assert len([line for line in lines if line.startswith("underline")]) >= 3
    assert len(set(lines)) == len(lines)
    # Rejected: not marked any more; undone: marked again.
    current = page.evaluate("document.querySelector('[aria-current=true]').dataset.id")
    assert page.evaluate(_MARKED, current)
    page.keyboard.press("R")
    said(page, "Rejected")
    assert page.evaluate(_MARKED, current) == ""
    page.keyboard.press("u")
    said(page, "Open again")
    assert page.evaluate(_MARKED, current)
    # Added: marked at once, over an emoji too.
    page.keyboard.press("J")
    assert page.locator(".stretch.draft div").count() >= 1
    page.keyboard.press("J")
    page.keyboard.press("n")
    page.keyboard.type("tool")
    page.keyboard.press("Enter")
    said(page, "Added: Tools")
    (own,) = added(study)
    assert page.evaluate(_MARKED, f"c{own.id}") == own.quote
    # A person who is hidden is not marked.
    page.locator("[data-coder=Cleo]").click()
    said(page, "Cleo is hidden")
    marked = page.evaluate("() => [...document.querySelectorAll('mark')].map((m) => m.className)")
    assert marked
    look = page.locator("[data-coder=Cleo] .mk").get_attribute("class") or ""
    assert not [one for one in marked if one == look.split()[-1]]
    assert page.evaluate(_WORDS) == words


def test_a_firefox_that_draws_no_lines_in_highlights_has_marks(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1", user_agent=_SAYS.format(140)))
    assert page.locator(".seg mark.look-0").count()
    page = ready(open_page(server, "/transcripts/1", user_agent=_SAYS.format(153)))
    assert not page.locator(".seg mark").count()
    painted = page.evaluate(_PAINTED)
    assert "person-0" in painted
    # What it prints is a copy of the page, without highlights: marks, and only as long.
    words = page.evaluate(_WORDS)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".seg mark.look-0").count()
    assert page.evaluate(_WORDS) == words
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.locator(".seg mark").count()
    assert page.evaluate(_PAINTED) == painted
    assert page.evaluate(_WORDS) == words


def test_own_codes_are_marked_while_coding_blind(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = open_page(server, "/blind/1", name="Eva")
    page.get_by_role("button", name="Begin as Eva").click()
    ready(page)
    words = page.evaluate(_WORDS)
    page = without_painting(page)
    page.evaluate("getSelection().removeAllRanges()")
    select(page, "frost 🌱 took")
    page.keyboard.press("n")
    page.keyboard.type("tools")
    page.keyboard.press("Enter")
    said(page, "Coded: Tools")
    (own,) = added(study, origin="blind")
    assert page.evaluate(_MARKED, f"c{own.id}") == "frost 🌱 took"
    assert page.evaluate(_WORDS) == words


def test_a_printed_page_has_its_name_and_room_for_the_lines(
    study: Study, server: Serving, open_page: Opener
) -> None:
    second_reader(study)
    page = without_painting(open_page(server, "/transcripts/1"))
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="Shed 1").is_visible()
    assert not page.locator("#only-open").is_visible()
    assert not page.locator("[data-coder=Ana]").is_visible()
    room, lowest = page.evaluate(
        """() => {
          const text = getComputedStyle(document.querySelector(".text"));
          const marks = [0, 1, 2, 3].map((n) => {
            const mark = document.querySelector(`.text mark.look-${n}`);
            const style = getComputedStyle(mark);
            const thick = parseFloat(style.textDecorationThickness);
            return parseFloat(style.textUnderlineOffset)
              + (style.textDecorationStyle === "double" ? 3 : 1) * thick;
          });
          return [parseFloat(text.lineHeight) - parseFloat(text.fontSize), Math.max(...marks)];
        }"""
    )
    assert 0 < lowest < room, "the lowest line runs through the words below it"
