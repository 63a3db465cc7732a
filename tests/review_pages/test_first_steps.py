"""The first steps and the study's page before anybody has coded."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.study import Study, create_study
from tests.review.studies import SHED, add_interview, shed


def test_consent_can_be_said_of_interviews_that_nobody_coded(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study = create_study(tmp_path / "new", name="New")
    dora = opened(study.folder, "Dora")
    assert 'name="consent"' not in dora.get("/").text, "there is nothing to say it of"
    with open_store(study.database)[0] as store:
        add_interview(store, "Shed 1", SHED)
    page = dora.get("/").text
    assert 'name="consent"' in page
    assert 'action="/statements/part"' not in page, "nobody coded anything"
    said = dora.post("/statements", data={"consent": "none", "transcript": ""})
    assert said.status_code == 303
    assert re.search(r"<td>none</td>", dora.get("/").text)


def done(page: str) -> bool:
    step = re.search(r'<li class="(\w*)" id="codebook">', page)
    assert step
    return step[1] == "done"


def test_the_codebook_is_not_checked_while_definitions_are_missing(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study: Study = shed(tmp_path / "study")
    dora = opened(study.folder, "Dora")
    assert done(dora.get("/start").text)
    text = study.codebook_file.read_text(encoding="utf-8")
    new = text.replace("    definition: What the sky does to the garden.\n", "")
    assert new != text
    study.codebook_file.write_text(new, encoding="utf-8")
    page = dora.get("/start?step=codebook").text
    assert not done(page)
    assert "Without a definition: weather." in page
    assert "3 codes, 1 of them without a definition" in dora.get("/start?step=files").text
