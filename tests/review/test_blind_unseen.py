"""Nobody sees or counts what somebody codes blind, before she has finished."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.store.trail.happenings_of_people import of_memos
from assistant.study import Study
from tests.cli.command import secondcoder

JSON = {"accept": "application/json"}
CODING = {"code": "tools", "start": 30, "end": 60}

COMMANDS = (
    ("transcripts",),
    ("status",),
    ("codebook", "check"),
    ("codebook", "derive", "--output", "first.yaml", "--force"),
    ("disagreements",),
    ("inspect", "--json"),
    ("export", "csv", "--to", "out.csv", "--force"),
)
PAGES = ("/", "/codes", "/codes/tools", "/codebook")
_CHANGING = re.compile(
    r'\d{4}-\d\d-\d\d[T ][\d:.]*Z?|\d\d:\d\d|[0-9a-f]{32,64}|"(made_at|evaluation)": [^\n]*'
)


def told(study: Study, client: TestClient) -> dict[str, str]:
    """What another person is told of the study, without times and counts of looks."""
    found = {" ".join(c): secondcoder(study.folder, *c).out for c in COMMANDS}
    methods = secondcoder(study.folder, "methods", "--json").json
    found["methods"] = str(methods["coders"])
    found["derived"] = (study.folder / "first.yaml").read_text("utf-8")
    found["exported"] = (study.folder / "out.csv").read_text("utf-8")
    found |= {page: client.get(page).text for page in PAGES}
    return {what: _CHANGING.sub("", said) for what, said in found.items()}


@pytest.mark.slow
def test_another_person_is_told_the_same_whatever_she_has_coded(
    study: Study, opened: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study.folder)
    ana, eva = opened(study.folder), opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    secondcoder(study.folder, "inspect")  # what a first look records is there from now on
    before = told(study, ana)
    assert "Eva: blind, not finished yet" in " ".join(before["transcripts"].split())
    assert re.search(r"Eva <span[^>]*>\(<abbr[^>]*>blind</abbr>, not finished yet\)", before["/"])
    for start in (30, 31, 32):
        said = {**CODING, "start": start}
        assert eva.post("/blind/1/codings", json=said, headers=JSON).status_code == 200
    after = told(study, ana)
    assert {what for what in before if before[what] != after[what]} == set()
    assert "added while reading" not in after["transcripts"]
    eva.post("/blind/1/finish")
    listed = secondcoder(study.folder, "transcripts").out
    assert "Eva: 3 codings (blind)" in " ".join(listed.split())


def test_codes_and_passages_are_two_numbers(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    for code in ("tools", "weather"):
        assert (
            eva.post("/blind/1/codings", json={**CODING, "code": code}, headers=JSON).status_code
            == 200
        )
    eva.post("/blind/1/finish")
    said = " ".join(eva.get("/blind/1").text.split())
    found = re.search(r"with 2 codes in 1 of its (\d+) passages; the other (\d+) count as", said)
    assert found is not None, said
    assert int(found[1]) == int(found[2]) + 1


def test_what_she_notes_while_she_codes_blind_is_hers(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    ana, eva = opened(study.folder), opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    note = {"about": "passage", "text": "Nobody lends.", "start": 30, "end": 60}
    assert eva.post("/transcripts/1/memos", json=note, headers=JSON).status_code == 200

    def told(client: TestClient) -> list[bool]:
        store, _ = open_store(study.database)
        with store:
            trail = any(one.said == note["text"] for one in of_memos(store))
        pages = ("/memos", "/transcripts/1")
        return [trail, *(str(note["text"]) in client.get(page).text for page in pages)]

    assert told(ana) == [False, False, False]
    assert str(note["text"]) in eva.get("/memos").text
    eva.post("/blind/1/finish")
    assert told(ana) == [True, True, True]
