"""The disagreements of a study, written as pages; those in a place of the user's are on record."""

from __future__ import annotations

from pathlib import Path

from assistant.guide.outside import record_outside
from assistant.store.database import Store
from assistant.study import Study
from eval.disagreements.finding import Wanted
from eval.disagreements.study import Made, disagreements_of_study

__all__ = ["disagreements_in_study"]


def disagreements_in_study(
    study: Study,
    store: Store,
    wanted: Wanted,
    *,
    run_id: int | None = None,
    quotes: bool = True,
    hide_sides: bool = False,
    out: Path | None = None,
) -> Made:
    """As `disagreements_of_study`; files with participants' words are on record where ``out`` is no
    folder of the study's reports."""
    made = disagreements_of_study(
        study, store, wanted, run_id=run_id, quotes=quotes, hide_sides=hide_sides, out=out
    )
    if quotes:
        files = made.files
        names = {one.transcript for one in made.gathered.disagreements}
        written = (files.html, files.markdown, files.csv, files.json, *files.codes)
        record_outside(
            study, store, "Disagreements were written", [(path, names) for path in written]
        )
    return made
