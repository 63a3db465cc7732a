"""What half an hour by keyboard on a real interview found: order, place, what hides the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.llm.records import ChatReply, ChatRequest
from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.model.calls import record_call, record_request
from assistant.store.model.chunks import add_chunk
from assistant.store.model.reply_records import NewSuggestion
from assistant.store.model.suggestions import record_results
from assistant.store.people.memos import memos
from assistant.study import Study
from tests.review.browser.steps import ready, said, suggested

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]

_FOCUSED = "() => document.activeElement.id || document.activeElement.dataset.act"


def code(page: Page) -> str:
    return page.locator("[data-part=code]").inner_text()


def test_what_stands_higher_in_the_margin_is_decided_first(
    study: Study, server: Serving, open_page: Opener
) -> None:
    # Two suggestions on the same words; the second has the code that people gave there, so that
    # its label is the upper one.
    first = suggested(study)[0]
    with open_store(study.database)[0] as store:
        made = NewSuggestion(
            *(1, first.segment, "weather", first.start, first.end),
            *(first.quote, first.quote, "exact", "The sky.", 0.5),
        )
        request = ChatRequest(model="m", system="rules", user="once more")
        record_request(store, request.sha256, request.model_dump_json())
        chunk = add_chunk(store, 1, 1, "1/1", 0, 1, request.sha256)
        reply = ChatReply(outcome="ok", text="{}", raw="{}")
        call = record_call(store, 1, chunk.id, request.sha256, 1, 1, reply)
        record_results(store, 1, call, [made], [], [])
    page = ready(open_page(server, "/transcripts/1"))
    labels = page.locator("#margin .lab .tx").all_inner_texts()
    assert labels[:2] == ["weather", "Tools"]
    assert code(page) == "weather"
    page.keyboard.press("j")
    assert code(page) == "Tools"
    # A decision that adds a label changes nothing of what comes next.
    page.keyboard.press("k")
    page.keyboard.press("c")
    page.keyboard.type("shar")
    page.keyboard.press("Enter")
    said(page, "Changed to sharing")
    page.keyboard.press("j")
    assert code(page) == "Tools"


def test_after_leaving_a_marked_passage_one_goes_on_from_there(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    for _ in range(5):
        page.keyboard.press("j")
    where = page.locator("[data-part=where]")
    assert where.inner_text().startswith("6 of 36")
    page.keyboard.press("J")
    page.locator("[data-part=marked]").wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-part=empty]", has_text="goes to the next suggestion").wait_for()
    page.keyboard.press("j")
    assert where.inner_text().startswith("7 of 36")
    page.keyboard.press("J")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    assert where.inner_text().startswith("7 of 36")


def test_going_on_passes_what_is_decided(study: Study, server: Serving, open_page: Opener) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("g")
    said(page, "After a decision it goes on by itself")
    for key in ("R", "a"):
        page.keyboard.press(key)
        said(page, {"R": "Rejected", "a": "Accepted"}[key])
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("a")
    said(page, "in place of")
    page.locator("[data-part=where]", has_text="3 of 36").wait_for()
    assert [s.decision for s in suggested(study)[:3]] == ["accept", "accept", "open"]
    page.keyboard.press("g")
    said(page, "After a decision it stays")


def test_p_goes_into_the_panel_and_escape_out_of_it(server: Serving, open_page: Opener) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("p")
    assert page.evaluate(_FOCUSED) == "panel"
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUSED) == "accept"
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement === document.body")


def test_control_enter_keeps_a_memo_from_every_field_of_it(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("m")
    page.keyboard.type("No code says this")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    said(page, "The memo is kept")
    with open_store(study.database)[0] as store:
        (memo,) = memos(store)
    assert (memo.text, memo.about) == ("No code says this", "no-code-fits")


def test_nothing_lies_on_the_words_while_one_chooses_and_the_field_stays_in_its_place(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    text = page.locator("#text").bounding_box()
    assert text
    page.keyboard.press("c")
    field = page.locator("#picker input").bounding_box()
    assert field
    assert field["x"] > text["x"] + text["width"]
    names = page.locator("#picker .name").all_inner_texts()
    assert names == ["weather", "sharing"]  # not the one that it has
    page.keyboard.type("sha")
    page.locator("#picker [role=option]").nth(0).wait_for()
    assert page.locator("#picker input").bounding_box() == field
    page.keyboard.press("Enter")
    said(page, "Changed to sharing")
    told = page.locator("#said").bounding_box()
    assert told
    assert told["x"] > text["x"] + text["width"]
    # Marking and adjusting are shown in the panel, and told only to who listens.
    page.keyboard.press(".")
    said(page, "Marked: ")
    assert page.locator("#said.shown").count() == 0


def test_what_is_adjusted_shows_its_beginning_and_its_end(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    for _ in range(6):
        page.keyboard.press(")")
    told = page.locator("[data-part=draft-text]").inner_text()
    assert " … " in told
    assert len(told) < 95


def test_who_adds_her_first_code_stands_in_the_row_of_coders(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1", name="Eva"))
    assert page.locator("[data-coder=Eva]").count() == 0
    page.keyboard.press("n")
    page.keyboard.type("sha")
    page.keyboard.press("Enter")
    said(page, "Added: sharing")
    hers = page.locator(".bar-coders [data-coder=Eva]")
    hers.click()
    said(page, "Eva is hidden")
    assert hers.get_attribute("aria-pressed") == "false"


def test_the_last_decision_leads_back_to_the_study(
    study: Study, server: Serving, open_page: Opener
) -> None:
    from assistant.decisions.deciding import accept

    with open_store(study.database)[0] as store:
        for suggestion in suggested(study)[:-1]:
            accept(store, suggestion.id, reviewer="Ana")
    page = ready(open_page(server, "/transcripts/1"))
    # It begins with the one that is open.
    page.locator("[data-part=where]", has_text="36 of 36 · 1 open").wait_for()
    page.keyboard.press("a")
    page.locator("[data-part=onward]").get_by_role("link", name="To the study").click()
    page.wait_for_url(f"http://127.0.0.1:{server.port}/")


def test_a_key_that_is_held_down_decides_once(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("g")
    page.keyboard.down("a")
    said(page, "35 open")
    for _ in range(5):
        page.keyboard.down("a")  # as a keyboard repeats it
    page.keyboard.up("a")
    page.keyboard.press("R")
    said(page, "34 open")
    decided = [s.decision for s in suggested(study)]
    assert decided[:3] == ["accept", "reject", "open"]
    page.keyboard.down("j")
    page.keyboard.down("j")
    page.keyboard.up("j")
    page.locator("[data-part=where]", has_text="5 of 36").wait_for()
