"""Half an hour of reviewing by keyboard: slips of the finger, undoing, where one is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.decisions.deciding import accept
from assistant.guide.bulk import accept_at_once
from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.model.suggestions import suggestions
from assistant.study import Study
from tests.review.browser.steps import added, ready, said, select, stored, suggested
from tests.review.studies import SHED, add_interview, add_suggestions

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]


def state(page: Page) -> str:
    return page.locator("[data-part=state]").inner_text()


def codebook(study: Study) -> str:
    return study.codebook_file.read_text(encoding="utf-8")


def test_a_typo_and_enter_change_no_codebook(
    study: Study, server: Serving, open_page: Opener
) -> None:
    before = codebook(study)
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("n")
    page.keyboard.type("wether")
    assert page.locator("#picker [aria-selected=true]").count() == 0
    page.keyboard.press("Enter")
    page.locator("#picker [role=status]", has_text="Press Enter again to add").wait_for()
    page.keyboard.type("s")
    page.keyboard.press("Enter")
    page.locator("#picker [role=status]", has_text="“wethers”").wait_for()
    page.keyboard.press("Escape")
    assert (codebook(study), added(study)) == (before, [])
    # Meant: Enter twice. Undone: the code goes with its only coding.
    select(page, "frost 🌱 took")
    page.keyboard.press("n")
    page.keyboard.type("Loss")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    said(page, "Added: Loss")
    assert "id: Loss" in codebook(study)
    page.keyboard.press("u")
    said(page, "out of the codebook again")
    assert (codebook(study), added(study)) == (before, [])


def test_a_new_code_that_is_used_elsewhere_stays_and_it_is_said(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    for words in ("frost 🌱 took", "three rakes"):
        select(page, words)
        page.keyboard.press("n")
        page.keyboard.type("Loss")
        page.keyboard.press("Enter")
        if words.startswith("frost"):
            page.keyboard.press("Enter")
        said(page, "Added: Loss")
        page.evaluate("document.getElementById('said').textContent = ''")
    page.keyboard.press("u")
    said(page, "“Loss” stays in the codebook: it is used elsewhere (codings: 1)")
    assert "id: Loss" in codebook(study)


def test_undo_gives_the_decision_before_and_deciding_says_what_it_replaces(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("r")
    page.keyboard.type("irony")
    page.keyboard.press("Enter")
    said(page, "Rejected")
    page.keyboard.press("a")
    said(page, "in place of “rejected” by you")
    page.keyboard.press("u")
    name = page.locator("#panel h2").inner_text()
    said(page, f"As before: {name} rejected by you (“irony”)")
    assert "“irony”" in state(page)
    assert suggested(study)[0].decision == "reject"
    page.keyboard.press("u")
    said(page, "Open again")


def test_a_bulk_decision_is_undone_as_one_where_no_evidence_is_in_force(
    study: Study, server: Serving, open_page: Opener
) -> None:
    with open_store(study.database)[0] as store:
        made = accept_at_once(study, store, 1, "sharing", because="a trial", reviewer="Ben")
    one = next(s for s in suggested(study) if s.code == "sharing")
    page = ready(open_page(server, f"/transcripts/1#s{one.id}"))
    undo_all = page.get_by_role("button", name="undo all of them")
    undo_all.click()
    dialog = page.locator("#bulk")
    dialog.locator("p", has_text=f"Ben accepted {made.accepted} at once").wait_for()
    dialog.get_by_role("button", name="Undo all of them").click()
    said(page, f"{made.accepted} are open again")
    page.locator("[data-part=state]", has_text="Not decided yet").wait_for()
    assert not undo_all.is_visible()
    assert {s.decision for s in suggested(study)} == {"open"}
    # What was accepted by itself has no such button.
    page.keyboard.press("a")
    said(page, "Accepted")
    assert not undo_all.is_visible()


def test_borders_that_were_taken_back_are_an_adjustment_again(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    for key in ("{", "}", "}", "a"):
        page.keyboard.press(key)
    said(page, "Accepted, borders adjusted")
    (first,) = added(study)
    page.keyboard.press("u")
    said(page, "with your borders")
    assert "Not decided yet" in state(page)
    beginning, end = (page.locator("[data-part=draft-text]").text_content() or "").split(" … ")
    assert first.quote.startswith(beginning)
    assert first.quote.endswith(end)
    assert added(study) == []
    page.keyboard.press("a")
    said(page, "Accepted, borders adjusted")
    (again,) = added(study)
    assert (again.start, again.end) == (first.start, first.end)
    # A code that was taken back leaves no borders behind.
    page.keyboard.press("u")
    said(page, "with your borders")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("weather")
    page.keyboard.press("Enter")
    said(page, "Changed to weather")
    page.keyboard.press("u")
    said(page, "Open again")
    assert not page.locator("[data-part=draft]").is_visible()


def test_after_a_reload_a_changed_suggestion_is_undone_once(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("c")
    page.keyboard.type("weather")
    page.keyboard.press("Enter")
    said(page, "Changed to weather")
    assert "Changed to weather by you" in state(page)
    page.reload()
    ready(page)
    page.keyboard.press("u")
    said(page, "Open again")
    assert page.locator("#said.error").count() == 0
    assert added(study) == []


def test_only_the_borders_adjusted_is_an_accept_everywhere(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("{")
    page.keyboard.press("a")
    said(page, "Accepted, borders adjusted")
    assert "Accepted, borders adjusted by you" in state(page)
    mark = page.locator("[aria-current=true][data-id]")
    assert "accepted, borders adjusted" in (mark.get_attribute("title") or "")
    assert "is-accept" in (mark.get_attribute("class") or "")
    page.reload()
    ready(page)
    assert page.locator(".mk.is-accept").count() == 1
    assert page.locator(".is-amend").count() == 0


def test_undo_and_take_back_by_mouse(study: Study, server: Serving, open_page: Opener) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    undo = page.get_by_role("button", name="Undo this decision")
    assert not undo.is_visible()
    page.get_by_role("button", name="Accept a", exact=True).click()
    said(page, "Accepted")
    undo.click()
    said(page, "Open again")
    assert not undo.is_visible()
    select(page, "three rakes")
    page.keyboard.press("n")
    page.keyboard.type("tool")
    page.keyboard.press("Enter")
    said(page, "Added")
    page.locator(f".mk[data-id=c{added(study)[0].id}]").click()
    page.get_by_role("button", name="Take back", exact=True).click()
    said(page, "Taken back")
    assert added(study) == []


def test_going_on_by_itself_leaves_the_keys_alive(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.get_by_label("Go on by itself").check()
    page.keyboard.press("a")
    said(page, "Accepted")
    page.keyboard.press("j")
    page.locator(".where", has_text="3 of 36").wait_for()
    page.locator("#only-code").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.locator(".where", has_text="2 of 36").wait_for()
    assert len(stored(study)) == 1


def test_the_first_passage_is_in_sight_after_opening(
    study: Study, server: Serving, open_page: Opener
) -> None:
    with open_store(study.database)[0] as store:
        for one in suggested(study)[:25]:
            accept(store, one.id, reviewer="Ana")
    page = open_page(server, "/transcripts")
    page.evaluate("sessionStorage.setItem('/transcripts/1:filter', '{\"undecided\": true}')")
    page.goto(f"http://127.0.0.1:{server.port}/transcripts/1")
    ready(page)
    page.locator(".where", has_text="1 of 11").wait_for()
    page.wait_for_function(
        """() => {
          const box = document.querySelector(".stretch.current div").getBoundingClientRect();
          return box.top > document.querySelector(".bar").offsetHeight && box.bottom < innerHeight;
        }"""
    )


def test_what_was_missed_is_coded_by_keyboard_alone(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    # The first suggestion stands on the second paragraph.
    page.keyboard.press("K")
    said(page, "Marked: How was year 1 for you?")
    page.keyboard.press("a")
    said(page, "n codes it")
    page.keyboard.press("J")
    page.keyboard.press("J")
    page.keyboard.press(",")
    page.keyboard.press(")")
    page.keyboard.press("n")
    page.keyboard.type("tool")
    page.keyboard.press("Enter")
    said(page, "Added: Tools")
    page.keyboard.press("J")
    page.keyboard.press("n")
    page.keyboard.type("tool")
    page.keyboard.press("Enter")
    page.wait_for_function(
        """() => {
          const data = JSON.parse(document.getElementById("data").textContent);
          const before = new Set(data.spans.map((span) => span.id));
          const now = [...document.querySelectorAll(".mk[data-id^=c]")].map((m) => m.dataset.id);
          return now.filter((id) => !before.has(id)).length === 2;
        }"""
    )
    page.wait_for_function("() => document.querySelector('#panel h2').textContent === 'Tools'")
    quotes = [c.quote for c in added(study)]
    assert stored(study) == ()
    assert quotes[0].startswith("In part 1: Last spring")
    assert "In part 2" in quotes[0]
    assert len(quotes) == 2
    page.keyboard.press("J")
    page.locator("[data-part=marked]").wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-part=marked]").wait_for(state="hidden")


def test_back_to_the_passage_and_the_evidence_scrolled_by_keys(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1", viewport={"width": 1280, "height": 420}))
    page.evaluate("scrollTo({ top: document.body.scrollHeight })")
    page.wait_for_function(
        "() => document.querySelector('.stretch.current div').getBoundingClientRect().bottom < 0"
    )
    page.keyboard.press("z")
    page.wait_for_function(
        "() => document.querySelector('.stretch.current div').getBoundingClientRect().top > 0"
    )
    page.keyboard.press("e")
    page.locator("[data-part=near] figure").first.wait_for()
    panel = page.locator("#panel")
    panel.focus()
    panel.evaluate("node => { node.scrollTop = 0 }")
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.getElementById('panel').scrollTop > 50")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")


def test_words_in_any_order_and_aliases_find_a_code(
    study: Study, server: Serving, open_page: Opener
) -> None:
    text = codebook(study).replace("name: Tools", "name: Broken tools\n    aliases: [implements]")
    study.codebook_file.write_text(text, encoding="utf-8")
    page = ready(open_page(server, "/transcripts/1?run=0"))
    select(page, "three rakes")
    page.keyboard.press("n")
    for typed in ("tools broken", "too bro", "implem"):
        page.keyboard.press("Control+a")
        page.keyboard.type(typed)
        first = page.locator("#picker li").first
        first.locator(".name", has_text="Broken tools").wait_for()
        assert first.get_attribute("aria-selected") == "true"
    assert "also called “implements”" in first.inner_text()


def test_the_end_of_a_transcript_leads_to_the_next(
    study: Study, server: Serving, open_page: Opener
) -> None:
    with open_store(study.database)[0] as store:
        two = add_interview(store, "Shed 2", (*SHED[:-1], ("Gardener", "That is all.")))
        add_suggestions(store, study, 1, two)
        for one in suggestions(store, 2, 1)[:-1]:
            accept(store, one.id, reviewer="Ana")
    page = ready(open_page(server, "/transcripts/1?run=2"))
    assert not page.locator("[data-part=onward]").is_visible()
    page.keyboard.press("a")
    said(page, "0 open")
    page.keyboard.press("j")
    said(page, "Everything in this transcript is decided.")
    page.get_by_role("link", name="Next: Shed 2 (36 open)").click()
    page.wait_for_url("**/transcripts/2?run=2*")


def test_a_paragraph_with_a_memo_has_a_sign(server: Serving, open_page: Opener) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    assert page.locator(".seg[data-memos]").count() == 0
    page.keyboard.press("m")
    page.keyboard.type("Ask about the frost.")
    page.keyboard.press("Control+Enter")
    said(page, "The memo is kept")
    assert page.locator("#g1[data-memos='1']").count() == 1
    page.reload()
    ready(page)
    assert page.locator(".seg[data-memos]").count() == 1
