"""axe on the pages that need a run, an evaluation or a sample first: light, dark, and zoomed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.coding.coding import CodeOptions, code_transcripts
from assistant.guide.settings_file import change_settings
from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.review.serving import Serving, serving
from assistant.store.database import open_store
from assistant.store.measured.audits import record_audit, set_audit_result
from assistant.store.model.suggestions import replace_transcript_suggestions
from assistant.study import Study, open_study
from eval.evaluation.studying import evaluate_study
from tests.browsing import resize
from tests.fakes.server import FakeLLM, FakeRequest
from tests.review_pages.browser.test_pages import COMPLETE, PLANNED, wait_for_end

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]


@pytest.fixture(scope="module")
def measured(
    _field: Path, tmp_path_factory: pytest.TempPathFactory, model: FakeLLM
) -> Iterator[Serving]:
    """Three interviews with two runs, one evaluated, three audits, a definition changed since."""
    folder = tmp_path_factory.mktemp("measured") / "study"
    shutil.copytree(_field, folder)
    change_settings(
        folder, "endpoint", {"base_url": model.base_url, "model": "fake-model", "api_key_env": ""}
    )
    study = open_study(folder)
    with open_store(study.database)[0] as store:
        for repeat in (1, 2):
            code_transcripts(study, store, CodeOptions(transcripts=(1, 2, 3), repeat=repeat))
        # So that the two runs differ, and the page has passages to show.
        replace_transcript_suggestions(store, 2, 1, [])
        evaluate_study(study, store, run_id=1, who="Ana")
        for passed in (True, False, None):
            drawn = [{"transcript_id": 3, "segment": n, "weight": 1.0} for n in (1, 2)]
            number = record_audit(store, 1, [3], {"sample": drawn})
            if passed is not None:
                set_audit_result(store, number, {"sentence": "About 4 in 100 are wrong."}, passed)
        text = codebook_text(study)
        changed = text.replace("What is sown, planted", "Whatever is sown, planted", 1)
        save_codebook(study, store, changed, "Ana", seen=text_hash(text))
    with serving(folder) as made:
        yield made


def findings(page: Page) -> list[Any]:
    """Serious findings of axe in both schemes, and whether the page is too wide at 200%."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found: list[Any] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            "scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", arg=scheme
        )
        found += [
            (scheme, v["id"], [n["target"] for n in v["nodes"]][:4])
            for v in axe.run(page).response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
    resize(page, 640, 360)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([("too wide", wide)] if wide > 640 else [])]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/evaluations/1",
        "/evaluations/1?all=1",
        "/compare?first=1&second=2",
        "/disagreements?run=1",
        "/audits",
        "/audits/3",
        "/audits/3/3",
        "/runs/1/calls/1",
    ],
)
def test_no_serious_finding(path: str, measured: Serving, open_page: Opener) -> None:
    page = open_page(measured, path, name="Eva")
    if path.startswith("/compare"):
        assert "No such place." not in page.locator("main").inner_text()
    assert findings(page) == []


@pytest.mark.parametrize("hide", ["", "&hide=1"])
def test_a_single_disagreement(hide: str, measured: Serving, open_page: Opener) -> None:
    page = open_page(measured, f"/disagreements?run=1{hide}", name="Cleo")
    page.get_by_role("link", name="Begin with the first").click()
    page.wait_for_selector("html[data-ready]")
    assert findings(page) == []
    resize(page, 1280, 720)
    page.keyboard.press("b")
    page.get_by_role("heading", name="You said").wait_for()
    assert findings(page) == []


def test_what_is_kept_back(measured: Serving, open_page: Opener) -> None:
    page = open_page(measured, "/blind/2", name="Gil")
    page.get_by_role("button", name="Begin as Gil").click()
    page.goto(measured.address("/bulk?run=1&code=garden"))
    page.get_by_role("link", name="Show it anyway").wait_for()
    assert findings(page) == []


def test_a_plan_its_first_call_and_its_end(
    field: Study, field_server: Serving, open_page: Opener
) -> None:
    page = open_page(field_server, "/run")
    page.get_by_role("button", name="See what it would ask").click()
    wait_for_end(page, PLANNED)
    assert findings(page) == []
    resize(page, 1280, 720)
    page.get_by_role("link", name="Exactly what the first call would send").click()
    assert "<passages>" in page.locator("pre").inner_text()
    assert findings(page) == []
    resize(page, 1280, 720)
    page.get_by_role("link", name="Back to the plan").click()
    page.get_by_role("button", name="Start").click()
    wait_for_end(page, COMPLETE)
    assert findings(page) == []


def test_while_it_works_and_where_it_failed(
    field: Study, field_server: Serving, model: FakeLLM, open_page: Opener
) -> None:
    page = open_page(field_server, "/run")
    page.get_by_role("button", name="See what it would ask").click()
    wait_for_end(page, PLANNED)
    looked = threading.Event()
    answer = model.answer
    assert answer is not None

    def not_before_axe_looked(request: FakeRequest) -> Any:
        looked.wait(120)
        return answer(request)

    model.answer = not_before_axe_looked
    try:
        page.get_by_role("button", name="Start").click()
        page.locator("#work").wait_for()
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        wrong = [
            (v["id"], v["nodes"][0]["target"])
            for v in axe.run(page).response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert wrong == []
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("button", name="Stopping after the question under way").wait_for()
    finally:
        model.answer = answer
        looked.set()
    wait_for_end(page, "Stopped")
    assert findings(page) == []
