"""Where the focus is when labels are made anew, and what a printed page holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.decisions.deciding import accept
from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.study import Study
from tests.review.browser.steps import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]

_STOPS = "() => [...document.querySelectorAll('#margin [tabindex=\"0\"]')].map((m) => m.dataset.id)"
_PAINTED = "() => [...CSS.highlights.values()].reduce((all, mark) => all + mark.size, 0)"


def test_the_list_of_codes_gives_the_focus_back_after_a_refresh(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("j")
    (stop,) = page.evaluate(_STOPS)
    page.locator(f"#margin [data-id='{stop}']").focus()
    page.keyboard.press("c")
    page.keyboard.type("wea")
    # Somebody else decides meanwhile: all labels are made anew.
    with open_store(study.database)[0] as store:
        accept(store, 9, reviewer="Ben")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator("#margin [data-id='s9'].is-accept").wait_for(state="attached")
    assert page.evaluate("document.activeElement === document.querySelector('#picker input')")
    assert page.locator("#picker input").input_value() == "wea"
    page.keyboard.press("Escape")
    page.wait_for_function("id => document.activeElement?.dataset?.id === id", arg=stop)
    assert page.evaluate(_STOPS) == [stop]


def test_tab_reaches_a_label_also_where_the_current_one_is_filtered_out(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("j")
    (stop,) = page.evaluate(_STOPS)
    page.locator(f"#margin [data-id='{stop}']").focus()
    here = page.locator("[data-part=code]").inner_text()
    other = next(
        str(option.get_attribute("value"))
        for option in page.locator("#only-code option").all()
        if option.get_attribute("value") and option.inner_text() != here
    )
    page.locator("#only-code").select_option(other)
    page.wait_for_selector("#margin[data-whole]")
    assert page.locator(f"#margin [data-id='{stop}']").count() == 0
    (near,) = page.evaluate(_STOPS)
    assert near != stop
    page.locator("#only-code").select_option("")
    page.wait_for_selector("#margin[data-whole]")
    assert page.evaluate(_STOPS) == [stop]
    # Nothing is current: there is a label to begin with all the same.
    page.keyboard.press("J")
    assert len(page.evaluate(_STOPS)) == 1


def test_a_printed_page_names_all_codes_and_leaves_nothing_behind(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1", viewport={"width": 900, "height": 220}))
    page.wait_for_selector("#margin[data-whole]")
    # Painted at the top, where lines that come do not move the window.
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    painted = page.evaluate(_PAINTED)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(_PAINTED) > painted
    data = page.evaluate("() => JSON.parse(document.getElementById('data').textContent)")
    last = data["spans"][-1]
    page.emulate_media(media="print")
    lines = page.locator(".paper")
    assert lines.count() == len({s["start"] for s in data["spans"]})
    assert lines.last.is_visible()
    assert data["codes"][last["code"]]["label"] in lines.last.inner_text()
    assert "(model, suggested)" in lines.last.inner_text()
    assert any("(Ana" in line for line in lines.all_inner_texts())
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(_PAINTED) == painted
    assert lines.count() == 0
