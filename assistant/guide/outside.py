"""Files with participants' words that a user had written elsewhere than in the study's folders.

What stands in ``runs/reports`` and ``runs/audits`` is deleted when a participant withdraws. What a
user had written to a place of her own is hers: it is put on record, so that the withdrawal can name
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from assistant.interchange.withdrawal.holding import record_written
from assistant.store.database import Store
from assistant.study import Study

__all__ = ["audits_folder", "record_outside"]


def audits_folder(study: Study) -> Path:
    """Where the samples of audits are written that name no place of their own."""
    return study.folder / "runs" / "audits"


def record_outside(
    study: Study, store: Store, what: str, files: Iterable[tuple[Path, Iterable[str]]]
) -> None:
    """``files``: each with the names of the transcripts whose words it holds. ``what``: what was
    written, as the trail says it."""
    ours = [folder.resolve() for folder in (study.reports_folder, audits_folder(study))]
    holds = {
        path: sorted(set(names))
        for path, names in files
        if not any(path.resolve().is_relative_to(folder) for folder in ours)
    }
    if holds:
        record_written(store, "export", f"{what} with words of participants", holds)
