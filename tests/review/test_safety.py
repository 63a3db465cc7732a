"""Who is answered, and under what policy the answer is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.review.app import make_app
from assistant.study import Study
from tests.review.conftest import HOST, TOKEN


@pytest.fixture
def stranger(study: Study) -> TestClient:
    """A browser that has not shown the token."""
    app = make_app(study.folder, TOKEN, 8000)
    return TestClient(app, base_url=f"http://{HOST}", follow_redirects=False)


def test_without_the_token_nothing_is_shown(stranger: TestClient) -> None:
    for path in ("/", "/static/css/frame.css", "/nothing"):
        answer = stranger.get(path)
        assert answer.status_code == 403
        assert "Open the whole address" in answer.text
    assert stranger.get("/?token=wrong").status_code == 403
    assert stranger.get("/", headers={"Cookie": "secondcoder-8000=wrong"}).status_code == 403


def test_the_token_becomes_a_strict_cookie_and_leaves_the_address(stranger: TestClient) -> None:
    answer = stranger.get(f"/static/icon.svg?token={TOKEN}&x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/static/icon.svg?x=1"
    cookie = answer.headers["set-cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie
    assert stranger.get("/static/icon.svg").status_code == 200


def test_the_token_never_leads_elsewhere(stranger: TestClient) -> None:
    answer = stranger.get(f"http://{HOST}//elsewhere.example/?token={TOKEN}")
    assert answer.headers["location"] == "/elsewhere.example/"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1", "127.0.0.1:80"])
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:9"])
def test_a_foreign_origin_changes_nothing(client: TestClient, origin: str) -> None:
    answer = client.post("/reviewer", data={"name": "Eve"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_missing_origin_changes_nothing(client: TestClient) -> None:
    del client.headers["Origin"]
    assert client.post("/reviewer", data={"name": "Eve"}).status_code == 403


def test_every_answer_has_the_policy(client: TestClient, stranger: TestClient) -> None:
    for answer in (client.get("/nothing"), client.get("/static/js/frame.js"), stranger.get("/")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_the_name_is_kept_and_leads_back_inside_only(client: TestClient) -> None:
    answer = client.post("/reviewer", data={"name": "Äna", "back": "//evil.example/x?y=1"})
    assert answer.headers["location"] == "/x?y=1"
    assert "Äna" in client.get("/nothing").text


def test_an_unknown_page_says_so(client: TestClient) -> None:
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    found = client.get("/nothing", headers={"Accept": "application/json"}).json()
    assert found["error"]["what"] == "There is no such page."


def test_no_template_has_script_or_style_inside() -> None:
    from assistant import review

    for template in (Path(review.__file__).parent / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        for forbidden in (" style=", "<style", " onclick=", "javascript:", "|safe", "| safe"):
            assert forbidden not in text, f"{template.name}: {forbidden}"


def test_vendored_files_are_those_that_are_listed() -> None:
    import hashlib

    from assistant import review

    folder = Path(review.__file__).parent / "static" / "vendor"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for path in folder.glob("*.js"):
        assert path.name in listed
        assert hashlib.sha256(path.read_bytes()).hexdigest() in listed


def test_a_folder_without_a_study_leads_to_the_start(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    client = opened(tmp_path, name="")
    answer = client.get("/transcripts/1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/start"
