"""The engine speaks the OpenAI protocol on the loopback address, and stops."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.coding.judge.question import ANSWER_TOKENS, TOP_LOGPROBS, LogOdds, read_reply
from assistant.errors import DataError, ProviderError, UserError
from assistant.llm.client import ChatClient
from assistant.llm.embedded import engine
from assistant.llm.embedded.engine import EmbeddedServer
from assistant.llm.embedded.platform_checks import Availability, engine_available
from assistant.llm.endpoint import Endpoint
from assistant.llm.problems import ContextTooLongError
from assistant.llm.records import ChatReply, ChatRequest
from tests.embedded.support import smallest_model


@pytest.fixture(scope="session")
def weights() -> Path:
    return smallest_model()


@pytest.fixture(scope="module")
def server(weights: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(weights, context=1024, parallel=2, name="smallest") as running:
        yield running


def ask(server: EmbeddedServer, *requests: ChatRequest) -> list[ChatReply]:
    async def run() -> list[ChatReply]:
        endpoint = Endpoint(base_url=server.base_url, model="smallest", api_key_env="")
        async with ChatClient(endpoint) as client:
            return list(await asyncio.gather(*(client.ask(request) for request in requests)))

    return asyncio.run(run())


def yes_or_no(question: str) -> ChatRequest:
    return ChatRequest(
        model="smallest",
        system="Answer with one word: Yes or No.",
        user=question,
        max_output_tokens=ANSWER_TOKENS,
        top_logprobs=TOP_LOGPROBS,
    )


@pytest.mark.slow
@pytest.mark.model
def test_log_odds_through_our_client(server: EmbeddedServer) -> None:
    questions = [yes_or_no(f"Is the sky {c}? Answer Yes or No.") for c in ("blue", "made of tin")]
    replies = ask(server, *questions)
    for reply in replies:
        judged = read_reply(reply)
        assert isinstance(judged, LogOdds), judged
        assert judged.mass > 0
        assert reply.model == "smallest"
    first, again = read_reply(replies[0]), read_reply(ask(server, questions[0])[0])
    assert isinstance(first, LogOdds)
    assert isinstance(again, LogOdds)
    # Read from the prefix cache and in other company, a number may differ in its last digits.
    assert again.value == pytest.approx(first.value, abs=0.2)


@pytest.mark.slow
@pytest.mark.model
def test_counts_are_exact(server: EmbeddedServer) -> None:
    assert server.count_tokens("") == 0
    # Words that look like control tokens are read as text.
    assert server.count_tokens("<|im_start|>") > 1


@pytest.mark.slow
@pytest.mark.model
def test_a_prompt_that_is_too_long_is_said_to_be(server: EmbeddedServer) -> None:
    with pytest.raises(ContextTooLongError):
        ask(server, yes_or_no("word " * 3000))


@pytest.mark.slow
@pytest.mark.model
def test_it_listens_on_this_computer_and_stops(
    weights: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with EmbeddedServer(weights, context=256) as running:
        address = urlsplit(running.base_url)
        assert address.hostname == "127.0.0.1"
        assert address.port is not None
        running.start()
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", address.port), timeout=1):
        pass
    with pytest.raises(ProviderError, match="not running"):
        _ = running.base_url
    running.stop()
    printed = capfd.readouterr()
    assert printed.out == printed.err == ""


@pytest.mark.slow
@pytest.mark.model
def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    state = engine_available()
    if not state.ok:
        pytest.skip(state.reason)
    file = tmp_path / "junk.gguf"
    file.write_bytes(b"junk" * 1000)
    with pytest.raises(DataError, match="cannot load these weights"):
        EmbeddedServer(file).start()


def test_weights_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "engine_available", lambda: Availability(True))
    with pytest.raises(UserError, match="not there"):
        EmbeddedServer(tmp_path / "absent.gguf").start()


def test_a_computer_that_cannot_run_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        engine, "engine_available", lambda: Availability(False, "libgomp1 is missing.")
    )
    with pytest.raises(UserError, match=r"libgomp1 is missing\."):
        EmbeddedServer(tmp_path / "any.gguf").start()
