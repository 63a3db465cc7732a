"""The bytes of the protocol: bodies of answers, and how they are written to a connection."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import re
import time
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from tests.fakes.replies import Reply, Supports, error, tokens_of

__all__ = [
    "DIMENSIONS",
    "chat_body",
    "embed_text",
    "embeddings_body",
    "error_body",
    "key_of",
    "models_body",
    "unsupported",
    "write",
]

DIMENSIONS = 32


def key_of(headers: Mapping[str, str]) -> str:
    """The key of a request: a bearer token, or Azure's own header."""
    return headers.get("api-key") or headers.get("authorization", "").removeprefix("Bearer ")


def unsupported(asked: Mapping[str, Any], supports: Supports) -> Reply | None:
    """The refusal of the first field that is asked for and not supported."""
    if supports.silent:
        return None
    form = (asked.get("response_format") or {}).get("type", "text")

    def refuse(param: str, message: str) -> Reply:
        if supports.vague:
            return error(400, "Bad request")
        return error(400, message, param=param, code="unsupported_parameter")

    if form == "json_schema" and not supports.json_schema:
        return refuse("response_format", "response_format of type json_schema is not supported.")
    if form == "json_object" and not supports.json_object:
        return refuse("response_format", "'response_format.type' must be 'text'.")
    if asked.get("logprobs") and not supports.logprobs:
        return refuse("logprobs", "This model does not support logprobs.")
    if "max_tokens" in asked and not supports.max_tokens:
        return refuse(
            "max_tokens",
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
        )
    if asked.get("temperature", 1) != 1 and not supports.temperature:
        return refuse("temperature", "Unsupported value: 'temperature' does not support 0.")
    if "seed" in asked and not supports.seed:
        return refuse("seed", "Unrecognized request argument supplied: seed")
    return None


def error_body(reply: Reply) -> bytes:
    content = {
        "message": reply.message,
        "type": "fake_error",
        "param": reply.param,
        "code": reply.code,
    }
    return _json({"error": content})


def models_body(models: Iterable[str]) -> bytes:
    data = [{"id": m, "object": "model", "created": 0, "owned_by": "fake"} for m in models]
    return _json({"object": "list", "data": data})


def chat_body(asked: Mapping[str, Any], reply: Reply, supports: Supports, *, cached: bool) -> bytes:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    message["refusal"] = reply.refusal
    choice: dict[str, Any] = {
        "index": 0,
        "message": message,
        "finish_reason": reply.finish_reason,
        "logprobs": None,
    }
    if asked.get("logprobs") and supports.logprobs:
        choice["logprobs"] = {"content": _logprobs(asked, reply), "refusal": None}
    body: dict[str, Any] = {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": reply.model if reply.model is not None else asked.get("model", ""),
        "choices": [choice],
    }
    usage = _usage(asked, reply, cached) if reply.usage is None else dict(reply.usage)
    if usage:
        body["usage"] = usage
    return _json(body)


def _logprobs(asked: Mapping[str, Any], reply: Reply) -> list[dict[str, Any]]:
    given = reply.logprobs
    if given is None:
        given = [(token, -0.1, {token: -0.1}) for token in tokens_of(reply.text or "")]
    most = int(asked.get("top_logprobs") or 0)
    return [
        {
            "token": token,
            "logprob": logprob,
            "bytes": list(token.encode()),
            "top_logprobs": [
                {"token": t, "logprob": p, "bytes": list(t.encode())}
                for t, p in sorted(top.items(), key=lambda item: -item[1])[:most]
            ],
        }
        for token, logprob, top in given
    ]


def _usage(asked: Mapping[str, Any], reply: Reply, cached: bool) -> dict[str, Any]:
    messages = asked.get("messages", [])
    # By length alone: cutting long prompts into tokens would take longer than all the rest.
    prompt = sum(_count(m["content"]) for m in messages)
    system = sum(_count(m["content"]) for m in messages if m["role"] == "system")
    answer = _count(reply.text or "")
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
        "prompt_tokens_details": {"cached_tokens": system if cached else 0},
    }


def _count(text: Any) -> int:
    return -(-len(str(text)) // 4)


def embeddings_body(asked: Mapping[str, Any]) -> bytes:
    texts = asked.get("input", [])
    texts = [texts] if isinstance(texts, str) else texts
    # In the order of the protocol's index, not of the list: clients have to sort.
    data = [
        {"object": "embedding", "index": i, "embedding": embed_text(text)}
        for i, text in reversed(list(enumerate(texts)))
    ]
    count = sum(_count(text) for text in texts)
    usage = {"prompt_tokens": count, "total_tokens": count}
    return _json({"object": "list", "data": data, "model": asked.get("model"), "usage": usage})


def embed_text(text: str) -> list[float]:
    """A vector of length 1 that depends on the words alone: texts that share words are near."""
    vector = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        digest = hashlib.sha256(word.encode()).digest()
        vector[digest[0] % DIMENSIONS] += 1.0 if digest[1] % 2 else -1.0
    length = math.sqrt(sum(v * v for v in vector))
    return [v / length for v in vector] if length else vector


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


async def write(writer: asyncio.StreamWriter, reply: Reply, body: bytes) -> bool:
    """Send one answer. False: the connection is to be closed."""
    if reply.break_after is not None and reply.break_after < 0:
        return False
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "Fake"
    headers = {
        "Content-Type": reply.content_type,
        "Content-Length": str(len(body)),
        **reply.headers,
    }
    head = f"HTTP/1.1 {reply.status} {phrase}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(head.encode("latin-1") + b"\r\n" + body[: reply.break_after])
    await writer.drain()
    return reply.break_after is None
