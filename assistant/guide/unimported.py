"""Which files of a study's ``transcripts/`` are in the study under no name.

A file is known by its bytes. Their hashes are remembered beside the database, by size and time of
change, so that looking again does not read every file again. No name of a file is kept (a name may
be a participant's), and what is not there any more is forgotten.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.hashing import hash_bytes, hash_text
from assistant.store.database import Store
from assistant.store.texts.documents import document_hashes
from assistant.store.withdrawal.taking_out import set_aside_files
from assistant.study import Study
from assistant.transcripts.kinds import has_no_text

__all__ = ["Unimported", "not_imported"]

_SETTLED_NS = 2_000_000_000
"""A file that changed so short a time ago may change again within one tick of the disk's clock."""

_Seen = dict[str, tuple[int, int, str]]
"""Hash of a file's place in the folder -> size, time of change (nanoseconds), hash of its bytes."""


@dataclass(frozen=True)
class Unimported:
    files: tuple[str, ...] = ()
    no_text: tuple[str, ...] = ()
    """Pictures, sound, film, and empty files: nothing that an import could bring in."""


def not_imported(study: Study, store: Store) -> Unimported:
    """Files in ``transcripts/`` whose bytes no document has, and that nobody has set aside; those
    of withdrawn ones are in it."""
    folder = study.transcripts_folder
    if not folder.is_dir():
        return Unimported()
    known = document_hashes(store) | set_aside_files(store)
    file = study.database.with_name("files-seen.json")
    before, now = _read(file), _Seen()
    found, no_text = [], []
    for path in sorted(folder.rglob("*")):
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        try:
            state = path.stat()
            if has_no_text(path, state.st_size):
                no_text.append(name)
                continue
            seen = before.get(hash_text(name))
            if seen is None or seen[:2] != (state.st_size, state.st_mtime_ns):
                seen = (state.st_size, state.st_mtime_ns, hash_bytes(path.read_bytes()))
        except OSError:
            continue
        if time.time_ns() - state.st_mtime_ns > _SETTLED_NS:
            now[hash_text(name)] = seen
        if seen[2] not in known:
            found.append(name)
    if now != before:
        _write(file, now)
    return Unimported(tuple(found), tuple(no_text))


def _read(file: Path) -> _Seen:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return {str(key): (int(a), int(b), str(c)) for key, (a, b, c) in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(file: Path, seen: _Seen) -> None:
    passing = file.with_suffix(f".{os.getpid()}.part")
    with suppress(OSError):  # nothing but speed hangs on it
        passing.write_text(json.dumps(seen), encoding="utf-8")
        os.replace(passing, file)
