"""Whatever did not work, the page says what happened and what to do next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from assistant.errors import UserError
from assistant.review import app as application
from assistant.review.app import make_app
from assistant.review.pages import study as study_page
from assistant.review.safety import POLICY
from assistant.study import Study
from tests.review.conftest import HOST, TOKEN

ADVICE = "<strong>What to do:</strong> "


@pytest.mark.parametrize(
    ("method", "path", "data", "what", "advice"),
    [
        ("GET", "/runs/99", {}, "no run 99", "from the study&#39;s page"),
        ("GET", "/codes/nothing", {}, "no code “nothing”", "from the study&#39;s page"),
        ("GET", "/nowhere", {}, "no such page", "from the study&#39;s page"),
        ("GET", "/run/plan", {}, "what a form sends", "Go back to the page with the form"),
        ("POST", "/import", {}, "No file was chosen", "Drop files on the field"),
        ("POST", "/statements", {"exposure": "guessed"}, "guessed", "Go back"),
        ("POST", "/run/plan", {}, "No transcript was chosen", "Choose at least one"),
        ("POST", "/run/plan", {"transcript": "1", "max_cost": "much"}, "a number", "2.50"),
        ("POST", "/run/start", {"plan": "7"}, "not there any more", "Plan the run again"),
        (
            "POST",
            "/start/endpoint",
            {"where": "server", "base_url": "x"},
            "not the address",
            "localhost",
        ),
        ("POST", "/start/endpoint", {}, "Choose where the model is", "at an address"),
    ],
)
def test_an_error_says_what_to_do(
    client: TestClient, method: str, path: str, data: dict[str, str], what: str, advice: str
) -> None:
    answer = client.request(method, path, data=data or None)
    assert answer.status_code in (400, 404, 405)
    page = answer.text
    assert "<h1>That did not work</h1>" in page
    assert what in page
    assert advice in page[page.index(ADVICE) + len(ADVICE) :].partition("</p>")[0]


def test_the_way_back_leads_to_where_one_was(client: TestClient) -> None:
    def shown(referer: str) -> str:
        return client.post("/run/plan", headers={"Referer": referer}).text

    assert 'href="/run?again=1">Back to where you were' in shown(f"http://{HOST}/run?again=1")
    for elsewhere in ("http://evil.example/run", f"http://{HOST}/", "nonsense"):
        assert "Back to where you were" not in shown(elsewhere)


def test_a_script_is_told_what_to_do_too(client: TestClient) -> None:
    answer = client.get("/runs/99", headers={"Accept": "application/json"})
    assert answer.json()["error"]["hint"]


def test_a_mistake_in_the_codebook_comes_with_its_hint(client: TestClient, study: Study) -> None:
    study.codebook_file.write_text("name: x\ncodes:\n  - id: a\n    colour: red\n", "utf-8")
    page = client.get("/start?step=codebook").text
    assert "line 4" in page
    assert ADVICE in page


def test_our_own_mistake_is_said_as_ours(
    study: Study, opened: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words of an interview")

    monkeypatch.setattr(study_page, "overview", broken)
    cookies = opened(study.folder).cookies
    client = TestClient(
        make_app(study.folder, TOKEN, 8000),
        base_url=f"http://{HOST}",
        cookies=cookies,
        raise_server_exceptions=False,
    )
    answer = client.get("/")
    assert answer.status_code == 500
    assert "A fault of the program" in answer.text
    assert ADVICE in answer.text
    assert "secret words" not in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_error_without_a_hint_gets_one(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise UserError("Not today.")

    monkeypatch.setattr(study_page, "overview", refuse)
    page = client.get("/").text
    assert "Not today." in page
    assert application._advice(UserError("x")) in page
