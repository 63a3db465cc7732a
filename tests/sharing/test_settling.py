"""What two studies say differently is settled on the page of disagreements, and by the command."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.decisions.deciding import take_back
from assistant.errors import UserError
from assistant.guide.settling import settle_for, shown_conflicts
from assistant.review.app import make_app
from assistant.store.decided.decisions import add_decision, decisions
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import scopes, set_scope
from assistant.store.people.openings import openings
from assistant.store.sharing.conflicts import conflicts
from assistant.store.texts.transcripts import set_consent, transcript
from assistant.store.trail.happenings import happenings
from assistant.store.verify import verify
from tests.cli.command import secondcoder
from tests.review.conftest import TOKEN, client_for
from tests.sharing.studies import Folder, code_blind, exchange, two_folders


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Folder, Folder]]:
    """Ana has accepted a suggestion, Cem has rejected it later; each has the other's word."""
    a, b = two_folders(tmp_path)
    one = suggestions(a.store, 1)[0].id
    add_decision(a.store, one, "accept", "Ana")
    time.sleep(0.005)  # times are kept in milliseconds
    add_decision(b.store, one, "reject", "Cem", reason="not <b>this</b>")
    exchange(a, b)
    yield a, b
    a.store.close()
    b.store.close()


def browser(folder: Folder, name: str) -> TestClient:
    return client_for(make_app(folder.study.folder, TOKEN, 8000), name=name)


def side_of(folder: Folder, name: str) -> int:
    (found,) = shown_conflicts(folder.study, folder.store, "Dana")
    return next(n for n, s in enumerate(found.sides) if s.words.startswith(name))


def test_both_sides_are_on_the_page(pair: tuple[Folder, Folder]) -> None:
    a, _ = pair
    client = browser(a, "Ana")
    (found,) = conflicts(a.store)
    page = client.get("/disagreements").text
    assert "Said differently in two studies" in page
    assert f"/disagreements/conflicts/{found.identity}" in page
    page = client.get(f"/disagreements/conflicts/{found.identity}").text
    assert "Ana accepted it" in page
    assert "Cem rejected it" in page
    assert "not &lt;b&gt;this&lt;/b&gt;" in page
    assert page.index("Cem rejected it") < page.index("holds here now")
    assert suggestions(a.store, 1)[0].quote in page
    # What was shown of the model and of Cem is on record.
    assert {(o.who, o.shown) for o in openings(a.store)} >= {("Ana", "model"), ("Ana", "people")}


def test_names_and_what_holds_are_hidden_if_asked(pair: tuple[Folder, Folder]) -> None:
    a, _ = pair
    client = browser(a, "Dana")
    (found,) = conflicts(a.store)
    for path in ("/disagreements?hide=1", f"/disagreements/conflicts/{found.identity}?hide=1"):
        page = client.get(path).text.partition("<main")[2]
        assert "Cem rejected" not in page
        assert "Ana accepted" not in page
        assert "holds here now" not in page
    assert "Accepted it" in page


@pytest.mark.slow
@pytest.mark.parametrize(("chosen", "decision"), [("Ana", "accept"), ("Cem", "reject")])
def test_the_side_that_is_chosen_holds(
    pair: tuple[Folder, Folder], chosen: str, decision: str
) -> None:
    a, b = pair
    client = browser(a, "Dana")
    (found,) = conflicts(a.store)
    where = f"/disagreements/conflicts/{found.identity}"
    said = {"outcome": f"side:{side_of(a, chosen)}", "note": "we talked", "seen": ""}
    assert client.post(where, data=said).status_code == 303
    assert suggestions(a.store, 1)[0].decision == decision
    page = client.get(where).text
    assert f"Dana: {chosen} {'accepted' if decision == 'accept' else 'rejected'} it" in page
    assert "we talked" in page
    assert "Said differently in two studies" not in client.get("/disagreements").text
    assert where in client.get("/disagreements?kind=between-studies&state=decided").text
    # Another window that has not seen it is told, and stores nothing.
    count = len(decisions(a.store))
    assert "settled meanwhile" in client.post(where, data=said).text
    assert len(decisions(a.store)) == count
    # The word travels, and settles it there; her own decision makes no new conflict.
    b.merge(a.share())
    assert suggestions(b.store, 1)[0].decision == decision
    assert all(c.settled for c in conflicts(b.store))
    a.merge(b.share())
    assert all(c.settled for c in conflicts(a.store))


