"""Coding blind by keyboard alone: sentences, memos, new codes, one's earlier codes; short words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.codebook.loading import load_codebook
from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.people.memos import add_memo, memos
from assistant.study import Study
from tests.review.browser.steps import added, ready, said

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]


def begun(page: Page) -> Page:
    page.get_by_role("button", name="Begin as Eva").click()
    return ready(page)


def coded(page: Page, name: str, *, new: bool = False) -> None:
    page.keyboard.press("n")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    if new:
        page.keyboard.press("Enter")
    said(page, f"Coded: {name}")


def test_sentences_words_and_her_own_codes_are_reached(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = begun(open_page(server, "/blind/1", name="Eva"))
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    said(page, "Marked: In part 1")
    # A long paragraph is told in short; a screen reader hears all of it.
    shown = page.locator("#said [aria-hidden]").inner_text()
    heard = page.locator("#said .visually-hidden").text_content() or ""
    assert " … " in shown
    assert len(shown) < 100 < len(heard)
    assert heard.endswith("said a word for a while.")
    coded(page, "Tools")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    said(page, "How was year 2")
    page.keyboard.press("j")
    page.keyboard.press(".")
    page.keyboard.press("(")
    coded(page, "sharing")
    quotes = [c.quote for c in added(study, origin="blind")]
    assert quotes[0].startswith("In part 1: Last spring")
    assert quotes[1].startswith("How was year 2 for you?")
    page.keyboard.press("Escape")
    for key, name in (("g", "Tools"), ("g", "sharing"), ("G", "Tools")):
        page.keyboard.press(key)
        page.locator("#panel h2", has_text=name).wait_for()
    page.keyboard.press("G")
    said(page, "This is the first of your codes.")
    page.keyboard.press("u")
    said(page, "Taken back: Tools")
    assert [c.code for c in added(study, origin="blind")] == ["sharing"]


def test_a_memo_says_that_no_code_fits(study: Study, server: Serving, open_page: Opener) -> None:
    with open_store(study.database)[0] as store:
        add_memo(store, "transcript", "Ben thinks of tools", "Ben", transcript_id=1)
    page = begun(open_page(server, "/blind/1", name="Eva"))
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.locator("#memo-about").select_option("no-code-fits")
    page.locator("#memo-text").fill("A greeting.")
    page.keyboard.press("Control+Enter")
    said(page, "The memo is kept")
    page.reload()
    ready(page)
    assert page.locator("#g0[data-memos='1']").count() == 1
    page.keyboard.press("j")
    assert "A greeting." in page.locator("#panel .memos").inner_text()
    assert "Ben thinks" not in page.content()
    with open_store(study.database)[0] as store:
        mine = [m for m in memos(store, 1) if m.who == "Eva"]
    assert [(m.about, m.quote) for m in mine] == [("no-code-fits", "How was year 1 for you?")]
    page.get_by_role("button", name="take away").click()
    said(page, "The memo is taken away")
    assert page.locator("#g0[data-memos]").count() == 0


def test_blind_coding_begins_with_an_empty_codebook(
    study: Study, server: Serving, open_page: Opener
) -> None:
    study.codebook_file.write_text('name: Shed\nversion: "2"\ncodes: []\n', encoding="utf-8")
    page = begun(open_page(server, "/blind/1", name="Eva"))
    assert "The codebook has no code yet" in page.locator("#panel").inner_text()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="I have read all of it").click()
    page.get_by_text("The codebook has no code, so there is nothing").wait_for()
    page.go_back()
    ready(page)
    page.keyboard.press("j")
    coded(page, "Greeting", new=True)
    page.keyboard.press("j")
    coded(page, "Loss", new=True)
    said(page, "passages that you left without a code before say nothing about it")
    assert [c.code for c in added(study, origin="blind")] == ["Greeting", "Loss"]
    page.keyboard.press("u")
    said(page, "The code “Loss” is out of the codebook again")
    assert [c.id for c in load_codebook(study.codebook_file).codes] == ["Greeting"]
    page.get_by_role("button", name="I have read all of it").click()
    page.get_by_text("You finished coding this transcript").wait_for()
