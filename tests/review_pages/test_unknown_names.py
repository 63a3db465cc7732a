"""Names that people used and the codebook does not know are settled on the page that shows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.interchange.study_codebook.unknown_names import unknown_names
from assistant.store.database import open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding
from assistant.store.records import Coding
from assistant.store.versions import codebook_versions
from assistant.study import Study
from tests.review.asking import shown_text


@pytest.fixture
def coded(study: Study) -> Study:
    with open_store(study.database)[0] as store:
        ana = add_coder(store, "Ana", "human")
        for n, code in enumerate(("Tool s", "bees", "bees")):
            there = Coding(0, f"g-{n}", 1, ana, code, n, n + 9, "x", "import", "independent")
            add_coding(store, there)
    return study


def test_each_is_another_name_of_a_code_or_a_code_of_its_own(
    coded: Study, opened: Callable[..., TestClient]
) -> None:
    study, client = coded, opened(coded.folder)
    page = client.get("/codebook").text
    shown = shown_text(page)
    assert "People used these 2 names." in shown
    assert "bees 2 codings in 1 transcript" in shown
    assert '<input type="hidden" name="name" value="Tool s">' in page
    assert 'list="known-codes" value="tools"' in page
    settle = "/codebook/names"
    for wrong in ({}, {"as": "alias", "code": ""}, {"as": "alias", "code": "hoes"}):
        refused = client.post(settle, data={"name": "bees", **wrong})
        assert refused.status_code == 400
    done = client.post(settle, data={"name": "Tool s", "code": "Tools", "as": "alias"})
    assert (done.status_code, done.headers["location"]) == (303, "/codebook#unknown")
    told = shown_text(client.get("/codebook").text)
    assert (
        "“Tool s” is another name of “Tools” now: 1 coding with it is measured. 1 name left" in told
    )
    client.post(settle, data={"name": "bees", "code": "", "as": "code"})
    told = shown_text(client.get("/codebook").text)
    assert "“bees” is a code of the codebook now, without a definition yet" in told
    assert "Names that the codebook does not know" not in told
    again = client.post(settle, data={"name": "bees", "as": "code"})
    assert (again.status_code, "knows “bees” already" in again.text) == (400, True)
    book = load_codebook(study.codebook_file)
    assert (book.resolve("Tool s"), book.resolve("bees")) == ("tools", "bees")
    with open_store(study.database)[0] as store:
        assert unknown_names(study, store) == ()
        assert len(codebook_versions(store)) == 3


def test_what_came_in_is_asked_about_where_it_is_told(
    field: Study, opened: Callable[..., TestClient]
) -> None:
    table = "transcript,quote,code,coder\nInterview 01,It was all couch grass,weeds,Cleo\n"
    page = opened(field.folder).post("/import", files={"files": ("c.csv", table.encode())})
    shown = shown_text(page.text)
    assert "weeds 1 coding in 1 transcript" in shown, shown
    assert "It is a code of its own" in shown
