"""After undoing and changing one stays at the passage; hers alone can be looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.people.memos import add_memo, memos
from assistant.store.people.openings import openings
from assistant.study import Study
from tests.review.browser.steps import added, ready, said, select

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]
_FAR = "In part 39: The shed is never locked"


def add_far_down(page: Page) -> None:
    select(page, _FAR)
    page.keyboard.press("n")
    page.keyboard.type("tool")
    page.keyboard.press("Enter")
    said(page, "Added")


def at_the_passage(page: Page) -> None:
    """It is marked, named in the panel, and in the window."""
    marked = page.locator("[data-part=marked-text]")
    marked.wait_for()
    assert _FAR in marked.inner_text()
    # The window follows with the next frame, which comes when the computer has time for it.
    page.wait_for_function(
        """far => {
          const all = [...document.querySelectorAll(".seg")];
          const node = all.find((p) => p.textContent.includes(far));
          const { top } = node.getBoundingClientRect();
          return top > 0 && top < innerHeight;
        }""",
        arg=_FAR,
    )


def test_after_taking_back_a_coding_one_is_at_its_passage(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    add_far_down(page)
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("u")
    said(page, "Taken back")
    at_the_passage(page)
    # From here it goes on: n codes it again, j goes to what comes after it and not to the first.
    page.keyboard.press("n")
    page.keyboard.type("tool")
    page.keyboard.press("Enter")
    said(page, "Added")
    page.locator(f".mk[data-id=c{added(study)[0].id}]").click()
    page.get_by_role("button", name="Take back", exact=True).click()
    said(page, "Taken back")
    at_the_passage(page)
    page.keyboard.press("j")
    assert "In part 39" not in page.locator("[data-part=where]").inner_text()
    assert int(page.locator("[data-part=where]").inner_text().split()[0]) > 20
    assert added(study) == []


def test_taking_back_beside_a_suggestion_leaves_one_there(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("j")
    where = page.locator("[data-part=where]").inner_text()
    page.keyboard.press("n")
    page.keyboard.type("weather")
    page.keyboard.press("Enter")
    said(page, "Added")
    page.keyboard.press("u")
    said(page, "Taken back")
    assert page.locator("[data-part=where]").inner_text() == where
    assert page.locator("[data-part=marked]").is_hidden()


def test_a_memo_is_changed_in_the_panel(study: Study, server: Serving, open_page: Opener) -> None:
    with open_store(study.database)[0] as store:
        first = add_memo(store, "transcript", "The shed is a commons", "Ana", transcript_id=1)
        add_memo(store, "transcript", "Ben's thought", "Ben", transcript_id=1)
    page = ready(open_page(server, "/transcripts/1"))
    change = page.get_by_role("button", name="change", exact=True)
    assert change.count() == 1, "only hers"
    change.click()
    words = page.locator("#memo-text")
    assert words.input_value() == "The shed is a commons"
    assert page.locator("#memo-about").is_disabled()
    page.keyboard.press("End")
    page.keyboard.type(" of tools")
    page.keyboard.press("Escape")
    said(page, "“change” brings back what you wrote")
    change.click()
    assert words.input_value() == "The shed is a commons of tools"
    page.keyboard.press("Control+Enter")
    said(page, "The memo is changed")
    assert page.locator(".memos p", has_text="The shed is a commons of tools").is_visible()
    assert "Ana, changed " in page.locator(".memos").inner_text()
    with open_store(study.database)[0] as store:
        now = next(m for m in memos(store, 1) if m.who == "Ana")
        assert (now.text, now.replaces_id) == ("The shed is a commons of tools", first)
        assert store.value("SELECT count(*) FROM memos") == 3, "the older text is on record"
    # Nothing is left over for the next memo.
    page.keyboard.press("m")
    assert words.input_value() == ""
    assert page.locator("#memo-about").is_enabled()


def test_only_hers_by_the_choice_in_the_bar(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1?own=1"))
    assert "Only your own codes" in page.locator(".notice").first.inner_text()
    assert page.locator(".bar-coders button").all_inner_texts() == ["A Ana"]
    assert page.get_by_role("button", name="Disagreements").is_hidden()
    page.keyboard.press("d")
    page.keyboard.press("j")
    assert "coded by Ana" in page.locator("#panel").inner_text()
    with open_store(study.database)[0] as store:
        assert openings(store, "Ana") == ()
    page.get_by_label("Whose codes", exact=True).select_option("people only")
    page.wait_for_url("**?run=0*")
    ready(page)
    assert page.locator(".bar-coders button").count() == 2
    page.get_by_label("Whose codes", exact=True).select_option("only mine")
    page.wait_for_url("**?own=1*")


def test_the_layer_of_an_adjustment_has_no_colour_of_its_own(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("{")
    page.locator(".stretch.draft div").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".stretch.draft div").first.wait_for(state="detached")
    # It begins where the first speaker's name stands, and is empty now.
    size = page.evaluate(
        """() => {
          const box = document.querySelector(".stretch.draft").getBoundingClientRect();
          return [box.width, box.height];
        }"""
    )
    assert size == [0, 0]


def test_the_list_of_codes_opened_again_at_once_stays_open(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    still_open = page.evaluate(
        """async () => {
          const press = (node, key) =>
            node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          const picker = document.getElementById("picker");
          press(document.body, "c");
          press(picker.querySelector("input"), "Escape");
          press(document.body, "c");
          // What closing it sets off comes with the next picture.
          for (let n = 0; n < 3; n += 1) await new Promise((go) => requestAnimationFrame(go));
          return picker.open;
        }"""
    )
    assert still_open
    page.keyboard.press("Escape")
    page.locator("#picker").wait_for(state="hidden")
    page.keyboard.press("a")
    said(page, "Accepted")


def test_keys_quicker_than_the_window_moves_lead_to_what_one_is_at(
    server: Serving, open_page: Opener
) -> None:
    """``k`` before the frame in which ``j`` scrolls: the window stays where one is, and does not go
    on to the passage that one has left."""
    page = ready(open_page(server, "/transcripts/1", viewport={"width": 640, "height": 360}))
    tops = page.evaluate(
        """async () => {
          const press = (key) =>
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          const frames = async () => {
            for (let n = 0; n < 3; n += 1) await new Promise((done) => requestAnimationFrame(done));
          };
          const top = () =>
            document.querySelector("[aria-current=true][data-id]").getBoundingClientRect().top;
          press("j");
          await frames();
          const at = [];
          for (let n = 0; n < 6; n += 1) {
            for (const key of ["j", "j", "j", "k", "k", "k"]) press(key);
            await frames();
            at.push(top());
            press("j");
            await frames();
          }
          return at;
        }"""
    )
    sheet = page.locator("#panel").evaluate("node => node.getBoundingClientRect().top")
    assert len(tops) == 6
    assert all(0 < top < sheet for top in tops), (tops, sheet)


def test_the_paragraph_after_a_passage_is_marked_before_the_window_has_moved(
    server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1", viewport={"width": 640, "height": 360}))
    page.evaluate(
        """() => {
          const press = (key) =>
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          for (const key of ["j", "j", "j", "j", "j", "J", "Escape", "j"]) press(key);
        }"""
    )
    page.locator("[data-part=where]", has_text="7 of 36").wait_for()
