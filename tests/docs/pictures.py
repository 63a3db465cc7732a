"""The pictures of the documents, taken of the example study as the program shows it now.

``python -m tests.docs.pictures`` takes them again (Chromium). All people and codes in them are
invented; the suggestions are the recorded replies of the example study and come from no model.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.review.serving import Serving, serving
from tests.audit.lower_field import done, study_with_new
from tests.docs.making import DOCS
from tests.examples.files import EXAMPLES
from tests.fakes.recorded import RecordedReplies
from tests.fakes.server import FakeLLM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["PICTURES", "made_study", "take"]

IMAGES = DOCS / "images"


def made_study(folder: Path) -> Path:
    """Twelve interviews, three people and an adjudicated version, one run each with and without a
    model (recorded replies), both measured."""
    with FakeLLM(answer=RecordedReplies(EXAMPLES)) as server:
        study_with_new(folder, server.base_url, new=0)
        done(folder, "import", str(folder / "codings"), "--exposure", "independent")
        done(folder, "import", str(folder / "adjudicated"), "--exposure", "adjudicated")
        done(folder, "code", "--model", "none")
        done(folder, "code", "--strategy", "list", "--yes")
    done(folder, "evaluate", "--run", "1")
    done(folder, "evaluate", "--run", "2")
    done(folder, "report")
    return folder


def _review(page: Page, server: Serving, study: Path) -> None:
    page.goto(server.address("/transcripts/1"))
    page.locator("html[data-ready]").wait_for()
    heading = page.locator("#panel h2")
    for _ in range(40):
        page.keyboard.press("j")
        page.wait_for_timeout(150)
        if heading.inner_text().startswith("Growing"):
            break
    page.keyboard.press("e")
    page.get_by_role("heading", name="The model's reason").wait_for()
    page.wait_for_timeout(500)


def _report(page: Page, server: Serving, study: Path) -> None:
    page.goto((study / "runs" / "reports" / "evaluation-2" / "report.html").as_uri())
    page.wait_for_timeout(500)


def _disagreements(page: Page, server: Serving, study: Path) -> None:
    page.goto(server.address("/disagreements?run=2"))
    page.get_by_role("link", name="Begin with the first").click()
    page.wait_for_timeout(500)


def _compare(page: Page, server: Serving, study: Path) -> None:
    page.goto(server.address("/compare?first=1&second=2"))
    page.wait_for_timeout(500)


PICTURES: dict[str, tuple[tuple[int, int], Callable[[Page, Serving, Path], None]]] = {
    "review": ((1280, 800), _review),
    "report": ((1120, 1200), _report),
    "disagreements": ((1280, 800), _disagreements),
    "compare": ((1280, 900), _compare),
}


def take(browser: Browser, study: Path, into: Path) -> None:
    """Take all pictures of a `made_study`."""
    with serving(study) as server:
        for name, (size, show) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
            )
            context.add_cookies(
                [
                    {
                        "name": "secondcoder-reviewer",
                        "value": "Ana",
                        "url": f"http://127.0.0.1:{server.port}/",
                    }
                ]
            )
            page = context.new_page()
            show(page, server, study)
            page.screenshot(path=into / f"{name}.png")
            context.close()


def _main() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as place, sync_playwright() as api:
        study = made_study(Path(place) / "Lower Field")
        browser = api.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        take(browser, study, Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
        browser.close()


if __name__ == "__main__":
    _main()
