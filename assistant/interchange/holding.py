"""Files outside the database that hold a transcript's words, as far as the study knows.

What was exported or shared is on record with the transcripts whose words each file holds, so that a
withdrawal names these files and no others. A file in ``exports/`` that no record tells of may hold
anything, and is named too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.store.database import Store
from assistant.store.documents import documents
from assistant.store.events import events, record_event
from assistant.store.records import Event
from assistant.store.transcripts import transcript
from assistant.study import Study

__all__ = ["files_with_its_words", "record_written"]

_LONG_ENOUGH = 40
"""A passage of fewer characters stands in a codebook by chance."""


def record_written(
    store: Store, kind: str, what: str, holds: Mapping[Path, Sequence[str]], **details: Any
) -> None:
    """Record files that were written. ``holds``: names of the transcripts in each of them."""
    found = {str(path.resolve()): sorted(names) for path, names in holds.items()}
    record_event(
        store,
        kind,
        what,
        files=list(found),
        holds=found,
        transcripts=sorted({name for names in found.values() for name in names}),
        **details,
    )


def files_with_its_words(study: Study, store: Store, key: int) -> tuple[str, ...]:
    """Imported files, the codebook, exports and share files, each as a line for people.

    Of a transcript that is withdrawn already only what was written remains known.
    """
    text = transcript(store, key)
    paths = [row.path for row in documents(store, key)]
    remain = [path for path in paths if path and (study.folder / path).exists()]
    if study.codebook_file.is_file():
        book = study.codebook_file.read_text(encoding="utf-8", errors="replace")
        passages = [line for line in text.text.split("\n") if len(line) > _LONG_ENOUGH]
        if text.text and (text.name in book or any(passage in book for passage in passages)):
            remain.append(f"{study.codebook_file} (examples from this transcript)")
    return tuple(dict.fromkeys([*remain, *_written(study, store, text.name)]))


def _written(study: Study, store: Store, name: str) -> list[str]:
    last: dict[str, tuple[bool, Event]] = {}  # what was written to a path last is there now
    every = sorted([*events(store, "export"), *events(store, "share")], key=lambda one: one.id)
    for event in every:
        for file, names in _holds(event).items():
            last[file] = name in names, event
    remain = []
    for file, (holds, event) in last.items():
        if holds:
            on = f"{'shared' if event.kind == 'share' else 'exported'} on {event.at[:10]}"
            if whose := str(event.details.get("person", "")):
                on += f", rows of {whose}"
            moved = "" if Path(file).is_file() else "; not there now: look where it went"
            remain.append(f"{file} ({on}{moved})")
    folder = study.folder / "exports"
    if folder.is_dir():
        paths = (str(path.resolve()) for path in sorted(folder.rglob("*")) if path.is_file())
        remain += [path for path in paths if path not in last]
    return remain


def _holds(event: Event) -> dict[str, list[str]]:
    """File -> names of transcripts; earlier versions recorded both without which is in which."""
    if "holds" in event.details:
        return dict(event.details["holds"])
    names = list(event.details.get("transcripts", ()))
    return {str(file): names for file in event.details.get("files", ())}
