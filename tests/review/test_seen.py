"""Pages that show what others said have it on record, and leave out what is to stay unseen."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from starlette.testclient import TestClient

from assistant.llm.records import ChatReply, ChatRequest
from assistant.store.database import Store, open_store
from assistant.store.decided.decisions import decisions
from assistant.store.model.calls import record_call, record_request
from assistant.store.model.chunks import chunks
from assistant.store.model.outcomes import set_segment_outcomes
from assistant.store.model.reply_records import NewUncoded, NewUnplaced, SegmentOutcome
from assistant.store.model.suggestions import record_results
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import codings, set_scope
from assistant.store.people.memos import add_memo
from assistant.store.people.openings import openings
from assistant.store.records import Scope
from assistant.study import Study
from tests.review.asking import JSON, decide, page_data
from tests.review.studies import SHED, add_interview


def add_oddities(store: Store) -> None:
    """A quote without a place, and a passage that no code fits; of run 1, in one more call."""
    chunk = chunks(store, 1)[0]
    request = ChatRequest(model="m", system="rules", user="again")
    record_request(store, request.sha256, request.model_dump_json())
    reply = ChatReply(outcome="invalid", text="half a re", raw="half a re", error="cut <b>off</b>")
    call = record_call(store, 1, chunk.id, request.sha256, 1, 2, reply)
    record_results(
        store,
        1,
        call,
        [],
        [NewUnplaced(1, 1, "tools", "words nobody said", "unanchored", "not there", None, None, 0)],
        [NewUncoded(1, 2, "a lonely quote", "what is it?")],
    )


def seen(study: Study, who: str) -> list[tuple[str, str]]:
    with open_store(study.database)[0] as store:
        return [(o.coder, o.place) for o in openings(store, who)]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/runs/1", "run page"),
        ("/runs/1/calls", "run page"),
        ("/runs/1/calls/2", "run page"),
        ("/memos", "memos"),
        ("/suggestions/1/why", "transcript page"),
    ],
)
def test_what_the_model_said_is_on_record_where_it_is_shown(
    path: str, place: str, study: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(study.database)[0] as store:
        add_oddities(store)
    assert opened(study.folder, "Eva").get(path).status_code == 200
    assert seen(study, "Eva") == [("model m", place)]


def test_a_run_without_oddities_shows_no_codes(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    opened(study.folder, "Eva").get("/runs/1")
    opened(study.folder, "Eva").get("/memos")
    assert seen(study, "Eva") == []


def test_similar_passages_are_on_record(study: Study, opened: Callable[..., TestClient]) -> None:
    assert "<figure>" in opened(study.folder, "Eva").get("/suggestions/1/similar").text
    assert seen(study, "Eva") == [("Ana", "similar passages"), ("Ben", "similar passages")]


def test_who_codes_after_the_page_was_opened_is_on_record(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.get("/transcripts/1/state?run=0")
    assert {coder for coder, _ in seen(study, "Eva")} == {"Ana", "Ben"}


def test_while_coding_blind_no_other_page_shows_it(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(study.database)[0] as store:
        add_oddities(store)
        add_memo(store, "transcript", "Ben thinks of rakes", "Ben", transcript_id=1)
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    page = eva.get("/runs/1").text
    assert "words nobody said" not in page
    assert "a lonely quote" not in page
    assert "what the model said of it is left out here" in page
    assert "half a re" not in eva.get("/runs/1/calls/2").text
    assert "cut" not in eva.get("/runs/1/calls").text
    memos = eva.get("/memos").text
    assert "a lonely quote" not in memos
    assert "rakes" not in memos
    assert "<figure>" not in eva.get("/suggestions/1/similar").text
    assert [coder for coder, place in seen(study, "Eva") if place != "transcript page"] == []
    # Ben, who codes nothing blind, is shown all of it.
    ben = opened(study.folder, "Ben")
    assert "words nobody said" in ben.get("/runs/1").text
    assert "rakes" in ben.get("/memos").text
    assert "cut &lt;b&gt;off" in ben.get("/runs/1/calls").text


def test_what_became_of_a_run_is_explained(client: TestClient) -> None:
    page = client.get("/runs/1").text
    assert ">passages</abbr>" in page
    assert "word for word" in page


@pytest.mark.parametrize(
    "path",
    ["/suggestions/1/why", "/suggestions/1/similar", "/transcripts/1/state?run=1", "/bulk?run=1"],
)
def test_what_is_about_a_transcript_under_blind_coding_is_refused(
    path: str, study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    refused = eva.get(path, headers=JSON)
    assert refused.status_code == 403
    assert "You are coding “Shed 1” blind" in refused.json()["error"]["what"]
    assert "give it up" in refused.json()["error"]["hint"]
    assert seen(study, "Eva") == []
    # Told what she would see, she can have it all the same, and that is on record.
    told = eva.get(f"{path}{'&' if '?' in path else '?'}anyway=1")
    assert told.status_code == 200
    eva.get("/transcripts/1?anyway=1")
    assert ("model m", "transcript page") in seen(study, "Eva")
    assert '"anyway": true' in eva.get("/transcripts/1?anyway=1").text


def test_deciding_on_what_one_codes_blind_is_refused(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    body = {"action": "accept", "after": 0}
    assert eva.post("/suggestions/1/decide", json=body, headers=JSON).status_code == 403
    assert eva.post("/bulk", json={"run": 1, "code": "tools"}, headers=JSON).status_code == 403
    with open_store(study.database)[0] as store:
        assert decisions(store) == ()
    assert eva.post("/suggestions/1/decide?anyway=1", json=body, headers=JSON).status_code == 200


def test_her_own_codes_can_be_looked_at_without_having_seen_others(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(study.database)[0] as store:
        add_memo(store, "transcript", "Ben's own thought", "Ben", transcript_id=1)
        add_memo(store, "transcript", "Ana's own thought", "Ana", transcript_id=1)
        hers = {f"c{c.id}" for c in codings(store, 1) if c.coder.name == "Ana"}
    ana = opened(study.folder, "Ana")
    assert "/transcripts/1?own=1" in ana.get("/transcripts").text
    html = ana.get("/transcripts/1?own=1").text
    data = page_data(ana, "/transcripts/1?own=1")
    assert {span["id"] for span in data["spans"]} == hers
    assert [coder["name"] for coder in data["coders"]] == ["Ana"]
    own_look = data["coders"][0]["look"]
    assert [memo["text"] for memo in data["memos"]] == ["Ana's own thought"]
    assert "Ben" not in html
    state = ana.get("/transcripts/1/state?own=1", headers=JSON).json()
    assert {span["id"] for span in state["spans"]} == hers
    assert seen(study, "Ana") == []
    # What she adds there is hers, and of the others still nothing was shown.
    place = {"code": "tools", "start": 30, "end": 60, "run": 0}
    assert ana.post("/transcripts/1/codings", json=place, headers=JSON).status_code == 200
    assert len(page_data(ana, "/transcripts/1?own=1")["spans"]) == len(hers) + 1
    assert seen(study, "Ana") == []
    looks = {coder["name"]: coder["look"] for coder in page_data(ana)["coders"]}
    assert looks["Ana"] == own_look, "the same person, the same colour"
    assert {coder for coder, _ in seen(study, "Ana")} >= {"Ben"}


def _after_saying_who(nobody: TestClient, address: str, name: str) -> str:
    """Where somebody lands who opens a page, finds another's name on it and gives hers."""
    html = nobody.get(address).text
    assert "Not you?" in html
    (back,) = re.findall(r'name="back" value="([^"]*)"', html)
    return nobody.post("/reviewer", data={"name": name, "back": unescape(back)}).headers["location"]


