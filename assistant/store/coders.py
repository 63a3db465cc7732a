"""Coders: people and model configurations."""

from __future__ import annotations

from assistant.store.database import Row, Store
from assistant.store.records import Coder, CoderKind

__all__ = ["add_coder", "coder_from", "coders", "find_coder"]


def coder_from(row: Row, prefix: str = "") -> Coder:
    """A coder from columns ``{prefix}id``, ``{prefix}name``, ``{prefix}kind``."""
    return Coder(row[prefix + "id"], row[prefix + "name"], row[prefix + "kind"])


def add_coder(store: Store, name: str, kind: CoderKind, recipe_sha256: str = "") -> Coder:
    """The coder of that name and kind; made when new."""
    store.write(
        "INSERT INTO coders (name, kind, recipe_sha256) VALUES (?, ?, nullif(?, '')) "
        "ON CONFLICT (kind, name) DO NOTHING",
        (name, kind, recipe_sha256),
    )
    found = find_coder(store, name, kind)
    assert found is not None
    return found


def find_coder(store: Store, name: str, kind: CoderKind) -> Coder | None:
    row = store.row("SELECT * FROM coders WHERE name = ? AND kind = ?", (name, kind))
    return None if row is None else _coder(row)


def coders(store: Store, kind: CoderKind | None = None) -> tuple[Coder, ...]:
    rows = store.rows(
        "SELECT * FROM coders WHERE ? IS NULL OR kind = ? ORDER BY kind, name", (kind, kind)
    )
    return tuple(_coder(row) for row in rows)


def _coder(row: Row) -> Coder:
    return Coder(row["id"], row["name"], row["kind"], row["recipe_sha256"] or "")
