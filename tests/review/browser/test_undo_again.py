"""Undo, another key and undo again, quicker than the program answers: each counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.study import Study
from tests.review.browser.steps import ready, said, stored, suggested
from tests.review.browser.test_slow_answers import Held

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]


def decided(study: Study) -> list[tuple[int, str]]:
    """What is stored, each with the place of its suggestion in the list."""
    places = {one.id: place for place, one in enumerate(suggested(study))}
    return [(places[one.suggestion_id], one.decision) for one in stored(study)]


def reject_the_next(page: Page) -> None:
    """When this is stored, all that was asked for before it is."""
    page.keyboard.press("j")
    page.keyboard.press("R")
    said(page, "Rejected:")


def test_a_later_click_takes_back_what_was_decided_after_the_first(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("a")
    said(page, "Accepted")
    undo = page.locator("[data-part=undo]")
    held = Held(page, "**/decide*")
    undo.click()
    undo.click()  # a second click adds nothing
    page.keyboard.press("a")
    page.keyboard.press("a")  # nor does a second key
    undo.click()
    undo.click()
    held.let_go()
    reject_the_next(page)
    assert decided(study) == [(0, "accept"), (0, "undo"), (0, "accept"), (0, "undo"), (1, "reject")]


def test_a_key_after_an_undo_counts_once_also_when_that_is_answered(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("a")
    said(page, "Accepted")
    held = Held(page, "**/decide*")
    page.locator("[data-part=undo]").click()
    page.keyboard.press("a")
    held.next()  # the undo is answered, the key is not
    page.keyboard.press("a")
    held.let_go()
    reject_the_next(page)
    assert decided(study) == [(0, "accept"), (0, "undo"), (0, "accept"), (1, "reject")]


def test_an_answer_to_the_same_key_before_does_not_count_for_the_later_one(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("R")
    said(page, "Rejected:")
    undo = page.locator("[data-part=undo]")
    held = Held(page, "**/decide*")
    page.keyboard.press("a")
    undo.click()
    page.keyboard.press("a")
    held.next()  # the first of the two
    undo.click()  # is about the second
    held.let_go()
    reject_the_next(page)
    assert decided(study) == [
        *((0, decision) for decision in ("reject", "accept", "undo", "accept", "undo")),
        (1, "reject"),
    ]