def test_saying_who_she_is_leads_back_to_what_she_had_chosen(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "")
    there = _after_saying_who(eva, "/transcripts/1?own=1", "Eva")
    assert there == "/transcripts/1?own=1"
    assert page_data(eva, there)["spans"] == []
    assert seen(study, "Eva") == []
    queue = "/disagreements?run=0&hide=1"
    html = opened(study.folder, "").get(queue).text
    (one, *_) = re.findall(r'href="(/disagreements/d-[^"]*)"', html)
    for address in (queue, unescape(one)):
        max_ = opened(study.folder, "")
        there = _after_saying_who(max_, address, "Max")
        assert there == address
        assert "hide=1" in there
    # What another had insisted on does not hold for her.
    eva.post("/blind/1/begin")
    again = opened(study.folder, "")
    there = _after_saying_who(again, "/transcripts/1?anyway=1&run=1", "Eva")
    assert there == "/transcripts/1?run=1"
    assert "You are coding “Shed 1” blind" in again.get(there).text
    assert seen(study, "Eva") == []


def test_of_a_transcript_under_blind_coding_the_blind_page_has_her_own_codes(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    assert "You have not coded this transcript" in eva.get("/transcripts/1?own=1").text
    eva.post("/blind/1/begin")
    answer = eva.get("/transcripts/1?own=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/blind/1")
    assert eva.get("/transcripts/1/state?own=1", headers=JSON).json()["spans"] == []
    assert seen(study, "Eva") == []


def test_a_changed_suggestion_is_undone_where_it_is_shown(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    ana = opened(study.folder, "Ana")
    assert decide(ana, 3, "amend", code="sharing").status_code == 200
    (own,) = [s for s in page_data(ana)["spans"] if s["mine"]]
    there = {s["id"]: s for s in page_data(ana, "/transcripts/1?own=1")["spans"]}
    assert not there[own["id"]]["mine"], "it goes with its decision, which is not shown here"


def test_a_run_that_suggests_nothing_here_says_why(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(study.database)[0] as store:
        other = add_interview(store, "Shed 2", SHED[:8])
    eva = opened(study.folder, "Eva")
    assert "suggests nothing here: this transcript was not in it" in (
        eva.get(f"/transcripts/{other}").text
    )
    assert "suggests nothing" not in eva.get(f"/transcripts/{other}?run=0").text
    assert "suggests nothing" not in eva.get("/transcripts/1").text
    assert "Transcripts without a suggestion" not in eva.get("/runs/1").text
    with open_store(study.database)[0] as store:
        store.write("INSERT INTO run_transcripts (run_id, transcript_id) VALUES (1, ?)", [other])
        set_segment_outcomes(
            store, 1, [SegmentOutcome(other, 0, "failed"), SegmentOutcome(other, 1, "failed")]
        )
    for path in (f"/transcripts/{other}", f"/transcripts/{other}?run=1", "/runs/1"):
        assert "all 2 passages failed" in eva.get(path).text

    # To hear that it found nothing is to know what it says; that it failed is not.
    def told() -> bool:
        with open_store(study.database)[0] as store:
            return any(o.shown == "model" for o in openings(store, "Dora", other))

    dora = opened(study.folder, "Dora")
    dora.get(f"/transcripts/{other}")
    assert not told()
    with open_store(study.database)[0] as store:
        set_segment_outcomes(store, 1, [SegmentOutcome(other, 0, "coded-empty")])
    assert "no code was found to apply" in dora.get(f"/transcripts/{other}").text
    assert told()


def test_nobodys_mark_or_colour_hangs_on_who_reads(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    names = ("Imogen Falk", "Imogen Faulk", "Adjudicated (Imogen Falk)")
    with open_store(study.database)[0] as store:
        for name in names:
            coder = add_coder(store, name, "human")
            set_scope(store, Scope(coder, 1, "unknown"))

    def legend(who: str, address: str = "/transcripts/1") -> dict[str, tuple[str, str]]:
        data = page_data(opened(study.folder, who), address)
        return {c["name"]: (c["mark"], c["look"]) for c in data["coders"]}

    first = legend("Ana")
    assert [first[name][0] for name in names] == ["IF", "Im", "Ad"]
    for who in ("Imogen Falk", "Imogen Faulk", "Somebody else"):
        assert first.items() <= legend(who).items()
