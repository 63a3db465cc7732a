"""Every outcome of a reply, from a server that really sends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.llm.problems import ContextTooLongError
from tests.fakes.replies import Reply, cut_off, error, filtered, refusal, yes_no
from tests.fakes.server import FakeLLM
from tests.llm.support import Asked, ask, request

GOOD = '{"codes": ["rain"]}'


def test_ok_keeps_the_body_byte_for_byte(fake_llm: FakeLLM) -> None:
    body = (
        '{"model":"m-2026",  "choices":[{"message":{"content":"{\\"codes\\": [\\"Größe 😀\\"]}"},'
        '"finish_reason":"stop"}],\n "usage":{"prompt_tokens":7,"completion_tokens":3,'
        '"prompt_tokens_details":{"cached_tokens":5}}, "extra": 1.50}'
    )
    fake_llm.queue(Reply(body=body.encode()))
    reply = ask(fake_llm).reply
    assert reply.raw == body
    assert reply.outcome == "ok"
    assert reply.text == '{"codes": ["Größe 😀"]}'
    assert reply.model == "m-2026"
    assert (reply.input_tokens, reply.output_tokens, reply.cached_tokens) == (7, 3, 5)
    assert reply.finish_reason == "stop"
    assert reply.http_status == 200
    assert reply.mode == "schema"
    assert reply.attempts == 1
    assert reply.error == ""


@pytest.mark.parametrize(
    ("sent", "outcome", "text", "error_says"),
    [
        (cut_off('{"codes": ["ra'), "cut-off", '{"codes": ["ra', "limit of tokens"),
        (cut_off(""), "cut-off", "", "limit of tokens"),
        (refusal("I must not."), "refused", "", "I must not."),
        (filtered(), "refused", "", "content filter"),
        (Reply(""), "invalid", "", "empty"),
        (Reply(None), "invalid", "", "empty"),
        (Reply("  \n"), "invalid", "  \n", "empty"),
        (Reply("half", finish_reason="abort"), "failed", "half", "gave up"),
        (Reply(body=b'{"choices": []}'), "invalid", "", "no choices"),
        (Reply(body=b'{"choices": ["x"]}'), "invalid", "", "shape"),
        (Reply(body=b"{}"), "invalid", "", "no choices"),
        (Reply(GOOD, finish_reason=None), "ok", GOOD, ""),
        (Reply("not JSON at all"), "ok", "not JSON at all", ""),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 12 else None,
)
def test_outcome(fake_llm: FakeLLM, sent: Reply, outcome: str, text: str, error_says: str) -> None:
    fake_llm.queue(sent)
    asked = ask(fake_llm)
    assert asked.reply.outcome == outcome
    assert asked.reply.text == text
    assert error_says in asked.reply.error
    assert bool(asked.reply.error) == (outcome != "ok")
    assert asked.attempts == [asked.reply]
    assert asked.reply.raw != ""
    assert fake_llm.left == 0


def test_content_filter_of_the_prompt_is_a_refusal(fake_llm: FakeLLM) -> None:
    fake_llm.queue(
        error(400, "The prompt triggered the content management policy.", code="content_filter")
    )
    asked = ask(fake_llm)
    assert asked.reply.outcome == "refused"
    assert len(fake_llm.chats) == 1


def test_context_too_long_is_an_error_of_its_own(fake_llm: FakeLLM) -> None:
    fake_llm.context_words = 3
    asked = Asked()
    with pytest.raises(ContextTooLongError, match="longer than this model can read") as caught:
        ask(fake_llm, asked=asked)
    assert "chunk_tokens" in caught.value.hint
    assert caught.value.reply == asked.attempts[-1]
    assert asked.outcomes == ["failed"]
    assert len(fake_llm.chats) == 1


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
        "'max_tokens' is too large: 2000. This model's maximum context length is 4096 tokens",
        "the request exceeds the available context size, try increasing it",
        "Input is too long for requested model.",
    ],
)
def test_context_too_long_in_the_words_of_many_servers(fake_llm: FakeLLM, message: str) -> None:
    fake_llm.queue(error(400, message))
    with pytest.raises(ContextTooLongError):
        ask(fake_llm)


def test_logprobs(fake_llm: FakeLLM) -> None:
    fake_llm.queue(yes_no(0.8))
    asked = ask(fake_llm, request(json_schema=None, top_logprobs=2, max_output_tokens=1))
    (token,) = asked.reply.logprobs
    assert token.token == "Yes"
    assert dict(token.top) == pytest.approx({"Yes": -0.2231, "No": -1.6094}, abs=1e-4)
    assert asked.capabilities.logprobs is True
    assert asked.reply.mode == "text"


def test_a_refused_request_that_names_nothing_fails_with_what_the_server_says(
    fake_llm: FakeLLM,
) -> None:
    fake_llm.queue(*[error(400, "Moon phase is wrong")] * 3)
    asked = ask(fake_llm)
    assert asked.reply.outcome == "failed"
    assert 'It says: "Moon phase is wrong"' in asked.reply.error
    # Simpler ways of asking were tried, but nothing was concluded from their failing as well.
    assert [attempt.mode for attempt in asked.attempts] == ["schema", "json", "text"]
    assert asked.capabilities.structured == "schema"


def test_error_inside_a_200(fake_llm: FakeLLM) -> None:
    body = json.dumps({"error": {"message": "upstream is busy", "code": 503}}).encode()
    fake_llm.queue(Reply(body=body), GOOD)
    asked = ask(fake_llm)
    assert asked.outcomes == ["failed", "ok"]
    assert "upstream is busy" in asked.attempts[0].error


def test_the_request_in_an_error_body_is_not_quoted(fake_llm: FakeLLM) -> None:
    detail = [{"loc": ["body", "messages"], "msg": "bad thing", "input": "She said it rained"}]
    body = json.dumps({"detail": detail}).encode()
    fake_llm.queue(*[Reply(status=422, body=body)] * 3)
    reply = ask(fake_llm).reply
    assert "bad thing" in reply.error
    assert "rained" not in reply.error


def test_what_is_sent(fake_llm: FakeLLM) -> None:
    fake_llm.queue(GOOD)
    ask(fake_llm, request(seed=7, temperature=0.3, max_output_tokens=55))
    (chat,) = fake_llm.chats
    sent: dict[str, Any] = chat.json
    assert chat.method == "POST"
    assert chat.path == "/v1/chat/completions"
    assert sent["seed"] == 7
    assert sent["temperature"] == 0.3
    assert sent["max_tokens"] == 55
    assert [m["role"] for m in sent["messages"]] == ["system", "user"]
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert "logprobs" not in sent
    assert "stream" not in sent


def test_cached_tokens_are_counted(fake_llm: FakeLLM) -> None:
    fake_llm.default = GOOD
    asked = ask(fake_llm, request(), request(user="Another passage."))
    assert asked.replies[0].cached_tokens == 0
    assert (asked.replies[1].cached_tokens or 0) > 0
