"""Write one file with a study's rows for somebody who works on the same interviews."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from assistant.counting import counted_many
from assistant.errors import UserError
from assistant.interchange.sharing.package import Manifest, write_share
from assistant.interchange.study_codebook.present import keep_present_version
from assistant.interchange.withdrawal.holding import record_written
from assistant.meant import did_you_mean
from assistant.store.database import Store
from assistant.store.people.codings import name_versions
from assistant.store.sharing.sharing import people, taken_back, withdrawn_rows
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import person as person_here
from assistant.store.verify import verify
from assistant.store.withdrawal.withdrawn_texts import share_earlier_texts
from assistant.study import Study

__all__ = ["SharedStudy", "share"]


@dataclass(frozen=True)
class SharedStudy:
    file: Path
    manifest: Manifest
    megabytes: float
    rows: dict[str, int]
    """Table -> rows that it holds, without those of transcripts that are withdrawn."""
    taken_back: int
    """Of these codings, those whose decision was taken back: on record, and counted nowhere."""


def share(
    study: Study,
    store: Store,
    target: Path | None = None,
    *,
    person: str = "",
    force: bool = False,
) -> SharedStudy:
    """Write all rows, or one person's, into ``target``; by default into a new file in ``exports/``
    of the study. ``force``: a file that is there already is replaced.

    Raises `UserError` for a person that the study does not have, and when `verify` finds damage:
    what is damaged here should not spread.
    """
    names = people(store)
    if person and person not in names:
        raise UserError(
            f"Nobody called “{person}” coded, decided or wrote anything in this study.",
            hint=f"{did_you_mean(person, names)}There are: {', '.join(names) or 'nobody yet'}.",
        )
    found = verify(store)
    if not found.ok:
        raise UserError(
            f"This study has {counted_many(len(found.findings), 'faults')}, so it is not shared.",
            hint="`secondcoder verify` lists them.",
        )
    if target is None:
        target = _new_file(study, person)
    keep_present_version(study.codebook_file, store)
    name_versions(store)
    share_earlier_texts(store)
    manifest = write_share(
        store,
        target,
        study=study.config.name,
        person=person,
        made_by=person_here(),
        force=force,
    )
    there = [info.name for info in transcript_infos(store) if not info.withdrawn]
    gone = withdrawn_rows(store, person)
    held = {t: entry.rows - gone.get(t, 0) for t, entry in manifest.tables.items()}
    rows = sum(held.values())
    record_written(
        store,
        "share",
        f"Shared as {target.name}: {counted_many(rows, 'rows')} "
        f"({f'of {person}' if person else 'all'}), with the words of "
        f"{counted_many(len(there), 'transcripts')}",
        {target: there},
        person=person,
        rows=rows,
    )
    size = target.stat().st_size / 1024**2
    return SharedStudy(target, manifest, size, held, taken_back(store, person))


def _new_file(study: Study, person: str) -> Path:
    """``Garden-Ana-2026-11-22.share.zip``; with ``-2`` and so on where one of today is there, since
    who shares again has something new to share."""
    name = re.sub(r"[^\w.-]+", "-", f"{study.config.name}-{person or 'all'}").strip("-.")
    begin = f"{name}-{date.today().isoformat()}"
    numbered = (f"-{n}" if n > 1 else "" for n in count(1))
    files = (study.folder / "exports" / f"{begin}{n}.share.zip" for n in numbered)
    return next(file for file in files if not file.exists())
