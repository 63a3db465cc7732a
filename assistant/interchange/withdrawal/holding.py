"""Files outside the database that hold a transcript's words, as far as the study knows.

What was exported or shared is on record with the transcripts whose words each file holds, so that a
withdrawal names these files and no others. A file in ``exports/`` that no record tells of may hold
anything, and is named too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.codebook.loading import load_codebook
from assistant.errors import SecondCoderError
from assistant.hashing import hash_file, hash_text
from assistant.store.database import Store
from assistant.store.records import Event
from assistant.store.texts.documents import document_hashes, documents
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.trail.events import events, record_event
from assistant.study import Study

__all__ = [
    "files_with_its_words",
    "known_file",
    "others_have_it",
    "record_before",
    "record_written",
]

_BEGUN = "withdrawal-begun"
"""Event: what finds the files that hold the words of a transcript, once these are erased."""
_DONE = {"export": "exported", "share": "shared", "merge": "taken in"}
_FEWEST_WORDS = 3
"""An example of fewer stands in a transcript by chance."""
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

    Of a transcript that is withdrawn already, and where a file has another name since, the imported
    files are found by the hash of what they hold; of a withdrawn one, examples in the codebook by
    the hash of their words.
    """
    text = transcript(store, key)
    paths = [row.path for row in documents(store, key) if row.path]
    remain = [path for path in paths if (study.folder / path).exists()]
    if not text.text or len(remain) < len(paths):
        known = {(study.folder / path).resolve() for path in remain}
        found = _by_hash(study, store, key)
        remain += [path for path in found if (study.folder / path).resolve() not in known]
    if study.codebook_file.is_file():
        book = study.codebook_file.read_text(encoding="utf-8", errors="replace")
        passages = [line for line in text.text.split("\n") if len(line) > _LONG_ENOUGH]
        shown = bool(_examples_in(study, text.text)) or _examples_left(study, store, key)
        if shown or any(passage in book for passage in passages):
            remain.append(f"{study.codebook_file} (examples from this transcript)")
        elif text.name in book:
            remain.append(f"{study.codebook_file} (its name stands there, and none of its words)")
    return tuple(dict.fromkeys([*remain, *_written(study, store, key)]))


def record_before(study: Study, store: Store, key: int) -> None:
    """Keep, before the words are erased, what finds the files that hold them, and knows the words
    when they come again: no word and no file's name, but the folders that were imported from, and
    hashes of its files' texts and of examples in the codebook."""
    text = transcript(store, key)
    folders = {
        str((study.folder / row.path).resolve().parent) for row in documents(store, key) if row.path
    }
    record_event(
        store,
        _BEGUN,
        f"The withdrawal of “{text.name}” was begun",
        transcript=text.sha256,
        folders=sorted(folders),
        texts=sorted({hash_text(row.text) for row in documents(store, key) if row.text}),
        examples=sorted({hash_text(e) for e in _examples_in(study, text.text)}),
    )


def _examples_left(study: Study, store: Store, key: int) -> bool:
    sha256 = transcript(store, key).sha256
    gone = {
        digest
        for event in events(store, _BEGUN)
        if event.details["transcript"] == sha256
        for digest in event.details["examples"]
    }
    return bool(gone) and any(hash_text(example) in gone for example in _examples(study))


def _examples(study: Study) -> list[str]:
    """Examples of the codebook's file, folded; none where it has mistakes or is not there."""
    try:
        book = load_codebook(study.codebook_file)
    except SecondCoderError:
        return []
    return [_folded(example.text) for code in book.codes for example in code.examples]


def _examples_in(study: Study, text: str) -> list[str]:
    whole = _folded(text)
    return [e for e in _examples(study) if len(e.split()) >= _FEWEST_WORDS and e in whole]


def _folded(text: str) -> str:
    return " ".join(text.split())


def _by_hash(study: Study, store: Store, key: int) -> list[str]:
    """Files in the study's folder, and where its files were imported from, that are one of its
    files byte for byte."""
    wanted = document_hashes(store, key)
    sha256 = transcript(store, key).sha256
    folders = {
        Path(folder)
        for event in events(store, _BEGUN)
        if event.details["transcript"] == sha256
        for folder in event.details["folders"]
    }
    # A file that is not where it was read may have another name there since.
    folders |= {(study.folder / row.path).parent for row in documents(store, key) if row.path}
    home = study.folder.resolve()
    there = [p for p in home.rglob("*") if p.is_file() and home / "runs" not in p.parents]
    for folder in folders:
        if folder != home and home not in folder.parents and folder.is_dir():
            there += [p for p in folder.iterdir() if p.is_file()]
    found = []
    for path in sorted(there):
        try:
            same = hash_file(path) in wanted
        except OSError:
            continue
        if same:
            inside = home in path.parents
            found.append(path.relative_to(home).as_posix() if inside else str(path))
    return found


def known_file(store: Store, path: Path, names: Sequence[str]) -> bool:
    """Whether the taking in of this file, with the words of these transcripts, is on record."""
    return any(
        _holds(event).get(str(path.resolve())) == sorted(names) for event in events(store, "merge")
    )


def _names(store: Store, key: int) -> frozenset[str]:
    """Under which files may have been written: its own, and those of what became part of it."""
    infos = transcript_infos(store)
    others = {info.name for info in infos if info.id != key}
    mine = {info.name for info in infos if info.id == key}
    return frozenset(mine | ({row.title for row in documents(store, key)} - others))


def _written(study: Study, store: Store, key: int) -> list[str]:
    """Files that were exported, shared or taken in with its words, each as a line for people."""
    mine = _names(store, key)
    last: dict[str, tuple[bool, Event]] = {}  # what was written to a path last is there now
    every = sorted(
        (event for kind in _DONE for event in events(store, kind)), key=lambda one: one.id
    )
    for event in every:
        for file, names in _holds(event).items():
            last[file] = bool(mine & set(names)), event
    remain = []
    for file, (holds, event) in last.items():
        if holds:
            on = f"{_DONE[event.kind]} on {event.at[:10]}"
            if whose := str(event.details.get("person", "")):
                on += f", rows of {whose}"
            moved = "" if Path(file).is_file() else "; not there now: look where it went"
            remain.append(f"{file} ({on}{moved})")
    folder = study.folder / "exports"
    if folder.is_dir():
        paths = (str(path.resolve()) for path in sorted(folder.rglob("*")) if path.is_file())
        remain += [path for path in paths if path not in last]
    return remain


def others_have_it(store: Store, key: int) -> bool:
    """Whether a file with its words was written for other people's studies, or came from one."""
    mine = _names(store, key)
    every = [event for kind in ("share", "merge") for event in events(store, kind)]
    return any(mine & set(names) for event in every for names in _holds(event).values())


def _holds(event: Event) -> dict[str, list[str]]:
    """File -> names of transcripts; earlier versions recorded both without which is in which."""
    if "holds" in event.details:
        return dict(event.details["holds"])
    names = list(event.details.get("transcripts", ()))
    return {str(file): names for file in event.details.get("files", ())}
