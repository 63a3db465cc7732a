"""The file that carries a study's rows: a zip of JSON lines, one member a table, and a manifest.

Written so that any program can read it, and read as if anybody could have written it: only members
that the format has, sizes bounded before anything is unpacked, every hash checked before a row is
looked at, nothing ever written to a path from the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from pydantic import Field, ValidationError

from assistant import __version__
from assistant.errors import DataError, UserError
from assistant.store.database import Store, now
from assistant.store.schema.spelled import STEP
from assistant.store.sharing.shared_tables import TABLES, SharedRow
from assistant.store.sharing.sharing import shared_rows, steps
from assistant.store.sharing.spelled_rows import Spelled
from assistant.transcripts.records import Frozen
from assistant.writing import NO_ROOM

__all__ = ["FORMAT", "Manifest", "ShareFile", "open_share", "write_share"]

FORMAT = "second-coder-share"
_VERSION = 1
_MANIFEST = "manifest.json"
_MOST_BYTES = 8 * 1024**3
_MOST_LINE = 64 * 1024**2
_MOST_MANIFEST = 1024**2
_HARMLESS = 50 * 1024**2
"""A zip that unpacks to no more than this may be packed as tightly as it likes."""
_MOST_RATIO = 200
_NOT_SHARED = (
    "Have it written by `secondcoder share` in the other study. Projects of other programs and "
    "interviews come in by `secondcoder import FILE`."
)
_ASK = "Ask for the file again; it may have been damaged on its way."


class TableEntry(Frozen):
    rows: int = Field(ge=0)
    sha256: str


class Manifest(Frozen):
    """What a share file says about itself."""

    format: str
    version: int
    study: str
    person: str = ""
    """Whose rows; empty: everybody's."""
    made_by: str
    made_at: str
    program: str
    steps: tuple[str, ...]
    """Of the schema that the rows have."""
    tables: dict[str, TableEntry]


def _member(table: str) -> str:
    return f"rows/{table}.jsonl"


