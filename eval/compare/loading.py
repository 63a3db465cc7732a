"""Two or more runs beside the same people, in one matrix of the same units.

Runs of one recipe are one coder in the database; here each run is a coder of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.codebook.records import Codebook
from assistant.store.database import Store
from assistant.store.records import RunRow
from eval.units.building import build_units
from eval.units.loading import LoadedStudy, load
from eval.units.records import CodedTranscript, CoderScope, CodingSpan, UnitMatrix, UnitPlan

__all__ = ["Together", "load_runs", "run_name"]


@dataclass(frozen=True)
class Together:
    study: LoadedStudy
    """People's codings and each run's, in the transcripts that any run coded."""
    matrix: UnitMatrix
    people: tuple[str, ...]
    runs: tuple[str, ...]
    """Names of the runs as coders, in the order given."""
    units: Mapping[str, str]
    """Code -> its unit, where that is larger than a segment."""


def run_name(run: RunRow) -> str:
    return f"run {run.id}"


def load_runs(
    store: Store,
    codebook: Codebook,
    runs: Sequence[RunRow],
    renamed: Mapping[int, Mapping[str, str]],
    *,
    interviewers: Sequence[str],
    count_interviewers: bool,
    any_definition: bool = False,
) -> Together:
    """``renamed``: run id -> code id of that run's codebook -> code id of ``codebook``.

    A code that is not in there is missing data of that run. ``any_definition``: people's codings
    under another definition too, to show drift.
    """
    base: LoadedStudy | None = None
    coded: dict[str, CodedTranscript] = {}
    order: list[str] = []
    names = []
    for row in runs:
        study = load(store, codebook, interviewers, run=row, any_definition=any_definition)
        base = base or study
        name = run_name(row)
        while name in study.coders or name in names:
            name += "*"  # somebody may be called that
        names.append(name)
        ids = renamed[row.id]
        for t in study.transcripts:
            mine = _as_coder(t, study.model, name, ids)
            there = coded.get(t.name)
            if there is None:
                order.append(t.name)
                coded[t.name] = mine
            else:
                coded[t.name] = replace(
                    there,
                    codings=(*there.codings, *(c for c in mine.codings if c.coder == name)),
                    scopes=(*there.scopes, *(s for s in mine.scopes if s.coder == name)),
                )
    assert base is not None
    kept = [t for t in order if any(s.coder in names for s in coded[t].scopes)]
    study = replace(base, transcripts=tuple(coded[name] for name in kept), model="")
    by_id = codebook.by_id
    plan = UnitPlan(
        codes=study.codes,
        coders=(*study.coders, *names),
        leave_out_interviewers=not count_interviewers,
        code_units={c: by_id[c].unit for c in study.codes if by_id[c].unit != "segment"},
    )
    matrix = build_units(study.transcripts, plan)
    return Together(study, matrix, study.coders, tuple(names), plan.code_units)


def _as_coder(t: CodedTranscript, model: str, name: str, ids: Mapping[str, str]) -> CodedTranscript:
    codings: list[CodingSpan] = []
    for c in t.codings:
        if c.coder != model:
            codings.append(c)
        elif c.code in ids:
            codings.append(replace(c, coder=name, code=ids[c.code]))
    scopes: list[CoderScope] = []
    for s in t.scopes:
        if s.coder != model:
            scopes.append(s)
        else:
            codes = frozenset(ids[c] for c in (ids if s.codes is None else s.codes) if c in ids)
            scopes.append(replace(s, coder=name, codes=codes))
    return replace(t, codings=tuple(codings), scopes=tuple(scopes))