def test_taking_back_settles_nothing_and_is_nobody_elses_word(
    pair: tuple[Folder, Folder],
) -> None:
    a, b = pair
    one = suggestions(a.store, 1)[0].id
    assert take_back(a.store, one, reviewer="Dana").decision == "accept", "Ana's word holds again"
    assert [(d.reviewer, d.decision) for d in decisions(a.store, one)] == [
        ("Ana", "accept"),
        ("Cem", "reject"),
        ("Dana", "undo"),
    ]
    (found,) = conflicts(a.store)
    assert not found.settled
    (shown,) = shown_conflicts(a.study, a.store, "Dana")
    assert [s.words for s in shown.sides if s.holds] == ["Ana accepted it"]
    # The other study learns what Dana did, and has the same conflict, as open as before.
    b.merge(a.share())
    assert suggestions(b.store, 1)[0].decision == "accept"
    assert [(c.identity, c.settled) for c in conflicts(b.store)] == [(found.identity, "")]
    trail = [h.what for h in happenings(b.store) if h.who == "Dana"]
    assert [what.partition(":")[0] for what in trail] == ["undo of Cem's “reject”"]


def test_a_conflict_is_open_again_when_what_settled_it_is_taken_back(
    pair: tuple[Folder, Folder],
) -> None:
    a, _ = pair
    one = suggestions(a.store, 1)[0].id
    time.sleep(0.005)
    add_decision(a.store, one, "accept", "Dana")
    assert conflicts(a.store)[0].settled.startswith("a later word")
    take_back(a.store, one, reviewer="Dana")
    (found,) = conflicts(a.store)
    assert not found.settled
    settle_for(a.study, a.store, found.identity, side_of(a, "Ana"), "", "Dana")
    assert conflicts(a.store)[0].settled == "Dana: Ana accepted it: that holds"
    take_back(a.store, one, reviewer="Eve")
    assert suggestions(a.store, 1)[0].decision == "reject"
    assert not conflicts(a.store)[0].settled


def test_a_side_that_coded_differently_gets_its_coding_back(tmp_path: Path) -> None:
    from assistant.decisions.deciding import amend
    from assistant.store.people.codings import codings

    a, b = two_folders(tmp_path)
    one = suggestions(a.store, 1)[0]
    made = amend(a.store, one.id, end=one.end - 2, reviewer="Ana")
    add_decision(b.store, one.id, "reject", "Cem")
    exchange(a, b)
    assert made.guid not in {c.guid for c in codings(a.store)}, "the later decision holds"
    (found,) = conflicts(a.store)
    settle_for(a.study, a.store, found.identity, side_of(a, "Ana"), "", "Dana")
    assert made.guid in {c.guid for c in codings(a.store)}
    assert verify(a.store).ok


