"""Pages that are opened before there is anything, or without a choice, say what can be done."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.store.database import open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, codings, set_scope
from assistant.store.records import Scope
from assistant.study import Study, create_study
from tests.review.studies import shed


def test_evaluations_before_there_is_one(tmp_path: Path, opened: Callable[..., TestClient]) -> None:
    empty = opened(create_study(tmp_path / "new", name="New").folder, "Dora").get("/evaluations")
    assert empty.status_code == 200
    assert "Bring in coded files" in empty.text
    page = opened(shed(tmp_path / "shed", run=False).folder, "Dora").get("/evaluations").text
    assert re.search(r'action="/evaluate".*?<button', page, re.DOTALL)
    assert "secondcoder evaluate" not in page


@pytest.fixture
def changed(study: Study) -> Study:
    """The definition of a code was changed after three coders had used it."""
    text = codebook_text(study)
    with open_store(study.database)[0] as store:
        save_codebook(study, store, text + "\n", "Ana", seen=text_hash(text))
        team = add_coder(store, "Team", "human")
        set_scope(store, Scope(team, 1, "adjudicated"))
        like = next(c for c in codings(store) if c.code == "weather")
        add_coding(store, replace(like, guid="t-1", coder=team, exposure="adjudicated"))
        text = codebook_text(study)
        new = text.replace("What the sky does to", "Wind and rain in")
        save_codebook(study, store, new, "Ana", seen=text_hash(text))
    return study


def test_the_study_names_as_many_as_the_list_that_it_leads_to(
    changed: Study, opened: Callable[..., TestClient]
) -> None:
    dora = opened(changed.folder, "Dora")
    page = dora.get("/").text
    said = re.search(r'id="recoding"><p>(\d+) codings from before', page)
    assert said
    there = dora.get("/recoding?code=weather").text
    assert there.count("<li><q>") == int(said[1])
    # What is adjudicated is nobody's to look at again, and is not counted beside it.
    assert "more from before then" not in page
    every = dora.get("/recoding")
    assert every.status_code == 200
    assert re.search(rf'href="/recoding\?code=weather".*?</svg> {said[1]}</td>', every.text)
    assert 'href="/recoding?code=tools"' in every.text
