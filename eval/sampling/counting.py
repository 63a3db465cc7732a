"""How often does each code occur, when a model coded everything and people a random part of it?

A model's own number is wrong by what it misses and over-codes. The audit's sample says how much, in
each stratum, and the total is corrected by it: all passages the model marked, less the share of
them that people do not find, plus the share of the unmarked ones where people find it (the
difference estimator of Cochran 1977, Sampling Techniques, 7.2, within cells of stratum and
suggestion; for a machine's answers also called prediction-powered, Angelopoulos et al. 2023,
Science 382, 669). Chance is in the drawing alone. Ends are Wilson's within a cell, put together by
the recovered variances of their ends (Zou & Donner 2008, Stat. Med. 27, 1693), and cut to what is
certain: what people found in the sample is there, what they did not find is not.
``bench/counts.py`` measures how often they hold the truth.

Without a random draw there is no such correction, and the naive number is all there is: refused.
Each code stands for itself: of one that somebody who coded the sample says nothing about, such as
one that was added to the codebook later, the passages that are left are no random part any more. It
is left out with its reason, and the others are counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import ValidationError

from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.finding import find_run
from assistant.store.measured.audits import AuditRow, audits
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook
from assistant.study import Study
from eval.audit.batch import passages_of
from eval.audit.drawing import Passage, Plan, stratify
from eval.audit.estimate import wilson
from eval.report.wording import how_many, was
from eval.statistics.values import BoolArray, FloatArray
from eval.units.building import build_units
from eval.units.loading import load
from eval.units.records import UnitPlan

__all__ = ["CountedCode", "Counts", "corrected_total", "count_study"]

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class CountedCode:
    code: str
    name: str
    naive: int
    """Passages of the batch that the model marked."""
    estimate: float
    """Passages of the batch that people would mark."""
    low: float
    high: float
    share: float
    """``estimate`` as a share of the batch's passages."""
    sampled: int
    found: float
    """Passages of the sample that people marked."""
    judged: int = 0
    """Passages of the sample that the model marked: only these say how often it is right."""


@dataclass(frozen=True, slots=True)
class Counts:
    run: int
    audit: int
    transcripts: tuple[str, ...]
    passages: int
    sampled: int
    people: tuple[str, ...]
    level: float
    codes: tuple[CountedCode, ...]
    left_out: Mapping[str, str]
    """Names of codes that cannot be corrected, and why."""


def corrected_total(
    cells: Sequence[tuple[int, FloatArray, bool]], level: float = LEVEL
) -> tuple[float, float, float]:
    """Estimate and ends of the number of passages with a code.

    ``cells``: for each stratum and each answer of the model how many passages it has in the batch,
    what people said about those that were drawn (shares of people who found it, ``(n,)``), and
    whether the model marked them. A cell of which none was drawn takes the others' share of its
    kind, and could be anything; where none at all of that kind was drawn, what the model said.
    """
    kinds: dict[bool, list[FloatArray]] = {True: [], False: []}
    for _, said, marked in cells:
        kinds[marked].append(said)
    pooled = {
        kind: float(np.concatenate(said).mean()) if said and sum(map(len, said)) else float(kind)
        for kind, said in kinds.items()
    }
    total = below = above = found = most = 0.0
    for size, said, marked in cells:
        n = len(said)
        found += float(said.sum())
        most += size - n + float(said.sum())
        if not size:
            continue
        share = float(said.mean()) if n else pooled[marked]
        drawn = math.inf if n >= size else n * (size - 1) / (size - n)
        low, high = wilson(share, drawn, level)
        total += size * share
        below += (size * (share - low)) ** 2
        above += (size * (high - share)) ** 2
    # Passages with the code that were looked at are certain, and so are those without it.
    return total, max(found, total - math.sqrt(below)), min(most, total + math.sqrt(above))


