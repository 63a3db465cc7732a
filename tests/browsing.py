"""One real browser at a time: two cannot be driven from one thread.

It lives as long as a module of tests. While it is open, its driver keeps an event loop running in
this thread, and every other test of the process that calls ``asyncio.run`` would fail.

What a key or a click does at once is done when the driver answers. What a page leaves for its next
picture, for a while, or for an answer of the server comes later, on a slow computer much later:
before it is looked at, it is waited for.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser", "drawn", "resize"]

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium is installed (looked for `chromium` on PATH)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as api:
        made = api.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield made
        made.close()


def drawn(page: Page) -> None:
    """Wait until the page has done what it left for its next picture: the window has been moved,
    the panel stands at its top. What was asked for first is done first."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")


def resize(page: Page, width: int, height: int) -> None:
    """Give the window another size, and wait until the page has it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("width => innerWidth === width", arg=width)
