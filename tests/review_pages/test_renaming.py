"""A transcript is renamed in the browser."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from assistant.store.database import open_store
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
    assert "“Shed 1” is called “Hut 1” now." in (told := dora.get("/").text)
    assert "The old name stays on record" in told
    assert "Hut 1" in names(study)
    with open_store(study.database)[0] as store:
        assert events(store, "renamed")[-1].who == "Dora"


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
