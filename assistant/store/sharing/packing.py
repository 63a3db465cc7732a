"""A row of a share file as bytes: how sealed rows are kept.

Needs no database, since a step of the schema reads such rows too.
"""

from __future__ import annotations

import json
import zlib

from assistant.errors import DataError
from assistant.store.sharing.shared_tables import SharedRow

__all__ = ["pack", "unpack"]

_MOST = 64 * 1024 * 1024


def pack(row: SharedRow) -> bytes:
    return zlib.compress(json.dumps(row, ensure_ascii=False, sort_keys=True).encode("utf-8"))


def unpack(payload: bytes) -> SharedRow:
    """Raises `DataError` for what was not packed here."""
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(payload, _MOST)
        found = json.loads(data)
    except (zlib.error, ValueError) as error:
        raise DataError("A sealed row cannot be read.", hint="Ask for the file again.") from error
    if reader.unconsumed_tail or not isinstance(found, dict):
        raise DataError("A sealed row is not what it should be.", hint="Ask for the file again.")
    return found
