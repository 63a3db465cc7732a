"""Files in a study's folder that have a name in them, or in their own name.

What people and this program write is looked through: texts in UTF-8, and what is packed as a zip
(Word, Excel, REFI-QDA, share files). In a PDF or a picture nothing is looked for.
"""

from __future__ import annotations

import html
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.store.texts.forgetting import Names
from assistant.study import Study

__all__ = ["files_with_name", "has_name"]

_MOST = 64 * 1024 * 1024
"""Of a larger file or part only so much is read."""
_MOST_PARTS = 2_000


def files_with_name(study: Study, names: Names, spelled: Sequence[str]) -> tuple[Path, ...]:
    """``spelled``: the names themselves. Without the database, which is looked through apart."""
    database = study.database.name
    found = []
    for path in sorted(study.folder.rglob("*")):
        if not path.is_file() or path.name.startswith(database):
            continue
        inner = path.relative_to(study.folder)
        if any(names.stands_in(part) for part in inner.parts) or has_name(path, names, spelled):
            found.append(path)
    return tuple(found)


def has_name(path: Path, names: Names, spelled: Sequence[str]) -> bool:
    """Whether one of the names stands in a file. What cannot be read has none that is found."""
    other = [form for name in spelled for form in _forms(name) if form != name]

    def stands(data: bytes) -> bool:
        text = data.decode("utf-8", "ignore")
        return names.stands_in(text) or any(form in text for form in other)

    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return any(stands(part) or stands(name) for name, part in _parts(archive, stands))
        with path.open("rb") as file:
            return stands(file.read(_MOST))
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        return False


def _parts(
    archive: zipfile.ZipFile, stands: Callable[[bytes], bool]
) -> Iterator[tuple[bytes, bytes]]:
    for info in archive.infolist()[:_MOST_PARTS]:
        with archive.open(info) as part:
            yield info.filename.encode("utf-8", "replace"), part.read(_MOST)


def _forms(name: str) -> tuple[str, ...]:
    """How a name stands in a page and in JSON that keeps to ASCII."""
    return html.escape(name), json.dumps(name)[1:-1]
