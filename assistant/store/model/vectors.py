"""Sentence vectors by embedder and text, so that an interview is embedded once.

A vector is made from participants' words: a withdrawal deletes all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.store.database import Store

__all__ = ["embedders", "record_vectors", "vectors"]

_AT_ONCE = 500


def vectors(store: Store, embedder: str, texts: Sequence[str]) -> dict[str, bytes]:
    """Text's hash -> vector (32-bit floats, little-endian), for those that are there."""
    found: dict[str, bytes] = {}
    for start in range(0, len(texts), _AT_ONCE):
        part = list(texts[start : start + _AT_ONCE])
        marks = ", ".join("?" * len(part))
        for row in store.rows(
            f"SELECT text_sha256, vector FROM vectors WHERE embedder = ? "
            f"AND text_sha256 IN ({marks})",
            [embedder, *part],
        ):
            found[row["text_sha256"]] = row["vector"]
    return found


def record_vectors(store: Store, embedder: str, made: Mapping[str, bytes]) -> None:
    store.write_many(
        "INSERT INTO vectors (embedder, text_sha256, vector) VALUES (?, ?, ?) "
        "ON CONFLICT (embedder, text_sha256) DO NOTHING",
        [(embedder, key, vector) for key, vector in made.items()],
    )


def embedders(store: Store) -> tuple[str, ...]:
    """Names of the embedders that vectors are stored of, the most used first."""
    rows = store.rows(
        "SELECT embedder, count(*) AS n FROM vectors GROUP BY embedder ORDER BY n DESC, embedder"
    )
    return tuple(r["embedder"] for r in rows)
