"""The codebook's file in a shared study: its last version comes into a study that has none yet. A
codebook that has codes is never touched."""

from __future__ import annotations

from assistant.codebook.loading import parse_codebook, read_codebook
from assistant.codebook.records import Codebook
from assistant.codebook.writing import codebook_yaml
from assistant.errors import SecondCoderError
from assistant.interchange.sharing.package import ShareFile
from assistant.store.database import Store
from assistant.study import Study
from assistant.writing import write_whole

__all__ = ["take_codebook_file"]


def take_codebook_file(study: Study, store: Store, share: ShareFile) -> str:
    """Write the shared study's last version, where this study's file has no codes; its path."""
    with store.transaction():  # nobody writes one meanwhile
        return _taken(study, share)


def _taken(study: Study, share: ShareFile) -> str:
    file = study.codebook_file
    if file.is_file():
        try:
            if read_codebook(file).codebook.codes:
                return ""
        except SecondCoderError:
            return ""  # somebody is writing it
    versions = sorted(share.rows("codebooks"), key=lambda row: str(row.get("recorded_at")))
    for row in reversed(versions):
        try:
            book = Codebook.model_validate_json(str(row["content"]))
        except ValueError:
            continue  # a strange file: its rows are as they came, and nothing is made of them
        if book.codes:
            write_whole(file, _text(book, str(row.get("source") or "")))
            return str(file)
    return ""


def _text(book: Codebook, source: str) -> str:
    """As its author wrote it, with comments; where that is gone (a withdrawal), written anew."""
    try:
        if source and parse_codebook(source, "codebook").sha256 == book.sha256:
            return source
    except SecondCoderError:
        pass
    return codebook_yaml(book)
