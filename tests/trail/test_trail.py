"""The trail has everything that happened, in order, without a participant's word unless asked."""

from __future__ import annotations

import json
import re
import uuid
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from assistant.interchange.trail.redacting import Redactor
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.decided.decisions import add_decision
from assistant.store.model.suggestions import suggestions
from assistant.store.people.memos import add_memo
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import record_event
from tests.cli.command import secondcoder
from tests.sharing.studies import Folder, code_blind, two_folders

WORDS = re.compile(r"tells of a spade|dug with it that year")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    a, b = two_folders(tmp_path)
    one = suggestions(a.store, 1)[0]
    add_decision(a.store, one.id, "accept", "Ana", reason=f"because {one.quote}")
    add_memo(a.store, "passage", "<b>odd</b>", who="Ana", transcript_id=1, start=0, end=14)
    record_event(a.store, "statement", "consent set", "Ana", transcript=1)
    code_blind(a, "Ana B", "Two", {1: "tools"}, finished=True)
    code_blind(a, "Ben B", "Two", {2: "hidden-code"}, finished=False)
    add_decision(b.store, one.id, "reject", "Cem")
    a.merge(b.share())
    withdraw_transcript(b.study, b.store, "One", "asked")
    return a


def written(folder: Folder, *options: str) -> tuple[dict[str, Any], dict[str, str]]:
    ended = secondcoder(folder.study.folder, "trail", "--json", *options)
    assert ended.code == 0, ended.err
    done = ended.json
    return done, {
        name: Path(done[name]).read_text("utf-8")
        for name in ("page", "json", "prov", "annotations")
    }


def test_everything_is_there_in_order(folder: Folder) -> None:
    done, files = written(folder)
    entries = json.loads(files["json"])["entries"]
    assert [e["at"] for e in entries] == sorted(e["at"] for e in entries)
    assert set(done["kinds"]) >= {
        *("import", "statement", "codebook", "prompt", "run", "evaluation", "look", "audit"),
        *("decision", "coding", "memo", "exchange"),
    }
    assert done["entries"] == len(entries)
    said = [e["what"] for e in entries]
    assert any(w.startswith("accept: “tools” in “One”") for w in said)
    assert any("Two studies said different things about a decision" in w for w in said)


def test_times_that_an_import_wrote_otherwise_are_put_in_their_place(folder: Folder) -> None:
    for at in ("2999-01-01T00:00:00+14:00", "2998-12-31 20:00:00", "03/04/2024", "2001-02-03"):
        add_memo(folder.store, "study", f"of {at}", who="Ana", at=at)
    _, files = written(folder)
    entries = json.loads(files["json"])["entries"]
    said = [e["said"] for e in entries]
    assert said[:2] == ["of 03/04/2024", "of 2001-02-03"]
    assert said[-2:] == ["of 2999-01-01T00:00:00+14:00", "of 2998-12-31 20:00:00"]
    assert "2001-02-03 00:00:00 to 2998-12-31 20:00:00 (UTC)" in files["page"]


def test_no_word_of_a_participant_unless_asked(folder: Folder) -> None:
    _, files = written(folder)
    for name, text in files.items():
        assert not WORDS.search(text), name
    assert "because […]" in files["page"]
    _, files = written(folder, "--with-quotes")
    assert WORDS.search(files["page"])
    assert WORDS.search(files["annotations"])


def test_blind_codes_of_who_has_not_finished_are_not_in_it(folder: Folder) -> None:
    _, files = written(folder, "--with-quotes")
    assert all("hidden-code" not in text for text in files.values())
    assert "Ana B" in files["annotations"]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.anchors.append(str(given["href"]))


def test_the_page_has_an_anchor_for_every_kind_and_no_foreign_markup(folder: Folder) -> None:
    done, files = written(folder)
    page = _Page()
    page.feed(files["page"])
    assert len(page.ids) == len(set(page.ids))
    assert {*done["kinds"], "everything"} <= set(page.ids)
    assert {a.removeprefix("#") for a in page.anchors} <= set(page.ids)
    assert "b" not in page.tags, "a memo's markup is words"
    assert "&lt;b&gt;odd" in files["page"]
    assert not re.search(r"(src|href)=\"http", files["page"])


