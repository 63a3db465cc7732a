"""What others change while a page is open, in a real browser."""

from __future__ import annotations

from assistant.decisions.deciding import amend
from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.study import Study
from tests.review.browser.steps import Opener, ready, said, stored, suggested


def test_what_another_changed_meanwhile_is_told_and_comes_back_with_undo(
    study: Study, server: Serving, open_page: Opener
) -> None:
    eva = ready(open_page(server, "/transcripts/1", name="Eva"))
    max_ = ready(open_page(server, "/transcripts/1", name="Max"))
    state = max_.locator("[data-part=state]")
    eva.keyboard.press("}")
    eva.keyboard.press("a")
    said(eva, "Accepted, borders adjusted")
    # The page of Max has never heard of Eva, who had coded nothing when it was made.
    max_.keyboard.press("R")
    said(max_, "Eva changed it meanwhile")
    assert state.inner_text().startswith("Accepted, borders adjusted by Eva")
    max_.keyboard.press("R")
    said(max_, "in place of “accepted, borders adjusted” by Eva")
    max_.keyboard.press("u")
    said(max_, "accepted, borders adjusted by Eva")
    assert state.inner_text().startswith("Accepted, borders adjusted by Eva")
    assert [(d.decision, d.reviewer) for d in stored(study)] == [
        ("amend", "Eva"),
        ("reject", "Max"),
        ("undo", "Max"),
    ]
    # Ana, whom it knows, changes the next one at the command line.
    second = suggested(study)[1]
    with open_store(study.database)[0] as store:
        amend(store, second.id, code="sharing", reviewer="Ana")
    max_.keyboard.press("j")
    max_.keyboard.press("R")
    said(max_, "Ana changed it meanwhile")
    assert state.inner_text().startswith("Changed to sharing by Ana")
    assert len(stored(study)) == 4
