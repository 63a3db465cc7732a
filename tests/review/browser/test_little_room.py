"""Little room: long names, five coders on one passage, the evidence open in a low window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, codings
from assistant.store.records import Coding
from assistant.study import Study
from tests.review.browser.steps import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]

_LABELS = """() => [...document.querySelectorAll("#margin .lab")].map((label) => {
  const words = label.querySelector(".tx").getBoundingClientRect();
  const box = label.getBoundingClientRect();
  const marks = [...label.querySelectorAll(".mk")];
  const seen = marks.filter((mark) => mark.getBoundingClientRect().width > 8);
  return {
    words: Math.min(words.right, box.right) - words.left,
    marks: marks.length,
    seen: seen.length,
    more: label.querySelector(".more")?.textContent ?? "",
    main: seen.some((m) => m.classList.contains("main")),
  };
})"""


def test_a_long_study_name_leaves_room_for_the_interview(
    study: Study, server: Serving, open_page: Opener
) -> None:
    file = study.folder / "study.toml"
    long = "Sheds, gardens and everything that neighbours lend to one another in a long winter"
    text = file.read_text(encoding="utf-8")
    assert '"Shed"' in text
    file.write_text(text.replace('"Shed"', f'"{long}"'), encoding="utf-8")
    viewport = {"width": 640, "height": 360}
    page = ready(open_page(server, "/transcripts/1", viewport=viewport))
    assert page.locator(".brand").inner_text() == long
    assert page.locator("header.top").evaluate("node => node.offsetHeight") < 60
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("() => scrollY === 0")
    seen = page.evaluate(
        """() => {
          const first = document.querySelector(".seg").getBoundingClientRect();
          return [first.top, document.getElementById("panel").getBoundingClientRect().top];
        }"""
    )
    assert seen[0] + 20 < seen[1], "no line of the interview is in sight"
    # All pages are reached by keyboard.
    page.locator("nav a").last.focus()
    assert page.evaluate(
        """() => {
          const link = document.activeElement.getBoundingClientRect();
          const nav = document.querySelector(".top nav").getBoundingClientRect();
          return link.left >= nav.left - 1 && link.right <= nav.right + 1;
        }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The page that is open stands in the row.
    page.goto(server.address("/memos"))
    page.wait_for_function(
        """() => {
          const link = document.querySelector(".top nav [aria-current]").getBoundingClientRect();
          const nav = document.querySelector(".top nav").getBoundingClientRect();
          return link.left >= nav.left - 1 && link.right <= nav.right + 1;
        }"""
    )


@pytest.mark.parametrize("width", [1280, 640])
def test_with_five_coders_the_label_still_says_the_code(
    study: Study, server: Serving, open_page: Opener, width: int
) -> None:
    with open_store(study.database)[0] as store:
        first = next(c for c in codings(store, 1) if c.coder.name == "Ana")
        for name in ("Cleo", "Dora", "Eva", "Finn"):
            coder = add_coder(store, name, "human")
            made = Coding(
                0,
                f"{name} too",
                1,
                coder,
                first.code,
                first.start,
                first.end,
                first.quote,
                "import",
                "independent",
            )
            add_coding(store, made)
    page = ready(open_page(server, "/transcripts/1", viewport={"width": width, "height": 720}))
    page.wait_for_selector("#margin[data-whole]")
    labels = page.evaluate(_LABELS)
    crowded = [label for label in labels if label["marks"] >= 5]
    assert crowded
    for label in labels:
        assert label["words"] >= 38, label
        assert label["main"], label
    for label in crowded:
        folded = label["marks"] - label["seen"]
        assert label["more"] == (f"+{folded}" if folded else "")
        assert folded or width == 1280
    if width == 1280:
        return
    # At the label, all of its marks are there.
    page.locator("#margin .lab:has(.more)").first.hover()
    page.wait_for_function(f"() => ({_LABELS})().find((x) => x.marks >= 5 && x.seen === x.marks)")


def test_the_row_that_stays_does_not_cut_the_one_below(server: Serving, open_page: Opener) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    cut = """() => {
      const row = document.querySelector("#panel .decide").getBoundingClientRect();
      const moves = document.querySelector("#panel .moves").getBoundingClientRect();
      return moves.top < row.bottom - 1 && moves.bottom > row.bottom + 1;
    }"""
    for _ in range(3):
        page.keyboard.press("e")
        page.locator("[data-part=near] figure").first.wait_for()
        page.wait_for_function(f"() => !({cut})()")
        page.keyboard.press("j")
    # Also where the evidence scrolls the row into the other.
    page.keyboard.press("e")
    page.locator("[data-part=near] figure").first.wait_for()
    page.keyboard.press("e")
    for top in range(0, 400, 20):
        page.locator("#panel").evaluate("(node, y) => { node.scrollTop = y }", top)
        page.keyboard.press("e")
        page.locator("[data-part=near] figure").first.wait_for()
        page.wait_for_function(f"() => !({cut})()")
        page.keyboard.press("e")
