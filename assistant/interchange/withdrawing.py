"""A participant's withdrawal, with the list of files that still hold her words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UserError
from assistant.interchange.transcripts import named
from assistant.store.database import Store
from assistant.store.documents import documents
from assistant.store.events import events
from assistant.store.transcripts import transcript, transcript_infos
from assistant.store.withdrawal import scrub, withdraw
from assistant.study import Study

__all__ = ["Withdrawn", "withdraw_transcript"]


@dataclass(frozen=True)
class Withdrawn:
    transcript: str
    erased: dict[str, int]
    files_that_remain: tuple[str, ...]


def withdraw_transcript(study: Study, store: Store, name: str, reason: str) -> Withdrawn:
    """Erase one transcript's words from the database and its reports.

    Reports that were written before are deleted, since they may quote it; `secondcoder report`
    writes them again. So are files of audits that show its passages. Source files and exports are
    the user's: they are named, not touched. Of a transcript that is withdrawn already, what another
    program kept in the file is scrubbed.
    """
    (key,) = named(store, [name])
    if any(info.id == key and info.withdrawn for info in transcript_infos(store)):
        scrub(store)
        raise UserError(f"“{name}” is withdrawn already.", hint="Nothing is left to erase.")
    remain = _files_with_its_words(study, store, key)
    reports = (
        [p for p in study.reports_folder.rglob("*") if p.is_file()]
        if study.reports_folder.is_dir()
        else []
    )
    blind = _blind_files(study, store, key)
    for report in (*reports, *blind):
        report.unlink()
    try:
        done = withdraw(store, key, reason)
    except UserError as error:
        also = f" These files of yours hold its words too: {', '.join(remain)}." if remain else ""
        raise UserError(error.what + also, where=error.where, hint=error.hint) from error
    return Withdrawn(
        done.transcript,
        {**done.erased, "reports deleted": len(reports), "audit files deleted": len(blind)},
        remain,
    )


def _blind_files(study: Study, store: Store, key: int) -> list[Path]:
    """Files of audits that hold passages of this transcript, as their first line says."""
    sha256 = transcript(store, key).sha256
    found = []
    for path in (study.folder / "runs" / "audits").rglob("*.txt"):
        with path.open(encoding="utf-8", errors="replace") as file:
            if sha256 in file.readline():
                found.append(path)
    return found


def _files_with_its_words(study: Study, store: Store, key: int) -> tuple[str, ...]:
    """Files outside the database that hold words of a transcript."""
    text = transcript(store, key)
    paths = [row.path for row in documents(store, key)]
    remain = [path for path in paths if path and (study.folder / path).exists()]
    if study.codebook_file.is_file():
        book = study.codebook_file.read_text(encoding="utf-8", errors="replace")
        passages = [line for line in text.text.split("\n") if len(line) > 40]
        if text.name in book or any(passage in book for passage in passages):
            remain.append(f"{study.codebook_file} (examples from this transcript)")
    remain += _exported(store, text.name)
    exports = study.folder / "exports"
    if exports.is_dir():
        # What was shared or exported may hold anything of the study.
        remain += sorted(str(path.resolve()) for path in exports.rglob("*") if path.is_file())
    return tuple(dict.fromkeys(remain))


def _exported(store: Store, name: str) -> list[str]:
    """Files that were ever exported with words of this transcript, wherever the user put them."""
    paths = (
        Path(file)
        for event in events(store, "export")
        if name in event.details.get("transcripts", ())
        for file in event.details.get("files", ())
    )
    moved = "(exported there, and not there now: look where it went)"
    return [str(path) if path.is_file() else f"{path} {moved}" for path in paths]
