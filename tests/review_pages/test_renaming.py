"""A transcript is renamed in the browser; where the old name is to go, it is first shown what that
would do."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.store.people.memos import add_memo, memos
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import events
from assistant.study import Study
from tests.store.filled import add_interview


def names(study: Study) -> list[str]:
    with open_store(study.database)[0] as store:
        return [info.name for info in transcript_infos(store)]


def test_a_plain_name_is_changed_at_once(study: Study, opened: Callable[..., TestClient]) -> None:
    dora = opened(study.folder, "Dora")
    assert 'action="/rename"' in dora.get("/").text
    done = dora.post("/rename", data={"transcript": "Shed 1", "name": "Hut 1"})
    assert done.status_code == 303
    assert "“Shed 1” is called “Hut 1” now." in dora.get("/").text
    assert "Hut 1" in names(study)
    with open_store(study.database)[0] as store:
        assert events(store, "renamed")[-1].who == "Dora"


def test_a_name_that_is_to_go_is_shown_first(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(study.database)[0] as store:
        add_memo(store, "study", "Rosa in Shed 1 laughs.", who="Dora")
    dora = opened(study.folder, "Dora")
    said = {"transcript": "Shed 1", "name": "P07", "forget": "1", "also": "Rosa\r\n"}
    shown = dora.post("/rename", data=said)
    assert shown.status_code == 200
    assert "Nothing has been changed yet" in shown.text
    assert "memos and reasons (1)" in shown.text
    assert "Shed 1" in names(study)
    assert dora.post("/rename", data={**said, "sure": "1"}).status_code == 303
    assert "P07" in names(study)
    assert "Shed 1" not in names(study)
    with open_store(study.database)[0] as store:
        assert memos(store)[-1].text == "P07 in P07 laughs."
    assert "backups" in dora.get("/").text


def test_a_name_that_another_has_is_refused(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(study.database)[0] as store:
        add_interview(store, "Hut", [("A", f"Of a hut, {n} times.") for n in range(4)])
    before = names(study)
    dora = opened(study.folder, "Dora")
    done = dora.post("/rename", data={"transcript": "Shed 1", "name": "hut"})
    assert done.status_code == 400
    assert "There is a transcript “Hut” already" in done.text
    assert names(study) == before
