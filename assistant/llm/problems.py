"""What an answer that is no reply means, and what the user can do about it.

Invariant: every way in which an attempt can fail becomes one `Problem` with a plain message. What
the server says is quoted, short and without the key; the words of a participant are never quoted
(some servers repeat the request in their error), so only the message fields of known shapes of
error are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.errors import ProviderError
from assistant.llm.endpoint import Endpoint
from assistant.llm.records import ChatReply

__all__ = [
    "ContextTooLongError",
    "FatalProviderError",
    "Kind",
    "Problem",
    "Said",
    "connection_problem",
    "server_said",
    "status_problem",
]

Kind = Literal[
    "key",
    "quota",
    "model",
    "address",
    "redirect",
    "filter",
    "context",
    "parameter",
    "request",
    "rate",
    "server",
    "timeout",
    "broken",
    "unreachable",
    "format",
]

_FATAL = {"key", "quota", "model", "address", "redirect"}
_RETRIED = {"rate", "server", "timeout", "broken", "unreachable"}


class FatalProviderError(ProviderError):
    """What would fail for every other request of the run as well: stop and tell the user."""


class ContextTooLongError(ProviderError):
    """The request is longer than the model can read. A shorter one may work."""

    reply: ChatReply | None = None
    """The attempt that was refused, as it was reported."""


@dataclass(frozen=True)
class Said:
    """What a server's error body says, as far as it has a known shape."""

    message: str = ""
    code: str = ""
    param: str = ""

    @property
    def words(self) -> str:
        return f"{self.message} {self.code} {self.param}".lower()


@dataclass(frozen=True)
class Problem:
    kind: Kind
    message: str
    hint: str = ""
    said: Said = Said()
    retry_after: float | None = None
    """Seconds that the server asks to wait."""

    @property
    def fatal(self) -> bool:
        return self.kind in _FATAL

    @property
    def retried(self) -> bool:
        return self.kind in _RETRIED


def server_said(body: Any) -> Said:
    """Read an error body: OpenAI's shape, Ollama's, vLLM's, and that of FastAPI."""
    if not isinstance(body, Mapping):
        return Said()
    inner = body.get("error", body)
    if isinstance(inner, str):
        return Said(message=_short(inner))
    if not isinstance(inner, Mapping):
        return Said()
    message = inner.get("message") or inner.get("detail") or ""
    param = inner.get("param") or ""
    if isinstance(message, list):
        # FastAPI: a list of {loc, msg, input}; input is the request and is left out.
        items = [item for item in message if isinstance(item, Mapping)]
        param = param or " ".join(_place(item) for item in items)
        message = "; ".join(f"{_place(item)}: {item.get('msg', '')}" for item in items)
    code = inner.get("code") or inner.get("type") or ""
    return Said(_short(str(message)), str(code), _short(str(param)))


def _place(item: Mapping[str, Any]) -> str:
    loc = item.get("loc")
    return ".".join(str(part) for part in loc) if isinstance(loc, list | tuple) else ""


def _short(text: str, most: int = 300) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


_CONTEXT = re.compile(
    r"context[ _]?(length|size|window)|maximum context|exceed_context|prompt is too long"
    r"|input is too long|too many tokens|string_above_max_length"
)
_FILTER = re.compile(r"content_filter|content management policy|responsibleai|moderation|flagged")
_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing|credit|payment")
_MODEL_CODE = re.compile(r"model_not_found|deploymentnotfound")
_MODEL = re.compile(
    r"unknown model|no such model|invalid model"
    r"|model\b.{0,120}?\b(not found|does not exist|not exist|not available|isn't available)"
)
_PARAMETERS = re.compile(
    r"response_format|json_schema|json_object|structured|guided|grammar"
    r"|max_tokens|max_completion_tokens|temperature|logprob|\bseed\b"
)
_WRONG_CERTIFICATE = re.compile(r"certificate|ssl|tls", re.IGNORECASE)
_NO_SUCH_NAME = re.compile(r"name or service|getaddrinfo|nodename|name resolution|resolve", re.I)


