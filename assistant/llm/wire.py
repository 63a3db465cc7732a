"""From the bytes of an answer to a `ChatReply`.

Invariant: whatever an endpoint sends, there is a reply with the raw body in it, and nothing here
raises: a reply that had arrived is never lost because it looked odd. What is odd becomes an outcome
with an explanation; an outcome other than ``ok`` is never read as "no codes here".
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.llm.endpoint import Redactor
from assistant.llm.problems import Problem
from assistant.llm.records import ChatReply, TokenLogprob

__all__ = ["Body", "Exchange", "read_body", "read_chat", "stored_reply"]

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Body:
    """A body as text, and as JSON where it is some. Keys are removed from both."""

    text: str
    json: Any = None

    @property
    def mapping(self) -> Mapping[str, Any]:
        return self.json if isinstance(self.json, dict) else {}


@dataclass(frozen=True)
class Exchange:
    """One HTTP request and what came of it."""

    body: Body
    latency_ms: int
    status: int | None = None
    """None: no answer came."""
    content_type: str = ""
    problem: Problem | None = None


def read_body(content: bytes, redact: Redactor) -> Body:
    """Decode a body. ``text`` is the body byte for byte (UTF-8), but for the key."""
    text = redact(content.decode("utf-8-sig", "replace"))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Body(text)
    if "\\u" in text:
        # A key can also hide in escapes, which only show once the JSON is read.
        plain = json.dumps(value, ensure_ascii=False)
        if redact.finds(plain):
            text = redact(plain)
            value = json.loads(text)
        text = _LONE_SURROGATE.sub("�", text)
    return Body(text, value)


def read_chat(exchange: Exchange, mode: str, attempt: int) -> ChatReply:
    """The reply to a chat request. Never raises."""
    base = ChatReply(
        outcome="failed",
        raw=exchange.body.text,
        latency_ms=exchange.latency_ms,
        http_status=exchange.status,
        attempts=attempt,
        mode=mode,
    )
    if exchange.problem is not None:
        refused = exchange.problem.kind == "filter"
        return base.model_copy(
            update={"outcome": "refused" if refused else "failed", "error": _error_of(exchange)}
        )
    try:
        return base.model_copy(update=_content(exchange.body.mapping))
    except Exception as odd:
        # Wide on purpose: see the module's invariant.
        return base.model_copy(
            update={
                "outcome": "invalid",
                "error": f"The reply has a shape that is not understood ({type(odd).__name__}).",
            }
        )


def stored_reply(raw: str, mode: str, status: int | None = 200) -> ChatReply:
    """The reply that a stored body is: the same as when it arrived, without the network."""
    return read_chat(Exchange(read_body(raw.encode(), Redactor("")), 0, status), mode, 1)


def _error_of(exchange: Exchange) -> str:
    assert exchange.problem is not None
    return exchange.problem.message


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"model": _text(body.get("model")), **_usage(body.get("usage"))}
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices:
        return {**found, "outcome": "invalid", "error": "The reply holds no answer (no choices)."}
    choice = choices[0]
    message = choice.get("message") or {}
    finish = _text(choice.get("finish_reason"))
    text = _text(message.get("content"))
    refusal = _text(message.get("refusal"))
    found |= {
        "text": text,
        "refusal": refusal,
        "finish_reason": finish,
        "logprobs": _logprobs(choice.get("logprobs")),
    }
    if refusal or finish == "content_filter":
        why = refusal or "The provider's content filter stopped the reply."
        return {**found, "outcome": "refused", "error": why}
    if finish == "length":
        return {
            **found,
            "outcome": "cut-off",
            "error": "The reply ran into the limit of tokens (max_output_tokens).",
        }
    if finish in ("abort", "error"):
        return {**found, "outcome": "failed", "error": "The endpoint gave up in the middle."}
    if not text.strip():
        return {**found, "outcome": "invalid", "error": "The reply is empty."}
    return {**found, "outcome": "ok"}


def _text(value: Any) -> str:
    """A string, storable: halves of characters (broken escapes) become U+FFFD. Some servers send
    the content as a list of parts."""
    if isinstance(value, list):
        value = "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    return _LONE_SURROGATE.sub("�", value) if isinstance(value, str) else ""


def _usage(usage: Any) -> dict[str, int | None]:
    usage = usage if isinstance(usage, dict) else {}
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    return {
        "input_tokens": _count(usage.get("prompt_tokens")),
        "output_tokens": _count(usage.get("completion_tokens")),
        "cached_tokens": _count(cached),
    }


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _logprobs(value: Any) -> tuple[TokenLogprob, ...]:
    content = value.get("content") if isinstance(value, dict) else None
    return tuple(
        TokenLogprob(token=_text(item["token"]), logprob=logprob, top=_top(item))
        for item in content or ()
        if (logprob := _finite(item.get("logprob"))) is not None
    )


def _top(item: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    return tuple(
        (_text(other["token"]), logprob)
        for other in item.get("top_logprobs") or ()
        if (logprob := _finite(other.get("logprob"))) is not None
    )


def _finite(value: Any) -> float | None:
    """A log-probability; minus infinity becomes the smallest that some servers use for it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return None
    return max(float(value), -9999.0)
