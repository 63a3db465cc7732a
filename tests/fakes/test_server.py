"""The fake server itself: what the rest of the suite relies on."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NetworkBlocked
from tests.fakes.replies import Reply, fill_schema, too_many, yes_no
from tests.fakes.server import FakeLLM, FakeRequest
from tests.waiting import LIMIT


def post(server: FakeLLM | str, path: str = "/chat/completions", **body: Any) -> Any:
    base_url = server if isinstance(server, str) else server.base_url
    content = json.dumps({"model": "m", "messages": [{"role": "user", "content": "hi"}], **body})
    with urllib.request.urlopen(base_url + path, content.encode(), timeout=LIMIT) as answer:
        return json.load(answer)


def words(answer: Any) -> str:
    return str(answer["choices"][0]["message"]["content"])


def test_queue_then_answer_then_default(fake_llm: FakeLLM) -> None:
    fake_llm.queue("first", {"second": 2}, lambda request: f"third: {request.user}")
    assert [words(post(fake_llm)) for _ in range(3)] == ["first", '{"second": 2}', "third: hi"]
    fake_llm.default = "default"
    assert words(post(fake_llm)) == "default"

    def answer(request: FakeRequest) -> Reply:
        return yes_no(0.9)

    fake_llm.answer = answer
    assert words(post(fake_llm)) == "Yes"
    assert [chat.user for chat in fake_llm.chats] == ["hi"] * 5
    assert fake_llm.left == 0


def test_a_question_too_many_is_seen(fake_llm: FakeLLM) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(fake_llm)
    assert "no reply left" in caught.value.read().decode()
    caught.value.close()


def test_misbehaviour(fake_llm: FakeLLM) -> None:
    fake_llm.queue(too_many(3))
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(fake_llm)
    assert caught.value.code == 429
    assert caught.value.headers["Retry-After"] == "3"
    caught.value.close()


def test_embeddings_of_texts_that_share_words_are_near(fake_llm: FakeLLM) -> None:
    texts = ["the cat sat on the mat", "the cat sat on the rug", "quarterly tax returns"]
    data = post(fake_llm, "/embeddings", input=texts)["data"]
    a, b, c = (row["embedding"] for row in sorted(data, key=lambda row: row["index"]))

    def near(one: list[float], other: list[float]) -> float:
        return sum(x * y for x, y in zip(one, other, strict=True))

    assert near(a, b) > near(a, c)
    assert near(a, a) == pytest.approx(1)


def test_smallest_value_of_a_schema() -> None:
    schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"$ref": "#/$defs/code"}, "minItems": 1},
            "note": {"anyOf": [{"type": "null"}, {"type": "string"}]},
            "sure": {"type": "boolean"},
        },
        "$defs": {"code": {"enum": ["rain", "sun"]}},
    }
    assert fill_schema(schema) == {"items": ["rain"], "note": None, "sure": False}


def test_by_hand(tmp_path: Path) -> None:
    (tmp_path / "reply").write_text("from a file", encoding="utf-8")
    command = [sys.executable, "-m", "tests.fakes.server", "--seconds", "60"]
    process = subprocess.Popen(
        [*command, "--reply", str(tmp_path / "reply")],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert words(post(process.stdout.readline().strip())) == "from a file"
    finally:
        process.terminate()
        process.wait(LIMIT)
        process.stdout.close()


def test_tests_do_not_leave_the_machine() -> None:
    for address in ("http://192.0.2.1/", "http://models.example.org/"):
        with pytest.raises((NetworkBlocked, urllib.error.URLError)) as caught:
            urllib.request.urlopen(address, timeout=1)
        assert isinstance(caught.value, NetworkBlocked)
