"""Which addresses are this computer, and the other things that an endpoint is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import BugError, ProviderError
from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.llm.endpoint import Endpoint, endpoint_is_local
from assistant.llm.prices import Prices, cost_of
from tests.fakes.protocol import DIMENSIONS, embed_text
from tests.fakes.replies import Reply, error
from tests.fakes.server import FakeLLM
from tests.llm.support import FakeClock, ask, endpoint, request

GOOD = '{"codes": []}'


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://localhost:11434/v1",
        "http://LOCALHOST/v1",
        "https://localhost/v1",
        "http://127.0.0.1:8080/v1",
        "http://127.8.9.1/v1",
        "http://[::1]:8080/v1",
        "http://[::ffff:127.0.0.1]/v1",
        "http://0.0.0.0:8000/v1",
        "unix:/run/llama.sock",
        "http+unix:///run/llama.sock",
    ],
)
def test_this_computer(address: str) -> None:
    assert endpoint_is_local(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://models.example.org/v1",
        "http://192.168.1.20:8000/v1",
        "http://10.0.0.5/v1",
        "http://172.16.0.1/v1",
        "http://gpu-server:8000/v1",
        "http://gpu-server.local/v1",
        "http://localhost.example.org/v1",
        "http://sub.localhost/v1",
        "http://127.0.0.1.example.org/v1",
        "http://localhost@example.org/v1",
        "http://127.0.0.1@example.org/v1",
        "http://localhost\\@example.org/v1",
        "http://example.org\\@localhost/v1",
        "http://localhost /v1",
        " http://localhost/v1",
        "http://2130706433/v1",
        "http://[::ffff:192.168.1.20]/v1",
        "http://[fe80::1]/v1",
        "http://[::1",
        "ftp://localhost/",
        "localhost:11434",
    ],
)
def test_not_this_computer(address: str) -> None:
    assert not endpoint_is_local(address)


def test_no_proxy_between_us_and_this_computer(
    fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeLLM(default="from the proxy") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url.removesuffix("/v1"))
        monkeypatch.setenv("ALL_PROXY", proxy.base_url.removesuffix("/v1"))
        fake_llm.queue(GOOD)
        assert ask(fake_llm).reply.text == GOOD
        assert proxy.history == []


def test_a_redirect_takes_no_words_elsewhere(fake_llm: FakeLLM) -> None:
    with FakeLLM(default=GOOD) as other:
        target = f"{other.base_url}/chat/completions"
        fake_llm.queue(Reply(status=308, headers={"Location": target}))
        with pytest.raises(ProviderError, match="another address"):
            ask(fake_llm)
        assert other.history == []


def test_unix_socket(tmp_path: Path) -> None:
    with FakeLLM([GOOD], unix=tmp_path / "s") as server:
        asked = ask(server)
    assert asked.reply.outcome == "ok"
    assert server.chats[0].path == "/v1/chat/completions"


def test_models(fake_llm: FakeLLM) -> None:
    fake_llm.models = ["one", "two"]

    async def go() -> list[str]:
        async with ChatClient(endpoint(fake_llm)) as client:
            return await client.models()

    assert run_async(go()) == ["one", "two"]


def embed(server: FakeLLM, texts: list[str]) -> list[tuple[float, ...]]:
    async def go() -> list[tuple[float, ...]]:
        async with ChatClient(endpoint(server), clock=FakeClock()) as client:
            return await client.embed(texts)

    return run_async(go())


def test_embeddings_come_in_the_order_of_the_texts(fake_llm: FakeLLM) -> None:
    texts = [f"passage number {n}" for n in range(150)]
    vectors = embed(fake_llm, texts)
    assert len(vectors) == 150
    assert all(len(vector) == DIMENSIONS for vector in vectors)
    assert vectors[149] == pytest.approx(embed_text(texts[149]))
    assert vectors[0] == pytest.approx(embed_text(texts[0]))
    assert len(fake_llm.history) == 3
    assert embed(fake_llm, []) == []


def test_embeddings_are_asked_for_again(fake_llm: FakeLLM) -> None:
    fake_llm.queue(error(500))
    assert len(embed(fake_llm, ["a"])) == 1


def test_embeddings_that_the_endpoint_does_not_have(fake_llm: FakeLLM) -> None:
    fake_llm.queue(error(400, "this model makes no embeddings"))
    with pytest.raises(ProviderError, match="makes no embeddings"):
        embed(fake_llm, ["a"])
    fake_llm.queue(error(501, "Not supported"))
    with pytest.raises(ProviderError, match="Not supported"):
        embed(fake_llm, ["a"])


def test_a_client_belongs_to_one_event_loop(fake_llm: FakeLLM) -> None:
    client = ChatClient(endpoint(fake_llm))

    async def first() -> None:
        await client.models()

    async def second() -> None:
        try:
            await client.models()
        finally:
            await client.close()

    async def both() -> None:
        await first()
        with pytest.raises(BugError, match="second event loop"):
            run_async(client.models())
        await second()

    run_async(both())


def test_run_async_inside_a_running_loop() -> None:
    async def inner() -> int:
        return 3

    async def outer() -> int:
        return run_async(inner()) + 1

    assert run_async(outer()) == 4


def test_prices() -> None:
    # 2,000 x 3.0 / 1,000,000 + 500 x 15.0 / 1,000,000 = 0.006 + 0.0075
    prices = Prices(input=3.0, output=15.0)
    assert cost_of(prices, 2000, 500) == pytest.approx(0.0135)
    assert prices.known
    assert cost_of(Prices(), 2000, 500) is None
    assert cost_of(Prices(input=3.0), 2000, 500) is None
    assert cost_of(prices, None, 500) is None
    assert cost_of(Prices(input=0.0, output=0.0), 2000, 500) == 0.0


def test_a_request_s_address_does_not_depend_on_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = request().sha256
    monkeypatch.setenv("OPENAI_API_KEY", "sk-something-else")
    assert request().sha256 == before
    assert "api_key" not in Endpoint(base_url="http://localhost/v1").model_dump()
