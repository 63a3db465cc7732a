"""The codebook's file as it is now, kept as a version: what leaves or comes in is of this one."""

from __future__ import annotations

from pathlib import Path

from assistant.codebook.loading import read_codebook
from assistant.errors import SecondCoderError
from assistant.store.database import Store
from assistant.store.versions import record_codebook

__all__ = ["keep_present_version"]


def keep_present_version(file: Path, store: Store) -> None:
    """Store the version that the file has now. No codes in it, or mistakes: no version."""
    if not file.is_file():
        return
    try:
        loaded = read_codebook(file)
    except SecondCoderError:
        return
    if loaded.codebook.codes:
        record_codebook(store, loaded.codebook, loaded.text)
