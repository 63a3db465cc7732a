"""The disagreements of a study, written: the one entry for the command.

A run is looked at under the codebook that it used, people under the study's present one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from assistant.codebook.loading import read_codebook
from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.store.database import Store, now
from assistant.store.finding import find_run
from assistant.store.measured.looks import record_look
from assistant.store.trail.events import person
from assistant.store.versions import codebook
from assistant.study import Study
from eval.disagreements.finding import Gathered, Wanted, gather
from eval.disagreements.writing import DisagreementFiles, Options, write_disagreements
from eval.evaluation.overrides import override_notes
from eval.sampling.out_of_sample import kept_for_test

__all__ = ["Made", "codebook_lines", "disagreements_of_study"]


@dataclass(frozen=True, slots=True)
class Made:
    gathered: Gathered
    files: DisagreementFiles


def disagreements_of_study(
    study: Study,
    store: Store,
    wanted: Wanted,
    *,
    run_id: int | None = None,
    quotes: bool = True,
    hide_sides: bool = False,
    out: Path | None = None,
    who: str = "",
) -> Made:
    """Find and write, and count the look, since prompts and codebooks are changed by what stands
    there. Raises `UserError` where there is nothing to compare."""
    row = find_run(store, run_id) if run_id is not None else None
    book = (
        codebook(store, row.codebook_sha256) if row else read_codebook(study.codebook_file).codebook
    )
    lines = codebook_lines(study, book)
    found = gather(store, book, run=row, wanted=wanted, lines=lines)
    told = (
        *kept_for_test(store, {t.name for t in found.study.transcripts}),
        *override_notes(store, lambda code: book.by_id[code].label if code in book.by_id else code),
    )
    gathered = replace(found, study=replace(found.study, notes=(*found.study.notes, *told)))
    if not ((gathered.matrix.scope.sum(axis=0) >= 2).any()):
        raise UserError(
            "No two coders looked at the same passage, so there is nothing to disagree about.",
            hint="Import a second person's codes with `secondcoder import`, or name a run with "
            "--run N. Adjudicated versions come with --with-adjudicated.",
        )
    name = "disagreements" + (f"-run-{row.id}" if row else "")
    folder = out or study.reports_folder / name
    options = Options(study.config.name, row.id if row else None, now(), quotes, hide_sides)
    made = Made(gathered, write_disagreements(gathered, lines, options, folder))
    recipe = row.recipe_sha256 if row else ""
    record_look(store, "disagreements", who or person(), book.name, recipe_sha256=recipe)
    return made


def codebook_lines(study: Study, book: Codebook) -> dict[str, int]:
    """Code id -> line of its entry in the study's codebook file.

    Only codes whose entry there is the one in ``book``: a line of another wording would mislead.
    """
    try:
        loaded = read_codebook(study.codebook_file)
    except UserError:
        return {}
    found = {}
    for code in book.codes:
        mine = loaded.codebook.by_id.get(code.id)
        line = loaded.lines.lines.get(("code", code.id, ""))
        if mine is not None and line is not None and mine.sha256 == code.sha256:
            found[code.id] = line
    return found
