"""The connection to an endpoint: the SDK's client, and one HTTP exchange that never raises.

Invariants: nothing follows a redirect (a local endpoint could send participants' words elsewhere),
no proxy stands between this program and an endpoint on this computer, and no exception of the SDK
gets past `exchange`, because its request carries the key.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from assistant.llm.endpoint import Endpoint, Redactor
from assistant.llm.problems import Problem, connection_problem, status_problem
from assistant.llm.retry import retry_after_seconds
from assistant.llm.wire import Body, Exchange, read_body

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["Call", "chat_call", "exchange", "open_sdk"]

Call = Callable[["AsyncOpenAI"], Awaitable[Any]]
"""Makes one request and gives its response: httpx's own, or the SDK's raw one around it."""

_NO_KEY = "none"
"""The SDK wants a key; servers that need none ignore it."""


def open_sdk(endpoint: Endpoint, key: str) -> AsyncOpenAI:
    """The SDK's client for an endpoint, its own retries off."""
    import httpx2
    from openai import AsyncAzureOpenAI, AsyncOpenAI

    from assistant.llm.apart import Apart

    # At debug level these log addresses and headers; whoever turns on debugging means ours.
    for name in ("openai", "httpx2", "httpcore2"):
        logger = logging.getLogger(name)
        if logger.level < logging.WARNING:
            logger.setLevel(logging.WARNING)
    # Reading the system's certificates takes a tenth of a second. Where no TLS can happen (no
    # redirect, no proxy), an empty context does, which trusts nobody.
    plain = endpoint.is_local and not endpoint.base_url.startswith("https:")
    verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else httpx2.create_ssl_context()
    in_flight = endpoint.max_concurrency

    def connection() -> httpx2.AsyncBaseTransport:
        return httpx2.AsyncHTTPTransport(
            uds=endpoint.socket_path or None,
            verify=verify,
            limits=httpx2.Limits(max_connections=1, max_keepalive_connections=1),
        )

    # A proxy of the environment is the HTTP client's own matter, which it leaves out with a
    # transport of ours.
    proxied = not endpoint.is_local and bool(getproxies())
    http = httpx2.AsyncClient(
        transport=None if proxied else Apart(connection),
        verify=verify,
        follow_redirects=False,
        trust_env=not endpoint.is_local,
        timeout=httpx2.Timeout(
            endpoint.timeout_seconds, connect=min(15.0, endpoint.timeout_seconds), pool=None
        ),
        limits=httpx2.Limits(max_connections=in_flight, max_keepalive_connections=in_flight),
    )
    if endpoint.api_version:
        root = endpoint.base_url.rstrip("/").removesuffix("/v1").removesuffix("/openai")
        return AsyncAzureOpenAI(
            azure_endpoint=root,
            api_version=endpoint.api_version,
            api_key=key or _NO_KEY,
            max_retries=0,
            http_client=http,
        )
    return AsyncOpenAI(
        base_url="http://localhost/v1" if endpoint.socket_path else endpoint.base_url,
        api_key=key or _NO_KEY,
        max_retries=0,
        http_client=http,
    )


async def exchange(
    sdk: AsyncOpenAI, endpoint: Endpoint, redact: Redactor, model: str, call: Call
) -> Exchange:
    """Make one request. Everything that goes wrong with it is in the result's ``problem``."""
    import openai

    started = time.perf_counter()
    response: Any = None
    failure: BaseException | None = None
    try:
        async with asyncio.timeout(endpoint.timeout_seconds):
            got = await call(sdk)
            response = getattr(got, "http_response", got)
    except openai.APIStatusError as error:
        response = error.response
    except (openai.OpenAIError, TimeoutError) as error:
        failure = error
    latency = round((time.perf_counter() - started) * 1000)
    if failure is not None:
        return Exchange(Body(""), latency, problem=connection_problem(failure, endpoint))

    body = read_body(response.content, redact)
    status = int(response.status_code)
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    problem: Problem | None = None
    embedded = _status_in_body(body) if status < 300 else None
    if status >= 300 or embedded is not None:
        problem = status_problem(
            embedded or status,
            body.json,
            endpoint,
            model,
            retry_after=retry_after_seconds(response.headers),
        )
    elif not isinstance(body.json, dict):
        problem = _no_json(body, kind, endpoint)
    return Exchange(body, latency, status, kind, problem)


def chat_call(body: dict[str, Any]) -> Call:
    """``chat.completions.create`` checks and copies each argument by its type, which took a third
    of a call's time with long messages (measured). The SDK's documented way for any path sends the
    body as it is; keys, errors and Azure's paths stay the SDK's matter."""

    async def post(sdk: AsyncOpenAI) -> Any:
        import httpx2

        return await sdk.post("/chat/completions", body=body, cast_to=httpx2.Response)

    return post


def _status_in_body(body: Body) -> int | None:
    """Some gateways answer 200 and put the error of the model behind them into the body."""
    error = body.mapping.get("error")
    if not error or body.mapping.get("choices") or body.mapping.get("data"):
        return None
    code = error.get("code") if isinstance(error, dict) else None
    try:
        number = int(code) if code is not None else 500
    except (TypeError, ValueError):
        number = 500
    return number if 400 <= number < 600 else 500


def _no_json(body: Body, kind: str, endpoint: Endpoint) -> Problem:
    if kind == "text/html" or body.text.lstrip()[:1] == "<":
        return Problem(
            "format",
            "The endpoint answered with a web page instead of a reply.",
            f"Check base_url in study.toml ({endpoint.base_url}); for most servers it ends in /v1. "
            "A network's log-in page can also stand in between.",
        )
    if not body.text.strip():
        return Problem("broken", "The endpoint's answer was empty.")
    return Problem("broken", "The endpoint's answer was not whole, or is not JSON.")
