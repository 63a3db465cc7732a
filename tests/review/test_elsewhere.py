"""What a model of another study said, and its note, stands where its passage is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.coding_notes import add_coding_note
from assistant.store.people.codings import add_coding, codings
from assistant.store.people.openings import openings
from assistant.store.records import Coding
from assistant.study import Study
from tests.review.asking import JSON, page_data

NOTE = "Because of <the> spade.\nSuggested by a model, small, in run 3 of another study."


@pytest.fixture
def brought(study: Study) -> Study:
    """The study with one coding of a model that came in a file: where Ana alone coded."""
    with open_store(study.database)[0] as store:
        bens = {c.start for c in codings(store, 1) if c.coder.name == "Ben"}
        anas = [c for c in codings(store, 1) if c.coder.name == "Ana"]
        first = next(c for c in anas if c.start not in bens)
        model = add_coder(store, "small", "model")
        add_coding(
            store,
            Coding(
                *(0, "m-1", 1, model, first.code),
                *(first.start, first.end, first.quote, "import", "independent"),
            ),
        )
        span = (first.start, first.end)
        assert add_coding_note(store, 1, "small", [first.code], span, NOTE)
    return study


def seen(study: Study, who: str) -> list[tuple[str, str, str]]:
    with open_store(study.database)[0] as store:
        return [(o.shown, o.coder, o.place) for o in openings(store, who)]


def test_the_transcript_page_has_it_and_whoever_saw_it_is_on_record(
    brought: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(brought.folder, "Eva")
    data = page_data(eva, "/transcripts/1?run=0")
    (one,) = data["elsewhere"]
    ana = next(s for s in data["spans"] if s["start"] == one["start"])
    assert (one["coder"], one["note"]) == ("small", NOTE)
    assert one["code"] == data["codes"][ana["code"]]["id"]
    assert ("model", "small", "transcript page") in seen(brought, "Eva")
    assert eva.get("/transcripts/1/state?run=0", headers=JSON).json()["elsewhere"] == [one]


def test_who_codes_blind_is_not_shown_it(brought: Study, opened: Callable[..., TestClient]) -> None:
    eva = opened(brought.folder, "Eva")
    eva.post("/blind/1/begin")
    assert "spade.\\nSuggested" not in eva.get("/blind/1").text
    assert "small" not in eva.get("/transcripts/1").text.partition("<main")[2]
    assert seen(brought, "Eva") == []


@pytest.mark.slow
def test_a_disagreement_about_the_passage_has_it_unless_names_are_hidden(
    brought: Study, opened: Callable[..., TestClient]
) -> None:
    dora = opened(brought.folder, "Dora")
    listed = dora.get("/disagreements").text
    keys = list(dict.fromkeys(re.findall(r"/disagreements/(d-[0-9a-f]+)", listed)))
    assert "small" not in {coder for _, coder, _ in seen(brought, "Dora")}
    said = "Because of &lt;the&gt; spade."
    there = [key for key in keys if said in dora.get(f"/disagreements/{key}").text]
    assert len(there) == 1
    assert ("model", "small", "disagreements") in seen(brought, "Dora")
    page = dora.get(f"/disagreements/{there[0]}").text
    assert "in run 3 of another study." in page
    assert "<the>" not in page
    fay = opened(brought.folder, "Fay")
    assert "another study" not in fay.get(f"/disagreements/{there[0]}?hide=1").text
    assert "small" not in {coder for _, coder, _ in seen(brought, "Fay")}
