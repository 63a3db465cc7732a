"""A small invented study, and a client that holds the token."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.review.app import make_app
from assistant.study import Study
from tests.review.studies import shed

TOKEN = "a-token-for-tests"
HOST = "127.0.0.1:8000"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """One interview about a shed, coded by Ana and Ben, with a run of 36 suggestions."""
    return shed(tmp_path / "study")


def client_for(app: Starlette, *, name: str = "Ana") -> TestClient:
    """A client as the browser is after opening the printed address, under a reviewer's name."""
    client = TestClient(
        app, base_url=f"http://{HOST}", headers={"Origin": f"http://{HOST}"}, follow_redirects=False
    )
    assert client.get(f"/?token={TOKEN}").status_code == 303
    if name:
        assert client.post("/reviewer", data={"name": name, "back": "/"}).status_code == 303
    return client


@pytest.fixture
def opened() -> Callable[..., TestClient]:
    """``opened(folder, name="Ana")``: a client on the application for that folder."""

    def make(folder: Path, name: str = "Ana") -> TestClient:
        return client_for(make_app(folder, TOKEN, 8000), name=name)

    return make


@pytest.fixture
def client(study: Study, opened: Callable[..., TestClient]) -> TestClient:
    return opened(study.folder)
