"""A participant's withdrawal, with the list of files that still hold her words.

First the database, then the files that the program made of it: where it is interrupted, nothing is
lost that was not to be erased, and the same command goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UserError
from assistant.interchange.transcripts import named
from assistant.interchange.withdrawal.holding import (
    files_with_its_words,
    others_have_it,
    record_before,
)
from assistant.store.database import Store
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.trail.events import events, record_event
from assistant.store.withdrawal.withdrawal import scrub, withdraw
from assistant.study import Study

__all__ = ["Deleted", "Withdrawn", "is_withdrawn", "to_be_deleted", "withdraw_transcript"]

_FILES_GONE = "withdrawal-files"
"""Event: the files that the program had made of a withdrawn transcript are deleted here."""


@dataclass(frozen=True)
class Withdrawn:
    transcript: str
    erased: dict[str, int]
    files_that_remain: tuple[str, ...]
    others_have_it: bool
    """A file with its words was shared with other people's studies, or merged from one."""


def is_withdrawn(store: Store, name: str) -> bool:
    """Whether a transcript is withdrawn. Raises `UserError` where there is none of this name."""
    (key,) = named(store, [name])
    return _gone(store, key)


@dataclass(frozen=True)
class Deleted:
    """Files that a withdrawal deletes beside the words in the database."""

    reports: int
    audit_files: int


def to_be_deleted(study: Study, store: Store, name: str) -> Deleted:
    """Raises `UserError` where there is no transcript of this name."""
    (key,) = named(store, [name])
    return Deleted(len(_reports(study)), len(_blind_files(study, store, key)))


def withdraw_transcript(study: Study, store: Store, name: str, reason: str) -> Withdrawn:
    """Erase one transcript's words from the database and its reports.

    Reports that were written before are deleted, since they may quote it; `secondcoder report`
    writes them again. So are files of audits that show its passages. Source files and exports are
    the user's: they are named, not touched. A withdrawal that was interrupted is finished. Of a
    transcript that is withdrawn already, what another program kept in the file is scrubbed, and
    `UserError` says so.
    """
    (key,) = named(store, [name])
    name = next(info.name for info in transcript_infos(store) if info.id == key)
    remain, elsewhere = files_with_its_words(study, store, key), others_have_it(store, key)
    if _gone(store, key) and _finished(store, key):
        scrub(store)
        raise UserError(
            f"“{name}” is withdrawn already." + _also(remain),
            hint="Delete these files yourself; in the study nothing is left to erase."
            if remain
            else "Nothing is left to erase.",
        )
    erased: dict[str, int] = {}
    stopped: UserError | None = None
    try:
        if _gone(store, key):
            scrub(store)
        else:
            record_before(study, store, key)
            erased = withdraw(store, key, reason).erased
    except UserError as error:
        if not _gone(store, key):
            raise
        stopped = error
    erased |= _delete_files(study, store, key)
    if stopped is not None:
        raise UserError(
            stopped.what + _also(remain), where=stopped.where, hint=stopped.hint
        ) from stopped
    return Withdrawn(name, erased, remain, elsewhere)


def _also(remain: tuple[str, ...]) -> str:
    return f" These files of yours hold its words too: {', '.join(remain)}." if remain else ""


def _gone(store: Store, key: int) -> bool:
    return any(info.id == key and info.withdrawn for info in transcript_infos(store))


def _finished(store: Store, key: int) -> bool:
    sha256 = transcript(store, key).sha256
    return any(event.details.get("transcript") == sha256 for event in events(store, _FILES_GONE))


def _delete_files(study: Study, store: Store, key: int) -> dict[str, int]:
    reports = _reports(study)
    blind = _blind_files(study, store, key)
    for report in (*reports, *blind):
        report.unlink(missing_ok=True)
    text = transcript(store, key)
    record_event(
        store,
        _FILES_GONE,
        f"Reports and files of audits were deleted, since “{text.name}” was withdrawn",
        transcript=text.sha256,
    )
    return {"reports deleted": len(reports), "audit files deleted": len(blind)}


def _reports(study: Study) -> list[Path]:
    if not study.reports_folder.is_dir():
        return []
    return [p for p in study.reports_folder.rglob("*") if p.is_file()]


def _blind_files(study: Study, store: Store, key: int) -> list[Path]:
    """Files of audits that hold passages of this transcript, as their first line says."""
    sha256 = transcript(store, key).sha256
    found = []
    for path in (study.folder / "runs" / "audits").rglob("*.txt"):
        with path.open(encoding="utf-8", errors="replace") as file:
            if sha256 in file.readline():
                found.append(path)
    return found
