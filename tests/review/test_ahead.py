"""What the first preview would wait for is found out when the server starts."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
import uvicorn

from assistant.guide import ahead
from assistant.guide.ahead import look_ahead
from assistant.review import serving
from assistant.review.serving import Serving, serve
from assistant.study import Study


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(ahead, "engine_available", lambda: found.append("engine"))
    monkeypatch.setattr(ahead, "embedding_available", lambda: found.append("embedding"))
    return found


def test_for_the_model_inside_the_program_and_where_no_study_is_yet(
    study: Study, tmp_path: Path, asked: list[str]
) -> None:
    look_ahead(study.folder)
    look_ahead(tmp_path / "none")
    assert asked == ["embedding", "engine"] * 2


def test_not_for_a_model_elsewhere(study: Study, asked: list[str]) -> None:
    file = study.folder / "study.toml"
    settings = file.read_text(encoding="utf-8")
    own = 'base_url = "https://models.example/v1"'
    file.write_text(settings.replace("[endpoint]", f"[endpoint]\n{own}", 1), encoding="utf-8")
    look_ahead(study.folder)
    assert asked == []


def test_it_begins_once_the_address_is_told(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    happened: list[object] = []

    def run(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        server.started = True
        assert done.wait(60)

    def looked(folder: Path) -> None:
        happened.append(folder)
        done.set()

    def say(made: Serving) -> None:
        happened.append(made.port)

    monkeypatch.setattr(uvicorn.Server, "run", run)
    monkeypatch.setattr(serving, "look_ahead", looked)
    serve(study.folder, browser=False, say=say)
    port, folder = happened
    assert port
    assert folder == study.folder