def status_problem(
    status: int, body: Any, endpoint: Endpoint, model: str, *, retry_after: float | None = None
) -> Problem:
    """The problem behind an HTTP status of 300 and above."""
    said = server_said(body)
    quoted = f' It says: "{said.message}"' if said.message else ""
    at = endpoint.base_url

    def problem(kind: Kind, message: str, hint: str = "") -> Problem:
        return Problem(kind, message + quoted, hint, said, retry_after)

    if 300 <= status < 400:
        return problem(
            "redirect",
            f"The endpoint sends requests on to another address ({status}). "
            "Nothing was sent there.",
            "Put the address that is meant into base_url in study.toml.",
        )
    if status in (400, 413, 422, 500) and _CONTEXT.search(said.words):
        return problem(
            "context",
            "The request is longer than this model can read.",
            "Use a smaller chunk_tokens in study.toml, or a model with a larger context.",
        )
    if status in (400, 403) and _FILTER.search(said.words):
        return problem("filter", "The provider's content filter refused the request.")
    if status == 402 or (status in (403, 429) and _QUOTA.search(said.words)):
        return problem(
            "quota",
            f"The provider says that the account has no credit left ({status}).",
            "Look at the account's plan and billing at the provider, then run again: "
            "what was answered so far is kept.",
        )
    if status == 401:
        return problem(
            "key",
            "The endpoint refuses the key (401).",
            f"{endpoint.key_hint} It has to hold a key of this endpoint that is still valid.",
        )
    if status == 403:
        return problem(
            "key",
            "The endpoint refuses access (403).",
            f"{endpoint.key_hint} It may not be allowed to use this model, or not from here.",
        )
    names_field = status in (400, 422, 501) and _PARAMETERS.search(said.words)
    names_model = said.param == "model" or _MODEL_CODE.search(said.words)
    if status in (400, 404, 422) and (
        names_model or (_MODEL.search(said.words) and not names_field)
    ):
        return problem(
            "model",
            f'The endpoint has no model "{model}".',
            "Set model in study.toml to one that it offers.",
        )
    if status in (404, 405):
        return problem(
            "address",
            f"There is no chat endpoint at this address ({status}).",
            f"Check base_url in study.toml ({at}). For most servers it ends in /v1.",
        )
    if names_field:
        return problem("parameter", f"The endpoint refuses a field of the request ({status}).")
    if status == 429:
        return problem("rate", "The endpoint says that there are too many requests (429).")
    if status in (408, 409, 425) or (status >= 500 and status not in (501, 505)):
        return problem("server", f"The endpoint has a fault of its own ({status}).")
    return problem("request", f"The endpoint refuses the request ({status}).")


def connection_problem(error: BaseException, endpoint: Endpoint) -> Problem:
    """The problem behind a connection that was not made, or broke."""
    # The cause names what happened; its text holds addresses, never headers.
    causes: list[BaseException] = [error]
    while (below := causes[-1].__cause__ or causes[-1].__context__) and below not in causes:
        causes.append(below)
    names = {type(cause).__name__ for cause in causes}
    words = " ".join(str(cause) for cause in causes)
    at = endpoint.base_url
    if not names & {"ConnectError", "ConnectTimeout"}:
        if names & {"APITimeoutError", "TimeoutError", "ReadTimeout", "WriteTimeout"}:
            return Problem(
                "timeout",
                f"No answer within {endpoint.timeout_seconds:g} seconds.",
                "A slow model needs a larger timeout_seconds in study.toml.",
            )
        return Problem("broken", "The connection broke before the whole answer had come.")
    if _WRONG_CERTIFICATE.search(words):
        return Problem(
            "unreachable",
            f"No safe connection to {at}: its certificate could not be checked.",
            "Check that base_url in study.toml begins with the right http:// or https://. Behind "
            "a university's proxy, ask for its certificate and add it to the system's.",
        )
    if _NO_SUCH_NAME.search(words):
        return Problem(
            "unreachable",
            f"No computer answers to the name in {at}.",
            "Check the spelling of base_url in study.toml, and the network or VPN.",
        )
    if endpoint.is_local:
        hint = (
            "Check that the model's server is running (for Ollama: ollama serve), and base_url in "
            "study.toml with its port."
        )
    else:
        hint = "Check base_url in study.toml with its port, and the network or VPN."
    return Problem("unreachable", f"Nothing answers at {at}.", hint)
