"""What the pages store, and who was shown what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.guide.overview import overview
from assistant.review.spans import drawn
from assistant.store.coders import add_coder
from assistant.store.codings import add_coding, codings, scopes, set_exposure
from assistant.store.database import open_store
from assistant.store.openings import openings
from assistant.store.records import Coding
from assistant.store.runs import run
from assistant.store.suggestions import decisions, suggestions
from assistant.store.transcripts import transcript
from assistant.store.verify import verify
from assistant.study import Study
from tests.review.studies import add_verdicts, shed

JSON = {"Accept": "application/json"}


def page_data(client: TestClient, address: str = "/transcripts/1") -> dict[str, Any]:
    html = client.get(address).text
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert found, html[:400]
    data: dict[str, Any] = json.loads(found[1])
    return data


def decide(client: TestClient, number: int, action: str, after: int = 0, **more: Any) -> Any:
    body = {"action": action, "after": after, "seconds": 3.5, **more}
    return client.post(f"/suggestions/{number}/decide", json=body, headers=JSON)


def made(study: Study, number: int) -> list[tuple[str, str, str, float | None]]:
    with open_store(study.database)[0] as store:
        return [(d.decision, d.reviewer, d.reason, d.seconds) for d in decisions(store, number)]


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
    assert answer.json()["spans"][0]["decision"] == "accept"
    answer = decide(client, 1, "undo", after=answer.json()["spans"][0]["after"])
    assert answer.json()["spans"][0]["decision"] == "open"
    assert made(study, 1) == [
        ("accept", "Ana", "", 3.5),
        ("reject", "Ana", "irony", 3.5),
        ("undo", "Ana", "", None),
        ("accept", "Ana", "", None),
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
    assert decide(client, 2, "accept", after=first).status_code == 409
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


# --- blind ---------------------------------------------------------------------------------------


def test_blind_coding_shows_nothing_of_others_and_is_blind(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    assert "Nothing of this transcript" in eva.get("/blind/1").text
    assert eva.post("/blind/1/begin").status_code == 303
    data = page_data(eva, "/blind/1")
    assert data["spans"] == []
    assert data["coders"] == []
    answer = eva.post(
        "/blind/1/codings", json={"code": "tools", "start": 30, "end": 60}, headers=JSON
    )
    assert answer.status_code == 200, answer.text
    with open_store(study.database)[0] as store:
        assert [s.coder.name for s in scopes(store, 1)] == ["Ana", "Ben"]
        assert [c.exposure for c in codings(store, 1) if c.coder.name == "Eva"] == ["blind"]
        assert openings(store, "Eva") == ()
    # Nobody else sees it before she is done.
    assert "Eva" not in [c["name"] for c in page_data(opened(study.folder, "Ben"))["coders"]]
    assert eva.post("/blind/1/finish").status_code == 303
    with open_store(study.database)[0] as store:
        (scope,) = [s for s in scopes(store, 1) if s.coder.name == "Eva"]
        assert scope.exposure == "blind"
        assert scope.finished_at
        assert set(scope.codes or ()) == {"tools", "weather", "sharing"}
        assert verify(store).ok
    assert "Eva" in [c["name"] for c in page_data(opened(study.folder, "Ben"))["coders"]]
    # That was recorded; a statement about everybody does not change it.
    with open_store(study.database)[0] as store:
        set_exposure(store, "independent")
        found = {s.coder.name: s.exposure for s in scopes(store, 1)}
        assert found == {"Ana": "independent", "Ben": "independent", "Eva": "blind"}


def test_what_was_seen_while_coding_blind_decides_the_exposure(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    assert "You are coding “Shed 1” blind" in eva.get("/transcripts/1").text
    place = {"code": "tools", "start": 30, "end": 60}
    eva.post("/blind/1/codings", json=place, headers=JSON)
    assert len(page_data(eva, "/transcripts/1?anyway=1")["spans"]) > 20
    eva.post("/blind/1/codings", json={**place, "end": 70}, headers=JSON)
    eva.post("/blind/1/finish")
    with open_store(study.database)[0] as store:
        (scope,) = [s for s in scopes(store, 1) if s.coder.name == "Eva"]
        assert scope.exposure == "after-model"
        assert sorted(c.exposure for c in codings(store, 1) if c.coder.name == "Eva") == [
            "after-model",
            "blind",
        ]


def test_deciding_at_the_command_line_is_having_seen(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    from assistant.decisions.deciding import accept

    with open_store(study.database)[0] as store:
        accept(store, 1, reviewer="Eva")
    eva = opened(study.folder, "Eva")
    assert "You have seen what the model suggested" in eva.get("/blind/1").text


def test_who_has_coded_it_from_a_file_cannot_code_it_blind(client: TestClient) -> None:
    assert "your codes of it came from a file" in client.get("/blind/1").text
    answer = client.post("/blind/1/begin", headers=JSON)
    assert answer.status_code == 400


def test_giving_up_leaves_nothing_but_the_record(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    eva.post("/blind/1/codings", json={"code": "tools", "start": 30, "end": 60}, headers=JSON)
    assert eva.post("/blind/1/give-up").status_code == 303
    with open_store(study.database)[0] as store:
        assert [c for c in codings(store, 1) if c.coder.name == "Eva"] == []
    assert "Begin as Eva" in eva.get("/blind/1").text
    refused = eva.post(
        "/blind/1/codings", json={"code": "tools", "start": 30, "end": 60}, headers=JSON
    )
    assert refused.status_code == 400


def test_an_audits_sample_is_coded_passage_by_passage(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    from assistant.store.audits import record_audit

    with open_store(study.database)[0] as store:
        drawn = [{"transcript_id": 1, "segment": n, "weight": 1.0} for n in (5, 9)]
        audit = record_audit(store, 1, [1], {"sample": drawn})
    eva = opened(study.folder, "Eva")
    html = eva.get(f"/audits/{audit}/1").text
    assert "Passage 1 of 2" in html
    assert "Reason number" not in html
    assert eva.post(f"/audits/{audit}/1", data={"passage": "5"}).status_code == 400
    assert eva.post(f"/audits/{audit}/1", data={"passage": "5", "code": "tools"}).status_code == 303
    assert "Passage 2 of 2" in eva.get(f"/audits/{audit}/1").text
    eva.post(f"/audits/{audit}/1", data={"passage": "9", "nothing": "1"})
    assert "All 2 passages are coded" in eva.get(f"/audits/{audit}/1").text
    assert eva.post(f"/audits/{audit}/1/finish").status_code == 303
    assert "Eva" in eva.get(f"/audits/{audit}").text
    with open_store(study.database)[0] as store:
        (scope,) = [s for s in scopes(store, 1) if s.coder.name == "Eva"]
        assert (scope.exposure, scope.segments) == ("blind", (5, 9))
        assert [c.code for c in codings(store, 1) if c.coder.name == "Eva"] == ["tools"]


# --- around it -----------------------------------------------------------------------------------


def test_a_study_without_a_run_can_be_read_and_coded(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study = shed(tmp_path / "people", run=False)
    client = opened(study.folder, "Cleo")
    data = page_data(client)
    assert data["run"] == 0
    place = {"code": "Tools", "start": 30, "end": 60, "run": 0}
    answer = client.post("/transcripts/1/codings", json=place, headers=JSON)
    assert answer.json()["exposure"] == "adjudicated"
    assert "Shed 1" in client.get("/transcripts").text


def test_the_text_with_marks_is_the_same_text(client: TestClient, study: Study) -> None:
    html = client.get("/transcripts/1?view=marks").text
    plain = client.get("/transcripts/1").text

    def words(page: str) -> list[str]:
        found = re.findall(r'<p class="seg"[^>]*>(.*?)</p>', page, re.S)
        return [re.sub(r"<[^>]*>", "", one) for one in found]

    assert "<mark" in html
    assert words(html) == words(plain)


@pytest.mark.parametrize("address", ["/transcripts/99", "/blind/99", "/audits/9"])
def test_what_is_not_there_is_said(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "There is no" in answer.text


def test_a_new_code_goes_into_the_codebook_file(client: TestClient, study: Study) -> None:
    before = study.codebook_file.read_text(encoding="utf-8")
    made_code = client.post("/codes/new", json={"name": "Late frost"}, headers=JSON).json()
    assert made_code["id"] == "Late-frost"
    text = study.codebook_file.read_text(encoding="utf-8")
    assert text.startswith(before.rstrip("\n"))
    place = {"code": "Late-frost", "start": 30, "end": 60, "run": 1}
    answer = client.post("/transcripts/1/codings", json=place, headers=JSON)
    assert answer.status_code == 200, answer.text
    again = client.post("/codes/new", json={"name": "Late frost"}, headers=JSON)
    assert "already" in again.json()["error"]["what"]


def test_memos_are_signed_kept_and_listed(
    client: TestClient, study: Study, opened: Callable[..., TestClient]
) -> None:
    body = {"about": "passage", "text": "Ask <again>!", "start": 29, "end": 60}
    answer = client.post("/transcripts/1/memos", json=body, headers=JSON).json()["memo"]
    with open_store(study.database)[0] as store:
        assert answer["quote"] == transcript(store, 1).text[29:60].strip()
    assert answer["who"] == "Ana"
    assert [m["text"] for m in page_data(client)["memos"]] == ["Ask <again>!"]
    body = {"about": "no-code-fits", "text": "", "start": 100, "end": 140}
    client.post("/transcripts/1/memos", json=body, headers=JSON)
    html = client.get("/memos").text
    assert "Ask &lt;again&gt;!" in html
    assert html.index("Ask &lt;") < html.index("but no code fits") < html.index("Ana ·")
    ben = opened(study.folder, "Ben")
    assert ben.post(f"/memos/{answer['id']}/delete", json={}, headers=JSON).status_code == 400
    client.post(f"/memos/{answer['id']}/delete", json={}, headers=JSON)
    assert "Ask &lt;" not in client.get("/memos").text
    for wrong in ({"about": "code", "text": "x"}, {"about": "passage", "text": ""}):
        assert client.post("/transcripts/1/memos", json=wrong, headers=JSON).status_code == 400


def test_an_audit_that_waits_is_asked_about_before_suggestions_are_shown(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    from assistant.store.audits import record_audit

    with open_store(study.database)[0] as store:
        record_audit(store, 1, [1], {"sample": [{"transcript_id": 1, "segment": 5}]})
    eva = opened(study.folder, "Eva")
    assert "waits to be coded blind" in eva.get("/transcripts/1").text
    with open_store(study.database)[0] as store:
        assert openings(store, "Eva") == ()
    assert page_data(eva, "/transcripts/1?anyway=1")["spans"]
    assert page_data(eva)["spans"], "once they are seen there is nothing more to protect"


def test_checks_are_mixed_in_only_when_switched_on_and_for_her_alone(
    client: TestClient, study: Study, opened: Callable[..., TestClient]
) -> None:
    plain = {s["id"] for s in page_data(client)["spans"]}
    assert not [i for i in plain if i.startswith("p")]
    assert client.post("/pace", data={"on": "1"}).status_code == 303
    html = client.get("/transcripts/1").text
    assert "some suggestions are planted" in html
    mixed = page_data(client)["spans"]
    planted = [s for s in mixed if s["id"].startswith("p")]
    assert len(planted) == 3
    assert {s["id"] for s in mixed} - plain == {s["id"] for s in planted}
    number = planted[0]["number"]
    assert "The passage fits" in client.get(f"/checks/{number}/why").text
    ben = opened(study.folder, "Ben")
    assert ben.get(f"/checks/{number}/why").status_code == 404
    told = client.post(f"/checks/{number}/answer", json={"answer": "reject"}, headers=JSON).json()
    assert told["gone"] == [planted[0]["id"]]
    assert "caught" in told["said"]
    assert len([s for s in page_data(client)["spans"] if s["id"].startswith("p")]) == 2
    assert "1 of 1" in client.get("/pace").text
    with open_store(study.database)[0] as store:
        assert decisions(store) == ()


def test_status_counts_what_is_current_and_names_all(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    dora = opened(study.folder, "Dora")
    with open_store(study.database)[0] as store:
        before = overview(study, store)
    assert before.coders == ("Ana", "Ben")
    after = 0
    for action, code in (("amend", "sharing"), ("amend", "weather")):
        answer = decide(dora, 3, action, after=after, code=code)
        after = next(s["after"] for s in answer.json()["spans"] if s["id"] == "s3")
    with open_store(study.database)[0] as store:
        now = overview(study, store)
    assert (now.codings, now.coders) == (before.codings + 1, ("Ana", "Ben", "Dora"))
