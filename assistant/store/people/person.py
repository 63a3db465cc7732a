"""Who is at this computer: the name under which decisions, memos and events are stored.

It is the login unless somebody says otherwise, once for this computer. Logins such as ``user`` or
``admin`` are the same on many computers, and two people of one name are one person at a merge.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from assistant.errors import UserError

__all__ = ["chosen_name", "person", "set_name"]

VARIABLE = "SECONDCODER_NAME"
_LONGEST = 80


def person() -> str:
    """Name of the person at this computer, for the record."""
    if name := chosen_name():
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def chosen_name() -> str:
    """The name that was chosen for this computer: of ``SECONDCODER_NAME``, else of `set_name`.

    Empty where none was, and the login stands in.
    """
    if named := os.environ.get(VARIABLE, "").strip():
        return named[:_LONGEST]
    try:
        return _file().read_text(encoding="utf-8").strip()[:_LONGEST]
    except (OSError, RuntimeError, UnicodeDecodeError):
        return ""


def set_name(name: str) -> None:
    """Keep this name for every study of this user on this computer; empty: the login again.

    What is stored already keeps the name that it has. Raises `UserError` for a name that cannot be
    one, and where it cannot be kept.
    """
    name = name.strip()
    if len(name) > _LONGEST or not all(c.isprintable() for c in name):
        raise UserError(
            "That cannot be the name of a person.", hint=f"One line, {_LONGEST} letters at most."
        )
    try:
        file = _file()
        if not name:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name + "\n", encoding="utf-8")
    except (OSError, RuntimeError) as error:
        raise UserError(
            f"The name cannot be kept: {error}.", hint=f"Set the environment variable {VARIABLE}."
        ) from None


def _file() -> Path:
    """In the user's own folder and in no study's, since a study's folder goes to others."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA")
        folder = Path(base) if base else Path.home() / "AppData" / "Roaming"
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_CONFIG_HOME")
        folder = Path(base) if base else Path.home() / ".config"
    return folder / "second-coder" / "name"
