"""Versions of codebooks and prompts, recipes and fits: stored once by hash, never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from assistant.codebook.records import Codebook, Operation, RecordedVersion
from assistant.prompts.records import Prompt
from assistant.store.database import Store, now

__all__ = [
    "CodebookVersion",
    "codebook",
    "codebook_operations",
    "codebook_source",
    "codebook_versions",
    "fit",
    "prompt",
    "prompt_versions",
    "recipe",
    "record_codebook",
    "record_fit",
    "record_operations",
    "record_prompt",
    "record_recipe",
    "recorded_versions",
]

INFERRED = "inferred: "
"""How the reason of an operation begins that nobody declared."""


@dataclass(frozen=True)
class CodebookVersion:
    sha256: str
    name: str
    version: str
    codes: int
    recorded_at: str


def record_codebook(store: Store, codebook: Codebook, source: str) -> bool:
    """Keep this version; True when it is new. ``source`` is the file's text.

    It is always later than the one before, by a millisecond at least: their order says what the
    codes meant when people coded.
    """
    if _has(store, "codebooks", codebook.sha256):
        return False  # mostly so: nobody has to wait for that
    with store.transaction():
        if _has(store, "codebooks", codebook.sha256):
            return False
        store.write(
            "INSERT INTO codebooks (sha256, name, version, source, content, recorded_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                codebook.sha256,
                codebook.name,
                codebook.version,
                source,
                codebook.model_dump_json(),
                _after(str(store.value("SELECT max(recorded_at) FROM codebooks") or "")),
            ),
        )
    return True


def _has(store: Store, table: Literal["codebooks", "prompts"], sha256: str) -> bool:
    return store.value(f"SELECT 1 FROM {table} WHERE sha256 = ?", (sha256,)) is not None


def _after(last: str) -> str:
    """Now, or just after ``last`` where the clock has not moved on."""
    at = now()
    if at > last:
        return at
    later = datetime.fromisoformat(last) + timedelta(milliseconds=1)
    return later.isoformat(timespec="milliseconds")


def codebook(store: Store, sha256: str) -> Codebook:
    """A stored version. Raises KeyError when it is not there."""
    content = store.value("SELECT content FROM codebooks WHERE sha256 = ?", (sha256,))
    if content is None:
        raise KeyError(sha256)
    return Codebook.model_validate_json(content)


def codebook_source(store: Store, sha256: str) -> str:
    """The text of a stored version; empty after a withdrawal. Raises KeyError."""
    source = store.value("SELECT source FROM codebooks WHERE sha256 = ?", (sha256,))
    if source is None:
        raise KeyError(sha256)
    return str(source)


def codebook_versions(store: Store) -> tuple[CodebookVersion, ...]:
    """All versions, oldest first."""
    rows = store.rows(
        "SELECT sha256, name, version, json_array_length(content, '$.codes') AS codes, "
        "recorded_at FROM codebooks ORDER BY recorded_at, sha256"
    )
    return tuple(
        CodebookVersion(r["sha256"], r["name"], r["version"], r["codes"], r["recorded_at"])
        for r in rows
    )


def recorded_versions(store: Store) -> tuple[RecordedVersion, ...]:
    """All versions with their codes, oldest first, and what was declared of the way to later ones.

    What was inferred is not among it: it is inferred anew wherever it is needed.
    """
    rows = codebook_versions(store)
    declared: dict[str, dict[str, tuple[Operation, ...]]] = {}
    for pair in store.rows("SELECT DISTINCT from_sha256, to_sha256 FROM codebook_operations"):
        old, new = pair["from_sha256"], pair["to_sha256"]
        stated = tuple(
            o for o in codebook_operations(store, old, new) if not o.why.startswith(INFERRED)
        )
        if stated:
            declared.setdefault(old, {})[new] = stated
    return tuple(
        RecordedVersion(
            sha256=row.sha256,
            book=codebook(store, row.sha256),
            recorded_at=row.recorded_at,
            declared=declared.get(row.sha256, {}).pop(after, ()),
            declared_further=declared.get(row.sha256, {}),
        )
        for row, after in zip(rows, [*(r.sha256 for r in rows[1:]), ""], strict=False)
    )


def record_operations(
    store: Store, old_sha256: str, new_sha256: str, operations: Sequence[Operation]
) -> None:
    """What leads from one version to the next; replaces what was recorded for this pair."""
    with store.transaction():
        store.write(
            "DELETE FROM codebook_operations WHERE from_sha256 = ? AND to_sha256 = ?",
            (old_sha256, new_sha256),
        )
        store.write_many(
            "INSERT INTO codebook_operations (from_sha256, to_sha256, op, codes, into_codes, why, "
            "recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    old_sha256,
                    new_sha256,
                    o.op,
                    json.dumps(o.codes),
                    json.dumps(o.into),
                    o.why,
                    now(),
                )
                for o in operations
            ],
        )


def codebook_operations(store: Store, old_sha256: str, new_sha256: str) -> tuple[Operation, ...]:
    rows = store.rows(
        "SELECT * FROM codebook_operations WHERE from_sha256 = ? AND to_sha256 = ? ORDER BY id",
        (old_sha256, new_sha256),
    )
    return tuple(
        Operation(
            op=r["op"],
            codes=tuple(json.loads(r["codes"])),
            into=tuple(json.loads(r["into_codes"])),
            why=r["why"],
        )
        for r in rows
    )


def record_prompt(store: Store, prompt: Prompt) -> bool:
    """Keep this version; True when it is new."""
    if _has(store, "prompts", prompt.sha256):
        return False
    with store.transaction():
        if _has(store, "prompts", prompt.sha256):
            return False
        store.write(
            "INSERT INTO prompts (sha256, prompt_id, purpose, source, recorded_at) "
            "VALUES (?, ?, ?, ?, ?)",
            (prompt.sha256, prompt.id, prompt.purpose, prompt.source, now()),
        )
    return True


def prompt(store: Store, sha256: str) -> str:
    """The source of a stored prompt version. Raises KeyError when it is not there."""
    source = store.value("SELECT source FROM prompts WHERE sha256 = ?", (sha256,))
    if source is None:
        raise KeyError(sha256)
    return str(source)


def prompt_versions(store: Store) -> tuple[tuple[str, str, str, str], ...]:
    """(hash, id, purpose, time) of every prompt version that was used, oldest first."""
    return tuple(
        (r["sha256"], r["prompt_id"], r["purpose"], r["recorded_at"])
        for r in store.rows("SELECT * FROM prompts ORDER BY recorded_at, sha256")
    )


def record_recipe(store: Store, sha256: str, content: dict[str, Any]) -> None:
    store.write(
        "INSERT INTO recipes (sha256, content, recorded_at) VALUES (?, ?, ?) "
        "ON CONFLICT (sha256) DO NOTHING",
        (sha256, json.dumps(content, ensure_ascii=False, sort_keys=True), now()),
    )


def recipe(store: Store, sha256: str) -> dict[str, Any]:
    content = store.value("SELECT content FROM recipes WHERE sha256 = ?", (sha256,))
    if content is None:
        raise KeyError(sha256)
    return dict(json.loads(content))


def record_fit(
    store: Store, sha256: str, recipe_sha256: str, content: str, transcripts: Sequence[str]
) -> None:
    """Keep a calibration: its JSON and the hashes of the transcripts that it saw."""
    store.write(
        "INSERT INTO fits (sha256, recipe_sha256, content, transcripts, recorded_at) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
        (sha256, recipe_sha256, content, json.dumps(list(transcripts)), now()),
    )


def fit(store: Store, sha256: str) -> tuple[str, tuple[str, ...]]:
    """(JSON of the calibration, hashes of the transcripts it saw). Raises KeyError."""
    row = store.row("SELECT content, transcripts FROM fits WHERE sha256 = ?", (sha256,))
    if row is None:
        raise KeyError(sha256)
    return row["content"], tuple(json.loads(row["transcripts"]))
