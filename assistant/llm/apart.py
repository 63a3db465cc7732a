"""A connection of its own for each question under way.

One pool for all looks through every connection whenever a question comes or goes: with 32 in flight
that took three tenths of the client's computing time for a call (`bench.calls`). Here each holds
one connection, and the one that was used last is used next.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx2

__all__ = ["Apart"]


class Apart(httpx2.AsyncBaseTransport):
    """As many transports as there are questions under way; ``make`` makes one for one connection.

    It sets no limit: whoever sends keeps to the endpoint's ``max_concurrency``.
    """

    def __init__(self, make: Callable[[], httpx2.AsyncBaseTransport]) -> None:
        self._make = make
        self._all: list[httpx2.AsyncBaseTransport] = []
        self._free: list[httpx2.AsyncBaseTransport] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        transport = self._free.pop() if self._free else self._another()
        try:
            response = await transport.handle_async_request(request)
        except BaseException:
            self._free.append(transport)
            raise
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Lent(response.stream, lambda: self._free.append(transport))
        return response

    def _another(self) -> httpx2.AsyncBaseTransport:
        self._all.append(self._make())
        return self._all[-1]

    async def aclose(self) -> None:
        for transport in self._all:
            await transport.aclose()


class _Lent(httpx2.AsyncByteStream):
    """A body that is on its way; its connection is free for another once it is closed."""

    def __init__(self, stream: httpx2.AsyncByteStream, free: Callable[[], None]) -> None:
        self._stream = stream
        self._free: Callable[[], None] | None = free

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        free, self._free = self._free, None
        try:
            await self._stream.aclose()
        finally:
            if free is not None:
                free()
