"""A run that is stopped in the browser loses nothing and is gone on with."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.coding.coding import plan_run
from assistant.coding.judge.concluding import JudgeConclusion
from assistant.guide.audits import open_audits
from assistant.review.pages import work
from assistant.store.database import open_store
from assistant.store.measured.evidence import evaluations
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import judgements
from assistant.study import Study
from eval.evaluation.evaluating import STEPS
from eval.further.measuring import planning
from tests.fakes.server import FakeLLM
from tests.waiting import LIMIT, until


def ended(client: TestClient) -> str:
    until(lambda: client.get("/work/state").json()["state"] != "working", "the work ends")
    return str(client.get("/work/state").json()["state"])


def begin(client: TestClient) -> None:
    client.post("/run/plan", data={"transcript": ["1", "2", "3"]})
    assert ended(client) == "done"
    number = client.get("/work/state").json()["number"]
    assert client.post("/run/start", data={"plan": number}).status_code == 303


@pytest.mark.slow
def test_stop_and_go_on(field: Study, model: FakeLLM, opened: Callable[..., TestClient]) -> None:
    client = opened(field.folder)
    before = len(model.chats)
    model.delay = 0.5
    try:
        begin(client)
        number, watching = client.get("/work/state").json()["number"], {"HX-Request": "true"}
        piece = client.get(f"/work/state?number={number}", headers=watching)
        assert piece.text.startswith("<progress aria-label=")
        # A second job waits for the first.
        assert client.post("/evaluate", data={}).status_code == 400
        client.post("/work/stop")
        assert ended(client) == "stopped"
        piece = client.get(f"/work/state?number={number}", headers=watching)
        assert (piece.headers["HX-Redirect"], piece.text) == ("/work", "")
    finally:
        model.delay = 0.0
    assert "What had been answered is stored" in client.get("/work").text
    with open_store(field.database)[0] as store:
        assert [r.status for r in runs(store)] == ["partial"]
    assert "go on" in client.get("/runs").text
    begin(client)
    assert ended(client) == "done"
    with open_store(field.database)[0] as store:
        assert [r.status for r in runs(store)] == ["complete"]
    assert len(model.chats) > before


def judge_alone(client: TestClient) -> str:
    wanted = {"transcript": ["1", "2", "3"], "strategy": "judge", "model": "none"}
    client.post("/run/plan", data=wanted)
    assert ended(client) == "done", client.get("/work").text
    number = client.get("/work/state").json()["number"]
    assert client.post("/run/start", data={"plan": number}).status_code == 303
    return ended(client)


@pytest.mark.slow
def test_a_run_without_a_model_works_on_the_study_as_it_is_open_then(
    field: Study, opened: Callable[..., TestClient]
) -> None:
    """The plan was made while the study was open another time."""
    client = opened(field.folder)
    wanted = {"transcript": ["1", "2", "3"], "strategy": "judge", "model": "none"}
    client.post("/run/plan", data=wanted)
    assert ended(client) == "done"
    ahead = client.get("/work").text
    assert "<dd>none is asked: the shortlist decides alone</dd>" in ahead
    assert re.search(r"<dd>made by (word statistics|the sentence embedding \S+ \(.+\))</dd>", ahead)
    assert "<dt>Prompt</dt><dd>none is sent</dd>" in ahead
    for left_to in ("/", "/runs"):
        assert "A run is prepared</strong> and waits" in client.get(left_to).text
    assert judge_alone(client) == "done", client.get("/work").text
    with open_store(field.database)[0] as store:
        (row,) = (r for r in runs(store) if r.strategy == "judge")
        assert row.status == "complete"
        for page in ("/", "/runs"):
            assert "A run is prepared" not in client.get(page).text
        assert judgements(store, row.id, row.transcripts[0])


@pytest.mark.slow
def test_a_run_that_a_fault_ended_is_not_complete(
    field: Study, opened: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = opened(field.folder)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(JudgeConclusion, "conclude", broken)
        assert judge_alone(client) == "failed"
    with open_store(field.database)[0] as store:
        (row,) = (r for r in runs(store) if r.strategy == "judge")
        assert (row.status, row.why) == (
            "partial",
            "It was ended before all was put together; run it again.",
        )
    assert judge_alone(client) == "done", "the same run goes on"
    with open_store(field.database)[0] as store:
        (row,) = (r for r in runs(store) if r.strategy == "judge")
        assert row.status == "complete"


def test_a_page_that_is_drawn_while_the_work_ends_is_not_empty(
    field: Study, opened: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is being done may end between two looks of one page at it."""
    client = opened(field.folder)
    go_on = threading.Event()

    def slow(*given: Any) -> Any:
        go_on.wait(LIMIT)
        return plan_run(*given)

    def end_meanwhile(*given: Any) -> Any:
        go_on.set()
        assert ended(client) == "done"
        return open_audits(*given)

    monkeypatch.setattr(work, "plan_run", slow)
    monkeypatch.setattr(work, "open_audits", end_meanwhile)
    client.post("/run/plan", data={"transcript": ["1", "2", "3"]})
    page = client.get("/work").text
    assert 'id="work"' in page, "it had not ended when the page was asked for"
    assert "What the run would ask" in client.get("/work").text


def test_measuring_says_its_steps_and_a_stopped_one_stores_nothing(
    field: Study, opened: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = opened(field.folder)
    go_on = threading.Event()

    def waits(*given: Any) -> Any:
        assert go_on.wait(LIMIT)
        return planning(*given)

    with open_store(field.database)[0] as store:
        before = evaluations(store)
    monkeypatch.setattr("eval.evaluation.evaluating.planning", waits)
    assert client.post("/evaluate", data={}).status_code == 303
    until(lambda: client.get("/work/state").json()["done"] >= 3, "three steps are done")
    state = client.get("/work/state").json()
    assert (state["of"], state["remark"]) == (STEPS, "what to code next")
    page = client.get("/work").text
    assert "Step 4 of 6: what to code next" in page
    assert "what has been answered is stored" not in page
    client.post("/work/stop")
    go_on.set()
    assert ended(client) == "stopped"
    assert "Nothing was measured, and nothing is stored" in client.get("/work").text
    with open_store(field.database)[0] as store:
        assert evaluations(store) == before
