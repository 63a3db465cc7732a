"""A colleague's blind codes wait until both have finished, also when that is in a page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.interchange.sharing.merge import merge_file
from assistant.interchange.sharing.share import share
from assistant.store.database import open_store
from assistant.store.people.codings import codings
from assistant.study import Study, open_study

CODING = {"code": "tools", "start": 30, "end": 60}


def blind_codes(study: Study, who: str) -> int:
    with open_store(study.database)[0] as store:
        return sum(c.coder.name == who for c in codings(store, 1))


@pytest.mark.slow
def test_finishing_in_the_page_opens_what_waited(
    study: Study, opened: Callable[..., TestClient], tmp_path: Path
) -> None:
    other = open_study(Path(shutil.copytree(study.folder, tmp_path / "hers")))
    eva = opened(other.folder, "Eva")
    eva.post("/blind/1/begin")
    eva.post("/blind/1/codings", json=CODING, headers={"Accept": "application/json"})
    eva.post("/blind/1/finish")
    file = tmp_path / "eva.share.zip"
    with open_store(other.database)[0] as store:
        share(other, store, file, person="Eva")
    fay = opened(study.folder, "Fay")
    fay.post("/blind/1/begin")
    with open_store(study.database)[0] as store:
        assert merge_file(study, store, file).sealed == {"Eva": 1}
    assert blind_codes(study, "Eva") == 0
    fay.post("/blind/1/codings", json=CODING, headers={"Accept": "application/json"})
    assert fay.post("/blind/1/finish").status_code == 303
    assert blind_codes(study, "Eva") == 1
