"""An audit's sample by keyboard alone: nothing is given that the coder did not type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.measured.audits import record_audit
from assistant.store.people.codings import codings
from assistant.study import Study

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_enter_stores_what_is_ticked_and_gives_no_code_by_itself(
    study: Study, server: Serving, open_page: Callable[..., Page]
) -> None:
    sample = [{"transcript_id": 1, "segment": n, "weight": 1.0} for n in (5, 9, 13)]
    with open_store(study.database)[0] as store:
        number = record_audit(store, 1, [1], {"sample": sample})
    page = open_page(
        server, f"/audits/{number}/1", name="Eva", viewport={"width": 1280, "height": 720}
    )
    page.get_by_role("heading", name="Passage 1 of 3").wait_for()
    page.wait_for_selector("#filter:focus")  # the page's script is there
    page.keyboard.press("Enter")  # as the button says; nothing is ticked yet
    page.locator("#said", has_text="No code is ticked").wait_for(state="attached")
    assert page.locator(".pick input:checked").count() == 0
    page.keyboard.type("weath")
    page.keyboard.press("Enter")
    page.locator("#said", has_text="Ticked: weather").wait_for(state="attached")
    assert page.locator(".pick input:checked").get_attribute("value") == "weather"
    store_button = page.get_by_role("button", name="Store these codes").bounding_box()
    assert store_button is not None
    assert store_button["y"] + store_button["height"] <= 720, "what one decides with is in sight"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Passage 2 of 3").wait_for()
    page.wait_for_selector("#filter:focus")
    page.keyboard.down("0")
    page.get_by_role("heading", name="Passage 3 of 3").wait_for()
    page.wait_for_selector("#filter:focus")
    page.keyboard.down("0")  # held down: no word on the next passage
    page.keyboard.press("Enter")
    page.locator("#said", has_text="No code is ticked").wait_for(state="attached")
    page.keyboard.up("0")
    page.keyboard.press("0")
    page.get_by_role("heading", name="All 3 passages are coded").wait_for()
    with open_store(study.database)[0] as store:
        assert [c.code for c in codings(store) if c.coder.name == "Eva"] == ["weather"]


def test_a_name_that_has_the_letters_goes_before_a_definition_that_mentions_them(
    study: Study, server: Serving, open_page: Callable[..., Page]
) -> None:
    with open_store(study.database)[0] as store:
        number = record_audit(
            store,
            1,
            [1],
            {"sample": [{"transcript_id": 1, "segment": 5, "weight": 1.0}]},
        )
    page = open_page(server, f"/audits/{number}/1", name="Eva")
    page.wait_for_selector("#filter:focus")
    tools = page.locator(".pick").first
    assert "It counts: Words about owning or mending tools." in tools.inner_text()
    tools.locator(".defined").evaluate("node => (node.textContent += ' Not the weather.')")
    page.keyboard.type("weather")
    assert tools.is_visible(), "its definition has the letters"
    page.keyboard.press("Enter")
    page.locator("#said", has_text="Ticked: weather").wait_for(state="attached")
    assert page.locator(".pick input:checked").get_attribute("value") == "weather"
    page.keyboard.type("mending")  # what counts names other codes; nothing is found by it
    page.wait_for_function(
        "document.querySelectorAll('.pick:not([hidden]) input:not(:checked)').length === 0"
    )
