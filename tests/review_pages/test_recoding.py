"""What a changed definition makes each person look at again, on its page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.interchange.editing import codebook_text, save_codebook, text_hash
from assistant.interchange.recoding import passages_to_recode, stale_transcripts
from assistant.store.coders import coders
from assistant.store.codings import add_coding, scopes, set_exposure, set_scope
from assistant.store.database import open_store
from assistant.store.openings import openings, record_openings
from assistant.store.records import Coding, Scope
from assistant.store.transcripts import transcript
from assistant.study import Study
from tests.review.studies import SHED, add_interview


@pytest.fixture
def changed(study: Study) -> Study:
    """Ana read a second interview without giving the code whose definition is changed then."""
    text = codebook_text(study)
    with open_store(study.database)[0] as store:
        save_codebook(study, store, text + "\n", "Ana", seen=text_hash(text))
        key = add_interview(store, "New 2", SHED[1:])
        ana = next(c for c in coders(store, "human") if c.name == "Ana")
        set_scope(store, Scope(ana, key, "independent"))
        set_exposure(store, "independent", coder="Ana")
        text = codebook_text(study)
        new = text.replace("What the sky does to", "Wind and rain in")
        save_codebook(study, store, new, "Ana", seen=text_hash(text))
    return study


def test_all_transcripts_of_her_scope_are_listed(
    changed: Study, opened: Callable[..., TestClient]
) -> None:
    book = load_codebook(changed.codebook_file)
    with open_store(changed.database)[0] as store:
        rows = {r.coder: r for r in passages_to_recode(store, book, "weather")}
        listed = {t.transcript: t.passages for t in rows["Ana"].transcripts}
        assert listed["New 2"] == 0
        assert rows["Ana"].transcripts[-1].words > 0
        assert passages_to_recode(store, book, "tools") == (), "nothing of it changed"
        assert passages_to_recode(store, book, "tools", if_it_changed=True)
    page = opened(changed.folder, "Ana").get("/recoding?code=weather").text
    assert "New 2: not used; that it was not is of the other definition too" in page
    assert "Nobody coded with another definition" in (
        opened(changed.folder, "Ana").get("/recoding?code=tools").text
    )


def test_she_says_it_of_one_code_and_is_shown_no_one_elses(
    changed: Study, opened: Callable[..., TestClient]
) -> None:
    ana = opened(changed.folder, "Ana")
    ana.get("/recoding?code=weather")
    book = load_codebook(changed.codebook_file)
    with open_store(changed.database)[0] as store:
        assert openings(store, "Ana") == (), "looking at the list would have ended it"
    answered = ana.post("/recoding", data={"code": "weather", "for": "code"})
    assert answered.status_code == 303
    with open_store(changed.database)[0] as store:
        assert stale_transcripts(store, book, "Ana", "weather") == ()
        assert {s.exposure for s in scopes(store) if s.coder.name == "Ana"} == {"independent"}
    assert ana.post("/recoding", data={"code": "weather", "for": "code"}).status_code == 400


def test_who_has_seen_the_model_there_is_told_so(
    changed: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(changed.database)[0] as store:
        model = coders(store, "model")[0].id
        for key in {s.transcript_id for s in scopes(store)}:
            record_openings(store, "Ana", key, model=[model], place="transcript page")
    book = load_codebook(changed.codebook_file)
    answered = opened(changed.folder, "Ana").post("/recoding", data={"code": "weather"})
    assert answered.status_code == 400
    assert "Ana was shown codes of the model" in answered.text
    with open_store(changed.database)[0] as store:
        assert "New 2" in stale_transcripts(store, book, "Ana", "weather")


def test_the_page_of_another_code_does_not_end_it_either(
    changed: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(changed.database)[0] as store:
        assert "Shed 1" in stale_transcripts(store, load_codebook(changed.codebook_file), "Ana")
        key = add_interview(store, "New 3", SHED[2:])
        ben = next(c for c in coders(store, "human") if c.name == "Ben")
        set_scope(store, Scope(ben, key, "independent"))
        text = transcript(store, key).text
        said = Coding(0, "b", key, ben, "tools", 0, 9, text[:9], "import", "independent")
        add_coding(store, said)
    ana = opened(changed.folder, "Ana")
    page = ana.get("/recoding?code=tools").text
    assert "Ben used it too. What others coded in" in page
    assert "New 3, passage 1" in page, "where she has nothing to look at"
    with open_store(changed.database)[0] as store:
        assert {one.transcript_id for one in openings(store, "Ana")} == {key}
    answered = ana.post("/recoding", data={"code": "weather", "for": "all"})
    assert answered.status_code == 303
    assert "used it too" not in ana.get("/recoding?code=tools").text
    with open_store(changed.database)[0] as store:
        assert len({one.transcript_id for one in openings(store, "Ana")}) == 2
