"""One real browser at a time: two cannot be driven from one thread.

It is started once and serves every test of a browser that follows; each gets contexts of its own,
which share nothing. All of these tests are one group (`tests.scheduling`), so that one worker has
them one after the other. When the next test is of another kind the browser is closed: while it is
open, its driver keeps an event loop running in this thread, and every test that calls
``asyncio.run`` would fail.

What a key or a click does at once is done when the driver answers. What a page leaves for its next
picture, for a while, or for an answer of the server comes later, on a slow computer much later:
before it is looked at, it is waited for.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.scheduling import BROWSER, group_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

__all__ = ["PATIENCE", "browser", "close_unless_next", "drawn", "mark", "resize"]

TOP = Path(__file__).resolve().parents[1]
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PATIENCE = 120_000
"""Milliseconds. What comes is there sooner; on a machine that does ten other things it may take a
minute, and that is no fault of what is tested."""


class _Started:
    """The browser that is open now, if one is."""

    def __init__(self) -> None:
        self._driver: Playwright | None = None
        self._browser: Browser | None = None

    def get(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():  # it fell, or none yet
            self.close()
            path = shutil.which("chromium") or shutil.which("chromium-browser")
            if path is None:
                pytest.skip("no Chromium is installed (looked for `chromium` on PATH)")
            api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
            self._driver = api.sync_playwright().start()
            self._browser = self._driver.chromium.launch(
                executable_path=path, args=[*ARGUMENTS], timeout=PATIENCE
            )
            api.expect.set_options(timeout=PATIENCE)
        return self._browser

    def close(self) -> None:
        browser, driver = self._browser, self._driver
        self._browser = self._driver = None
        if browser is not None and browser.is_connected():
            browser.close()
        if driver is not None:
            driver.stop()


_STARTED = _Started()


@pytest.fixture
def browser() -> Browser:
    return _STARTED.get()


def mark(item: pytest.Item) -> None:
    """Whoever asks for the browser is told apart by a mark, and must be of the group."""
    if _asks(item):
        item.add_marker(pytest.mark.browser)
        name = f"{item.path.relative_to(TOP).as_posix()}::{item.name}"
        if group_of(name) != BROWSER:
            raise pytest.UsageError(
                f"{name} asks for a browser: name it in tests/scheduling.py, {BROWSER!r}."
            )


def close_unless_next(nextitem: pytest.Item | None) -> None:
    """After a test: the browser stays open for the next one only if that asks for it."""
    if nextitem is None or not _asks(nextitem):
        _STARTED.close()


def _asks(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "browser" in item.fixturenames


def drawn(page: Page) -> None:
    """Wait until the page has done what it left for its next picture: the window has been moved,
    the panel stands at its top. What was asked for first is done first."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")


def resize(page: Page, width: int, height: int) -> None:
    """Give the window another size, and wait until the page has it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("width => innerWidth === width", arg=width)
