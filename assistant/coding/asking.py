"""Asking one question: hash, look up, send, store the raw reply, and only then parse.

Every attempt has its row before anything looks at it. A reply that was had before for the same
request and repeat number is used again and marked as such; nothing is asked twice. Limits on calls
and cost are checked before each attempt, never after.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from assistant.errors import BugError, PartialError
from assistant.llm.client import ChatClient
from assistant.llm.prices import Prices, cost_of
from assistant.llm.records import ChatReply, ChatRequest
from assistant.llm.wire import stored_reply
from assistant.store.database import Store
from assistant.store.model.calls import record_call, record_request, reusable_call
from assistant.store.model.reply_records import CallRow, ChunkRow
from assistant.store.model.words_kept import (
    check_chunk_not_withdrawn,
    check_nobody_withdrew,
    withdrawn_now,
)

__all__ = ["Answer", "Asker", "LimitReached", "Limits"]

_TIMED_OUT = 408


class LimitReached(PartialError):
    """``--max-calls`` or ``--max-cost`` was reached; running again with more goes on."""


@dataclass
class Limits:
    """What a run may still use. An attempt on its way counts with the most it can cost.

    Invariant: ``cost + reserved`` never passes ``max_cost``. An attempt whose cost the endpoint
    does not tell (no token counts, a broken connection, a time-out) counts with the most for good.
    """

    max_calls: int | None = None
    """Every attempt counts, also one that repeats a question after a fault."""
    max_cost: float | None = None
    """Needs known ``prices``."""
    until: float | None = None
    """Time of `time.monotonic` after which nothing more is asked."""
    prices: Prices = field(default_factory=Prices)
    calls: int = 0
    cost: float = 0.0
    """What is known, and the most that the others can have cost."""
    untold: int = 0
    """Attempts whose cost is not known."""
    untold_cost: float = 0.0
    """The most that they can have cost; part of ``cost``."""
    reserved: float = 0.0
    in_flight: int = 0
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        if self.max_cost is not None and not self.prices.known:
            raise BugError("A limit of cost without prices limits nothing.")

    async def reserve(self, input_tokens: int, output_tokens: int) -> float:
        """Take room for one attempt; raises `LimitReached` when there is none.

        Attempts on their way may cost less than was set aside for them, so room that they take up
        is waited for. Whoever waits holds none himself, so that somebody always goes on.
        """
        most = cost_of(self.prices, input_tokens, output_tokens) or 0.0
        while (
            self.max_cost is not None
            and self.in_flight
            and self.cost + most <= self.max_cost < self.cost + self.reserved + most
        ):
            await self._settled.wait()
        self.check()
        if self.max_cost is not None and self.cost + self.reserved + most > self.max_cost:
            raise LimitReached(
                f"The next call could pass the limit of {self.max_cost} {self.prices.currency} "
                f"({self.cost:.4f} used so far{self._untold()}); the rest was not asked.",
                hint="Run the same command with a higher --max-cost; it goes on from here.",
            )
        self.calls += 1
        self.in_flight += 1
        self.reserved += most
        return most

    def go_on_from(self, other: Limits) -> None:
        """Count what was used under ``other`` as well: both are limits of one run."""
        self.calls, self.cost = other.calls, other.cost

    def check(self) -> None:
        """Raise `LimitReached` when the time is over or no further call is allowed."""
        if self.until is not None and time.monotonic() > self.until:
            raise LimitReached(
                "The time for this run is over; the rest was not asked.",
                hint="Run the same command again; it goes on from here.",
            )
        if self.max_calls is not None and self.calls >= self.max_calls:
            raise LimitReached(
                f"The limit of {self.max_calls} calls is reached; the rest was not asked.",
                hint="Run the same command with a higher --max-calls; it goes on from here.",
            )

    def settle(self, reserved: float, cost: float | None) -> None:
        """An attempt is over; ``cost`` None: not known, so what was set aside counts."""
        self.in_flight -= 1
        self.reserved = self.reserved - reserved if self.in_flight else 0.0
        if cost is None:
            self.untold += 1
            self.untold_cost += reserved
            cost = reserved
        self.cost += cost
        self._settled.set()
        self._settled = asyncio.Event()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a run under a limit of cost says of attempts whose cost is not known."""
        if self.max_cost is None or not self.untold:
            return ()
        one = self.untold == 1
        return (
            f"The endpoint did not say what {self.untold} call{'' if one else 's'} used. Towards "
            f"--max-cost {'it counts' if one else 'they count'} with the most that "
            f"{'it' if one else 'they'} can have cost ({self.untold_cost:.4f} "
            f"{self.prices.currency}).",
        )

    def _untold(self) -> str:
        if not self.untold:
            return ""
        return (
            f", {self.untold_cost:.4f} of it as the most that {self.untold} "
            f"call{'' if self.untold == 1 else 's'} of unknown use can have cost"
        )


