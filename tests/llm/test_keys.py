"""A key goes into one header and nowhere else."""

from __future__ import annotations

import io
import json
import logging
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UserError
from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.llm.endpoint import Endpoint, Redactor
from assistant.llm.problems import FatalProviderError
from assistant.llm.wire import read_body
from tests.fakes.replies import Reply, broken, error, hang
from tests.fakes.server import FakeLLM
from tests.llm.support import Asked, FakeClock, ask, endpoint, request

KEY = "sk-planted/0123456789+abcdef"
GOOD = '{"codes": []}'


@pytest.fixture(autouse=True)
def _planted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-" + KEY)


def test_the_key_is_sent_as_it_is_meant_to_be(fake_llm: FakeLLM) -> None:
    fake_llm.key = KEY
    fake_llm.queue(GOOD)
    assert ask(fake_llm).reply.outcome == "ok"
    (chat,) = fake_llm.chats
    assert chat.headers["authorization"] == f"Bearer {KEY}"
    rest = {name: value for name, value in chat.headers.items() if name != "authorization"}
    assert KEY not in json.dumps(rest) + chat.path + chat.body.decode()


def test_azure(fake_llm: FakeLLM) -> None:
    fake_llm.key = KEY
    fake_llm.queue(GOOD)
    root = fake_llm.base_url.removesuffix("/v1")
    asked = ask(fake_llm, base_url=root, api_version="2026-01-01")
    assert asked.reply.outcome == "ok"
    (chat,) = fake_llm.chats
    path = "/openai/deployments/fake-model/chat/completions?api-version=2026-01-01"
    assert chat.path == path
    assert chat.headers["api-key"] == KEY


def test_an_endpoint_without_key_gets_none(
    fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_llm.queue(GOOD)
    ask(fake_llm, api_key_env="")
    assert KEY not in json.dumps(fake_llm.chats[0].headers)


def echoes(key: str) -> list[Reply]:
    """Ways in which a server can repeat a key."""
    return [
        error(401, f"Incorrect API key provided: {key}."),
        error(403, f"{key} may not"),
        error(400, f"strange: {key}"),
        error(500, f"crash with Authorization: Bearer {key}"),
        error(429, f"{key} is too fast", headers={"X-Echo": key}),
        Reply(status=404, body=f"<p>no route for {key}</p>".encode(), content_type="text/html"),
        Reply(f"The answer is {key}"),
        Reply(GOOD, model=key),
        Reply(None, refusal=f"no, {key}"),
        Reply(GOOD, finish_reason=key),
        Reply(body=json.dumps({"choices": [], "x": key}).encode()),
        Reply(body=json.dumps({"error": {"message": key.replace("/", "\\/")}}).encode()),
        Reply(body=b'{"x": "' + key.encode().replace(b"/", b"\\/") + b'"}'),
        Reply(
            body=b'{"choices": [{"message": {"content": "'
            + "".join(f"\\u{ord(c):04x}" for c in key).encode()
            + b'"}}]}'
        ),
        Reply(status=307, headers={"Location": f"http://127.0.0.1/{key}"}),
        Reply(body=key.encode()),
    ]


@pytest.mark.parametrize("number", range(len(echoes(KEY))))
def test_a_key_that_the_server_repeats_is_nowhere(
    fake_llm: FakeLLM, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake_llm.default = echoes(KEY)[number]
    asked, told = Asked(), ""
    try:
        ask(fake_llm, asked=asked)
    except FatalProviderError as fatal:
        told = "".join(traceback.format_exception(fatal)) + repr(vars(fatal))
        chain: BaseException | None = fatal
        while chain is not None:
            assert not hasattr(chain, "request")
            chain = chain.__cause__ or chain.__context__
    assert asked.attempts
    stored = "".join(
        json.dumps(reply.model_dump(), ensure_ascii=False) + repr(reply) for reply in asked.attempts
    )
    everything = stored + told + caplog.text + repr(asked.capabilities)
    assert KEY not in everything
    assert KEY not in everything.replace("\\\\/", "/").replace("\\/", "/")


@pytest.mark.parametrize("trouble", [broken(), hang(3)])
def test_a_broken_connection_tells_no_key(fake_llm: FakeLLM, trouble: Reply) -> None:
    fake_llm.queue(trouble, GOOD)
    asked = ask(fake_llm, timeout_seconds=0.3)
    assert KEY not in repr(asked)


def test_reprs_and_logs(fake_llm: FakeLLM) -> None:
    fake_llm.queue(error(500), GOOD)
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    shown: list[str] = []

    async def go() -> None:
        async with ChatClient(endpoint(fake_llm), clock=FakeClock()) as client:
            await client.ask(request(user="words of a participant"))
            shown.extend([repr(client), str(client), repr(client.endpoint), repr(vars(client))])

    try:
        run_async(go())
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    text = log.getvalue() + "".join(shown)
    assert KEY not in text
    assert "words of a participant" not in text


@pytest.mark.parametrize("bad", ["sk-with space-1234", "sk-line\nend-12345", "sk-akzént-12345678"])
def test_a_key_that_cannot_be_one(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", bad)
    with pytest.raises(UserError, match="OPENAI_API_KEY") as caught:
        Endpoint(base_url="http://localhost/v1").key()
    assert bad not in str(caught.value)
    monkeypatch.setenv("OPENAI_API_KEY", f"  {KEY}\n")
    assert Endpoint(base_url="http://localhost/v1").key() == KEY


def test_short_words_are_no_secret() -> None:
    assert Redactor("ollama")("ollama serve") == "ollama serve"
    assert Redactor("")("text") == "text"


keys = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


@given(keys, st.text(max_size=30), st.booleans())
def test_no_body_keeps_a_key(key: str, around: str, ascii_only: bool) -> None:
    content = {"error": {"message": around + key + around}, key: [key]}
    redact = Redactor(key)
    for body in (
        json.dumps(content, ensure_ascii=ascii_only).encode("utf-8", "replace"),
        f"{around} {key}".encode("utf-8", "replace"),
        json.dumps(key + around).encode(),
    ):
        read = read_body(body, redact)
        assert not redact.finds(read.text)
        assert not redact.finds(json.dumps(read.json, ensure_ascii=False))
