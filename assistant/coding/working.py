"""Several workers over one list of questions, and how they stop.

When a limit is reached or the endpoint refuses everything, no further question is begun, and those
that are on their way may finish: their replies are paid for and wanted. Any other error (a full
disk, the user stopping the run) cancels the rest at once.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from assistant.coding.asking import LimitReached
from assistant.errors import SecondCoderError
from assistant.llm.problems import FatalProviderError

__all__ = ["calm_collector", "work_all"]

T = TypeVar("T")

_GRACE_SECONDS = 10.0
"""After the endpoint has refused everything: some questions only wait to be refused as well."""


@contextmanager
def calm_collector() -> Iterator[None]:
    """Keep the garbage collector from walking through a plan of thousands of questions again and
    again while they are asked: that took a sixth of a run's computing time (measured). It begins
    before the client is opened, since the SDK's many hundred classes are made then."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


async def work_all(items: Iterable[T], take: Callable[[T], Awaitable[None]], workers: int) -> None:
    """Call ``take`` for every item, by up to ``workers`` at once, begun in their order.

    Raises the first `LimitReached` or `FatalProviderError` after the others have finished (after a
    `FatalProviderError` they have ten seconds), and anything else immediately.
    """
    waiting = iter(items)
    ended: list[SecondCoderError] = []
    refused = asyncio.Event()

    async def worker() -> None:
        for item in waiting:
            if ended:
                return
            try:
                await take(item)
            except (LimitReached, FatalProviderError) as error:
                ended.append(error)
                if isinstance(error, FatalProviderError):
                    refused.set()
                return

    await _work(worker, workers, refused)
    if ended:
        raise ended[0]


async def _work(
    worker: Callable[[], Coroutine[Any, Any, None]], workers: int, refused: asyncio.Event
) -> None:
    tasks = [asyncio.ensure_future(worker()) for _ in range(max(1, workers))]
    everything = asyncio.gather(*tasks)
    hurry = asyncio.ensure_future(refused.wait())
    try:
        either: set[asyncio.Future[Any]] = {everything, hurry}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not everything.done():
            await asyncio.wait({everything}, timeout=_GRACE_SECONDS)
        if everything.done():
            everything.result()
    finally:
        for task in (*tasks, hurry):
            task.cancel()
        await asyncio.gather(*tasks, hurry, return_exceptions=True)
        if everything.done() and not everything.cancelled():
            everything.exception()  # seen: asyncio would complain about it otherwise