def write_share(
    store: Store, target: Path, *, study: str, person: str, made_by: str, force: bool = False
) -> Manifest:
    """Write all shared rows, or one person's. Overwrites nothing without ``force``, and then only
    once the new file is whole.

    Raises `UserError` when the file is there already or cannot be written.
    """
    if target.exists() and not target.is_file():
        raise UserError(
            "This is a folder or a device, not a file; nothing was written.",
            where=str(target),
            hint="Give --to the name of a file.",
        )
    if target.exists() and not force:
        raise UserError(
            "There is a file of that name already.",
            where=str(target),
            hint="Choose another name with --to, or replace it with --force.",
        )
    target = Path(os.path.realpath(target))  # a link stays one
    partial = target.with_name(target.name + ".part")
    try:
        partial.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            entries = _write_tables(store, archive, person)
            manifest = Manifest(
                format=FORMAT,
                version=_VERSION,
                study=study,
                person=person,
                made_by=made_by,
                made_at=now(),
                program=__version__,
                steps=steps(store),
                tables=entries,
            )
            archive.writestr(_MANIFEST, manifest.model_dump_json(indent=1))
        partial.replace(target)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise
        raise UserError(
            f"The file cannot be written ({error.strerror}).",
            where=str(target),
            hint="Choose another place with --to.",
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return manifest


def _write_tables(store: Store, archive: zipfile.ZipFile, person: str) -> dict[str, TableEntry]:
    rows = shared_rows(store, person)
    entries: dict[str, TableEntry] = {}
    waiting = next(rows, None)
    for spec in TABLES:
        digest, count = hashlib.sha256(), 0
        with archive.open(_member(spec.table), "w", force_zip64=True) as out:
            while waiting is not None and waiting[0] == spec.table:
                line = json.dumps(waiting[1], ensure_ascii=False) + "\n"
                data = line.encode("utf-8", "surrogatepass")
                digest.update(data)
                out.write(data)
                count += 1
                waiting = next(rows, None)
        entries[spec.table] = TableEntry(rows=count, sha256="sha256:" + digest.hexdigest())
    return entries


@dataclass(frozen=True)
class ShareFile:
    """An opened share file whose hashes were checked."""

    path: Path
    manifest: Manifest
    archive: zipfile.ZipFile
    names: Mapping[str, str] = field(default_factory=dict)
    """People of the file who have another name here -> that name."""

    def called(self, names: Mapping[str, str]) -> ShareFile:
        """The same file with people's names as they are here."""
        return replace(self, names=names)

    def rows(self, table: str) -> Iterator[SharedRow]:
        """Rows of a table, one at a time, with names in one spelling. Raises `DataError` for what
        is no row."""
        rows = self._in_one_spelling(table)
        return self._called.rows(table, rows) if self.names else rows

    def _in_one_spelling(self, table: str) -> Iterator[SharedRow]:
        if STEP in self.manifest.steps:
            return self._written(table)
        return self._spelled.rows(table, self._written(table))

    @cached_property
    def _called(self) -> Spelled:
        return Spelled.of(self._in_one_spelling, self.names)

    @cached_property
    def _spelled(self) -> Spelled:
        return Spelled.of(self._written)

    def _written(self, table: str) -> Iterator[SharedRow]:
        if table not in self.manifest.tables:
            return
        with self.archive.open(_member(table)) as member:
            for number, line in enumerate(_lines(member, self.path), start=1):
                try:
                    row = json.loads(line.decode("utf-8", "surrogatepass"))
                except (ValueError, RecursionError) as error:
                    raise _broken(self.path, f"{_member(table)}, line {number}: {error}") from error
                if not isinstance(row, dict):
                    raise _broken(self.path, f"{_member(table)}, line {number} is no row")
                yield row


def _lines(member: IO[bytes], path: Path) -> Iterator[bytes]:
    while True:
        line = member.readline(_MOST_LINE + 1)
        if not line:
            return
        if len(line) > _MOST_LINE:
            raise _broken(path, "one row has more than 64 MiB")
        yield line


def _broken(path: Path, what: str) -> DataError:
    return DataError(f"This file cannot be taken in: {what}.", where=str(path), hint=_ASK)


@contextmanager
def open_share(path: Path) -> Iterator[ShareFile]:
    """Open a share file and check it. Raises `DataError` for anything that does not fit."""
    if not path.is_file():
        raise UserError(
            "There is no such file.", where=str(path), hint="Look at the spelling and the folder."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive, path)
            _check_members(archive, manifest, path)
            _check_hashes(archive, manifest, path)
            yield ShareFile(path, manifest, archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise _broken(path, f"it is no whole zip file ({error})") from error
    except OSError as error:
        raise UserError(
            f"The file cannot be read ({error}).",
            where=str(path),
            hint="Look whether it is open elsewhere, whether you may read it, and whether the disk "
            "is still connected.",
        ) from error


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    names = archive.namelist()
    if len(names) != len(set(names)):
        raise _broken(path, "a name stands in it twice")
    if _MANIFEST not in names:
        raise DataError(
            "This is not a file that `secondcoder share` wrote: it has no manifest.",
            where=str(path),
            hint=_NOT_SHARED,
        )
    if archive.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
        raise _broken(path, "its manifest is too long")
    try:
        raw: Any = json.loads(archive.read(_MANIFEST))
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            raise DataError(
                "This is not a file that `secondcoder share` wrote.",
                where=str(path),
                hint=_NOT_SHARED,
            )
        if raw.get("version") != _VERSION:
            raise UserError(
                "This file was written by another version of Second Coder "
                f"(form {raw.get('version')}; this one reads form {_VERSION}).",
                where=str(path),
                hint="Update Second Coder on both computers, then share again.",
            )
        return Manifest.model_validate(raw)
    except (ValueError, RecursionError) as error:
        what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise _broken(path, f"its manifest is not what it should be ({what})") from error


def _check_members(archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    """Only members that the format has, and no more bytes than a study can have."""
    known = {spec.table for spec in TABLES}
    odd = sorted(set(manifest.tables) - known)
    if odd:
        raise _broken(path, f"it has tables that no study has ({', '.join(odd)[:80]})")
    expected = {_MANIFEST, *(_member(table) for table in manifest.tables)}
    found = set(archive.namelist())
    if found != expected:
        strange = ", ".join(sorted(found ^ expected))[:120]
        raise _broken(path, f"what is in it is not what its manifest says ({strange})")
    size = sum(info.file_size for info in archive.infolist())
    packed = max(1, sum(info.compress_size for info in archive.infolist()))
    if size > _MOST_BYTES or (size > _HARMLESS and size / packed > _MOST_RATIO):
        raise _broken(path, f"it would unpack to {size // 1024**2} MiB")


def _check_hashes(archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    for table, entry in manifest.tables.items():
        digest, rows, size = hashlib.sha256(), 0, 0
        with archive.open(_member(table)) as member:
            while block := member.read(1024 * 1024):
                digest.update(block)
                rows += block.count(b"\n")
                size += len(block)
                if size > _MOST_BYTES:
                    raise _broken(path, "it is larger than it says")
        if ("sha256:" + digest.hexdigest(), rows) != (entry.sha256, entry.rows):
            raise _broken(path, f"{_member(table)} is not what the manifest says")
