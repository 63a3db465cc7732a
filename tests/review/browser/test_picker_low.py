"""Choosing a code in a low window: what is in the dialogue stays within it, and in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.study import Study

if TYPE_CHECKING:
    from playwright.sync_api import Page

_INSIDE = """() => {
  const dialog = document.getElementById("picker").getBoundingClientRect();
  const foot = document.querySelector("#picker [data-close]").getBoundingClientRect();
  return [foot.bottom <= dialog.bottom + 1, dialog.bottom <= innerHeight + 1, dialog.top >= 0];
}"""


def test_all_of_it_is_in_sight(
    study: Study, server: Serving, open_page: Callable[..., Page]
) -> None:
    page = open_page(server, "/transcripts/1", viewport={"width": 640, "height": 300})
    page.locator("html[data-ready=true]").wait_for()
    page.keyboard.press("J")
    page.keyboard.press("n")
    page.locator("#picker [role=option]").last.wait_for(state="attached")
    assert page.evaluate(_INSIDE) == [True, True, True]
    page.wait_for_function("getComputedStyle(document.getElementById('said')).opacity === '0'")
