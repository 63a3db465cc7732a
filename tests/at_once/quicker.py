"""Somebody who is quicker: writes between what another reads and its right to write.

The moment at which two that work at once harm each other is the one just before a transaction
begins: what was read by then may be otherwise. A test lets another program write exactly there, so
that nothing hangs on how fast the machine is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from assistant.store.database import Store

__all__ = ["quicker"]


@contextmanager
def quicker(act: Callable[[], object], *, before: int = 1) -> Iterator[list[bool]]:
    """Do ``act`` just before the first transaction that begins meanwhile; ``before=2``: the second.

    Yields a list that is not empty once it was done. ``act`` has a store of its own.
    """
    real = Store.transaction
    begun: list[bool] = []
    done: list[bool] = []

    @contextmanager
    def transaction(self: Store) -> Iterator[None]:
        if not self._connection.in_transaction and len(begun) < before:
            begun.append(True)
            if len(begun) == before:
                act()
                done.append(True)
        with real(self):
            yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "transaction", transaction)
        yield done
    assert done, "nothing was written meanwhile"
