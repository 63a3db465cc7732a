"""No answer, however odd, breaks the reading of it or is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.endpoint import Endpoint, Redactor
from assistant.llm.problems import server_said, status_problem
from assistant.llm.wire import Body, Exchange, read_body, read_chat

NONE = Redactor("")
anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "choices",
                    "message",
                    "content",
                    "logprobs",
                    "top_logprobs",
                    "token",
                    "logprob",
                    "usage",
                    "prompt_tokens",
                    "refusal",
                    "finish_reason",
                    "model",
                    "error",
                    "code",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    body = read_body(content, NONE)
    reply = read_chat(Exchange(body, 1, 200), "text", 1)
    assert reply.raw == body.text
    assert reply.outcome in ("ok", "invalid")
    body.text.encode("utf-8")


@pytest.mark.slow
@given(anything, anything, anything)
def test_any_json(whole: Any, choice: Any, message: Any) -> None:
    for value in (
        whole,
        {"choices": whole},
        {"choices": [choice], "usage": whole},
        {"choices": [{"message": message, "finish_reason": "stop", "logprobs": choice}]},
    ):
        body = read_body(json.dumps(value).encode(), NONE)
        reply = read_chat(Exchange(body, 1, 200), "text", 1)
        assert reply.raw
        assert (reply.outcome == "ok") <= bool(reply.text.strip())
        reply.text.encode("utf-8")


@pytest.mark.slow
@given(anything, st.integers(300, 599))
def test_any_error_body(value: Any, status: int) -> None:
    said = server_said(value)
    assert len(said.message) <= 300
    problem = status_problem(status, value, Endpoint(base_url="http://localhost/v1"), "m")
    assert problem.message
    assert problem.hint or not problem.fatal


def test_half_characters_can_be_stored() -> None:
    content = rb'{"choices": [{"message": {"content": "a \ud83d b"}, "finish_reason": "stop"}]}'
    reply = read_chat(Exchange(read_body(content, NONE), 1, 200), "text", 1)
    assert reply.text == "a � b"
    assert reply.raw.encode() == content


def test_content_in_parts() -> None:
    parts = [{"type": "text", "text": "one "}, {"type": "text", "text": "two"}]
    value = {"choices": [{"message": {"content": parts}}]}
    body = Body(json.dumps(value), value)
    assert read_chat(Exchange(body, 1, 200), "text", 1).text == "one two"


def test_odd_logprobs() -> None:
    items = [
        {"token": "a", "logprob": -0.5, "top_logprobs": None},
        {"token": "b", "logprob": None},
        {"token": "c", "logprob": float("-inf"), "top_logprobs": [{"token": "d", "logprob": -1}]},
    ]
    value = {"choices": [{"message": {"content": "abc"}, "logprobs": {"content": items}}]}
    reply = read_chat(Exchange(read_body(json.dumps(value).encode(), NONE), 1, 200), "text", 1)
    assert [(t.token, t.logprob) for t in reply.logprobs] == [("a", -0.5), ("c", -9999.0)]
    assert reply.logprobs[1].top == (("d", -1.0),)
