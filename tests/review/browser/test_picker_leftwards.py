"""Choosing a code whose name runs from right to left: it is found as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.study import Study
from tests.review.browser.steps import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

_ONLY = """() => {
  const names = [...document.querySelectorAll("#picker [role=option] .name")];
  return names.length === 1 && names[0].textContent.replace(/[\\u2068\\u2069]/g, "") === "כלים";
}"""


def test_a_name_that_is_there_is_not_offered_as_a_new_one(
    study: Study, server: Serving, open_page: Callable[..., Page]
) -> None:
    book = study.codebook_file.read_text(encoding="utf-8")
    assert "name: Tools" in book
    study.codebook_file.write_text(book.replace("name: Tools", "name: כלים"), encoding="utf-8")
    page = open_page(server, "/blind/1", name="Eva")
    page.get_by_role("button", name="Begin as Eva").click()
    page = ready(page)
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.locator("#picker [role=option]").first.wait_for(state="attached")
    page.locator("#picker input").fill("כלים")
    page.wait_for_function(_ONLY)
