"""A model provider on this machine that speaks the real protocol and misbehaves on request.

It is a real HTTP server (asyncio, one thread of its own, keep-alive), so that a test goes through
the same client, sockets and time limits as a run. It answers ``/chat/completions`` (structured
output, log-probabilities, usage with cached tokens), ``/embeddings`` and ``/models``, under any
prefix, so ``/v1`` and Azure's paths both work.

    with FakeLLM() as server:
        server.queue("first reply", {"second": "as JSON"}, too_many(2), error(500))
        ...                                   # something that asks server.base_url
        assert server.chats[0].user == "…"    # what was asked, in order, with headers

What a chat request is answered with, in this order:

1. 401 when the server has a ``key`` and the request another (the error echoes the key it got, as
   some real ones do); 404 when ``check_model`` is set and the model is not in ``models``; 400 when
   a field is not in ``supports`` or the prompt is longer than ``context_words``;
2. the next of the ``queue`` (a string, JSON, a `Reply`, or a function of the `FakeRequest`);
3. ``answer(request)``, for replies that depend on the question;
4. ``default``: None is an error 400, so that a question too many is seen.

Only what reaches step 2 uses up the queue. Waiting (``delay`` seconds) happens in step 2 to 4, for
any number of connections at once; ``max_in_flight`` tells how many there were.

By hand: ``python -m tests.fakes.server --delay 0.2 --reply FILE`` (ends by itself).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes import protocol
from tests.fakes.replies import Reply, Supports, as_reply, error, fill_schema
from tests.waiting import LIMIT

__all__ = ["FakeLLM", "FakeRequest"]

Answer = Callable[["FakeRequest"], Any]


@dataclass(frozen=True)
class FakeRequest:
    """One request as it arrived."""

    method: str
    path: str
    """With the query, as sent."""
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    json: dict[str, Any] = field(default_factory=dict)
    """The body as JSON; empty when it is none."""

    @property
    def route(self) -> str:
        return self.path.split("?")[0]

    @property
    def system(self) -> str:
        return self._content("system")

    @property
    def user(self) -> str:
        return self._content("user")

    @property
    def mode(self) -> str:
        """``json_schema``, ``json_object`` or ``text``: how the client asked for structure."""
        return str((self.json.get("response_format") or {}).get("type", "text"))

    def _content(self, role: str) -> str:
        messages = self.json.get("messages", [])
        return "\n".join(m["content"] for m in messages if m["role"] == role)


class FakeLLM:
    """See the module's text. Everything may be changed while it runs."""

    def __init__(
        self,
        replies: Iterable[Any] = (),
        *,
        answer: Answer | None = None,
        default: Any = None,
        delay: float = 0.0,
        key: str = "",
        models: Iterable[str] = ("fake-model",),
        check_model: bool = False,
        supports: Supports | None = None,
        context_words: int | None = None,
        port: int = 0,
        unix: Path | None = None,
    ) -> None:
        self.answer = answer
        self.default = default
        self.delay = delay
        self.key = key
        self.models = list(models)
        self.check_model = check_model
        self.supports = supports or Supports()
        self.context_words = context_words
        self.answers: int | None = None
        self.history: list[FakeRequest] = []
        self.in_flight = 0
        self.max_in_flight = 0
        self.connections = 0
        self._queue: deque[Any] = deque(replies)
        self._seen_systems: set[str] = set()
        self._port = port
        self._unix = unix
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stop: asyncio.Event | None = None
        self._failure: BaseException | None = None

    # -- for tests ------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        return f"unix:{self._unix}" if self._unix else f"http://127.0.0.1:{self._port}/v1"

    @property
    def chats(self) -> list[FakeRequest]:
        """The chat requests so far, in order of arrival."""
        return [r for r in self.history if r.route.endswith("/chat/completions")]

    @property
    def left(self) -> int:
        """Replies of the queue that nobody asked for yet."""
        return len(self._queue)

    def hold_after(self, answers: int | None) -> None:
        """Whoever asks after so many chat requests waits until this is called again; None: nobody.
        So that a program can be stopped in the middle, however long that takes."""
        self.answers = answers

    def queue(self, *replies: Any) -> None:
        self._queue.extend(replies)

    def __enter__(self) -> FakeLLM:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(LIMIT)
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close every connection and end. Safe to call twice, and before the ``with`` ends."""
        if self._thread is not None and self._loop is not None and self._stop is not None:
            if self._thread.is_alive():
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(LIMIT)
            self._thread = None

    # -- the server -----------------------------------------------------------------------------

    def _run(self, ready: threading.Event) -> None:
        try:
            asyncio.run(self._serve(ready))
        except BaseException as failure:
            self._failure = failure
        finally:
            ready.set()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        open_connections: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            open_connections.add(task)
            self.connections += 1
            try:
                await self._connection(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                open_connections.discard(task)
                writer.close()

        if self._unix:
            server = await asyncio.start_unix_server(connected, str(self._unix))
        else:
            server = await asyncio.start_server(connected, "127.0.0.1", self._port, backlog=512)
            self._port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        pending = list(open_connections)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        # One more round of the loop lets the transports close before it ends.
        await asyncio.sleep(0)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (request := await self._read(reader)) is not None:
            self.history.append(request)
            self.in_flight += 1
            self.max_in_flight = max(self.max_in_flight, self.in_flight)
            try:
                reply, body = await self._respond(request)
            finally:
                self.in_flight -= 1
            if not await protocol.write(writer, reply, body):
                return

    @staticmethod
    async def _read(reader: asyncio.StreamReader) -> FakeRequest | None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        try:
            content = json.loads(body) if body else {}
        except ValueError:
            content = {}
        return FakeRequest(method, path, headers, body, content)

    async def _respond(self, request: FakeRequest) -> tuple[Reply, bytes]:
        if self.key and (given := protocol.key_of(request.headers)) != self.key:
            reply = error(401, f"Incorrect API key provided: {given}.", code="invalid_api_key")
            return reply, protocol.error_body(reply)
        if request.route.endswith("/models"):
            return Reply(), protocol.models_body(self.models)
        chat = request.route.endswith("/chat/completions")
        embeddings = request.route.endswith("/embeddings")
        if not chat and not embeddings:
            reply = error(404, "Not Found")
            return reply, protocol.error_body(reply)
        number = len(self.chats)
        while chat and self.answers is not None and number > self.answers:
            await asyncio.sleep(0.01)
        reply = self._objection(request) or await self._next(request, chat)
        if reply.delay:
            await asyncio.sleep(reply.delay)
        if reply.body is not None:
            return reply, reply.body
        if reply.status >= 300:
            return reply, protocol.error_body(reply)
        if embeddings:
            return reply, protocol.embeddings_body(request.json)
        cached = request.system in self._seen_systems
        self._seen_systems.add(request.system)
        return reply, protocol.chat_body(request.json, reply, self.supports, cached=cached)

    async def _next(self, request: FakeRequest, chat: bool) -> Reply:
        if self.delay:
            await asyncio.sleep(self.delay)
        if not chat:
            # Embeddings take only misbehaviour from the queue.
            if self._queue and isinstance(self._queue[0], Reply) and self._queue[0].status != 200:
                return as_reply(self._queue.popleft())
            return Reply()
        if self._queue:
            value = self._queue.popleft()
        elif self.answer is not None:
            value = self.answer
        elif self.default is not None:
            value = self.default
        else:
            value = error(400, "The fake server has no reply left for this request.")
        return as_reply(value(request) if callable(value) else value)

    def _objection(self, request: FakeRequest) -> Reply | None:
        model = str(request.json.get("model", ""))
        if self.check_model and model not in self.models:
            return error(
                404, f"The model '{model}' does not exist.", code="model_not_found", param="model"
            )
        if self.context_words is not None:
            words = sum(len(str(m["content"]).split()) for m in request.json.get("messages", []))
            if words > self.context_words:
                return error(
                    400,
                    f"This model's maximum context length is {self.context_words} tokens, but the "
                    f"request has {words}.",
                    code="context_length_exceeded",
                )
        return protocol.unsupported(request.json, self.supports)


def _main() -> None:
    parser = argparse.ArgumentParser(description="A fake model provider, for trying things.")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--reply", type=Path, help="file with the text of every reply")
    parser.add_argument("--seconds", type=float, default=600.0, help="end after this long")
    options = parser.parse_args()

    def smallest(request: FakeRequest) -> str:
        schema = (request.json.get("response_format") or {}).get("json_schema", {}).get("schema")
        return json.dumps(fill_schema(schema)) if schema else "Yes"

    answer: Any = options.reply.read_text(encoding="utf-8") if options.reply else smallest
    with FakeLLM(default=answer, delay=options.delay, port=options.port) as server:
        print(server.base_url, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait(options.seconds)
        print(f"{len(server.chats)} questions answered", flush=True)


if __name__ == "__main__":
    _main()
