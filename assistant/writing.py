"""Write a file in one step: whoever reads it, and whoever has no room left on the disk meanwhile,
has the old text or the new one, never half of it.

What is a link stays one: the file that it leads to is written. Who may read a file stays as it was.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from assistant.errors import UserError

__all__ = ["NO_ROOM", "check_folder", "write_whole"]

_PART = ".second-coder-"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
"""What a system says when a disk, or a user's part of it, is full."""


def write_whole(path: Path, what: str | bytes, *, hint: str = "") -> None:
    """Write text in UTF-8, or bytes, to ``path``, whose folder is made where it is not there.

    Raises `UserError` for a place that cannot be written, and `OSError` where the disk is full:
    that is no fault of the place. ``hint``: what the user can do about the place.
    """
    if path.exists() and not path.is_file():
        raise UserError(
            "This is a folder or a device, not a file; nothing was written.",
            where=str(path),
            hint=hint or "Name a file.",
        )
    path = Path(os.path.realpath(path))
    # Two programs that write one file at once each need a place of their own.
    part = path.with_name(f"{_PART}{os.getpid()}-{secrets.token_hex(4)}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        if isinstance(what, bytes):
            part.write_bytes(what)
        else:
            part.write_text(what, encoding="utf-8", newline="\n")
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if error.errno in NO_ROOM:
            raise
        raise UserError(
            f"This cannot be written ({error.strerror or error}).",
            where=str(path),
            hint=hint or "Close it in other programs, and look whether you may write there.",
        ) from error


def _sweep(folder: Path) -> None:
    """Delete what was left by a program that was ended while it wrote: it may hold words of an
    interview. What is younger than an hour may be somebody's who is at it."""
    begin = time.time() - 3600
    for left in folder.glob(f"{_PART}*.new"):
        with suppress(OSError):
            if left.stat().st_mtime < begin:
                left.unlink()


def check_folder(folder: Path, *, hint: str) -> None:
    """Raises `UserError` where no file can be written into ``folder``: for what is stored first
    and written then."""
    probe = folder / ".second-coder.new"
    try:
        write_whole(probe, "", hint=hint)
    except UserError as error:
        raise UserError(error.what, where=str(folder), hint=hint) from error
    probe.unlink(missing_ok=True)
