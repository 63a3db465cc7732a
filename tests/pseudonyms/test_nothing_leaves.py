"""With planted names: none is in any byte that is sent, and every span is the original's."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from assistant.coding import settings
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.texts.transcripts import transcript
from assistant.study import open_study
from assistant.transcripts.records import Transcript
from tests.cli.command import secondcoder
from tests.fakes.recorded import passages_of
from tests.fakes.server import FakeLLM, FakeRequest
from tests.pseudonyms.planted import IDENTIFIERS, planted_study
from tests.runs.studies import calls, opened, run_study, says


def replies(request: FakeRequest) -> str:
    """Quotes the passage whole, as it was shown, with the code as it was shown."""
    words = {"spade": "tools", "rained": "weather", "neighbour": "company-of-Person 1"}
    return says(
        *(
            (number, code, text)
            for number, text in passages_of(request.user).items()
            for word, code in words.items()
            if word in text
        ),
        uncoded=[(1, next(iter(passages_of(request.user).values())), "Person 1 again")],
    )


def found_in(text: str) -> list[str]:
    """Identifiers that stand in a text, however it is escaped or composed."""
    forms = {text.casefold(), unicodedata.normalize("NFC", text).casefold()}
    forms.add(text.encode("utf-8").decode("unicode_escape", "replace").casefold())
    return [word for word in IDENTIFIERS if any(word.casefold() in form for form in forms)]


@pytest.mark.slow
@pytest.mark.parametrize("words", [1500, 100], ids=["one-chunk", "many-chunks"])
def test_no_identifier_leaves_and_spans_are_the_originals(tmp_path: Path, words: int) -> None:
    with FakeLLM(answer=replies) as server:
        study = planted_study(tmp_path / "s", server.base_url, chunk_tokens=words)
        result = run_study(study)
        assert result.status == "complete"
        sent = [r.body.decode("utf-8") for r in server.chats]
    assert sent
    for body in sent:
        assert found_in(json.dumps(json.loads(body), ensure_ascii=False)) == []
        assert found_in(body) == []
        assert "Person 1" in body
    with opened(study) as store:
        texts: dict[int, Transcript] = {}
        made = suggestions(store, result.run_id)
        assert {s.code for s in made} == {"tools", "weather", "company-of-zelda"}
        for one in made:
            text = texts.setdefault(one.transcript_id, transcript(store, one.transcript_id))
            assert text.text[one.start : one.end] == one.quote
        quotes = "\n".join(s.quote for s in made)
        assert "I am Zelda Quarrington, and zelda's spade" in quotes
        assert "+44 20 7946 0958" in quotes
        assert not store.rows("SELECT * FROM unplaced")
        uncoded = [r["quote"] for r in store.rows("SELECT quote FROM uncoded")]
        assert any("Zelda Quarrington" in quote for quote in uncoded)
        stored = store.rows("SELECT body FROM requests")
        assert all(found_in(row["body"]) == [] for row in stored)
        assert runs(store)[0].header["pseudonyms"].startswith("sha256:")
        replied = [r["reply_text"] for r in store.rows("SELECT reply_text FROM calls")]
        assert any("Person 1" in text for text in replied), "the raw reply stays as it came"


def test_halved_and_repaired_requests_hold_no_name_either(tmp_path: Path) -> None:
    with FakeLLM(answer=replies) as server:
        study = planted_study(tmp_path / "s", server.base_url)
        server.queue("not JSON, Person 1", '{"applications": [{"segment": 1, "code": "to')
        result = run_study(study)
        assert result.status == "complete"
        bodies = [r.body.decode("utf-8") for r in server.chats]
    assert len(bodies) > 3
    assert all(found_in(body) == [] for body in bodies)
    with opened(study) as store:
        assert store.value("SELECT count(*) FROM chunks WHERE status = 'halved'") == 1


def test_a_model_on_this_computer_gets_the_names_unless_always(tmp_path: Path) -> None:
    with FakeLLM(answer=replies) as server:
        study = planted_study(tmp_path / "s", server.base_url)
        file = study.folder / "study.toml"
        file.write_text(file.read_text("utf-8").replace('"always"', '"elsewhere"'), "utf-8")
        run_study(open_study(study.folder))
        assert found_in(server.chats[0].body.decode("utf-8"))


def test_a_model_elsewhere_gets_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "endpoint_is_local", lambda base_url: False)
    with FakeLLM(answer=replies) as server:
        study = planted_study(tmp_path / "s", server.base_url)
        file = study.folder / "study.toml"
        file.write_text(
            file.read_text("utf-8")
            .replace('"always"', '"elsewhere"')
            .replace("[coding]", 'processor = "Cluster"\n[coding]'),
            "utf-8",
        )
        secondcoder(study.folder, "transcripts", "--set-consent", "Cluster")
        ended = secondcoder(study.folder, "code", "--yes", "--json")
        assert ended.code == 0, ended.err
        assert server.chats
        assert all(found_in(r.body.decode("utf-8")) == [] for r in server.chats)


def test_another_list_is_another_run_and_asks_again(tmp_path: Path) -> None:
    with FakeLLM(answer=replies) as server:
        study = planted_study(tmp_path / "s", server.base_url)
        first = run_study(study)
        again = run_study(study)
        assert (again.run_id, again.sent) == (first.run_id, 0)
        assert secondcoder(study.folder, "pseudonyms", "add", "neighbour").code == 0
        other = run_study(study)
        assert other.run_id != first.run_id
        assert other.sent > 0
        assert len(calls(study)) == len(server.chats)


def test_previews_show_what_is_sent(tmp_path: Path) -> None:
    with FakeLLM(answer=replies) as server:
        study = planted_study(tmp_path / "s", server.base_url)
        shown = secondcoder(
            study.folder, "prompts", "preview", "list-v1", "--transcript", "Plot of Zelda", "--json"
        ).json
        leaving = secondcoder(study.folder, "pseudonyms", "preview", "Plot of Zelda", "--json").json
        dry = secondcoder(study.folder, "code", "--dry-run", "--show-payload")
        assert server.chats == []
        run_study(study)
        bodies = [r.body.decode("utf-8") for r in server.chats]
    assert found_in(shown["request"]) == []
    assert [r["sha256"] for r in leaving["requests"]] == [shown["sha256"]]
    assert leaving["replaced"]["person"] >= 5
    assert leaving["replaced"]["e-mail"] == 1
    assert "Person 1" in dry.out
    assert found_in(dry.out) == []
    sent = [json.loads(body)["messages"][-1]["content"] for body in bodies]
    assert shown["user"] in sent


@pytest.mark.slow
def test_judge_asks_without_names(tmp_path: Path) -> None:
    with FakeLLM(answer=lambda r: says()) as server:
        study = planted_study(tmp_path / "s", server.base_url)
        shown = secondcoder(
            study.folder, "prompts", "preview", "judge-v1", "--transcript", "Other plot", "--json"
        )
    assert shown.code == 0, shown.err
    assert found_in(shown.json["system"] + shown.json["user"]) == []
    assert "Person 1" in shown.json["user"] or "Place 1" in shown.json["user"]
