"""One real browser at a time: two cannot be driven from one thread.

It lives as long as a module of tests. While it is open, its driver keeps an event loop running in
this thread, and every other test of the process that calls ``asyncio.run`` would fail.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

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
