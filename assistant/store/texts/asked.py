"""What an import asked about a file, until somebody has answered it or set it aside.

A file is known by the hash of its place in ``transcripts/``: no name and no word stands here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from assistant.store.database import Store, now

__all__ = ["AskedKind", "AskedRow", "ask", "asked_open", "settle"]

AskedKind = Literal["coder", "user", "labels"]
"""Who coded the file, which was not taken without it; who a user of a project is, whose codes were
taken under the file's own name; which of its lines are code labels."""


@dataclass(frozen=True)
class AskedRow:
    place_sha256: str
    what: AskedKind
    exposure: str
    """What was said of its coders when it was brought."""
    language: str
    asked_at: str


def ask(
    store: Store, place_sha256: str, what: AskedKind, *, exposure: str, language: str, at: str
) -> None:
    """Keep a question. One that is open already stays as it was asked first."""
    store.write(
        "INSERT INTO asked_of_files VALUES (?, ?, ?, ?, ?, '', NULL, '') "
        "ON CONFLICT (place_sha256, what) DO UPDATE SET exposure = excluded.exposure, "
        "language = excluded.language, asked_at = excluded.asked_at, settled = '', "
        "settled_at = NULL, settled_by = '' WHERE settled != ''",
        (place_sha256, what, exposure, language, at),
    )


def asked_open(store: Store) -> tuple[AskedRow, ...]:
    """Questions that nobody has answered or set aside, the oldest first."""
    rows = store.rows(
        "SELECT * FROM asked_of_files WHERE settled = '' ORDER BY asked_at, place_sha256, what"
    )
    return tuple(
        AskedRow(r["place_sha256"], r["what"], r["exposure"], r["language"], r["asked_at"])
        for r in rows
    )


def settle(
    store: Store,
    place_sha256: str,
    kinds: Collection[str],
    how: Literal["answered", "set aside"],
    who: str = "",
) -> None:
    """Open questions of these kinds about a file are open no more."""
    for what in kinds:
        store.write(
            "UPDATE asked_of_files SET settled = ?, settled_at = ?, settled_by = ? "
            "WHERE place_sha256 = ? AND what = ? AND settled = ''",
            (how, now(), who, place_sha256, what),
        )
