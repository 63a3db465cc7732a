"""Blind codes of somebody else: kept out of every table that is read until both have finished.

Sealed are a person's scope of a transcript, her codings and memos there, and what was recorded
about her coding it. They are opened for everybody here at once when she and another person have
finished and nobody here is still coding the transcript blind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.store.database import Store, now
from assistant.store.decided.reviewing import unfinished_blind
from assistant.store.sharing.packing import pack, unpack
from assistant.store.sharing.shared_tables import SharedRow

__all__ = ["SealedRow", "drop_sealed", "finished_blind", "seal", "sealed_rows"]


@dataclass(frozen=True)
class SealedRow:
    identity: str
    table: str
    coder: str
    transcript_sha256: str
    row: SharedRow


def seal(store: Store, rows: Sequence[SealedRow]) -> int:
    """Keep rows sealed; how many are new. A scope that is finished now replaces the unfinished."""
    before = int(store.value("SELECT count(*) FROM sealed"))
    for one in rows:
        there = store.row("SELECT payload FROM sealed WHERE identity = ?", (one.identity,))
        if there is not None and not (
            one.row.get("finished_at") and not unpack(there["payload"]).get("finished_at")
        ):
            continue
        store.write(
            "INSERT INTO sealed (identity, kind, coder, transcript_sha256, payload, arrived_at) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (identity) DO UPDATE SET "
            "payload = excluded.payload",
            (one.identity, one.table, one.coder, one.transcript_sha256, pack(one.row), now()),
        )
    return int(store.value("SELECT count(*) FROM sealed")) - before


def sealed_rows(store: Store) -> Iterator[SealedRow]:
    for row in store.rows("SELECT * FROM sealed ORDER BY transcript_sha256, coder, identity"):
        yield SealedRow(
            row["identity"],
            row["kind"],
            row["coder"],
            row["transcript_sha256"],
            unpack(row["payload"]),
        )


def drop_sealed(store: Store, identities: Sequence[str]) -> None:
    store.write_many("DELETE FROM sealed WHERE identity = ?", [(one,) for one in identities])


def finished_blind(
    store: Store,
) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Who has finished which transcript blind here, and who has begun and not finished; both as
    (person, hash of the transcript)."""
    done = frozenset(
        (row["name"], row["sha256"])
        for row in store.rows(
            "SELECT c.name, t.sha256 FROM scopes p JOIN coders c ON c.id = p.coder_id "
            "JOIN transcripts t ON t.id = p.transcript_id "
            "WHERE p.exposure = 'blind' AND p.finished_at IS NOT NULL AND c.kind = 'human'"
        )
    )
    hashes = {r["id"]: r["sha256"] for r in store.rows("SELECT id, sha256 FROM transcripts")}
    begun = {
        (row["name"], row["sha256"])
        for row in store.rows(
            "SELECT c.name, t.sha256 FROM scopes p JOIN coders c ON c.id = p.coder_id "
            "JOIN transcripts t ON t.id = p.transcript_id WHERE p.exposure = 'blind' "
            "AND p.finished_at IS NULL AND c.kind = 'human' AND EXISTS (SELECT 1 FROM codings k "
            "WHERE k.coder_id = p.coder_id AND k.transcript_id = p.transcript_id "
            "AND k.origin = 'blind')"
        )
    }
    begun |= {(name, hashes[key]) for name, key in unfinished_blind(store) if key in hashes}
    return done, frozenset(begun)
