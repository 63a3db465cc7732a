"""How an endpoint wants to be asked is found out once, remembered, and asked for no more."""

from __future__ import annotations

import asyncio

import pytest

from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.llm.payload import Capabilities, messages, payload, repair_request
from tests.fakes.replies import Supports, error
from tests.fakes.server import FakeLLM
from tests.llm.support import ask, endpoint, request

GOOD = '{"codes": []}'


@pytest.mark.parametrize("vague", [False, True])
@pytest.mark.parametrize(
    ("supports", "modes"),
    [
        (Supports(), ["json_schema"]),
        (Supports(json_schema=False), ["json_schema", "json_object"]),
        (
            Supports(json_schema=False, json_object=False),
            ["json_schema", "json_object", "text"],
        ),
    ],
)
def test_structured_output(
    fake_llm: FakeLLM, supports: Supports, modes: list[str], vague: bool
) -> None:
    fake_llm.supports = Supports(
        json_schema=supports.json_schema, json_object=supports.json_object, vague=vague
    )
    fake_llm.default = GOOD
    asked = ask(fake_llm, request(), request(user="second"), request(user="third"))
    assert [chat.mode for chat in fake_llm.chats] == [*modes, modes[-1], modes[-1]]
    expected = {"json_schema": "schema", "json_object": "json", "text": "text"}[modes[-1]]
    assert asked.capabilities.structured == expected
    assert asked.capabilities.structured_seen
    assert {reply.mode for reply in asked.replies} == {expected}
    # Each refusal was reported: it is an attempt like any other.
    assert asked.outcomes == ["failed"] * (len(modes) - 1) + ["ok"] * 3


def test_many_at_once_find_out_only_once(fake_llm: FakeLLM) -> None:
    fake_llm.supports = Supports(json_schema=False, max_tokens=False)
    fake_llm.default = GOOD

    async def go() -> None:
        async with ChatClient(endpoint(fake_llm)) as client:
            await asyncio.gather(*(client.ask(request(user=str(n))) for n in range(30)))

    run_async(go())
    assert len(fake_llm.chats) == 30 + 2


def test_reasoning_models(fake_llm: FakeLLM) -> None:
    fake_llm.supports = Supports(max_tokens=False, temperature=False, seed=False)
    fake_llm.default = GOOD
    asked = ask(fake_llm, request(seed=1), request(seed=1, user="second"))
    assert asked.replies[0].outcome == "ok"
    known = asked.capabilities
    assert known.token_field == "max_completion_tokens"
    assert not known.temperature
    assert not known.seed
    last = fake_llm.chats[-1].json
    assert last["max_completion_tokens"] == 2000
    assert not {"max_tokens", "temperature", "seed"} & set(last)
    assert len(fake_llm.chats) == 3 + 2


def test_a_limit_that_is_too_high_is_no_missing_field(fake_llm: FakeLLM) -> None:
    fake_llm.queue(error(400, "max_tokens must be at most 1024", param="max_tokens"))
    asked = ask(fake_llm)
    assert asked.reply.outcome == "failed"
    assert asked.capabilities.token_field == "max_tokens"
    assert "at most 1024" in asked.reply.error


@pytest.mark.parametrize("silent", [False, True])
def test_no_logprobs(fake_llm: FakeLLM, silent: bool) -> None:
    fake_llm.supports = Supports(logprobs=False, silent=silent)
    fake_llm.default = "Yes"
    question = request(json_schema=None, top_logprobs=5)
    asked = ask(fake_llm, question, question)
    assert asked.capabilities.logprobs is False
    assert asked.reply.outcome == "ok"
    assert asked.reply.logprobs == ()
    assert "logprobs" not in fake_llm.chats[-1].json


def test_a_server_that_ignores_the_schema_is_told_in_words_from_then_on(
    fake_llm: FakeLLM,
) -> None:
    fake_llm.queue("Sure! Here are the codes: rain.", GOOD)
    asked = ask(fake_llm, request(), request(user="second"))
    assert [reply.mode for reply in asked.replies] == ["schema", "text"]
    assert asked.capabilities.structured == "text"
    first, second = fake_llm.chats
    assert '"codes"' not in first.system
    assert '"codes"' in second.system
    assert second.system.startswith("You code interviews.")


def test_what_is_known_already_is_not_asked_for(fake_llm: FakeLLM) -> None:
    fake_llm.supports = Supports(json_schema=False)
    fake_llm.default = GOOD

    async def go() -> None:
        known = Capabilities(structured="json", structured_seen=True)
        async with ChatClient(endpoint(fake_llm), capabilities=known) as client:
            await client.ask(request())

    run_async(go())
    assert [chat.mode for chat in fake_llm.chats] == ["json_object"]


def test_the_same_system_text_for_all_requests_in_every_mode() -> None:
    one, two = request(user="one"), request(user="two")
    for mode in ("schema", "json", "text"):
        known = Capabilities(structured=mode)
        systems = {payload(r, known)["messages"][0]["content"] for r in (one, two)}
        assert len(systems) == 1
    assert "JSON" in messages(one, "json")[0]["content"]  # OpenAI's JSON mode wants the word


def test_repair_request() -> None:
    first = request()
    again = repair_request(first, "Sure! rain", "The answer is not JSON.")
    assert again.system == first.system
    assert again.user.startswith(first.user)
    assert "Sure! rain" in again.user
    assert "The answer is not JSON." in again.user
    assert again.sha256 != first.sha256
    assert again.json_schema == first.json_schema
