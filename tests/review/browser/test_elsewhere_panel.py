"""The panel shows what a model of another study said, its reasons closed at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.study import Study
from tests.review.browser.steps import ready
from tests.review.test_elsewhere import brought

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["brought"]

Opener = Callable[..., "Page"]


def test_it_stands_in_the_panel_of_its_passage_alone(
    brought: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1?run=0"))
    part = page.locator("[data-part=elsewhere-part]")
    place = page.evaluate(
        "() => JSON.parse(document.getElementById('data').textContent).elsewhere[0]"
    )
    sign = page.locator(".seg[data-elsewhere]")
    assert sign.count() == 1
    assert int(str(sign.get_attribute("data-start"))) == place["start"]
    page.keyboard.press("K")
    for _ in range(60):
        if part.is_visible():
            break
        page.keyboard.press("j")
    assert part.locator("summary").inner_text() == f"{place['label']}, by small"
    assert not part.get_by_text("Because of").is_visible()
    part.locator("summary").click()
    part.get_by_text("Because of <the> spade.").wait_for()
    # A marked paragraph has it, too.
    page.keyboard.press("J")
    assert not part.is_visible()
    page.keyboard.press("K")
    assert part.is_visible()
