"""What is printed does nothing to the terminal.

Names of coders, codes, transcripts and studies come from other people's files and are kept as they
are. A terminal would obey the control characters in them (move, colour, answer, set the title),
and characters that turn the direction of writing make a name look like another. So everything that
a command prints goes through here: such characters are shown by their number, ``\\u001b``, which
is also how JSON writes them, so that ``--json`` says the same as before.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import IO, Any

__all__ = ["beneath", "harmless", "harmless_streams"]

_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Everything that controls but the tab and the line end; overrides, embeddings and isolates."""


def harmless(text: str) -> str:
    """The text with what a terminal would obey shown by its number."""
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Harmless:
    """A stream for text in front of another."""

    encoding = "utf-8"

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(harmless(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def fileno(self) -> int:
        if os.name == "nt":  # click would write to the console past this
            raise io.UnsupportedOperation("fileno")
        return self.stream.fileno()

    def __getattr__(self, name: str) -> Any:
        if name in ("buffer", "stream"):  # nothing is written past this
            raise AttributeError(name)
        return getattr(self.stream, name)


@contextmanager
def harmless_streams() -> Iterator[None]:
    """Standard output and standard error, for as long as a command runs."""
    out: Any = _Harmless(_speaking(sys.stdout))
    err: Any = _Harmless(_speaking(sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        yield


def _speaking(stream: Any) -> IO[str]:
    """Where nothing but ASCII is expected (an empty locale), UTF-8 is written, as click does."""
    found: IO[str] = stream
    if codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name == "ascii" and hasattr(
        stream, "reconfigure"
    ):
        stream.reconfigure(encoding="utf-8")
    return found


def beneath(stream: Any = None) -> IO[str]:
    """The stream itself, for what sets colours and moves the cursor; it is given `harmless` text.

    ``stream``: default standard output.
    """
    found: IO[str] = sys.stdout if stream is None else stream
    return found.stream if isinstance(found, _Harmless) else found
