"""What the pages store, and who was shown what: blind, for an audit, and around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.guide.overview import overview
from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions
from assistant.store.people.codings import codings, scopes, set_exposure
from assistant.store.people.openings import openings
from assistant.store.texts.transcripts import transcript
from assistant.store.verify import verify
from assistant.study import Study
from tests.review.asking import JSON, decide, page_data
from tests.review.studies import shed

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
    from assistant.store.measured.audits import record_audit

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
    from assistant.store.measured.audits import record_audit

    with open_store(study.database)[0] as store:
        record_audit(store, 1, [1], {"sample": [{"transcript_id": 1, "segment": 5}]})
    eva = opened(study.folder, "Eva")
    assert "waits to be coded blind" in eva.get("/transcripts/1").text
    with open_store(study.database)[0] as store:
        assert openings(store, "Eva") == ()
    assert page_data(eva, "/transcripts/1?anyway=1")["spans"]
    assert page_data(eva)["spans"], "once they are seen there is nothing more to protect"


def outline(html: str) -> list[str]:
    """Headings, labels of lines and links of a part of a page, without what is particular."""
    found = re.findall(
        r"<(h3|summary|th|svg|figure|button|pre|li|dt)\b|class=\"(lane|small muted)", html
    )
    return [tag or name for tag, name in found]


@pytest.mark.slow
def test_a_planted_suggestion_is_not_told_by_its_evidence(client: TestClient) -> None:
    client.post("/pace", data={"on": "1"})
    data = page_data(client)
    codes = [code["id"] for code in data["codes"]]

    def shown(span: dict[str, Any], part: str) -> str:
        kind = "checks" if span["id"].startswith("p") else "suggestions"
        answer = client.get(f"/{kind}/{span['number']}/{part}")
        assert answer.status_code == 200
        return answer.text

    real = {codes[s["code"]]: s for s in data["spans"] if s["decision"] == "open"}
    planted = [s for s in data["spans"] if s["id"].startswith("p") and codes[s["code"]]]
    assert planted
    for one in planted:
        like = next(s for s in data["spans"] if s["id"][0] == "s" and s["code"] == one["code"])
        # Word for word what is shown of a suggestion of this code; no reason of another passage,
        # and no place that is empty.
        assert shown(one, "why") == shown(like, "why")
        assert "shown when you have decided" in shown(one, "why")
        assert "How well it does with" in shown(one, "why")
        for pretended in ("reason-text", "raw reply", "The prompt", "Its own confidence"):
            assert pretended not in shown(one, "why")
        assert outline(shown(one, "similar")) == outline(shown(like, "similar"))
    # Once she has decided, all of it is there.
    like = real["tools"]
    assert decide(client, like["number"], "accept").status_code == 200
    assert "The raw reply" in shown(like, "why")
    client.post("/pace", data={"on": ""})
    assert "The raw reply" in shown(real["weather"], "why")


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
    assert client.get(f"/checks/{number}/why").status_code == 200
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
