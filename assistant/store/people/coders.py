"""Coders: people and model configurations."""

from __future__ import annotations

from assistant.spelling import nfc
from assistant.store.database import Row, Store
from assistant.store.people.one_person import (
    join_coders,
    join_documents,
    move_sealed,
    sign,
)
from assistant.store.records import Coder, CoderKind

__all__ = [
    "acts_of",
    "add_coder",
    "coder_from",
    "coders",
    "files_of",
    "find_coder",
    "join_people",
    "rename_person",
]


def coder_from(row: Row, prefix: str = "") -> Coder:
    """A coder from columns ``{prefix}id``, ``{prefix}name``, ``{prefix}kind``."""
    return Coder(row[prefix + "id"], row[prefix + "name"], row[prefix + "kind"])


def add_coder(store: Store, name: str, kind: CoderKind, recipe_sha256: str = "") -> Coder:
    """The coder of that name and kind, however its accents are spelled; made when new."""
    if (there := find_coder(store, name, kind)) is not None:
        return there
    store.write(
        "INSERT INTO coders (name, kind, recipe_sha256) VALUES (?, ?, nullif(?, '')) "
        "ON CONFLICT (kind, name) DO NOTHING",
        (nfc(name), kind, recipe_sha256),
    )
    found = find_coder(store, name, kind)
    assert found is not None
    return found


def find_coder(store: Store, name: str, kind: CoderKind) -> Coder | None:
    row = store.row("SELECT * FROM coders WHERE name = ? AND kind = ?", (name, kind))
    if row is None and not name.isascii():
        same = (coder for coder in coders(store, kind) if nfc(coder.name) == nfc(name))
        return next(same, None)
    return None if row is None else _coder(row)


def coders(store: Store, kind: CoderKind | None = None) -> tuple[Coder, ...]:
    rows = store.rows(
        "SELECT * FROM coders WHERE ? IS NULL OR kind = ? ORDER BY kind, name", (kind, kind)
    )
    return tuple(_coder(row) for row in rows)


def acts_of(store: Store, name: str) -> dict[str, int]:
    """What a person did in this program under her name -> how often, where she did."""
    counts = {
        "codings of her own": "codings k JOIN coders c ON c.id = k.coder_id "
        "WHERE c.kind = 'human' AND c.name = ? AND k.origin <> 'import'",
        "decisions": "decisions WHERE reviewer = ?",
        "adjudications": "adjudications WHERE who = ?",
        "blind coding": "events WHERE who = ? AND kind LIKE 'blind-%'",
        "transcripts finished": "scopes p JOIN coders c ON c.id = p.coder_id "
        "WHERE c.kind = 'human' AND c.name = ? AND p.finished_at IS NOT NULL",
        "codes looked at again": "looked_again l JOIN coders c ON c.id = l.coder_id "
        "WHERE c.kind = 'human' AND c.name = ?",
        "pages opened": "openings WHERE who = ?",
        "checks": "checks WHERE who = ?",
        "evaluations": "evaluations WHERE who = ?",
        "looks at figures": "looks WHERE who = ?",
    }
    found = {
        what: int(store.value(f"SELECT count(*) FROM {rows}", (name,)))
        for what, rows in counts.items()
    }
    return {what: count for what, count in found.items() if count}


def files_of(store: Store, name: str) -> frozenset[str]:
    """Hashes by which the files with a person's codes are known, here and in other studies."""
    rows = store.rows(
        "SELECT d.file_sha256 FROM documents d JOIN coders c ON c.id = d.coder_id "
        "WHERE c.kind = 'human' AND c.name = ?",
        (name,),
    )
    return frozenset(row["file_sha256"] for row in rows)


def rename_person(store: Store, old: str, new: str) -> tuple[int, int]:
    """Another name for a person, with what is signed by it; (codings, memos) that have it now."""
    store.write("UPDATE coders SET name = ? WHERE kind = 'human' AND name = ?", (new, old))
    store.write("UPDATE memos SET who = ? WHERE who = ?", (new, old))
    return _hers(store, new)


def join_people(store: Store, old: str, new: str) -> tuple[int, int]:
    """All that one person has, another has, since they are one; (codings, memos) of hers now.

    Of a transcript that both have, the less independent exposure holds. Codings from files are to
    be derived anew. Use inside a transaction.
    """
    goes, stays = find_coder(store, old, "human"), find_coder(store, new, "human")
    assert goes is not None
    assert stays is not None
    join_coders(store.db, stays.id, [goes.id])
    join_documents(store.db, stays.id)
    move_sealed(store.db, goes.name, stays.name)
    sign(store.db, goes.name, stays.name)
    return _hers(store, stays.name)


def _hers(store: Store, name: str) -> tuple[int, int]:
    codings = store.value(
        "SELECT count(*) FROM codings k JOIN coders c ON c.id = k.coder_id "
        "WHERE c.kind = 'human' AND c.name = ?",
        (name,),
    )
    return int(codings), int(store.value("SELECT count(*) FROM memos WHERE who = ?", (name,)))


def _coder(row: Row) -> Coder:
    return Coder(row["id"], row["name"], row["kind"], row["recipe_sha256"] or "")
