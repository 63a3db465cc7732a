"""Looking for another code by the letters of the one that was suggested: it is said which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.study import Study
from tests.review.browser.steps import Opener, ready

if TYPE_CHECKING:
    from playwright.sync_api import Page


def told(page: Page, words: str) -> None:
    page.locator("#picker [role=status]", has_text=words).wait_for()


def test_the_suggested_code_is_not_said_to_be_missing(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    label = page.locator("#panel [data-part=code]").inner_text().strip()
    page.keyboard.press("c")
    page.keyboard.type(label[:4].lower())
    told(page, f"“{label}” is what was suggested")
    page.locator("#picker input").fill("zzz")
    told(page, "No code of the codebook has these letters.")
