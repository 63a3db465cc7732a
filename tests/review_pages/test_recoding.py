"""What a changed definition makes each person look at again, on its page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.codebook.lineage import Silences
from assistant.codebook.loading import load_codebook
from assistant.decisions.looking_again import state_looked_again
from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.interchange.study_codebook.recoding import (
    passages_to_recode,
    recoding_counts,
    stale_transcripts,
)
from assistant.store.database import open_store
from assistant.store.people.coders import add_coder, coders
from assistant.store.people.codings import add_coding, scopes, set_exposure, set_scope
from assistant.store.people.openings import openings, record_openings
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import transcript, transcript_infos
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
        set_scope(store, Scope(add_coder(store, "Eva", "human"), key, "independent"))
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
        # What she coded otherwise is read too, and takes most of the time.
        said = sum(len(re.findall(r"\w+", p.quote)) for p in rows["Ana"].passages)
        assert rows["Ana"].reading_minutes == pytest.approx((rows["Ana"].words - said) / 100)
        assert rows["Ana"].all_minutes > rows["Ana"].minutes
        assert passages_to_recode(store, book, "tools") == (), "nothing of it changed"
        assert passages_to_recode(store, book, "tools", if_it_changed=True)
    code = opened(changed.folder, "Ana").get("/codes/weather").text
    total = sum(len(row.passages) for row in rows.values())
    assert f'id="again">{total} codings of it are from before its definition was changed' in code
    assert 'id="again"' not in opened(changed.folder, "Ana").get("/codes/tools").text
    page = opened(changed.folder, "Ana").get("/recoding?code=weather").text
    assert "What is read for passages without it is reckoned at 100 words a minute" in page
    # Who gave the code to no passage has none to decide on again, only to read.
    shown = opened(changed.folder, "Dora").get("/recoding?code=weather").text
    eva = next(row for row in re.findall(r"<tr>.*?</tr>", shown) if ">Eva</th>" in row)
    assert eva.count("–</td>") == 1 + eva.count('<td class="small">–</td>') == 2
    assert "0 words at" not in eva
    heads = re.findall(r'<th scope="col">([^<]+)</th>', page)
    assert len(heads) == len(set(heads)) == 7
    assert heads[2:6:3] == ["Time for them, about", "Time to read it, about"]
    assert "New 2: not used; that it was not is of the other definition too" in page
    assert "Nobody coded with another definition" in (
        opened(changed.folder, "Ana").get("/recoding?code=tools").text
    )


@pytest.mark.parametrize("address", ["/recoding", "/recoding?code=weather"])
def test_the_study_is_read_once_whatever_the_number_of_codes(
    changed: Study,
    opened: Callable[..., TestClient],
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    book = load_codebook(changed.codebook_file)
    with open_store(changed.database)[0] as store:
        counts = recoding_counts(store, book, list(book.by_id))
        assert counts == {
            code: sum(len(row.passages) for row in rows)
            for code in book.by_id
            if (rows := passages_to_recode(store, book, code))
        }
    ana = opened(changed.folder, "Ana")
    found: list[None] = []
    find = Silences.among

    def counted(*rows: Any) -> Silences:
        found.append(None)
        return find(*rows)

    monkeypatch.setattr(Silences, "among", counted)
    assert ana.get(address).status_code == 200
    assert len(found) == 1 < len(book.codes)


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


def test_what_was_said_stays_to_be_read_when_a_rule_ends_the_disagreement(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva, max_ = opened(study.folder, "Eva"), opened(study.folder, "Max")
    listed = eva.get("/disagreements?run=0&code=tools").text
    (address, *_) = re.findall(r'href="(/disagreements/d-[\w]+)\?', listed)
    eva.post(address, data={"outcome": "both-defensible", "note": "Two readings.", "run": "0"})
    max_.post(address, data={"outcome": "codebook-unclear", "run": "0"})
    rule = {"code": "tools", "field": "include", "rule": "Also borrowed ones.", "run": "0"}
    assert max_.post(f"{address}/rule", data=rule).status_code == 303
    dora = opened(study.folder, "Dora")
    assert "1 disagreement that people decided on is no longer in dispute" in (
        dora.get("/disagreements?run=0").text
    )
    for client, where in (
        (dora, address),
        (dora, "/disagreements?state=any"),
        (eva, "/disagreements?state=decided"),
        (max_, "/disagreements?state=others&code=tools"),
    ):
        page = client.get(where)
        assert page.status_code == 200
        assert "o longer in dispute" in page.text
        assert "both are defensible. Two readings." in page.text
        assert "<strong>Max</strong>: the codebook is unclear" in page.text
    for client, where in (
        (dora, "/disagreements?state=decided"),
        (eva, "/disagreements?state=decided&code=weather"),
        # What people said of people's codes is not about a run.
        (eva, "/disagreements?run=1&state=any"),
    ):
        assert "Two readings." not in client.get(where).text
    with open_store(study.database)[0] as store:
        assert {"Ana", "Ben"} <= {o.coder for o in openings(store, "Dora")}


def test_disagreements_that_a_changed_definition_leaves_out_are_counted(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    dora = opened(study.folder, "Dora")

    def listed(query: str = "") -> int:
        page = dora.get(f"/disagreements{query}").text
        if "Nobody disagrees about anything here" in page:
            return 0
        return int(re.findall(r"\d+ of (\d+) disagreements?\b", page)[0])

    def left_out(query: str = "") -> tuple[int, list[str]]:
        """How many, and where it leads."""
        page = dora.get(f"/disagreements{query}").text
        found = re.findall(r"<p>(\d+) disagreements? that nobody has decided on", page)
        links = re.findall(r'href="(/recoding[^"]*)"', page)
        return (int(found[0]) if found else 0), links

    before = listed()
    about_it = len(
        re.findall(
            r'<th scope="row"><a href="/disagreements/d-',
            dora.get("/disagreements?code=weather").text,
        )
    )
    assert about_it > 1
    assert left_out() == (0, [])
    text = codebook_text(study)
    with open_store(study.database)[0] as store:
        save_codebook(study, store, text + "\n", "Ana", seen=text_hash(text))
        text = codebook_text(study)
        new = text.replace("What the sky does to", "Wind and rain in")
        save_codebook(study, store, new, "Ana", seen=text_hash(text))
    assert listed() == before - about_it
    assert left_out() == (about_it, ["/recoding?code=weather"])
    assert left_out("?code=tools") == (0, [])
    assert left_out("?state=decided") == (0, []), "nobody has decided on them"
    assert 'href="/disagreements"' in dora.get("/recoding?code=weather").text
    for who in ("Ana", "Ben"):
        with open_store(study.database)[0] as store:
            book = load_codebook(study.codebook_file)
            keys = [i.id for i in transcript_infos(store)]
            state_looked_again(store, keys, book, coder=who, codes=("weather",))
        again = (about_it, ["/recoding?code=weather"])
        assert left_out() == ((0, []) if who == "Ben" else again)
    assert listed() == before, "what the list rests on has changed, so that it is made anew"
