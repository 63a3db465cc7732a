"""Bytes that arrive: a growing file that is hashed on the way, and a command that is waited for.

The invariant: a file gets its final name only when its size and SHA-256 are the model's. Whatever
is going on, ``tell`` is called at least every `LOOK_SECONDS`; what it raises ends the work: that
is how a fetch is stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from assistant.errors import DataError

if TYPE_CHECKING:
    from assistant.llm.embedded.catalogue import Model

__all__ = ["LOOK_SECONDS", "Part", "Tell", "patiently"]

LOOK_SECONDS = 0.3
_CHUNK = 1 << 20
Tell = Callable[[int, int, str], None]


class Part:
    """The growing ``.part`` file: hashed as it is written, the target once it matches."""

    def __init__(self, model: Model, target: Path, tell: Tell) -> None:
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
        self._hash_what_is_here()
        self.pieces = pieces

    def take_over(self, file: Path) -> None:
        """Check a whole ``file`` that lies on the same disk, and give it the target's name: no byte
        is copied. Stopped in between, it stays where it is."""
        begun, self.path = self.path, file
        self._hash_what_is_here()
        self.finish()
        begun.unlink(missing_ok=True)

    def _hash_what_is_here(self) -> None:
        with self.path.open("rb") as stream:
            while block := stream.read(_CHUNK):
                self.digest.update(block)
                self.written += len(block)
                self.show(self.written, "checking what has come")

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


def patiently(
    command: Sequence[str], waiting: Callable[[], None], settings: Mapping[str, str]
) -> tuple[int, str]:
    """Run a command, with ``settings`` in its environment, and call ``waiting`` now and then. Its
    exit status and what it said. It is ended when ``waiting`` raises."""
    with tempfile.TemporaryFile() as spoken:
        running = subprocess.Popen(
            command, stdout=spoken, stderr=subprocess.STDOUT, env={**os.environ, **settings}
        )
        try:
            while True:
                try:
                    running.wait(LOOK_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    waiting()
        finally:
            if running.poll() is None:
                running.kill()
                running.wait()
        spoken.seek(0)
        return running.returncode, spoken.read().decode("utf-8", "replace")
