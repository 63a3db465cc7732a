"""Texts of other tools' projects that two studies took in, each under a key of its own.

A document of such a text is one person's part of it, and its key is made of her name: where a
share file spells the name otherwise, its rows are led to the key that the document has here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from assistant.hashing import hash_json
from assistant.store.database import Store
from assistant.store.sharing.shared_tables import SharedRow

__all__ = ["same_documents", "with_key_here"]


def same_documents(store: Store, rows: Callable[[str], Iterable[SharedRow]]) -> dict[str, str]:
    """Key of one person's part of a text in another tool's file -> the key that it has here.

    Such a key is made of her name, as it was spelled when the file came in.
    """
    held = store.rows(
        "SELECT d.file_sha256, d.project_sha256, d.name, c.kind, c.name AS coder, d.exposure, "
        "d.text FROM documents d JOIN coders c ON c.id = d.coder_id WHERE d.project_sha256 <> ''"
    )
    here = {
        (r["project_sha256"], r["name"], hash_json([r["kind"], r["coder"]]), r["exposure"]): r
        for r in held
    }
    known = {row["file_sha256"] for row in held}
    theirs = [row for row in rows("documents") if row.get("project_sha256")] if held else []
    both = {str(row.get("file_sha256")) for row in theirs} & known
    found: dict[str, str] = {}
    for row in theirs:
        coder, key = str(row.get("coder_id")), str(row.get("file_sha256"))
        same = here.get((row["project_sha256"], row.get("name"), coder, row.get("exposure")))
        if same is None or both & {key, same["file_sha256"]} or same["text"] != row.get("text"):
            continue
        found[key] = same["file_sha256"]
    return found


def with_key_here(table: str, row: SharedRow, keys: Mapping[str, str]) -> SharedRow:
    """A row with the key that a file has here, where it is or names one of `same_documents`."""
    column = "file_sha256" if table == "documents" else "document_id"
    return {**row, column: keys[row[column]]} if row.get(column) in keys else row
