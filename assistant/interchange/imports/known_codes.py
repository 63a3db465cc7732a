"""Which names of codes are known before a file is read."""

from __future__ import annotations

from pathlib import Path

from assistant.codebook.loading import load_codebook
from assistant.spelling import nfc

__all__ = ["known_codes", "read_labels"]


def known_codes(codebook_file: Path) -> tuple[str, ...]:
    """Ids, names and aliases of the study's codebook; nothing when there is none yet."""
    if not codebook_file.is_file():
        return ()
    codebook = load_codebook(codebook_file)
    names: list[str] = []
    for code in codebook.codes:
        names += [code.id, *([code.name] if code.name else []), *code.aliases]
    names += [rule.pattern for rule in codebook.ignore]
    return tuple(dict.fromkeys(names))


def read_labels(file: Path) -> tuple[str, ...]:
    """One label a line; empty lines and lines that start with ``#`` are left out."""
    lines = nfc(file.read_text(encoding="utf-8-sig")).splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
