"""What would fail for every question ends the run at once, with words that help."""

from __future__ import annotations

import asyncio

import pytest

from assistant.errors import UserError
from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.llm.endpoint import Endpoint
from assistant.llm.problems import FatalProviderError, connection_problem
from tests.fakes.replies import Reply, error, page
from tests.fakes.server import FakeLLM
from tests.llm.support import Asked, ask, endpoint, request


@pytest.mark.parametrize(
    ("sent", "says", "hint"),
    [
        (error(401, "bad key"), "refuses the key (401)", "OPENAI_API_KEY, which is not set"),
        (error(403, "not yours"), "refuses access (403)", "OPENAI_API_KEY"),
        (error(402, "pay"), "no credit left", "what was answered so far is kept"),
        (error(429, "You exceeded your current quota", code="insufficient_quota"), "credit", ""),
        (error(404, "Not Found"), "no chat endpoint at this address", "ends in /v1"),
        (error(405, "Method Not Allowed"), "no chat endpoint at this address", "base_url"),
        (page(), "web page instead of a reply", "base_url"),
        (Reply(status=307, headers={"Location": "http://192.0.2.1/"}), "another address", ""),
        (Reply(status=302, headers={"Location": "/login"}), "another address", "base_url"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_fatal(fake_llm: FakeLLM, sent: Reply, says: str, hint: str) -> None:
    fake_llm.queue(sent)
    asked = Asked()
    with pytest.raises(FatalProviderError) as caught:
        ask(fake_llm, asked=asked)
    assert says in caught.value.what
    assert hint in caught.value.hint
    assert caught.value.where == fake_llm.base_url
    assert caught.value.exit_code == 2
    # The attempt was reported all the same, and nothing was asked again.
    assert asked.outcomes == ["failed"]
    assert len(fake_llm.chats) == 1


@pytest.mark.parametrize(
    "message",
    [
        "The model 'gtp-4o' does not exist or you do not have access to it.",
        'model "gtp-4o" not found, try pulling it first',
    ],
)
def test_unknown_model_lists_what_is_offered_nearest_first(fake_llm: FakeLLM, message: str) -> None:
    fake_llm.models = ["aaa", "gpt-4o", "zzz"]
    fake_llm.queue(error(404, message))
    with pytest.raises(FatalProviderError) as caught:
        ask(fake_llm, request(model="gtp-4o"))
    assert 'no model "gtp-4o"' in caught.value.what
    assert caught.value.hint.startswith("It offers: gpt-4o, aaa, zzz.")


def test_unknown_model_of_the_server_itself(fake_llm: FakeLLM) -> None:
    fake_llm.check_model = True
    with pytest.raises(FatalProviderError, match='no model "other"'):
        ask(fake_llm, request(model="other"))


def test_a_run_of_many_stops_after_the_first(fake_llm: FakeLLM) -> None:
    fake_llm.default = error(401)
    errors: list[BaseException | object] = []

    async def go() -> None:
        async with ChatClient(endpoint(fake_llm)) as client:
            asked = (client.ask(request(user=str(n))) for n in range(200))
            errors.extend(await asyncio.gather(*asked, return_exceptions=True))
            with pytest.raises(FatalProviderError):
                await client.models()

    run_async(go())
    assert all(isinstance(one, FatalProviderError) for one in errors)
    assert len(fake_llm.history) == 1


def test_a_missing_key_is_told_before_anything_is_sent() -> None:
    async def go() -> None:
        async with ChatClient(Endpoint(base_url="https://models.example.org/v1", model="m")):
            raise AssertionError("not reached")

    with pytest.raises(FatalProviderError, match="no key for this endpoint"):
        run_async(go())


@pytest.mark.parametrize(
    "address", ["localhost:11434", "ftp://x/v1", "http://", "nonsense", "http://[::1"]
)
def test_an_address_that_cannot_be_one(address: str) -> None:
    with pytest.raises(UserError, match="is not the address of an endpoint"):
        ChatClient(Endpoint(base_url=address))


@pytest.mark.parametrize(
    "address", ["https://me:hunter22@example.org/v1", "https://example.org/v1?api_key=hunter22"]
)
def test_a_secret_in_the_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(UserError) as caught:
        ChatClient(Endpoint(base_url=address))
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("[Errno -2] Name or service not known", "No computer answers to the name"),
        ("[Errno 11001] getaddrinfo failed", "No computer answers to the name"),
        ("CERTIFICATE_VERIFY_FAILED: self-signed", "certificate could not be checked"),
        ("[Errno 111] Connection refused", "Nothing answers at https://x.example/v1"),
    ],
)
def test_reasons_for_not_connecting(reason: str, says: str) -> None:
    class ConnectError(Exception):
        pass

    outer = RuntimeError("Connection error.")
    outer.__cause__ = ConnectError(reason)
    problem = connection_problem(outer, Endpoint(base_url="https://x.example/v1"))
    assert problem.kind == "unreachable"
    assert says in problem.message
    assert problem.hint
