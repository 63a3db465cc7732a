"""Somebody decides while another program has the right to write: the page says that it waits, and
what was decided is stored afterwards."""

from __future__ import annotations

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.study import Study
from tests.review.browser.steps import Opener, ready, said, stored


def test_a_decision_waits_for_another_program_and_says_so(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    with open_store(study.database)[0] as other:
        with other.transaction():
            page.keyboard.press("a")
            said(page, "Not stored yet")
            assert not stored(study)
        said(page, "Accepted")
    assert [d.decision for d in stored(study)] == ["accept"]
