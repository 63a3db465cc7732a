"""What one does while an answer is under way: nothing of it is undone, lost or mixed up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.study import Study
from tests.review.browser.steps import added, ready, said, select, stored, suggested

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
        self._until_it_holds()

    def _until_it_holds(self) -> None:
        """A busy page may handle a key before it is told that its requests are held, and send one
        past that: wait until one is held."""
        probe = "/is-this-held"
        self.page.route(f"**{probe}", lambda route: route.fulfill(status=204))
        until = time.monotonic() + 60
        while self.page.evaluate("probe => fetch(probe).then((r) => r.status)", probe) != 204:
            assert time.monotonic() < until, "requests are not held"
        self.page.unroute(f"**{probe}")

    def _asked(self, route: Route) -> None:
        if self.holds:
            self.waiting.append(route)
        else:
            route.continue_()

    def sent(self) -> None:
        """Wait until one waits here."""
        until = time.monotonic() + 60
        while not self.waiting:
            assert time.monotonic() < until, "nothing was sent"
            self.page.wait_for_timeout(5)  # the browser is heard only while something is asked

    def next(self) -> None:
        """The one that waits or is about to be sent; then wait until the one after it is sent."""
        self.sent()
        self.waiting.pop(0).continue_()
        self.sent()

    def let_go(self) -> None:
        """The one that waits or is about to be sent, and all that come later."""
        self.sent()
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


def test_a_key_after_an_undo_counts_against_what_is_so_when_that_is_answered(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))

    def undone_and_accepted() -> None:
        held = Held(page, "**/decide*")
        for key in ("u", "a", "j"):
            page.keyboard.press(key)
        with page.expect_response(
            lambda r: r.url.endswith("/decide") and '"undo"' not in (r.request.post_data or "")
        ):
            held.let_go()
        page.unroute_all()

    page.keyboard.press("a")
    said(page, "Accepted")
    undone_and_accepted()
    for key in ("{", "a"):
        page.keyboard.press(key)
    said(page, "Accepted, borders adjusted")
    undone_and_accepted()
    first, second = suggested(study)[:2]
    assert [(d.suggestion_id, d.decision) for d in stored(study)] == [
        *((first.id, decision) for decision in ("accept", "undo", "accept")),
        *((second.id, decision) for decision in ("amend", "undo", "amend")),
    ]
    (own,) = added(study)
    assert own.quote.split() == second.quote.split()[1:]


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


def test_a_second_press_while_it_is_stored_adds_nothing(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    held = Held(page, "**/decide*")
    for key in ("a", "a", "R", "R"):
        page.keyboard.press(key)
    held.let_go()
    said(page, "Rejected")
    page.keyboard.press("j")
    page.keyboard.press("a")
    said(page, "34 open")
    assert [d.decision for d in stored(study)] == ["accept", "reject", "accept"]


def test_quick_keys_are_about_the_next_where_one_goes_on(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.locator("#go-on").check()
    held = Held(page, "**/decide*")
    for key in ("a", "R", "a"):
        page.keyboard.press(key)
    held.let_go()
    said(page, "33 open")
    found = suggested(study)
    assert [(d.suggestion_id, d.decision) for d in stored(study)] == [
        (found[0].id, "accept"),
        (found[1].id, "reject"),
        (found[2].id, "accept"),
    ]


def test_a_reason_is_written_to_its_end_where_one_goes_on(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.locator("#go-on").check()
    held = Held(page, "**/decide*")
    page.keyboard.press("a")
    page.keyboard.press("r")
    page.keyboard.type("bec")
    held.let_go()
    said(page, "Accepted")
    page.keyboard.type("ause")
    page.keyboard.press("Enter")
    said(page, "Rejected")
    first = suggested(study)[0].id
    assert [(d.suggestion_id, d.decision, d.reason) for d in stored(study)] == [
        (first, "accept", ""),
        (first, "reject", "because"),
    ]


def test_leaving_is_asked_about_while_something_is_stored(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    held = Held(page, "**/decide*")
    for key in ("a", "j", "a"):
        page.keyboard.press(key)
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("link", name="Study", exact=True).click(no_wait_after=True)
    assert asked.value.type == "beforeunload"
    held.let_go()
    said(page, "34 open")
    assert [d.decision for d in stored(study)] == ["accept", "accept"]


def test_blind_words_selected_meanwhile_stay_and_undo_is_about_that_code(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = open_page(server, "/blind/1", name="Eva")
    page.get_by_role("button", name="Begin as Eva").click()
    ready(page)
    for key in ("j", "n", "tool", "Enter"):
        (page.keyboard.type if len(key) == 4 else page.keyboard.press)(key)
    said(page, "Coded: Tools")
    page.keyboard.press("j")
    held = Held(page, "**/codings")
    for key in ("n", "weat", "Enter", "u", "G"):  # back to the first code at once
        (page.keyboard.type if len(key) == 4 else page.keyboard.press)(key)
    said(page, "Tools")
    select(page, "three rakes")
    held.let_go()
    said(page, "Taken back: weather")
    assert page.evaluate("String(getSelection())") == "three rakes"
    assert [c.code for c in added(study, origin="blind")] == ["tools"]
