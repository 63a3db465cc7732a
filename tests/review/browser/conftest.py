"""A real browser on a real server. Skipped with the reason where there is no browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from assistant.review.serving import Serving, serving
from assistant.study import Study
from tests.browsing import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def server(study: Study) -> Iterator[Serving]:
    """A server on the small study; ask for it beside ``study``."""
    with serving(study.folder) as made:
        yield made


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_page(server, "/transcripts/1", name="Ana")``: a page in a browser of its own.

    An error of a script, or a request that leaves this computer, fails the test.
    """
    contexts, wrong = [], []

    def make(server: Serving, path: str = "/", *, name: str = "Ana", **options: object) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 720}, "reduced_motion": "reduce", **options}  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        made = context.new_page()
        made.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        made.on(
            "console",
            lambda m: (
                wrong.append(f"console: {m.text}")
                if m.type == "error" and "Failed to load resource" not in m.text
                else None
            ),
        )
        made.on(
            "request",
            lambda r: (
                wrong.append(f"left this computer: {r.url}")
                if not r.url.startswith((f"http://127.0.0.1:{server.port}/", "data:", "blob:"))
                else None
            ),
        )
        if name:
            context.add_cookies(
                [
                    {
                        "name": "secondcoder-reviewer",
                        "value": name,
                        "url": f"http://127.0.0.1:{server.port}/",
                    }
                ]
            )
        made.goto(server.address(path))
        return made

    yield make
    for context in contexts:
        for page in context.pages:  # a request that a test still holds must not hold its end
            page.unroute_all(behavior="ignoreErrors")
        context.close()
    assert not wrong, wrong
