"""Pages by which prompts and codebooks are chosen count as looks at the evidence, once a person."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.store.measured.looks import looks_by_kind
from assistant.study import Study


def counted(study: Study) -> dict[str, int]:
    with open_store(study.database)[0] as store:
        return {str(kind): n for kind, n in looks_by_kind(store).items()}


def test_the_queue_of_disagreements_is_a_look(
    field: Study, opened: Callable[..., TestClient]
) -> None:
    before = counted(field).get("disagreements", 0)
    ana = opened(field.folder, "Ana")
    assert ana.get("/disagreements").status_code == 200
    assert ana.get("/disagreements").status_code == 200
    assert counted(field)["disagreements"] == before + 1
    assert opened(field.folder, "Ben").get("/disagreements").status_code == 200
    assert counted(field)["disagreements"] == before + 2