def test_consent_and_scope_are_set_as_chosen(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    a.store.write("UPDATE scopes SET exposure = 'after-model' WHERE transcript_id = 1")
    set_consent(a.store, 1, "Cluster, Other")
    set_consent(b.store, 1, "Cluster")
    exchange(a, b)
    found = {c.kind: c for c in shown_conflicts(a.study, a.store, "Dana")}
    assert set(found) == {"scope", "consent"}
    consent, scope = found["consent"], found["scope"]
    assert [s.holds for s in consent.sides] == [
        s.words.endswith("“Cluster”") for s in consent.sides
    ]
    wider = next(n for n, s in enumerate(consent.sides) if "Other" in s.words)
    settle_for(a.study, a.store, consent.identity, wider, "", "Dana")
    assert transcript(a.store, 1).consent == "Cluster, Other"
    free = next(n for n, s in enumerate(scope.sides) if "independent" in s.words)
    with pytest.raises(UserError, match="makes these codes evidence"):
        settle_for(a.study, a.store, scope.identity, free, "", "Dana")
    settle_for(a.study, a.store, scope.identity, free, "asked her", "Dana")
    value = a.store.value("SELECT DISTINCT exposure FROM scopes WHERE transcript_id = 1")
    assert value == "independent"


def test_a_note_alone_settles_without_changing_anything(pair: tuple[Folder, Folder]) -> None:
    a, _ = pair
    client = browser(a, "Dana")
    (found,) = conflicts(a.store)
    where = f"/disagreements/conflicts/{found.identity}"
    refused = client.post(where, data={"outcome": "note", "note": " "})
    assert refused.status_code == 400
    assert "Choose a side" in refused.text
    assert client.post(where, data={"outcome": "side:7", "seen": ""}).status_code == 400
    before = len(decisions(a.store))
    client.post(where, data={"outcome": "note", "note": "both are right", "seen": ""})
    assert conflicts(a.store)[0].settled == "Dana: both are right"
    assert len(decisions(a.store)) == before


def test_it_is_kept_from_who_still_codes_blind(pair: tuple[Folder, Folder]) -> None:
    a, _ = pair
    name = suggestions(a.store, 1)[0].transcript
    code_blind(a, "Dana", name, {2: "cost"}, finished=False)
    (found,) = conflicts(a.store)
    client = browser(a, "Dana")
    assert found.identity not in client.get("/disagreements").text
    assert client.get(f"/disagreements/conflicts/{found.identity}").status_code == 404
    said = {"outcome": "side:0", "seen": ""}
    assert client.post(f"/disagreements/conflicts/{found.identity}", data=said).status_code == 404


def test_the_command_takes_a_side_too(pair: tuple[Folder, Folder]) -> None:
    a, _ = pair
    (found,) = conflicts(a.store)
    side = side_of(a, "Ana") + 1
    done = secondcoder(a.study.folder, "merge", "--settle", found.identity[:6], "--side", str(side))
    assert done.code == 0, done.err
    assert "Ana accepted it: that holds" in done.out
    assert suggestions(a.store, 1)[0].decision == "accept"


def test_settled_consent_stays_until_a_value_changes(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    set_consent(a.store, 1, "Cluster, Other")
    set_consent(b.store, 1, "Cluster")
    file = b.share()
    a.merge(file)
    (found,) = shown_conflicts(a.study, a.store, "Dana")
    wider = next(n for n, s in enumerate(found.sides) if "Other" in s.words)
    settle_for(a.study, a.store, found.identity, wider, "", "Dana")
    again = a.merge(file)
    assert transcript(a.store, 1).consent == "Cluster, Other"
    assert again.kept == (("One", "Cluster, Other", "Cluster"),)
    assert (again.unchanged, again.new_conflicts, again.conflicts) == (True, 0, ())
    # The other study is told that it is settled, and keeps the stricter.
    assert not b.merge(a.share()).conflicts
    assert transcript(b.store, 1).consent == "Cluster"
    # Her value changes: that is another matter, and the stricter holds.
    set_consent(b.store, 1, "none")
    last = a.merge(b.share())
    assert transcript(a.store, 1).consent == "none"
    assert (last.new_conflicts, last.kept) == (1, ())


def test_consent_that_is_not_settled_is_one_conflict_however_often_it_comes(
    tmp_path: Path,
) -> None:
    a, b = two_folders(tmp_path)
    set_consent(a.store, 1, "Cluster, Other")
    set_consent(b.store, 1, "Cluster, Third")
    file = b.share()
    assert a.merge(file).new_conflicts == 1
    assert transcript(a.store, 1).consent == "Cluster"
    assert (a.merge(file).new_conflicts, len(conflicts(a.store))) == (0, 1)


def test_consent_that_was_settled_and_widened_by_hand_is_stricter_again(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    set_consent(a.store, 1, "Cluster, Other")
    set_consent(b.store, 1, "Cluster")
    file = b.share()
    a.merge(file)
    (found,) = shown_conflicts(a.study, a.store, "Dana")
    strict = next(n for n, s in enumerate(found.sides) if "Other" not in s.words)
    settle_for(a.study, a.store, found.identity, strict, "", "Dana")
    set_consent(a.store, 1, "Cluster, Other")
    a.merge(file)
    assert transcript(a.store, 1).consent == "Cluster"


def test_a_scope_is_set_in_all_that_the_side_says(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    for folder, segments, version in ((a, (1, 4), ""), (b, None, "sha256:newer")):
        code_blind(folder, "Eva", "Two", {}, finished=folder is b)
        (mine,) = (s for s in scopes(folder.store) if s.coder.name == "Eva")
        set_scope(
            folder.store,
            replace(
                mine,
                segments=segments,
                codes=("tools",) if segments else None,
                codebook_sha256=version or mine.codebook_sha256,
            ),
        )
    assert a.merge(b.share()).new_conflicts == 1
    (found,) = shown_conflicts(a.study, a.store, "Dana")
    held = {s.holds: s.words for s in found.sides}
    assert held[True].startswith("Coded “blind”, looked at passages 2, 5, for some codes, not fin")
    assert held[False].startswith("Coded “blind”, looked at all of it, for all codes, finished, w")
    other = next(n for n, s in enumerate(found.sides) if not s.holds)
    settle_for(a.study, a.store, found.identity, other, "", "Dana")
    here, there = (next(s for s in scopes(f.store) if s.coder.name == "Eva") for f in (a, b))
    assert replace(here, created_at="", coder=there.coder) == replace(there, created_at="")
    (found,) = shown_conflicts(a.study, a.store, "Dana")
    assert [s.holds for s in found.sides] == [n == other for n in range(2)]
    assert a.merge(b.share()).new_conflicts == 0
    assert verify(a.store).ok


def test_a_side_that_does_not_fit_the_transcript_is_not_set(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    for folder, segments in ((a, (1, 4)), (b, (1, 400))):
        code_blind(folder, "Eva", "Two", {}, finished=True)
        (mine,) = (s for s in scopes(folder.store) if s.coder.name == "Eva")
        set_scope(folder.store, replace(mine, segments=segments))
    assert a.merge(b.share()).new_conflicts == 1
    (found,) = shown_conflicts(a.study, a.store, "Dana")
    other = next(n for n, s in enumerate(found.sides) if not s.holds)
    with pytest.raises(UserError, match="does not fit this transcript"):
        settle_for(a.study, a.store, found.identity, other, "", "Dana")
    assert not conflicts(a.store)[0].settled
