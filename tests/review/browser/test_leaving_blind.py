"""Leaving blind coding for a while keeps everything; giving it up is asked about first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.study import Study
from tests.review.browser.steps import added, ready, said, select

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]


def test_leaving_is_no_giving_up(study: Study, server: Serving, open_page: Opener) -> None:
    page = open_page(server, "/blind/1", name="Eva")
    page.get_by_role("button", name="Begin as Eva").click()
    ready(page)
    select(page, "three rakes")
    page.keyboard.press("n")
    page.keyboard.type("tools")
    page.keyboard.press("Enter")
    said(page, "Coded: Tools")
    assert page.get_by_text("Stop", exact=True).count() == 0
    page.get_by_role("link", name="Leave, go on later").click()
    page.wait_for_url("**/transcripts")
    assert len(added(study, origin="blind")) == 1
    page.get_by_role("link", name="go on coding it blind").click()
    ready(page)
    page.get_by_text("Give up …").click()
    assert "deletes what you coded here (1 code), for good" in page.locator("#give-up").inner_text()
    # Without a word that it is meant, nothing is sent.
    page.get_by_role("button", name="Give up this transcript").click()
    assert page.evaluate("!document.getElementById('give-up').checkValidity()")
    assert len(added(study, origin="blind")) == 1
    page.get_by_label("Yes, delete my codes").check()
    page.get_by_role("button", name="Give up this transcript").click()
    page.wait_for_url("**/transcripts")
    assert added(study, origin="blind") == []