def test_prov_json_has_the_shape_of_the_recommendation(folder: Folder) -> None:
    _, files = written(folder)
    prov = json.loads(files["prov"])
    ends = {
        "used": ("prov:activity", "prov:entity"),
        "wasGeneratedBy": ("prov:entity", "prov:activity"),
        "wasAssociatedWith": ("prov:activity", "prov:agent"),
        "wasAttributedTo": ("prov:entity", "prov:agent"),
        "wasDerivedFrom": ("prov:generatedEntity", "prov:usedEntity"),
        "wasInvalidatedBy": ("prov:entity", "prov:activity"),
    }
    kinds = {"prov:generatedEntity": "entity", "prov:usedEntity": "entity"}
    assert set(prov) <= {"prefix", "entity", "activity", "agent", *ends}
    assert {"used", "wasGeneratedBy", "wasAssociatedWith", "wasDerivedFrom"} <= set(prov)
    for relation, (one, other) in ends.items():
        for link in prov.get(relation, {}).values():
            for end in (one, other):
                part = kinds.get(end, end.removeprefix("prov:"))
                assert link[end] in prov[part], (relation, link)
    for part in ("entity", "activity", "agent"):
        for name in prov[part]:
            assert name.partition(":")[0] in prov["prefix"]
    types = {a["prov:type"]["$"] for a in prov["agent"].values()}
    assert types == {"prov:Person", "prov:SoftwareAgent"}


def test_withdrawals_end_what_they_concern(tmp_path: Path) -> None:
    a, _ = two_folders(tmp_path)
    withdraw_transcript(a.study, a.store, "One", "asked")
    done, files = written(a, "--with-quotes")
    assert done["kinds"]["withdrawal"] == 1
    assert len(json.loads(files["prov"])["wasInvalidatedBy"]) == 1
    targets = {
        item["target"]["sc:transcript"]
        for item in json.loads(files["annotations"])["first"]["items"]
    }
    assert targets == {"Two"}
    assert "One. Paragraph" not in "".join(files.values())


def test_web_annotations_point_at_the_words(folder: Folder) -> None:
    _, files = written(folder, "--with-quotes")
    collection = json.loads(files["annotations"])
    assert collection["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    items = collection["first"]["items"]
    assert (collection["type"], collection["total"]) == ("AnnotationCollection", len(items))
    texts = {
        transcript(folder.store, key).sha256.removeprefix("sha256:"): transcript(folder.store, key)
        for key in (1, 2)
    }
    assert len({item["id"] for item in items}) == len(items)
    creators = set()
    for item in items:
        assert {"id", "type", "motivation", "creator", "created", "generator", "body"} <= set(item)
        if item["id"].startswith("urn:uuid:"):
            uuid.UUID(item["id"].removeprefix("urn:uuid:"))
        creators.add(item["creator"]["type"])
        place, quote = item["target"]["selector"]
        text = texts[item["target"]["source"].rpartition(":")[2]].text
        assert place["type"] == "TextPositionSelector"
        assert text[place["start"] : place["end"]] == quote["exact"]
        around = quote["prefix"] + quote["exact"] + quote["suffix"]
        assert around in text
    assert creators == {"Person", "Software"}
    _, files = written(folder)
    bare = json.loads(files["annotations"])["first"]["items"]
    assert [i["target"]["selector"][0] for i in bare] == [i["target"]["selector"][0] for i in items]
    assert all(len(i["target"]["selector"]) == 1 for i in bare)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("no quote here", "no quote here"),
        ("She says WE water at   six, so more", "She says […], so more"),
        ("we water at six, then the heat comes", "[…]"),
        ("we water at", "we water at"),
    ],
)
def test_quotes_in_notes_are_left_out(said: str, left: str) -> None:
    redactor = Redactor(["We water at six. Then the heat comes."])
    assert redactor.without(said) == left
