"""One way to make a hash, so that the same content has the same address everywhere.

Hashes carry the name of their algorithm (``sha256:…``), so that a later version can change the
canonical form without a doubt about which one an old row used.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

__all__ = ["canonical_json", "hash_bytes", "hash_file", "hash_json", "hash_text"]


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_bytes(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def hash_file(path: Path) -> str:
    """`hash_bytes` of a file's content, read in pieces: it may be larger than memory."""
    with path.open("rb") as stream:
        return "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()


def hash_text(text: str) -> str:
    return hash_bytes(text.encode("utf-8", "surrogatepass"))


def hash_json(value: Any) -> str:
    return hash_text(canonical_json(value))
