"""The files of a REFI-QDA project, opened without trust.

A ``.qdpx`` is a zip archive, a ``.qde`` a file with a folder ``Sources`` beside it. Nothing is
unpacked to the disk, nothing outside of the archive or folder is read, and no more than stated
limits is ever held in memory, whatever sizes the archive claims.
"""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import NoReturn
from urllib.parse import unquote

from assistant.errors import DataError

__all__ = [
    "LARGEST_PROJECT",
    "LARGEST_TEXT",
    "MissingFile",
    "ProjectFiles",
    "RefusedProject",
    "open_files",
]

LARGEST_PROJECT = 128 * 2**20
LARGEST_TEXT = 64 * 2**20
LARGEST_SUM = 512 * 2**20
_MOST_MEMBERS = 50_000
_MOST_SHRUNK = 1_000
"""Deflate shrinks nothing people write a thousandfold; archives that are traps it does."""
_DRIVE = re.compile(r"[A-Za-z]:")
_SCHEME = re.compile(r"(internal|relative|absolute|file):/*", re.IGNORECASE)


def _folded(name: str) -> str:
    """How files are looked up: macOS writes é as two characters."""
    return unicodedata.normalize("NFC", name).casefold()


class RefusedProject(DataError):
    """The whole file is not to be read."""


class MissingFile(Exception):
    """Why a file that the project names cannot be read, for people."""


class ProjectFiles:
    """The project's XML, and its texts by the paths that it gives them."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None) -> None:
        self._path, self._archive = path, archive
        self._left = LARGEST_SUM
        self._members: dict[str, zipfile.ZipInfo] = {}
        if archive is not None:
            self._look_through(archive)

    def close(self) -> None:
        if self._archive is not None:
            self._archive.close()

    def __enter__(self) -> ProjectFiles:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _look_through(self, archive: zipfile.ZipFile) -> None:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            self._refuse(f"it holds {len(members)} files")
        for info in members:
            name = info.filename.replace("\\", "/")
            parts = PurePosixPath(name).parts
            if name.startswith("/") or _DRIVE.match(name) or ".." in parts:
                self._refuse(f"a file in it wants to lie outside of it: {info.filename[:80]!r}")
            if stat.S_ISLNK(info.external_attr >> 16):
                self._refuse(f"it holds a link to another file: {info.filename[:80]!r}")
            if info.flag_bits & 1:
                self._refuse("it is protected by a password", "Save it without a password.")
            self._members.setdefault(_folded(name), info)

    def _refuse(self, why: str, hint: str = "") -> NoReturn:
        raise RefusedProject(
            f"This project was not read, because {why}.",
            where=str(self._path),
            hint=hint
            or "No program for qualitative analysis writes such a file. If you trust "
            "where it comes from, export it anew.",
        )

    def project(self) -> bytes:
        """The XML of the project or codebook."""
        if self._archive is None:
            return self._bounded(self._path, LARGEST_PROJECT)
        found = sorted(
            (name for name in self._members if name.endswith(".qde")),
            key=lambda name: (name != "project.qde", name.count("/"), name),
        )
        if not found:
            raise DataError(
                "This archive holds no REFI-QDA project: there is no .qde file in it.",
                where=str(self._path),
                hint="Export the project as REFI-QDA (.qdpx) from the program that made it.",
            )
        return self._member(self._members[found[0]], LARGEST_PROJECT)

    def text(self, path: str) -> bytes:
        """A text that the project names. Raises `MissingFile` when it is not there."""
        if path.lower().startswith(("absolute:", "http:", "https:", "file:")):
            raise MissingFile("it lies outside of the project file")
        tried: list[str] = []
        # As it stands, and read as the address that it is: "My%20text.txt" is "My text.txt".
        for said in dict.fromkeys((path, unquote(path))):
            name = _SCHEME.sub("", said, count=1).replace("\\", "/").lstrip("/")
            parts = PurePosixPath(name).parts
            if not parts or ".." in parts or _DRIVE.match(name) or "\0" in name:
                raise MissingFile("it lies outside of the project file")
            tried += [name, f"sources/{name}", f"sources/{parts[-1]}", parts[-1]]
        if self._archive is not None:
            for one in tried:
                info = self._members.get(_folded(one))
                if info is not None and not info.is_dir():
                    return self._member(info, LARGEST_TEXT)
            raise MissingFile("it is not in the project file")
        return self._beside(tried)

    def _beside(self, tried: list[str]) -> bytes:
        folder = self._path.parent.resolve()
        both = (*tried, *(t.replace("sources/", "Sources/", 1) for t in tried))
        spelled = (unicodedata.normalize(form, one) for one in both for form in ("NFC", "NFD"))
        for one in dict.fromkeys((*both, *spelled)):
            file = folder / one
            # A link may lead anywhere: only what really lies here is read.
            if file.is_file() and file.resolve() == folder / one:
                return self._bounded(file, LARGEST_TEXT)
        raise MissingFile("it does not lie beside the project file")

    def _bounded(self, file: Path, limit: int) -> bytes:
        try:
            with file.open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            raise DataError(
                f"This file cannot be opened ({error.strerror}).",
                where=str(file),
                hint="Look whether it is open elsewhere and whether you may read it.",
            ) from error
        return self._counted(data, limit, file.name)

    def _member(self, info: zipfile.ZipInfo, limit: int) -> bytes:
        assert self._archive is not None
        try:
            with self._archive.open(info) as stream:
                data = stream.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise DataError(
                f"This project is damaged: {info.filename} in it cannot be read ({error}).",
                where=str(self._path),
                hint="Export it anew.",
            ) from error
        if len(data) > 2**20 and len(data) > _MOST_SHRUNK * max(1, info.compress_size):
            self._refuse(f"{info.filename} in it unpacks to a thousand times its size")
        return self._counted(data, limit, info.filename)

    def _counted(self, data: bytes, limit: int, name: str) -> bytes:
        self._left -= len(data)
        if len(data) > limit or self._left < 0:
            what = f"{name} is larger" if len(data) > limit else "its texts together are larger"
            size = limit if len(data) > limit else LARGEST_SUM
            self._refuse(
                f"{what} than {size // 2**20} MiB",
                "Export a part of the project, with fewer texts.",
            )
        return data


def open_files(path: Path) -> ProjectFiles:
    """Open a project or codebook. Raises `DataError` for a damaged or hostile archive."""
    with path.open("rb") as stream:
        zipped = stream.read(4) == b"PK\x03\x04"
    if not zipped:
        return ProjectFiles(path, None)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise DataError(
            f"This project is damaged and cannot be opened ({error}).",
            where=str(path),
            hint="Export it anew, or copy it again: it may have been cut off.",
        ) from error
    try:
        return ProjectFiles(path, archive)
    except BaseException:
        archive.close()
        raise
