"""Two names of one person on a page: what it would do is said first, and that is what it does."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

from starlette.testclient import TestClient

from assistant.interchange.names.before_joining import Foretold, foretell
from assistant.store.database import Store, open_store
from assistant.store.people.coders import add_coder, coders
from assistant.store.people.codings import add_coding, codings, scopes, set_scope
from assistant.store.people.memos import add_memo
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import events
from assistant.study import Study
from tests.review.asking import shown_text
from tests.review.studies import add_interview

ASKED = "/one-person?old=B%C3%A9n&new=Ben"


def second_name(study: Study) -> None:
    """“Bén” coded Barn, looked at the shed's interview without coding there, and wrote a memo."""
    with open_store(study.database)[0] as store:
        barn = add_interview(store, "Barn", (("Gardener", "Mine is the green one."),))
        benn = add_coder(store, "Bén", "human")
        set_scope(store, Scope(benn, barn, "independent"))
        set_scope(store, Scope(benn, 1, "unknown"))
        there = Coding(0, "b-1", barn, benn, "tools", 0, 4, "Mine", "import", "independent")
        add_coding(store, there)
        add_memo(store, "study", "The green one again.", who="Bén")


def held(store: Store) -> list[tuple[str, int]]:
    names = [c.coder.name for c in codings(store)]
    return [(c.name, names.count(c.name)) for c in coders(store, "human")]


def test_what_it_would_do_is_said_and_is_what_it_does(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    second_name(study)
    client = opened(study.folder, name="Bén")
    for path in ("/", "/start?step=seen"):
        offered = shown_text(client.get(path).text)
        assert "“Ben” and “Bén” are nearly the same name" in offered, path
    with open_store(study.database)[0] as store:
        before = held(store)
        said: Foretold = foretell(store, "Bén", "Ben")
        assert held(store) == before
    page = shown_text(client.get(ASKED).text)
    ben = dict(before)["Ben"]
    assert f"Codings 1 {ben} {ben + 1}" in page
    assert "Transcripts coded 2 (Barn, Shed 1) 1 (Shed 1) 2 (Barn, Shed 1)" in page
    assert "Shed 1 unknown independent unknown" in page
    assert "This cannot be undone here" in page
    bare = client.get("/one-person", follow_redirects=False)
    assert (bare.status_code, bare.headers["location"]) == (303, "/#one-person")
    done = client.post("/one-person", data={"old": "Bén", "new": "Ben", "back": "/"})
    assert (done.status_code, done.headers["location"]) == (303, "/#seen")
    told = shown_text(client.get("/").text)
    assert f"“Bén” and “Ben” are one person now, “Ben”: {ben + 1} codings, 1 memo." in told
    assert 'value="Ben"' in client.get("/").text  # and she is called so from now on
    with open_store(study.database)[0] as store:
        assert held(store) == [("Ana", dict(before)["Ana"]), ("Ben", said.after.codings)]
        seen = {s.transcript_id: s.exposure for s in scopes(store) if s.coder.name == "Ben"}
        assert sorted(seen.values()) == sorted(exposure for _, exposure in said.after.seen)
        (event,) = events(store, "statement")
        assert (event.who, event.details["same_person"]) == ("Bén", True)


def test_who_only_added_codes_while_reading_may_be_one_of_those_who_coded(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    """An import brought “Ana”, and in the program she gives her full name."""
    with open_store(study.database)[0] as store:
        full = add_coder(store, "Ana Kern", "human")
        said = Coding(0, "k-1", 1, full, "tools", 0, 4, "How ", "review", "after-model")
        add_coding(store, replace(said, quote=transcript(store, 1).text[:4]))
    client = opened(study.folder, name="Ana Kern")
    for path in ("/", "/start?step=seen"):
        page = client.get(path).text
        assert page.count('<option value="Ana Kern"') == 2, path
    # What she had seen is no question: it is on record.
    form = client.get("/").text.split('id="one-person"')[0]
    assert '<option value="Ana Kern"' not in form


def test_who_would_disagree_with_herself_stays_two(client: TestClient, study: Study) -> None:
    page = client.get("/one-person?old=Ana&new=Ben").text
    assert "One person would have disagreed with herself." in shown_text(page)
    assert not re.search(r'<form method="post" action="/one-person"', html.unescape(page))
    refused = client.post("/one-person", data={"old": "Ana", "new": "Ben"})
    assert (refused.status_code, "Nothing was changed" in refused.text) == (400, True)
    with open_store(study.database)[0] as store:
        assert [name for name, _ in held(store)] == ["Ana", "Ben"]


def test_a_message_that_names_the_command_leads_to_the_page() -> None:
    from assistant.review.ways import in_words

    join = 'secondcoder transcripts --coder "Bén" --set-coder-name "Ben"'
    assert in_words(f"If they are one: {join} --same-person") == "If they are one: the page “Study”"
    assert in_words(f"Correct it: {join}") == f"Correct it: {join}"


def test_what_is_coded_blind_is_not_told_by_making_two_names_one(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    second_name(study)
    client, hers = opened(study.folder), opened(study.folder, name="Bén")
    with open_store(study.database)[0] as store:
        rig = add_interview(store, "Rig", (("Gardener", "It is the long one there."),))
    hers.post(f"/blind/{rig}/begin")
    before = shown_text(client.get(ASKED).text)
    assert "“Bén” is coding “Rig” blind and has not finished" in before
    said = {"code": "tools", "start": 10, "end": 14}
    headers = {"accept": "application/json"}
    assert hers.post(f"/blind/{rig}/codings", json=said, headers=headers).status_code == 200
    assert shown_text(client.get(ASKED).text) == before
    refused = client.post("/one-person", data={"old": "Bén", "new": "Ben"})
    assert (refused.status_code, "Nothing was changed" in refused.text) == (400, True)
