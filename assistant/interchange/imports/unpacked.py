"""Which files of a folder belong to an unpacked project of another tool, and come with it.

A folder is searched for interviews, and a project's own texts would be taken twice: once with the
project's codes and names, and once as files called by a GUID or a number.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote

__all__ = ["part_of_unpacked"]

_PATHS = re.compile(rb"""[Pp]ath\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LARGEST = 128 * 2**20


def part_of_unpacked(file: Path, top: Path) -> bool:
    """In a folder that is read as a whole: the file comes with a project that lies in it too."""
    return _in_qualcoder(file, top) or _of_refi(file)


def _in_qualcoder(file: Path, top: Path) -> bool:
    """In a QualCoder project's folder everything but its database is a copy or a cache."""
    inside = [parent for parent in file.parents if parent == top or top in parent.parents]
    projects = [parent / "data.qda" for parent in inside if parent.suffix.lower() == ".qda"]
    return any(project.is_file() and project != file for project in projects)


def _of_refi(file: Path) -> bool:
    """A ``.qde`` names its texts, which lie beside it or in ``Sources`` beside it."""
    folders = [file.parent]
    if file.parent.name.casefold() == "sources":
        folders.append(file.parent.parent)
    return file.suffix.lower() != ".qde" and any(
        _folded(file.name) in named
        for folder in folders
        for named in _named_beside(folder, _changed(folder))
    )


def _folded(name: str) -> str:
    """macOS writes é as two characters."""
    return unicodedata.normalize("NFC", name).casefold()


def _changed(folder: Path) -> int:
    return folder.stat().st_mtime_ns


@lru_cache(maxsize=64)
def _named_beside(folder: Path, _changed: int) -> tuple[frozenset[str], ...]:
    """Names of the files that each ``.qde`` of the folder names, in small letters."""
    found = []
    for project in sorted(folder.iterdir()):
        if project.suffix.lower() == ".qde" and project.is_file():
            with project.open("rb") as stream:
                xml = stream.read(_LARGEST).replace(b"\0", b"")  # UTF-16 as well
            paths = (one or other for one, other in _PATHS.findall(xml))
            said = (unescape(path.decode("utf-8", "replace")) for path in paths)
            both = (one for path in said for one in (path, unquote(path)))
            found.append(frozenset(_folded(re.split(r"[/\\]", path)[-1]) for path in both))
    return tuple(found)
