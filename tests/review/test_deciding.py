"""Deciding and adding on the transcript page: what it shows, and what is stored of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.review.spans import drawn
from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestions
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, codings
from assistant.store.people.openings import openings
from assistant.store.records import Coding
from assistant.store.texts.transcripts import transcript
from assistant.store.verify import verify
from assistant.study import Study
from tests.review.asking import JSON, decide, made, page_data
from tests.review.studies import add_verdicts


def test_the_page_holds_the_words_and_everybodys_spans(client: TestClient, study: Study) -> None:
    data = page_data(client)
    with open_store(study.database)[0] as store:
        text = transcript(store, 1).text
        people = codings(store, 1)
        model = suggestions(store, 1)
    assert len(data["spans"]) == len(people) + len(model)
    places = {(c.start, c.end) for c in people} | {(s.start, s.end) for s in model}
    assert {(s["start"], s["end"]) for s in data["spans"]} == places
    assert [c["name"] for c in data["coders"]] == ["Ana", "Ben", "model m"]
    assert len({c["look"] for c in data["coders"]}) == len({c["mark"] for c in data["coders"]}) == 3
    html = client.get("/transcripts/1").text
    for said in re.findall(r'<p class="seg"[^>]*>(.*?)</p>', html, re.S):
        assert said.replace("&#39;", "'") in text


def test_everybody_looks_the_same_whoever_codes_next(
    client: TestClient, study: Study, opened: Callable[..., TestClient]
) -> None:
    amy = opened(study.folder, "Amy")
    page_data(client)
    before = page_data(amy)
    looks = {c["name"]: (c["look"], c["mark"]) for c in before["coders"]}
    place = {"code": "weather", "start": 0, "end": 20, "run": 1}
    assert amy.post("/transcripts/1/codings", json=place, headers=JSON).status_code == 200
    after = {c["name"]: (c["look"], c["mark"]) for c in page_data(amy)["coders"]}
    own = (before["reviewer"]["look"], before["reviewer"]["mark"])
    assert after == {**looks, "Amy": own}
    assert len(set(after.values())) == 4


def test_a_code_that_the_codebook_ignores_is_no_disagreement(
    client: TestClient, study: Study
) -> None:
    with open_store(study.database)[0] as store:
        coder = add_coder(store, "Ben", "human")
        text = transcript(store, 1).text
        for code in ("to do", "Frost"):
            add_coding(
                store,
                Coding(0, code, 1, coder, code, 0, 30, text[:30], "import", "independent"),
            )
    source = study.codebook_file.read_text(encoding="utf-8")
    ignore = 'ignore:\n  - pattern: "to do"\n    why: a note to oneself\n'
    study.codebook_file.write_text(source + ignore, encoding="utf-8")
    with open_store(study.database)[0] as store:
        book = load_codebook(study.codebook_file)
        row = run(store, 1)
        found = drawn(store, transcript(store, 1), book, row, {}, "Ana")
    differs = {found.codes[s.code].id: s.differs for s in found.spans if s.start == 0}
    assert (differs["to do"], differs["Frost"]) == (False, True)


def test_disagreement_is_marked_by_the_rule_from_span_to_segment(client: TestClient) -> None:
    data = page_data(client)
    people = [s for s in data["spans"] if s["id"].startswith("c")]
    agreed = [
        s
        for s in data["spans"]
        if s["id"].startswith("s")
        and {p["coder"] for p in people if (p["start"], p["code"]) == (s["start"], s["code"])}
        == {0, 1}
    ]
    assert all(not s["differs"] for s in agreed)
    assert any(s["differs"] for s in data["spans"] if s["id"].startswith("s"))


def test_each_decision_is_stored_with_who_when_and_how_long(
    client: TestClient, study: Study
) -> None:
    answer = decide(client, 1, "accept")
    assert answer.status_code == 200
    (span,) = answer.json()["spans"]
    assert (span["decision"], span["by"]) == ("accept", "Ana")
    answer = decide(client, 1, "reject", after=span["after"], reason="irony")
    answer = decide(client, 1, "undo", after=answer.json()["spans"][0]["after"])
    (span,) = answer.json()["spans"]
    assert (span["decision"], span["by"], span["reason"]) == ("accept", "Ana", "")
    answer = decide(client, 1, "undo", after=answer.json()["spans"][0]["after"])
    assert answer.json()["spans"][0]["decision"] == "open"
    assert made(study, 1) == [
        ("accept", "Ana", "", 3.5),
        ("reject", "Ana", "irony", 3.5),
        ("undo", "Ana", "", None),
        ("undo", "Ana", "", None),
    ]


def test_who_decided_meanwhile_is_said_and_nothing_is_stored(
    client: TestClient, study: Study, opened: Callable[..., TestClient]
) -> None:
    other = opened(study.folder, "Ben")
    assert decide(other, 2, "reject").status_code == 200
    answer = decide(client, 2, "accept")
    assert answer.status_code == 409
    assert "Ben rejected it meanwhile" in answer.json()["error"]["what"]
    (now,) = answer.json()["spans"]
    assert (now["decision"], now["by"]) == ("reject", "Ben")
    assert [d[:2] for d in made(study, 2)] == [("reject", "Ben")]
    # Knowing it, she may see it otherwise.
    assert decide(client, 2, "accept", after=now["after"]).status_code == 200
    assert [d[:2] for d in made(study, 2)] == [("reject", "Ben"), ("accept", "Ana")]


def test_an_undone_decision_counts_as_meanwhile_too(client: TestClient, study: Study) -> None:
    first = decide(client, 2, "accept").json()["spans"][0]["after"]
    decide(client, 2, "undo", after=first)
    answer = decide(client, 2, "accept", after=first)
    assert answer.status_code == 409
    assert "Ana took back a decision on it meanwhile" in answer.json()["error"]["what"]
    assert decide(client, 2, "accept", after=0).status_code == 409


def test_changing_code_and_span_adds_an_own_coding(client: TestClient, study: Study) -> None:
    answer = decide(client, 3, "amend", code="sharing", start=30, end=60)
    changed, own = sorted(answer.json()["spans"], key=lambda s: s["id"], reverse=True)
    assert changed["decision"] == "amend"
    assert (own["start"], own["end"], own["mine"]) == (30, 60, True)
    with open_store(study.database)[0] as store:
        (kept,) = [c for c in codings(store) if c.origin == "review"]
        assert (kept.code, kept.coder.name, kept.exposure) == ("sharing", "Ana", "after-model")
        assert verify(store).ok


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"action": "perhaps", "after": 0}, "is no decision"),
        ({"action": "accept"}, "whole number"),
        ({"action": "amend", "after": 0, "code": "sunshine"}, "no code “sunshine”"),
        ({"action": "amend", "after": 0, "start": 5, "end": 99999}, "no text"),
    ],
)
def test_what_cannot_be_decided_is_explained(
    client: TestClient, study: Study, body: dict[str, Any], said: str
) -> None:
    answer = client.post("/suggestions/1/decide", json=body, headers=JSON)
    assert answer.status_code == 400
    assert said in answer.json()["error"]["what"]
    assert made(study, 1) == []


def test_an_added_coding_can_be_taken_back_by_her_alone(
    client: TestClient, study: Study, opened: Callable[..., TestClient]
) -> None:
    page_data(client)
    with open_store(study.database)[0] as store:
        text = transcript(store, 1).text
    start = text.index("frost 🌱 took")
    end = text.index("nobody said") + len("nobody said")
    place = {"code": "weather", "start": start - 1, "end": end + 1, "run": 1}
    answer = client.post("/transcripts/1/codings", json=place, headers=JSON)
    (span,) = answer.json()["spans"]
    assert answer.json()["quote"] == text[start:end]
    assert answer.json()["exposure"] == "after-model"
    assert (span["start"], span["end"]) == (start, end)
    again = client.post("/transcripts/1/codings", json=place, headers=JSON)
    assert "already" in again.json()["error"]["what"]
    address = f"/codings/{span['number']}/remove"
    ben = opened(study.folder, "Ben")
    assert "Ana's" in ben.post(address, json={}, headers=JSON).json()["error"]["what"]
    assert client.post(address, json={}, headers=JSON).json()["gone"] == [span["id"]]
    with open_store(study.database)[0] as store:
        assert [c for c in codings(store) if c.origin != "import"] == []
        assert verify(store).ok


def test_imported_codings_are_never_taken_back(client: TestClient, study: Study) -> None:
    page_data(client)
    with open_store(study.database)[0] as store:
        mine = next(c for c in codings(store, 1) if c.coder.name == "Ana")
    answer = client.post(f"/codings/{mine.id}/remove", json={}, headers=JSON)
    assert answer.status_code == 400


def test_showing_is_on_record_once_a_day_and_own_codes_are_no_opening(
    client: TestClient, study: Study
) -> None:
    for _ in range(3):
        page_data(client)
    page_data(client, "/transcripts/1?run=0")
    with open_store(study.database)[0] as store:
        assert [(o.who, o.shown, o.coder, o.place) for o in openings(store)] == [
            ("Ana", "model", "model m", "transcript page"),
            ("Ana", "people", "Ben", "transcript page"),
        ]


def test_what_a_model_wrote_is_escaped_and_evidence_is_shown(client: TestClient) -> None:
    html = client.get("/suggestions/1/why").text
    assert "&lt;b&gt;not bold&lt;/b&gt;" in html
    assert "<b>not bold" not in html
    assert "0.62 [0.41, 0.80]" in html
    assert "0.70 [0.55, 0.84]" in html
    near = client.get("/suggestions/1/similar").text
    assert near.count("<figure>") == 3
    assert "By the words they share" in near


def test_withheld_suggestions_are_hidden_unless_asked_for(client: TestClient, study: Study) -> None:
    before = page_data(client)
    with open_store(study.database)[0] as store:
        add_verdicts(store, study, 1, tools="withhold", weather="review")
        of_tools = [f"s{s.id}" for s in suggestions(store, 1, code="tools")]
    hidden = page_data(client)
    assert hidden["withheld"] == len(of_tools)
    ids = {s["id"] for s in hidden["spans"]}
    assert not ids & set(of_tools)
    assert len(ids) == len(before["spans"]) - len(of_tools)
    shown = page_data(client, "/transcripts/1?withheld=1")
    assert set(of_tools) <= {s["id"] for s in shown["spans"]}
    assert f"{len(of_tools)} suggestions are hidden" in client.get("/transcripts/1").text


def test_bulk_shows_why_not_and_is_refused(client: TestClient, study: Study) -> None:
    html = client.get("/bulk?run=1&code=tools").text
    assert "cannot be accepted at once" in html
    assert "data-bulk" not in html
    answer = client.post("/bulk", json={"run": 1, "code": "tools"}, headers=JSON)
    assert answer.status_code == 409
    with open_store(study.database)[0] as store:
        assert decisions(store) == ()
