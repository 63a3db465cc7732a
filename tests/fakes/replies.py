"""What the fake server answers with, and the ways in which it can misbehave.

A `Reply` describes one HTTP answer. The functions below make the usual ones; each stands for
something that real endpoints do. `fill_schema` makes the smallest value that a JSON schema allows,
so that the server can answer any request that comes with a schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Reply",
    "Supports",
    "broken",
    "cut_off",
    "error",
    "fill_schema",
    "filtered",
    "hang",
    "not_json",
    "page",
    "refusal",
    "tokens_of",
    "too_many",
    "yes_no",
]


@dataclass(frozen=True)
class Reply:
    """One answer. Everything but ``text`` is for misbehaviour."""

    text: str | None = ""
    """``choices[0].message.content``; None gives null."""
    finish_reason: str | None = "stop"
    refusal: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    """Error message, for a status of 400 and above."""
    code: str | None = None
    param: str | None = None
    body: bytes | None = None
    """Sent instead of a JSON body when given."""
    content_type: str = "application/json"
    delay: float = 0.0
    """Seconds to wait before answering, on top of the server's own delay."""
    break_after: int | None = None
    """Close the connection after this many bytes of the body (-1: before the status line)."""
    logprobs: Sequence[tuple[str, float, Mapping[str, float]]] | None = None
    """Token, its log-probability, and those of the alternatives. None: made from the text."""
    model: str | None = None
    """Model that the reply names; None: the one asked for."""
    usage: Mapping[str, Any] | None = None
    """None: counted from the words. An empty mapping: left out."""


@dataclass(frozen=True)
class Supports:
    """What the server can do. What it cannot do is refused with status 400, naming the field."""

    json_schema: bool = True
    json_object: bool = True
    logprobs: bool = True
    max_tokens: bool = True
    """False: as reasoning models, only ``max_completion_tokens``."""
    temperature: bool = True
    """False: as reasoning models, any value but 1 is refused."""
    seed: bool = True
    vague: bool = False
    """True: refusals say "Bad request" and do not name the field."""
    silent: bool = False
    """True: fields that are not supported are ignored instead of refused."""


def error(status: int, message: str = "", **more: Any) -> Reply:
    """An error with the protocol's JSON body: 500, 503, 401, 404, 400 …"""
    return Reply(status=status, message=message or f"Fake error {status}", **more)


def too_many(retry_after: str | float | None = None, **more: Any) -> Reply:
    """429, with Retry-After as seconds or as a date where given."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return error(429, "Rate limit reached", headers=headers, **more)


def hang(seconds: float = 60.0) -> Reply:
    """No answer for so long that any time limit is reached first."""
    return Reply("too late", delay=seconds)


def broken(text: str = "a reply that breaks in the middle", *, after: int = 40) -> Reply:
    """The connection closes in the middle of the body (``after=-1``: before any answer)."""
    return Reply(text, break_after=after)


def cut_off(text: str = '{"applications": [{"seg') -> Reply:
    """The model ran into the limit of tokens."""
    return Reply(text, finish_reason="length")


def refusal(words: str = "I cannot help with that.") -> Reply:
    """The model refuses, in the field that is there for it."""
    return Reply(None, refusal=words)


def filtered(text: str = "") -> Reply:
    """The provider's content filter stopped the reply."""
    return Reply(text, finish_reason="content_filter")


def not_json(body: bytes = b'{"id": "x", "choices": [{"mess') -> Reply:
    """Status 200 with a body that is no JSON."""
    return Reply(body=body)


def page(status: int = 200) -> Reply:
    """A web page where the protocol was expected: a wrong address, or a proxy's log-in page."""
    return Reply(
        status=status, body=b"<!doctype html><title>Log in</title>", content_type="text/html"
    )


def yes_no(p_yes: float) -> Reply:
    """Answer to a yes/no question with the log-probability of both words."""
    import math

    low = 1e-9
    yes, no = math.log(max(p_yes, low)), math.log(max(1.0 - p_yes, low))
    word, logprob = ("Yes", yes) if p_yes >= 0.5 else ("No", no)
    return Reply(word, logprobs=[(word, logprob, {"Yes": yes, "No": no})])


def tokens_of(text: str) -> list[str]:
    """Cut a text into pieces that join back to it: what the fake server calls tokens."""
    return re.findall(r"\s*\w+|\s*[^\w\s]|\s+", text)


def fill_schema(schema: Mapping[str, Any], root: Mapping[str, Any] | None = None) -> Any:
    """The smallest value that a JSON schema allows: empty lists, first enum members, "" and 0."""
    root = schema if root is None else root
    if "$ref" in schema:
        target: Any = root
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        return fill_schema(target, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return fill_schema(schema[choice][0], root)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: fill_schema(part, root) for name, part in schema["properties"].items()}
    if kind == "array":
        return [fill_schema(schema["items"], root)] * int(schema.get("minItems", 0))
    if kind == "string":
        return "x" * int(schema.get("minLength", 0))
    if kind == "boolean":
        return False
    return schema.get("minimum", 0) if kind in ("integer", "number") else None


def as_reply(value: Any) -> Reply:
    """A string is a reply's content, a mapping or list is content as JSON."""
    if isinstance(value, Reply):
        return value
    return Reply(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
