"""Where a run suggests nothing, no key says that everything is decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.model.suggestions import replace_transcript_suggestions
from assistant.study import Study
from tests.review.browser.steps import ready, said

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_last_one_is_told_as_what_it_is(
    study: Study, server: Serving, open_page: Callable[..., Page]
) -> None:
    with open_store(study.database)[0] as store:
        replace_transcript_suggestions(store, 1, 1, [])
    page = ready(open_page(server, "/transcripts/1?run=1"))
    page.keyboard.press("j")
    said(page, "Nothing is suggested here.")
    page = ready(open_page(server, "/transcripts/1?run=0"))
    page.keyboard.press("k")
    said(page, "This is the first one.")
    assert page.locator(".go-on").is_hidden()
