"""The pages of the real prints are taken apart once, however many tests read them.

What stands on a page takes nearly all the time of reading a print, and a dozen tests read all 23.
They are one group (`tests.scheduling`), so one worker has what it needs. Only the characters and
shapes are kept: every reading makes lines, passages and codings of them anew, and no test can
change what another is given. Every other PDF is read from its file each time.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.transcripts.pdf import characters

__all__ = ["read_once"]


@contextmanager
def read_once(folder: Path) -> Iterator[None]:
    """While it lasts, a PDF below this folder is opened once."""
    folder = folder.resolve()  # as the files are, where the folder is reached by a link
    from_file = characters._raw_pages
    kept: dict[tuple[Path, int, int], bytes] = {}

    def raw_pages(path: Path) -> list[characters.RawPage]:
        real = path.resolve()
        if not real.is_relative_to(folder):
            return from_file(path)
        state = real.stat()
        key = (real, state.st_size, state.st_mtime_ns)
        if key not in kept:
            kept[key] = pickle.dumps(from_file(path), protocol=5)
        found: list[characters.RawPage] = pickle.loads(kept[key])
        return found

    patch = pytest.MonkeyPatch()
    patch.setattr(characters, "_raw_pages", raw_pages)
    try:
        yield
    finally:
        patch.undo()
