"""A participant's withdrawal, with the list of files that still hold her words."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import UserError
from assistant.interchange.transcripts import named
from assistant.store.database import Store
from assistant.store.documents import documents
from assistant.store.transcripts import transcript, transcript_infos
from assistant.store.withdrawal import withdraw
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
    writes them again. Source files and exports are the user's: they are named, not touched.
    """
    (key,) = named(store, [name])
    if any(info.id == key and info.withdrawn for info in transcript_infos(store)):
        raise UserError(f"“{name}” is withdrawn already.", hint="Nothing is left to erase.")
    paths = [row.path for row in documents(store, key)]
    passages = [line for line in transcript(store, key).text.split("\n") if len(line) > 40]
    done = withdraw(store, key, reason)
    reports = (
        [p for p in study.reports_folder.rglob("*") if p.is_file()]
        if study.reports_folder.is_dir()
        else []
    )
    for report in reports:
        report.unlink()
    remain = [path for path in paths if path and (study.folder / path).exists()]
    if study.codebook_file.is_file():
        text = study.codebook_file.read_text(encoding="utf-8", errors="replace")
        if done.transcript in text or any(passage in text for passage in passages):
            remain.append(f"{study.codebook_file} (examples from this transcript)")
    return Withdrawn(
        done.transcript, {**done.erased, "reports deleted": len(reports)}, tuple(remain)
    )
