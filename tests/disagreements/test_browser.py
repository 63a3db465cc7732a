"""The page in a browser: filters, addresses, printing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.store.database import open_store
from eval.disagreements import gather
from eval.disagreements.writing import Options, write_disagreements
from tests.browsing import PATIENCE
from tests.disagreements.studies import BOOK, interview, person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def page(tmp_path: Path, browser: Browser) -> Iterator[Page]:
    """A report of 60 disagreements, open in a browser that must say nothing to its console."""
    store, _ = open_store()
    with store:
        for name in ("Plot", "Field"):
            key = interview(store, name, 60)
            person(store, key, "Ana", {n: ["frost"] for n in range(0, 60, 3)})
            person(store, key, "Ben", {n: ["rain"] for n in range(1, 30, 3)})
        found = gather(store, BOOK)
    files = write_disagreements(found, {}, Options("Gardens"), tmp_path)
    opened = browser.new_page()
    opened.set_default_timeout(PATIENCE)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(files.html.as_uri())
    yield opened
    assert said == []
    opened.close()


def shows(page: Page, text: str) -> None:
    """Waits without evaluating a string, which the page does not allow."""
    from playwright.sync_api import expect

    expect(page.locator("#shown")).to_have_text(text)


def test_filters_show_what_is_asked_for(page: Page) -> None:
    assert page.locator(".card:visible").count() == 60
    page.select_option("select[name=code]", "rain")
    shows(page, "20 of 60 shown")
    assert page.locator(".card:visible").count() == 20
    page.select_option("select[name=transcript]", "Field")
    shows(page, "10 of 60 shown")
    page.fill("input[name=words]", "part 4 of")
    shows(page, "1 of 60 shown")
    page.click("button[type=reset]")
    shows(page, "60 shown")


def test_an_address_shows_its_disagreement_although_it_was_filtered_out(page: Page) -> None:
    key = page.locator(".card").last.get_attribute("id")
    page.select_option("select[name=transcript]", "Plot")
    first_code = page.locator(".card").first.get_attribute("data-codes")
    assert first_code == "|frost|"
    shows(page, "30 of 60 shown")
    hidden = page.locator(".card[hidden]").first.get_attribute("id")
    page.evaluate("key => { location.hash = key }", hidden)
    shows(page, "60 shown")
    assert page.locator(f"#{hidden}").is_visible()
    assert key


def test_an_address_of_one_of_several_shows_their_text(tmp_path: Path, browser: Browser) -> None:
    """It stands above them, and may be a page long; filters find its words for each of them."""
    store, _ = open_store()
    with store:
        key = interview(store, "Plot", 12)
        person(store, key, "Ana", {n: ["frost"] for n in range(0, 9, 2)} | {(10, 11): ["frost"]})
        person(store, key, "Ana", {(10, 11): ["tools", "spades"]})
        person(store, key, "Ben", {})
        found = gather(store, BOOK)
    files = write_disagreements(found, {}, Options("Gardens"), tmp_path)
    opened = browser.new_page(viewport={"width": 1280, "height": 500})
    opened.set_default_timeout(PATIENCE)
    last = [d.key for d in found.disagreements if d.first_segment == 10][-1]
    opened.goto(f"{files.html.as_uri()}#{last}")
    from playwright.sync_api import expect

    expect(opened.locator(".spot > blockquote")).to_be_in_viewport()
    expect(opened.locator(".spot > header")).to_be_in_viewport()
    opened.fill("input[name=words]", "part 10 of")
    expect(opened.locator("#shown")).to_have_text("3 of 8 shown")
    assert opened.locator(".spot:visible .card:visible").count() == 3
    opened.fill("input[name=words]", "part 4 of")
    expect(opened.locator("#shown")).to_have_text("1 of 8 shown")
    expect(opened.locator(".spot")).to_be_hidden()
    opened.close()


def test_printing_has_all_of_it_and_no_filters(page: Page) -> None:
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    visibility = page.evaluate(
        "getComputedStyle(document.querySelector('.card')).contentVisibility"
    )
    assert visibility == "visible"
