"""Half-written words are there again: after Escape, a reload, or going on and coming back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.decided.adjudications import adjudications
from assistant.store.people.memos import memos
from assistant.study import Study
from tests.review.browser.steps import ready, said, stored

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]


def test_a_memo_is_kept_until_it_is_stored(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    words = page.locator("#memo-text")
    page.keyboard.press("m")
    page.keyboard.type("A long thought")
    page.keyboard.press("Escape")
    said(page, "Not kept yet, and not lost")
    page.reload()
    ready(page)
    # On another passage there is an empty field, and a way to what was begun.
    page.keyboard.press("j")
    page.keyboard.press("m")
    assert words.input_value() == ""
    page.get_by_role("button", name="“A long thought”").click()
    assert words.input_value() == "A long thought"
    page.keyboard.press("End")
    page.keyboard.type(", ended.")
    page.keyboard.press("Control+Enter")
    said(page, "The memo is kept")
    with open_store(study.database)[0] as store:
        (kept,) = memos(store, 1)
    assert kept.text == "A long thought, ended."
    assert kept.quote.startswith("In part 1:")
    page.keyboard.press("m")
    page.locator("#memo").wait_for()
    assert words.input_value() == ""
    assert not page.locator("[data-part=memo-others]").is_visible()


def test_a_reason_is_kept_until_it_is_stored(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("r")
    page.keyboard.type("about the")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("r")
    assert page.locator("#reason").input_value() == ""
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.reload()
    ready(page)
    page.keyboard.press("r")
    assert page.locator("#reason").input_value() == "about the"
    page.keyboard.press("End")
    page.keyboard.type(" frost")
    page.keyboard.press("Enter")
    said(page, "Rejected")
    assert [d.reason for d in stored(study)] == ["about the frost"]
    page.keyboard.press("u")
    said(page, "Open again")
    page.keyboard.press("r")
    assert page.locator("#reason").input_value() == ""


def test_a_note_and_a_rule_on_a_disagreement_are_kept_until_stored(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = open_page(server, "/disagreements?run=0", name="Cleo")
    page.get_by_role("link", name="Begin with the first").click()
    page.wait_for_url("**/disagreements/d-*")
    page.wait_for_selector("html[data-ready]")
    first = page.url
    page.get_by_label("Note").fill("Half a")
    page.get_by_text("Write a rule into the codebook").click()
    page.get_by_label("The rule", exact=True).fill("Only if")
    page.locator(".judge h2").click()
    page.wait_for_function("() => sessionStorage.length >= 2")
    page.keyboard.press("j")
    page.wait_for_url(lambda url: "/disagreements/d-" in url and url != first)
    page.wait_for_selector("html[data-ready]")
    assert page.get_by_label("Note").input_value() == ""
    page.goto(first)
    page.wait_for_selector("html[data-ready]")
    assert page.get_by_label("The rule", exact=True).input_value() == "Only if"
    note = page.get_by_label("Note")
    assert note.input_value() == "Half a"
    note.fill("Half a thought\nand the other half")
    page.get_by_role("button", name="Both are defensible").click()
    page.get_by_role("heading", name="You said").wait_for()
    with open_store(study.database)[0] as store:
        (said_so,) = adjudications(store)
    assert said_so.note.split() == ["Half", "a", "thought", "and", "the", "other", "half"]
    # What was stored stands there, and nothing is kept beside it.
    page.wait_for_function(
        "() => !Object.keys(sessionStorage).some((key) => key.endsWith(':note'))"
    )
    assert note.input_value() == "Half a thought\nand the other half"
    # The key that undoes elsewhere stores no other word here.
    page.wait_for_selector("html[data-ready]")
    page.locator(".judge h2").click()
    page.keyboard.press("u")
    said(page, "Nothing is undone here")
    assert page.get_by_role("heading", name="You said").is_visible()
    page.keyboard.press("c")
    page.locator(".judge .notice", has_text="The codebook is unclear").wait_for()
    with open_store(study.database)[0] as store:
        assert [a.outcome for a in adjudications(store)] == ["codebook-unclear"]


def test_a_codebook_that_is_not_saved_yet_is_kept_with_what_it_began_from(
    study: Study, server: Serving, open_page: Opener
) -> None:
    file = study.codebook_file
    page = open_page(server, "/codebook")
    page.on("dialog", lambda dialog: dialog.accept())
    field, unsaved = page.locator("#text"), page.locator("#unsaved")
    old = field.input_value()
    hers = old.replace("Words about owning", "Words about buying, owning")
    field.fill(hers)
    page.reload()
    unsaved.get_by_text("as you left it").wait_for()
    assert field.input_value() == hers
    # Somebody else saves meanwhile: hers is kept, and not saved over it.
    other = old.replace("Giving and lending", "Giving, lending and taking")
    file.write_text(other, encoding="utf-8")
    page.reload()
    unsaved.get_by_text("was changed since").wait_for()
    page.get_by_role("button", name="Save as a new version").click()
    page.locator("[data-refused]").wait_for()
    assert field.input_value() == hers
    assert file.read_text(encoding="utf-8") == other
    page.goto(server.address("/codebook"))
    page.get_by_role("button", name="Back to the saved text").click()
    assert field.input_value() == other
    # What is saved is kept no more.
    both = other.replace("Words about owning", "Words about buying, owning")
    field.fill(both)
    page.get_by_role("button", name="Save as a new version").click()
    page.locator(".notice.good", has_text="Saved as a new version").wait_for()
    page.goto(server.address("/codebook"))
    assert field.input_value() == file.read_text(encoding="utf-8") == both
    assert unsaved.inner_text() == ""
