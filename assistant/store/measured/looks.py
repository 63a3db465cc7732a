"""Looks at the evidence: who looked at which comparison of codes, and when.

Prompts, models and codebooks are chosen by what one sees, so every page that shows how codes of
people and of a model differ is a look, whether it measures or lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from assistant.store.database import Store, now

__all__ = ["LOOKS", "Look", "LookKind", "last_looks", "looks", "looks_by_kind", "record_look"]

LookKind: TypeAlias = Literal["evaluation", "compare", "disagreements", "inspect"]
LOOKS: tuple[LookKind, ...] = get_args(LookKind)


@dataclass(frozen=True, slots=True)
class Look:
    """One look, as it was counted."""

    at: str
    """ISO 8601, UTC."""
    who: str
    kind: str
    """One of `LOOKS`."""
    lineage: str
    """Name of the codebook."""
    recipe_sha256: str
    """Of the run that was looked at; empty: people's codes alone."""
    evaluation: int | None
    """Its number, where it is stored here."""


def record_look(
    store: Store,
    kind: LookKind,
    who: str,
    lineage: str,
    *,
    recipe_sha256: str = "",
    evaluation_id: int | None = None,
) -> None:
    """Count a look. ``lineage``: name of the codebook, which all its versions share."""
    store.write(
        "INSERT INTO looks (evaluation_id, who, lineage, recipe_sha256, looked_at, kind) "
        "VALUES (?, ?, ?, nullif(?, ''), ?, ?)",
        (evaluation_id, who, lineage, recipe_sha256, now(), kind),
    )


def looks(store: Store) -> tuple[tuple[str, str, str, int], ...]:
    """(person, lineage of codebook, recipe hash, number of looks), most looked at first."""
    rows = store.rows(
        "SELECT who, lineage, coalesce(recipe_sha256, '') AS recipe, count(*) AS n FROM looks "
        "GROUP BY who, lineage, recipe ORDER BY n DESC, who"
    )
    return tuple((r["who"], r["lineage"], r["recipe"], r["n"]) for r in rows)


def last_looks(store: Store, lineage: str, most: int) -> tuple[Look, ...]:
    """The last ``most`` looks at evidence of one codebook's lineage, the latest first."""
    rows = store.rows(
        "SELECT looked_at, who, kind, lineage, coalesce(recipe_sha256, '') AS recipe, "
        "evaluation_id FROM looks WHERE lineage = ? ORDER BY looked_at DESC, id DESC LIMIT ?",
        (lineage, most),
    )
    return tuple(
        Look(r["looked_at"], r["who"], r["kind"], r["lineage"], r["recipe"], r["evaluation_id"])
        for r in rows
    )


def looks_by_kind(store: Store, lineage: str = "") -> dict[LookKind, int]:
    """Number of looks of each kind that there are; of one codebook's lineage, or of all."""
    rows = store.rows(
        "SELECT kind, count(*) AS n FROM looks WHERE ? IN ('', lineage) GROUP BY kind", (lineage,)
    )
    found = {r["kind"]: int(r["n"]) for r in rows}
    return {kind: found[kind] for kind in LOOKS if kind in found}
