"""From stored rows to disagreements: what the report and the review pages both show.

Needs no model: two people are enough, and more than two may differ in more ways. Who did not look
(outside a scope, another version's codes, a segment that failed) is missing, never a "no".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.hashing import hash_json
from assistant.meant import did_you_mean
from assistant.store.codings import codings
from assistant.store.database import Store
from assistant.store.records import Judgement, RunRow, Suggestion, Unplaced
from assistant.store.suggestions import judgements, suggestions, unplaced
from assistant.store.transcripts import transcript_infos
from eval.disagreements.matching import Cells, Dispute, disputes
from eval.disagreements.records import Disagreement, Passage, Side
from eval.disagreements.sorting import in_order, kind_of, look_at, who_agrees
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
        store, codebook, asked.interviewers, run=run, with_adjudicated=asked.with_adjudicated
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
    for number, coded in enumerate(study.transcripts):
        cells = _cells(matrix, number, coded, plan)
        made = _Maker(
            store, codebook, study, coded, ids[coded.name], cells, run, model, related, lost
        )
        for dispute in disputes(cells, related, families):
            if set(dispute.codes) & codes:
                found.append(made.disagreement(dispute, families, lines or {}))
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
            raise UserError(
                f"There is no transcript “{name}”.",
                hint=f"{did_you_mean(name, names)}Transcripts: {', '.join(names)}.",
            )


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


class _Maker:
    """Makes records of one transcript's disputes."""

    def __init__(
        self,
        store: Store,
        codebook: Codebook,
        study: LoadedStudy,
        coded: CodedTranscript,
        transcript_id: int,
        cells: Cells,
        run: RunRow | None,
        model: str,
        ancestors: Mapping[str, frozenset[str]],
        lost: Sequence[Unplaced],
    ) -> None:
        self.codebook, self.study, self.coded, self.cells = codebook, study, coded, cells
        self.id, self.model, self.ancestors = transcript_id, model, ancestors
        self.passages: dict[str, list[Passage]] = {}
        self.suggested: list[Suggestion] = []
        self.lost = [u for u in lost if u.transcript_id == transcript_id]
        self.judged: dict[tuple[int, str], Judgement] = {}
        for coding in codings(store, transcript_id):
            code = codebook.resolve(coding.code)
            if code is not None and coding.exposure != "after-model":
                self.passages.setdefault(coding.coder.name, []).append(
                    Passage(
                        code=code,
                        start=coding.start,
                        end=coding.end,
                        quote=coding.quote,
                        coding_id=coding.id,
                    )
                )
        if run is not None and model:
            self.suggested = list(suggestions(store, run.id, transcript_id))
            self.judged = {(j.segment, j.code): j for j in judgements(store, run.id, transcript_id)}
        # Who coded in this transcript at all.
        self.here = [c for k, c in enumerate(cells.coders) if cells.scope[k].any()]

    def disagreement(
        self, dispute: Dispute, families: Mapping[str, str], lines: Mapping[str, int]
    ) -> Disagreement:
        who, alone = who_agrees(dispute, self.model)
        kind = kind_of(dispute, alone, self.model, self.ancestors)
        first, last = dispute.segments[0], dispute.segments[1] - 1
        segments = self.coded.segments
        known = tuple((code, lines[code]) for code in dispute.codes if code in lines)
        labels = [self.codebook.by_id[code].label for code in dispute.codes]
        sha256 = self.study.sha256[self.coded.name]
        digest = hash_json([sha256, segments[first].start, list(dispute.codes)])
        one, other = dispute.codes[0], dispute.codes[-1]
        return Disagreement(
            key="d-" + digest.removeprefix("sha256:")[:16],
            who=who,
            kind=kind,
            transcript=self.coded.name,
            transcript_id=self.id,
            transcript_sha256=sha256,
            language=self.study.languages[self.coded.name],
            first_segment=first,
            last_segment=last,
            start=segments[first].start,
            end=segments[last].end,
            speaker=segments[first].speaker,
            codes=dispute.codes,
            sides=tuple(self._side(coder, dispute) for coder in dispute.answers),
            alone=alone,
            missing=tuple(coder for coder in self.here if coder not in dispute.answers),
            same_family=one != other and bool(families[one]) and families[one] == families[other],
            look=look_at(who, kind, "the model" if alone == self.model else alone, labels, known),
            codebook_lines=known,
        )

    def _side(self, coder: str, dispute: Dispute) -> Side:
        first, last = dispute.segments
        rows = list(dispute.rows)
        k = self.cells.coders.index(coder)
        given = {
            self.cells.codes[c]
            for c in np.flatnonzero(self.cells.positive[k][rows].any(axis=0))
            if self.cells.codes[c] not in dispute.codes
        }
        codes = dispute.said(coder)
        others = tuple(code for code in self.cells.codes if code in given)
        if coder == self.model:
            return self._models_side(coder, codes, others, dispute)
        start, end = self.coded.segments[first].start, self.coded.segments[last - 1].end
        mine = tuple(
            p
            for p in self.passages.get(coder, ())
            if p.code in dispute.codes and p.start < end and start < p.end
        )
        note = "What is marked covers too little to count." if mine and not codes else ""
        return Side(coder=coder, codes=codes, passages=mine, others=others, note=note)

    def _models_side(
        self, coder: str, codes: tuple[str, ...], others: tuple[str, ...], dispute: Dispute
    ) -> Side:
        first, last = dispute.segments
        mine = [s for s in self.suggested if s.code in dispute.codes and first <= s.segment < last]
        lost = [
            u
            for u in self.lost
            if u.segment is not None
            and first <= u.segment < last
            and self.codebook.resolve(u.code_written) in dispute.codes
        ]
        asked = [
            self.judged[segment, code].probability
            for segment in range(first, last)
            for code in dispute.codes
            if (segment, code) in self.judged
        ]
        sure = [p for p in asked if p is not None]
        stated = [s.confidence for s in mine if s.confidence is not None]
        return Side(
            coder=coder,
            is_model=True,
            codes=codes,
            passages=tuple(
                Passage(code=s.code, start=s.start, end=s.end, quote=s.quote, suggestion_id=s.id)
                for s in mine
            ),
            others=others,
            rationale=" ".join(dict.fromkeys(s.rationale for s in mine if s.rationale)),
            confidence=max(stated, default=None),
            probability=max(sure, default=None),
            note="The model suggested it here too, but its quote could not be found in the text."
            if lost and not codes
            else "",
        )
