"""From stored rows to disagreements: what the report and the review pages both show.

Needs no model: two people are enough, and more than two may differ in more ways. Who did not look
(outside a scope, another version's codes, a segment that failed) is missing, never a "no".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.meant import did_you_mean, no_transcript
from assistant.store.database import Store
from assistant.store.model.suggestions import unplaced
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos
from eval.disagreements.making import Maker
from eval.disagreements.matching import Cells, Matcher
from eval.disagreements.pairing import Couple, kinship_of
from eval.disagreements.records import Disagreement
from eval.disagreements.sorting import in_order
from eval.units.building import build_units
from eval.units.loading import LoadedStudy, load
from eval.units.records import CodedTranscript, UnitMatrix, UnitPlan, exchanges

__all__ = ["Gathered", "Wanted", "find_disagreements", "gather"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which disagreements. Empty: all of them."""

    between: tuple[str, ...] = ()
    """Names of coders; ``model`` stands for the run."""
    codes: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    interviewers: tuple[str, ...] = ()
    """Names of speakers who ask (globs), as the study has them."""
    count_interviewers: bool = True
    with_adjudicated: bool = False
    any_definition: bool = False
    """Also codings that were made under another definition of their code, which count for nothing:
    what would be in dispute without that (`eval.disagreements.waiting`)."""


@dataclass(frozen=True)
class Gathered:
    """The disagreements, and what they were found in."""

    study: LoadedStudy
    matrix: UnitMatrix
    codebook: Codebook
    coders: tuple[str, ...]
    """Who is compared, people first."""
    model: str
    disagreements: tuple[Disagreement, ...]
    wanted: Wanted
    ids: Mapping[str, int] = field(default_factory=dict)
    """Transcript -> its id."""

    @cached_property
    def people_alone(self) -> tuple[int, int]:
        """Transcripts that two or more coders looked at, and of these those the model did not."""
        if not self.model:
            return 0, 0
        model = self.matrix.coders.index(self.model)
        several = alone = 0
        for number in range(len(self.matrix.transcripts)):
            rows = self.matrix.scope[:, self.matrix.transcript == number]
            looked = [bool(one.any()) for one in rows]
            if sum(looked) > 1:
                several += 1
                alone += not looked[model]
        return several, alone

    @cached_property
    def texts(self) -> dict[str, CodedTranscript]:
        return {t.name: t for t in self.study.transcripts}


def find_disagreements(
    store: Store,
    codebook: Codebook,
    *,
    run: RunRow | None = None,
    wanted: Wanted | None = None,
    lines: Mapping[str, int] | None = None,
) -> tuple[Disagreement, ...]:
    """Every disagreement about the codes of ``codebook``, in the order in which to read them.

    With ``run``, its suggestions are one more coder. ``lines``: code id -> line of its entry in the
    codebook's file. Raises `UserError` when ``wanted`` names what is not there.
    """
    return gather(store, codebook, run=run, wanted=wanted, lines=lines).disagreements


def gather(
    store: Store,
    codebook: Codebook,
    *,
    run: RunRow | None = None,
    wanted: Wanted | None = None,
    lines: Mapping[str, int] | None = None,
) -> Gathered:
    """As `find_disagreements`, with the texts and the matrix that they were found in."""
    asked = wanted or Wanted()
    study = load(
        store,
        codebook,
        asked.interviewers,
        run=run,
        with_adjudicated=asked.with_adjudicated,
        any_definition=asked.any_definition,
    )
    coders = _coders(study, asked)
    codes = _codes(codebook, study, asked)
    _check_transcripts(store, asked)
    chosen = tuple(
        t for t in study.transcripts if not asked.transcripts or t.name in asked.transcripts
    )
    study = replace(study, transcripts=chosen)
    by_id = codebook.by_id
    plan = UnitPlan(
        codes=study.codes,
        coders=coders,
        leave_out_interviewers=not asked.count_interviewers,
        code_units={c: by_id[c].unit for c in study.codes if by_id[c].unit != "segment"},
    )
    matrix = build_units(study.transcripts, plan)
    ids = {info.name: info.id for info in transcript_infos(store)}
    found: list[Disagreement] = []
    model = study.model if study.model in coders else ""
    related = _ancestors(codebook)
    families = {code.id: codebook.family_of(code.id) for code in codebook.codes}
    lost = unplaced(store, run.id) if run is not None and model else ()
    matchers = [
        Matcher(_cells(matrix, number, coded, plan))
        for number, coded in enumerate(study.transcripts)
    ]
    often: Counter[Couple] = Counter()
    for matcher in matchers:
        often.update(matcher.certain)
    kinship = kinship_of(codebook, related)
    for coded, matcher in zip(study.transcripts, matchers, strict=True):
        made = Maker(
            *(store, codebook, study, coded, ids[coded.name], matcher.cells, run, model),
            *(related, lost, families, lines or {}),
        )
        mine = [d for d in matcher.found(kinship, often) if set(d.codes) & codes]
        found += made.all_of(mine, plan.code_units)
    return Gathered(study, matrix, codebook, coders, model, in_order(found), asked, ids)


