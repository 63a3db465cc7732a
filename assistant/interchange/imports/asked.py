"""What was asked about files that were brought in, and is not answered: kept, and asked again.

Whoever brings files in may leave before she has answered. Then a file without a known coder is in
``transcripts/`` and not in the study, and one with lines that may be code labels is in the study
without these codes. The question is found again by reading the file again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from assistant.hashing import hash_file, hash_text
from assistant.interchange.imports.bringing import Brought, bring, place_of
from assistant.interchange.imports.reports import ImportReport
from assistant.store.database import Store, now
from assistant.store.texts.asked import AskedKind, AskedRow, ask, asked_open, settle
from assistant.store.texts.documents import document_hashes, hashes_with_coder
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study
from assistant.transcripts.records import Exposure

__all__ = [
    "AskedFile",
    "StillAsked",
    "answered",
    "ask_again",
    "keep_asked",
    "labels_answered",
    "set_aside",
    "still_asked",
]

_KINDS: tuple[AskedKind, ...] = ("coder", "user", "labels")


@dataclass(frozen=True)
class AskedFile:
    place: str
    """Its path in ``transcripts/``."""
    kinds: tuple[AskedKind, ...]


@dataclass(frozen=True)
class StillAsked:
    """What was asked at one time, of files that are still there."""

    at: str
    exposure: Exposure
    language: str
    files: tuple[AskedFile, ...]


def keep_asked(
    study: Study,
    store: Store,
    paths: Sequence[Path],
    found: Brought,
    *,
    exposure: str,
    language: str,
    who: str,
) -> None:
    """Keep what was asked when these files were read; what was asked before and is no more, was
    answered."""
    projects = {project.path for project in found.report.projects}
    asked: dict[str, set[AskedKind]] = {}
    for question in found.questions:
        if question.what == "labels":
            for file in {file for one in question.labels for file in one.files}:
                asked.setdefault(file, set()).add("labels")
        else:
            whole = str(study.transcripts_folder / question.file)
            asked.setdefault(question.file, set()).add("user" if whole in projects else "coder")
    at = now()
    with store.transaction():
        for path in paths:
            place = place_of(study, path)
            kinds, key = asked.get(place, set()), _key(place)
            for kind in sorted(kinds):
                ask(store, key, kind, exposure=exposure, language=language, at=at)
            settle(store, key, [kind for kind in _KINDS if kind not in kinds], "answered", who)


def answered(store: Store, places: Collection[str], kind: AskedKind, who: str) -> None:
    """Somebody answered one question about these files."""
    for place in places:
        settle(store, _key(place), [kind], "answered", who)


def labels_answered(study: Study, store: Store, report: ImportReport) -> None:
    """An import was told which lines are code labels: whatever was asked of its files before."""
    places = [place_of(study, Path(file.path)) for file in report.files]
    answered(store, places, "labels", "")


def still_asked(study: Study, store: Store) -> tuple[StillAsked, ...]:
    """By the time of asking, the oldest first. Left out are files that are not there any more,
    whose words were withdrawn, and whose coder is known meanwhile."""
    rows = asked_open(store)
    folder = study.transcripts_folder
    if not rows or not folder.is_dir():
        return ()
    wanted = {row.place_sha256 for row in rows}
    places = {
        key: path
        for path in sorted(folder.rglob("*"))
        if (key := _key(path.relative_to(folder).as_posix())) in wanted and path.is_file()
    }
    hashes = {key: hash_file(path) for key, path in places.items()}
    gone = {
        sha256
        for info in transcript_infos(store)
        if info.withdrawn
        for sha256 in document_hashes(store, info.id)
    }
    of_somebody = hashes_with_coder(store)

    def stands(row: AskedRow) -> bool:
        sha256 = hashes.get(row.place_sha256)
        if sha256 is None or sha256 in gone:
            return False
        return row.what != "coder" or sha256 not in of_somebody

    drops: dict[tuple[str, str, str], dict[str, list[AskedKind]]] = {}
    for row in filter(stands, rows):
        drop = drops.setdefault((row.asked_at, row.exposure, row.language), {})
        place = place_of(study, places[row.place_sha256])
        drop.setdefault(place, []).append(row.what)
    return tuple(
        StillAsked(
            at,
            cast(Exposure, exposure),
            language,
            tuple(AskedFile(place, tuple(kinds)) for place, kinds in sorted(files.items())),
        )
        for (at, exposure, language), files in drops.items()
    )


def ask_again(study: Study, store: Store, asked: StillAsked, who: str) -> Brought:
    """The questions as the files ask them now; nothing is brought in by it."""
    paths = [study.transcripts_folder / file.place for file in asked.files]
    found = bring(
        study, store, paths, exposure=asked.exposure, language=asked.language, dry_run=True
    )
    if not found.questions:
        for file in asked.files:
            settle(store, _key(file.place), _KINDS, "answered", who)
    return found


def set_aside(store: Store, asked: StillAsked, who: str) -> None:
    """She does not want to be reminded: the files stay as they are."""
    for file in asked.files:
        settle(store, _key(file.place), file.kinds, "set aside", who)


def _key(place: str) -> str:
    return hash_text(Path(place).as_posix())
