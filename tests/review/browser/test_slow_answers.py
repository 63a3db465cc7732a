"""What one does while an answer is under way: nothing of it is undone, lost or mixed up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.study import Study
from tests.review.browser.test_transcript import added, ready, said, select, stored, suggested

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

Opener = Callable[..., "Page"]


class Held:
    """Holds the requests to one kind of address until they are let go: as slow as it must be."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.waiting: list[Route] = []
        self.holds = True
        page.route(address, self._asked)

    def _asked(self, route: Route) -> None:
        if self.holds:
            self.waiting.append(route)
        else:
            route.continue_()

    def let_go(self) -> None:
        """The one that waits or is about to be sent, and all that come later."""
        until = time.monotonic() + 20
        while not self.waiting:
            assert time.monotonic() < until, "nothing was sent"
            self.page.wait_for_timeout(5)  # the browser is heard only while something is asked
        self.holds = False
        for route in self.waiting:
            route.continue_()


def test_undo_right_after_a_decision_undoes_that_one(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("a")
    said(page, "Accepted")
    held = Held(page, "**/decide*")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("u")
    held.let_go()
    said(page, "Open again")
    first, second = suggested(study)[:2]
    assert [(d.suggestion_id, d.decision) for d in stored(study)] == [
        (first.id, "accept"),
        (second.id, "accept"),
        (second.id, "undo"),
    ]
    assert (first.decision, second.decision) == ("accept", "open")


def test_a_late_answer_leaves_the_next_adjustment_alone(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    held = Held(page, "**/decide*")
    for key in ("a", "j", "{", "{"):
        page.keyboard.press(key)
    adjusted = page.locator("[data-part=draft-text]").inner_text()
    held.let_go()
    said(page, "Accepted")
    assert page.locator("[data-part=draft-text]").inner_text() == adjusted
    assert page.locator("[data-part=draft]").is_visible()
    page.keyboard.press("a")
    said(page, "Accepted, borders adjusted")
    (own,) = added(study)
    assert own.quote.split() == suggested(study)[1].quote.split()[2:]


def test_a_late_answer_to_an_added_code_leaves_the_marked_passage_alone(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1?run=0"))
    page.keyboard.press("J")
    held = Held(page, "**/codings")
    page.keyboard.press("n")
    page.keyboard.type("tool")
    page.keyboard.press("Enter")
    page.keyboard.press("J")
    marked = page.locator("[data-part=marked-text]").inner_text()
    select(page, "three rakes")
    held.let_go()
    said(page, "Added: Tools")
    assert page.locator("[data-part=marked]").is_visible()
    assert page.locator("[data-part=marked-text]").inner_text() == marked
    assert page.evaluate("String(getSelection())") == "three rakes"
