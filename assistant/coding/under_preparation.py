"""That a run is being prepared, for whoever looks at the study meanwhile.

A run is known by what it asks and what its calibration learns from, so its row can only be made
when all transcripts were read, which takes minutes on a busy computer. Until then a small file
beside the database says that somebody is at it. It holds no words, is renewed every few seconds and
goes when the preparing ends; one that is not renewed any more is of a program that was cut off, and
says nothing. Whether a run is the same again is decided by the database alone.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.store.database import now
from assistant.study import Study

__all__ = ["Preparing", "being_prepared", "under_preparation"]

_RENEWED = 5.0
"""Seconds between two signs of life."""
_CUT_OFF = 60.0
"""Seconds without one after which nobody is at it any more."""


@dataclass(frozen=True)
class Preparing:
    since: str
    """As the store writes times."""
    done: int
    of: int
    """Transcripts to be read; 0: not known."""

    @property
    def in_words(self) -> str:
        read = f": {self.done} of {self.of} transcripts read" if self.of else ""
        since = self.since[:16].replace("T", " ")
        return f"A run has been in preparation since {since} (UTC){read}"


@contextmanager
def being_prepared(study: Study, of: int = 0) -> Iterator[Callable[[int, str], None]]:
    """Say so while the block runs. Yields what takes the progress of `plan_run`."""
    file = _file(study)
    state = [Preparing(now(), 0, of)]
    ended = threading.Event()
    lock = threading.Lock()

    def write() -> None:
        with lock:
            if ended.is_set():
                return
            part = file.with_name(f".{file.name}.{os.getpid()}")
            # Where it cannot be written the run is prepared all the same.
            with suppress(OSError):
                part.write_text(json.dumps(asdict(state[0])), encoding="utf-8")
                os.replace(part, file)

    def renew() -> None:
        while not ended.wait(_RENEWED):
            write()

    def advance(done: int, remark: str) -> None:
        state[0] = Preparing(state[0].since, done, of)
        write()

    write()
    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield advance
    finally:
        with lock:
            ended.set()
            with suppress(OSError):
                file.unlink(missing_ok=True)
        thread.join()


def under_preparation(study: Study) -> Preparing | None:
    """What is being prepared at this moment, by whatever program; None: nothing."""
    file = _file(study)
    try:
        age = datetime.now(UTC).timestamp() - file.stat().st_mtime
        found = json.loads(file.read_text(encoding="utf-8"))
        known = Preparing(str(found["since"]), int(found["done"]), int(found["of"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return known if age < _CUT_OFF else None


def _file(study: Study) -> Path:
    return study.database.with_name("preparing.json")
