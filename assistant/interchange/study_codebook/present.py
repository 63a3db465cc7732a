"""The codebook's file as it is now, kept as a version: what leaves or comes in is of this one."""

from __future__ import annotations

from pathlib import Path

from assistant.codebook.loading import read_codebook
from assistant.errors import SecondCoderError
from assistant.store.database import Store
from assistant.store.versions import record_codebook

__all__ = ["keep_present_version"]


def keep_present_version(file: Path, store: Store) -> str:
    """Store the version that the file has now; its hash, or "" (no codes in it, or mistakes).

    It need not be the newest that is stored: the file may have been changed back, and a colleague's
    version may have come in since.
    """
    if not file.is_file():
        return ""
    try:
        loaded = read_codebook(file)
    except SecondCoderError:
        return ""
    if not loaded.codebook.codes:
        return ""
    record_codebook(store, loaded.codebook, loaded.text)
    return loaded.codebook.sha256