@dataclass(frozen=True)
class Answer:
    """The reply that counts, and its row."""

    call_id: int
    reply: ChatReply
    reused: bool


class Asker:
    """Asks for one run and one repeat number."""

    def __init__(
        self,
        store: Store,
        client: ChatClient | None,
        run_id: int,
        repeat: int,
        limits: Limits,
        withdrawn: frozenset[int] | None = None,
    ) -> None:
        """``client`` is None when everything is expected to be there already. ``withdrawn``: what
        was when the questions were made; by default what is now."""
        self.store = store
        self.client = client
        self.run_id = run_id
        self.repeat = repeat
        self.limits = limits
        self.withdrawn = withdrawn_now(store) if withdrawn is None else withdrawn
        self.sent = 0
        self.reused = 0
        self.models: set[str] = set()
        self._asking: dict[str, asyncio.Event] = {}

    async def ask(self, chunk: ChunkRow, request: ChatRequest, input_tokens: int) -> Answer:
        """The reply to a request, from the store or from the endpoint.

        Raises `LimitReached`, and what `ChatClient.ask` raises.
        """
        key = request.sha256
        while (other := self._asking.get(key)) is not None:
            # The same words stand in two chunks: asked once, and both get the reply.
            await other.wait()
        found = self._had(chunk, request)
        if found is not None:
            return found
        over = self._asking[key] = asyncio.Event()
        try:
            return await self._send(chunk, request, input_tokens)
        finally:
            del self._asking[key]
            over.set()

    async def _send(self, chunk: ChunkRow, request: ChatRequest, input_tokens: int) -> Answer:
        assert self.client is not None
        # Before there is a place: many wait for one, and none of them needs to try.
        self.limits.check()
        rows: list[int] = []
        under_way: list[float] = []
        """What is set aside for the attempt that is on its way, if there is one."""

        async def before() -> None:
            check_nobody_withdrew(self.store, self.withdrawn)
            under_way.append(await self.limits.reserve(input_tokens, request.max_output_tokens))

        def keep(reply: ChatReply) -> None:
            cost = cost_of(self.limits.prices, reply.input_tokens, reply.output_tokens)
            known = 0.0 if cost is None and _turned_away(reply) else cost
            self.limits.settle(under_way.pop(), known)
            rows.append(
                record_call(
                    self.store,
                    self.run_id,
                    chunk.id,
                    request.sha256,
                    self.repeat,
                    reply.attempts,
                    reply,
                    cost=cost,
                )
            )

        try:
            if request.sha256 != chunk.request_sha256:
                with self.store.transaction():
                    check_nobody_withdrew(self.store, self.withdrawn)
                    check_chunk_not_withdrawn(self.store, chunk.id)
                    record_request(self.store, request.sha256, request.model_dump_json())
            reply = await self.client.ask(request, on_attempt=keep, before_each=before)
        finally:
            for most in under_way:
                self.limits.settle(most, None)
            self.sent += bool(rows)
        if reply.model:
            self.models.add(reply.model)
        # The next question leaves before this reply is read: the endpoint is what takes time.
        await asyncio.sleep(0)
        return Answer(rows[-1], reply, False)

    def _had(self, chunk: ChunkRow, request: ChatRequest) -> Answer | None:
        """A reply to this very request that is there already.

        One that came for this chunk counts whatever it was, as long as the chunk is open: the
        program ended before it was dealt with. A chunk that has failed is asked about again.
        """
        row = reusable_call(
            self.store,
            request.sha256,
            self.repeat,
            open_chunk_id=chunk.id if chunk.status != "failed" else None,
        )
        if row is None:
            return None
        reply = _reply(row)
        if reply.model:
            self.models.add(reply.model)
        if row.chunk_id == chunk.id:
            return Answer(row.id, reply, True)
        self.reused += 1
        key = record_call(
            self.store,
            self.run_id,
            chunk.id,
            request.sha256,
            self.repeat,
            1,
            reply,
            reused_call_id=row.reused_call_id or row.id,
        )
        return Answer(key, reply, True)


def _turned_away(reply: ChatReply) -> bool:
    """Whether the endpoint refused to begin (wrong key, too many requests): that costs nothing."""
    status = reply.http_status
    return status is not None and 400 <= status < 500 and status != _TIMED_OUT


def _reply(row: CallRow) -> ChatReply:
    return stored_reply(row.raw, row.structured_mode, row.http_status)
