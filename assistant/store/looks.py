"""Looks at the evidence: who looked at which comparison of codes, and when.

Prompts, models and codebooks are chosen by what one sees, so every page that shows how codes of
people and of a model differ is a look, whether it measures or lists.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from assistant.store.database import Store, now

__all__ = ["LOOKS", "LookKind", "looks", "looks_by_kind", "record_look"]

LookKind: TypeAlias = Literal["evaluation", "compare", "disagreements", "inspect"]
LOOKS: tuple[LookKind, ...] = get_args(LookKind)


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


def looks_by_kind(store: Store, lineage: str = "") -> dict[LookKind, int]:
    """Number of looks of each kind that there are; of one codebook's lineage, or of all."""
    rows = store.rows(
        "SELECT kind, count(*) AS n FROM looks WHERE ? IN ('', lineage) GROUP BY kind", (lineage,)
    )
    found = {r["kind"]: int(r["n"]) for r in rows}
    return {kind: found[kind] for kind in LOOKS if kind in found}
