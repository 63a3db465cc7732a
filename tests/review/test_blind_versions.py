"""What a code meant when it was made blind in the page is on record."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.store.database import open_store
from assistant.store.people.codings import scopes
from assistant.store.versions import codebook
from assistant.study import Study

JSON = {"accept": "application/json"}


def test_codes_that_began_with_an_older_codebook_stay_of_it(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    file = study.codebook_file
    # Nobody recorded this version before she coded with it.
    file.write_text(
        file.read_text(encoding="utf-8") + "  - {id: frost, definition: What froze.}\n",
        encoding="utf-8",
    )
    first = load_codebook(file)
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    said = {"code": "frost", "start": 30, "end": 60}
    assert eva.post("/blind/1/codings", json=said, headers=JSON).status_code == 200
    text = file.read_text(encoding="utf-8").replace("What froze.", "What froze or thawed.")
    file.write_text(text, encoding="utf-8")
    assert eva.post("/blind/1/finish").status_code == 303
    with open_store(study.database)[0] as store:
        (scope,) = [s for s in scopes(store, 1) if s.coder.name == "Eva"]
        assert scope.codebook_sha256 == first.sha256 != load_codebook(file).sha256
        assert codebook(store, first.sha256).by_id["frost"].definition == "What froze."
