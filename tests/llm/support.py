"""What the client's tests share: a clock that does not wait, and one question in one line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.llm.endpoint import Endpoint
from assistant.llm.payload import Capabilities
from assistant.llm.records import ChatReply, ChatRequest, Schema
from assistant.llm.retry import Clock, RetryPolicy
from tests.fakes.server import FakeLLM

SCHEMA = Schema(
    name="answer",
    body={
        "type": "object",
        "properties": {"codes": {"type": "array", "items": {"type": "string"}}},
        "required": ["codes"],
        "additionalProperties": False,
    },
)


class FakeClock(Clock):
    """Time passes only when somebody waits."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


def request(**changes: Any) -> ChatRequest:
    fields: dict[str, Any] = {
        "model": "fake-model",
        "system": "You code interviews.",
        "user": "She said that it rained.",
        "json_schema": SCHEMA,
    }
    return ChatRequest(**{**fields, **changes})


def endpoint(server: FakeLLM, **changes: Any) -> Endpoint:
    fields: dict[str, Any] = {
        "base_url": server.base_url,
        "model": "fake-model",
        "timeout_seconds": 600.0,
    }
    return Endpoint(**{**fields, **changes})


@dataclass
class Asked:
    """What came of some questions that were put one after the other."""

    replies: list[ChatReply] = field(default_factory=list)
    attempts: list[ChatReply] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    capabilities: Capabilities = field(default_factory=Capabilities)

    @property
    def reply(self) -> ChatReply:
        return self.replies[-1]

    @property
    def outcomes(self) -> list[str]:
        return [attempt.outcome for attempt in self.attempts]


def ask(
    server: FakeLLM,
    *requests: ChatRequest,
    retry: RetryPolicy | None = None,
    asked: Asked | None = None,
    **changes: Any,
) -> Asked:
    """Put questions through a client of their own; ``asked`` also holds what came before an
    exception."""
    asked = asked if asked is not None else Asked()
    clock = FakeClock()

    async def go() -> None:
        async with ChatClient(endpoint(server, **changes), retry=retry, clock=clock) as client:
            try:
                for one in requests or (request(),):
                    asked.replies.append(await client.ask(one, on_attempt=asked.attempts.append))
            finally:
                asked.waits = clock.waits
                asked.capabilities = client.capabilities

    run_async(go())
    return asked
