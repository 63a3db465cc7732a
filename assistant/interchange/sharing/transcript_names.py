"""A transcript that was given another name in one of two studies has it in both.

It is known by its words and its files, so nobody has to guess. The last word holds, whoever takes
in whose file; a study that calls the text by a name of its own keeps that. A file from before
brings an old name back nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.interchange.sharing.package import ShareFile
from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.texts.renaming import (
    Renaming,
    last_pointing,
    point_to,
    renamings,
    transcript_now,
)
from assistant.store.texts.transcripts import names_alike, set_transcript_name, transcript_infos

__all__ = ["Before", "NamesOfTranscripts", "before_taking", "names_as_stated"]


@dataclass(frozen=True)
class Before:
    """What the study held before a file was taken in."""

    rows: Mapping[str, int]
    """Table -> its highest row number."""
    renamed: frozenset[str]
    """Changes of name that it knew."""


@dataclass(frozen=True)
class NamesOfTranscripts:
    said: tuple[str, ...] = ()
    renamed: int = 0
    """Transcripts that were here and have another name now."""


def before_taking(store: Store) -> Before:
    """Call before the file's rows are taken."""
    return Before(last_pointing(store), frozenset(one.guid for one in renamings(store)))


def names_as_stated(store: Store, share: ShareFile, before: Before) -> NamesOfTranscripts:
    """Call when all rows were taken and what is one interview is one transcript."""
    last: dict[int, Renaming] = {}
    for one in renamings(store):
        key = transcript_now(store, one.text, one.files)
        if key is not None:
            last[key] = one
    said: list[str] = []
    renamed = 0
    for key, one in last.items():
        name = _name(store, key)
        if name == one.new or not _was_called(store, key, name):
            continue
        taken = [other for other in names_alike(store, one.new) if other != key]
        if taken:
            said.append(
                f"“{name}” is called “{one.new}” in the other study since {one.at[:10]}, which is "
                "another transcript's name here; it keeps its name."
            )
            continue
        set_transcript_name(store, key, one.new)
        point_to(store, {name: one.new})
        renamed += 1
        said.append(
            f"“{name}” is called “{one.new}” now: it was renamed in the other study on "
            f"{one.at[:10]}."
            if one.guid not in before.renamed
            else f"“{name}” is called “{one.new}”, as it was renamed on {one.at[:10]}."
        )
    there = _names_there(store, share)
    point_to(store, _as_here(store, there), after=before.rows)
    return NamesOfTranscripts(tuple(said), renamed)


def _name(store: Store, key: int) -> str:
    return next(info.name for info in transcript_infos(store) if info.id == key)


def _was_called(store: Store, key: int, name: str) -> bool:
    """Whether a change of name that is on record began from this name, or led to it."""
    return any(
        name in (one.old, one.new)
        for one in renamings(store)
        if transcript_now(store, one.text, one.files) == key
    )


def _names_there(store: Store, share: ShareFile) -> dict[str, int]:
    """Name in the file -> the transcript here that has its words, or became of it."""
    files: dict[str, list[str]] = {}
    for row in share.rows("documents"):
        files.setdefault(str(row.get("transcript_id")), []).append(str(row.get("file_sha256")))
    found = {}
    for row in share.rows("transcripts"):
        sha256 = str(row.get("sha256"))
        key = transcript_now(store, sha256, files.get(sha256, ()))
        if key is not None:
            found[nfc(str(row.get("name")))] = key
    return found


def _as_here(store: Store, there: Mapping[str, int]) -> dict[str, str]:
    names = {info.id: info.name for info in transcript_infos(store)}
    return {name: names[key] for name, key in there.items()}
