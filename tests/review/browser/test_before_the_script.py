"""What one does while the page stands and its script is not there yet, or is still storing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.people.codings import scopes
from assistant.store.people.memos import memos
from assistant.study import Study
from tests.review.browser.steps import added, ready, select
from tests.review.browser.test_slow_answers import Held

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

Opener = Callable[..., "Page"]


def finished(study: Study) -> bool:
    with open_store(study.database)[0] as store:
        return any(s.coder.name == "Eva" and s.finished_at for s in scopes(store, 1))


def test_blind_coding_ends_only_when_asked_and_after_the_last_code(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = open_page(server, "/blind/1", name="Eva")
    script = Held(page, "**/blind.js")
    page.get_by_role("button", name="Begin as Eva").click(no_wait_after=True)
    end = page.get_by_role("button", name="I have read all of it")
    end.wait_for()
    assert end.is_disabled(), "the script that asks whether it is meant is not there yet"
    script.let_go()
    ready(page)
    code = Held(page, "**/codings")
    select(page, "three rakes")
    page.keyboard.press("n")
    page.keyboard.type("tools")
    page.keyboard.press("Enter")
    asked: list[str] = []

    def yes(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", yes)
    end.click()
    code.let_go()
    page.get_by_role("link", name="See everybody's codes").wait_for()
    (words,) = asked
    assert words.startswith("You gave 1 code, in 1 of 48 passages; the other 47 from now on count")
    assert [c.quote for c in added(study, origin="blind")] == ["three rakes"]
    assert finished(study)


def test_words_typed_before_the_script_is_there_stay(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = open_page(server, "/disagreements?run=0", name="Cleo")
    script = Held(page, "**/dispute.js")
    page.get_by_role("link", name="Begin with the first").click(no_wait_after=True)
    page.get_by_text("Write a rule into the codebook").click()
    page.get_by_label("The rule", exact=True).fill("Only if")
    page.get_by_label("Note").fill("Half a")
    script.let_go()
    ready(page)
    assert page.get_by_label("The rule", exact=True).input_value() == "Only if"
    page.reload()
    ready(page)
    assert page.get_by_label("The rule", exact=True).input_value() == "Only if"
    assert page.get_by_label("Note").input_value() == "Half a"
    # The codebook's editor knows what is saved from what is not.
    script = Held(page, "**/preview.js")
    page.get_by_role("link", name="Codebook", exact=True).click(no_wait_after=True)
    text = page.locator("#text")
    text.press_sequentially("# mine")
    script.let_go()
    page.locator("#unsaved", has_text="Not saved yet").wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.locator("#unsaved", has_text="as you left it").wait_for()
    assert "# mine" in text.input_value()


def test_a_form_is_sent_once(study: Study, server: Serving, open_page: Opener) -> None:
    page = open_page(server, "/memos")
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.get_by_label("A memo on the whole study").fill("Ask about the frost.")
    # Two clicks before the first answer can be there.
    held_back = page.evaluate(
        """() => {
          const seen = [];
          addEventListener("submit", (event) => seen.push(event.defaultPrevented));
          const button = document.querySelector("#new-memo").form.querySelector("button");
          button.click();
          button.click();
          return seen;
        }"""
    )
    assert held_back == [False, True]
    page.locator("article.memo", has_text="Ask about the frost.").wait_for()
    assert len(posts) == 1
    with open_store(study.database)[0] as store:
        assert [memo.text for memo in memos(store)] == ["Ask about the frost."]