def count_study(study: Study, store: Store, run_id: int, codes: Sequence[str] = ()) -> Counts:
    """Corrected counts of a run's batch from its newest audit that was coded.

    Raises `UserError` where no part of the run was drawn at random, or the sample is not coded.
    """
    run = find_run(store, run_id)
    book = codebook(store, run.codebook_sha256)
    wanted = [c.id for c in book.sent]
    if codes:
        unknown = [c for c in codes if book.resolve(c) not in wanted]
        if unknown:
            raise UserError(
                f"The codebook of run {run_id} has no code {', '.join(unknown)}.",
                hint=f"{book.meant(unknown[0])}`secondcoder codebook show` lists the codes.",
            )
        wanted = [c for c in wanted if c in {book.resolve(x) for x in codes}]
    row = _newest(audits(store, run_id), run_id)
    plan = _plan(row)
    passages = sorted(
        passages_of(store, run, row.transcripts, study.config.units),
        key=lambda p: (p.transcript_id, p.segment),
    )
    names = stratify(passages, plan.codes, plan.segments)
    drawn = {(d.transcript_id, d.segment) for d in plan.sample}
    answers, people = _answers(study, store, run_id, wanted, drawn)
    missing = [d for d in drawn if d not in answers or np.isnan(answers[d]).all()]
    if missing:
        raise UserError(
            f"{len(missing)} of {len(drawn)} passages that audit {row.id} drew are not coded, and "
            "the rest is no random part any more.",
            hint=f"Code them blind first; `secondcoder audit result {row.id}` says which are left.",
        )
    infos = {info.id: info.name for info in transcript_infos(store)}
    made = []
    left_out: dict[str, str] = {}
    for c, code in enumerate(wanted):
        silent = sum(bool(np.isnan(answers[key][c])) for key in drawn)
        if silent:
            left_out[book.by_id[code].label] = (
                f"of {how_many(len(drawn), 'sampled passage')} {silent} {was(silent)} coded by "
                "people who say neither yes nor no about it"
            )
            continue
        cells = _cells(passages, names, drawn, answers, c, code)
        estimate, low, high = corrected_total(cells)
        made.append(
            CountedCode(
                code,
                book.by_id[code].label,
                sum(code in p.suggested for p in passages),
                estimate,
                low,
                high,
                estimate / max(len(passages), 1),
                len(drawn),
                float(sum(answers[key][c] for key in drawn)),
                sum(len(said) for _, said, marked in cells if marked),
            )
        )
    return Counts(
        run_id,
        row.id,
        tuple(infos[key] for key in row.transcripts),
        len(passages),
        len(drawn),
        people,
        LEVEL,
        tuple(sorted(made, key=lambda m: (-m.estimate, m.code))),
        left_out,
    )


def _newest(rows: Sequence[AuditRow], run_id: int) -> AuditRow:
    if not rows:
        raise UserError(
            f"No part of run {run_id} was drawn at random, so its numbers cannot be corrected: "
            "what people chose to code may differ from the rest in any way.",
            hint="Draw a random part with `secondcoder audit draw`, code it blind, and ask again.",
        )
    return rows[-1]


def _plan(row: AuditRow) -> Plan:
    try:
        return Plan.model_validate(row.plan)
    except ValidationError as error:
        raise UserError(
            f"Audit {row.id} does not say how its sample was drawn, so it cannot be used.",
            hint="Draw another with `secondcoder audit draw` and code it blind.",
        ) from error


def _answers(
    study: Study,
    store: Store,
    run_id: int,
    codes: Sequence[str],
    drawn: set[tuple[int, int]],
) -> tuple[dict[tuple[int, int], FloatArray], tuple[str, ...]]:
    """Drawn (transcript, segment) -> share of people who found each code; and who they are.

    nan for a code that nobody sought there.
    """
    run = find_run(store, run_id)
    book = codebook(store, run.codebook_sha256)
    found = load(store, book, study.config.units.interviewers, reference_only=True)
    matrix = build_units(found.transcripts, UnitPlan(tuple(codes), found.coders))
    ids = {info.name: info.id for info in transcript_infos(store)}
    made: dict[tuple[int, int], FloatArray] = {}
    people: set[str] = set()
    seen: BoolArray = np.asarray(matrix.scope.any(axis=2))
    for u in range(len(matrix.words)):
        key = ids[matrix.transcripts[matrix.transcript[u]]], int(matrix.segment[u, 0])
        who = np.flatnonzero(seen[:, u])
        if key in drawn and len(who):
            people |= {matrix.coders[k] for k in who}
            asked = matrix.scope[:, u].sum(axis=0)
            yes = matrix.positive[:, u].sum(axis=0)
            made[key] = np.where(asked > 0, yes / np.maximum(asked, 1), np.nan)
    return made, tuple(sorted(people))


def _cells(
    passages: Sequence[Passage],
    names: Sequence[str],
    drawn: set[tuple[int, int]],
    answers: Mapping[tuple[int, int], FloatArray],
    column: int,
    code: str,
) -> list[tuple[int, FloatArray, bool]]:
    sizes: dict[tuple[str, bool], int] = {}
    said: dict[tuple[str, bool], list[float]] = {}
    for passage, name in zip(passages, names, strict=True):
        cell = name, code in passage.suggested
        sizes[cell] = sizes.get(cell, 0) + 1
        key = passage.transcript_id, passage.segment
        if key in drawn:
            said.setdefault(cell, []).append(float(answers[key][column]))
    return [
        (size, np.array(said.get(cell, []), dtype=np.float64), cell[1])
        for cell, size in sorted(sizes.items())
    ]