def _coders(study: LoadedStudy, wanted: Wanted) -> tuple[str, ...]:
    there = (*study.coders, *((study.model,) if study.model else ()))
    if not wanted.between:
        return there
    names = tuple(study.model if name == "model" else name for name in wanted.between)
    for name in names:
        if name not in there or not name:
            raise UserError(
                "There is no model among the coders."
                if not name
                else f"No coder “{name}” is measured here.",
                hint="Name a run with --run N."
                if not name
                else f"{did_you_mean(name, there)}Coders: {', '.join(there) or 'none'}. "
                "Adjudicated versions come with --with-adjudicated, a model with --run N.",
            )
    if len(set(names)) < 2:
        raise UserError("Two different coders are needed.", hint=f"Coders: {', '.join(there)}.")
    return tuple(name for name in there if name in names)


def _codes(codebook: Codebook, study: LoadedStudy, wanted: Wanted) -> set[str]:
    if not wanted.codes:
        return set(study.codes)
    ids = set()
    for written in wanted.codes:
        code = codebook.resolve(written)
        if code is None or code not in study.codes:
            raise UserError(
                f"The codebook has no code “{written}” that is measured.",
                hint=f"{codebook.meant(written)}Write its id, its name or an alias: "
                "`secondcoder codebook show` lists them.",
            )
        ids.add(code)
    return ids


def _check_transcripts(store: Store, wanted: Wanted) -> None:
    names = [info.name for info in transcript_infos(store)]
    for name in wanted.transcripts:
        if name not in names:
            raise no_transcript(name, names)


def _ancestors(codebook: Codebook) -> dict[str, frozenset[str]]:
    """Code -> the codes above it: its parents, and a code that bears its family's name."""
    found = {}
    named = {name: code.id for code in codebook.codes for name in (code.label, code.id)}
    for code in codebook.codes:
        above: set[str] = set()
        here = code
        while here.parent in codebook.by_id and here.parent not in above:
            above.add(here.parent)
            here = codebook.by_id[here.parent]
        family = named.get(codebook.family_of(code.id), "")
        found[code.id] = frozenset({*above, *((family,) if family else ())} - {code.id})
    return found


def _cells(matrix: UnitMatrix, number: int, coded: CodedTranscript, plan: UnitPlan) -> Cells:
    rows = np.flatnonzero(matrix.transcript == number)
    segments = tuple((int(a), int(b)) for a, b in matrix.segment[rows])
    return Cells(
        coded,
        matrix.coders,
        matrix.codes,
        matrix.positive[:, rows],
        matrix.scope[:, rows],
        segments,
        _larger(coded, plan, segments),
    )


def _larger(
    coded: CodedTranscript, plan: UnitPlan, segments: Sequence[tuple[int, int]]
) -> dict[str, dict[int, tuple[int, int]]]:
    """The answer for a larger unit stands in its first row (`eval.units.building`)."""
    size = len(coded.segments)
    places: dict[str, dict[int, tuple[int, int]]] = {
        "transcript": dict.fromkeys(range(len(segments)), (0, size))
    }
    group = exchanges(coded.segments)
    if group is not None:
        places["exchange"] = {
            row: (
                int(np.flatnonzero(group == group[first])[0]),
                int(np.flatnonzero(group == group[first])[-1]) + 1,
            )
            for row, (first, _) in enumerate(segments)
        }
    return {code: places[unit] for code, unit in plan.code_units.items() if unit in places}
