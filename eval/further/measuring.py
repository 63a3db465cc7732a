"""Measure what `eval.further.results.More` holds, from the same loaded study and matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from assistant.codebook.records import Codebook
from assistant.store.database import Store
from assistant.store.model.suggestions import suggestions
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos
from eval.evaluation.ceiling import model_person, person_person
from eval.further.coefficients import Further, measure_further, substitute
from eval.further.results import More
from eval.further.spans import measure_spans
from eval.statistics.counts import PairCounts
from eval.statistics.values import BoolArray, FloatArray
from eval.units.building import build_units
from eval.units.loading import LoadedStudy, load
from eval.units.records import UnitMatrix, UnitPlan
from eval.verdicts.lanes import Verdict
from eval.verdicts.planning import Planning, plan_next
from eval.verdicts.policy import Policy

__all__ = ["measure_more", "planning"]


def measure_more(
    study: LoadedStudy, matrix: UnitMatrix, policy: Policy, plan: Planning | None, *, every: bool
) -> More:
    """``every``: the coefficients behind ``--all`` too. ``study``: as loaded with the run."""
    settings = policy.resampling
    people = study.coders
    between = list(combinations(people, 2))
    beside = [(person, study.model) for person in people] if study.model else []
    pairs, with_model = (
        person_person(matrix, people),
        model_person(matrix, people, study.model) if study.model else (),
    )

    def further(found: Sequence[PairCounts]) -> Further | None:
        if not every or not found:
            return None
        return measure_further(matrix, study.transcripts, found, settings)

    return More(
        people_spans=measure_spans(study.transcripts, study.codes, between, settings),
        model_spans=measure_spans(study.transcripts, study.codes, beside, settings),
        planning=plan,
        people=further(pairs),
        model=further(with_model),
        substitute=substitute(matrix, people, study.model)
        if every and study.model and len(people) > 2
        else None,
    )


def planning(
    store: Store,
    codebook: Codebook,
    interviewers: Sequence[str],
    count_interviewers: bool,
    policy: Policy,
    verdicts: Sequence[Verdict],
    run: RunRow | None,
) -> Planning | None:
    """From independent and blind people alone; None where there are none."""
    study = load(store, codebook, interviewers, reference_only=True)
    if not study.coders:
        return None
    by_id = codebook.by_id
    matrix = build_units(
        study.transcripts,
        UnitPlan(
            study.codes,
            study.coders,
            leave_out_interviewers=not count_interviewers,
            code_units={c: by_id[c].unit for c in study.codes if by_id[c].unit != "segment"},
        ),
    )
    return plan_next(
        matrix,
        study.coders,
        policy,
        lanes={v.code: v.lane for v in verdicts},
        missing={v.code: [m.text for m in v.missing] for v in verdicts},
        latent=[c for c in study.codes if by_id[c].kind == "latent" and not policy.accept.latent],
        expected=_expected(store, study, matrix, run),
    )


def _expected(
    store: Store, study: LoadedStudy, matrix: UnitMatrix, run: RunRow | None
) -> Mapping[str, tuple[str, tuple[str, ...], FloatArray]]:
    """For each transcript that fewer than two people coded: how many passages of each code."""
    made: dict[str, tuple[str, tuple[str, ...], FloatArray]] = {}
    found: BoolArray = np.asarray(matrix.positive.any(axis=0))
    rate = found.sum(axis=0) / max(len(found), 1)
    place = {code: c for c, code in enumerate(matrix.codes)}
    for info in transcript_infos(store):
        if info.withdrawn:
            continue
        number = matrix.transcripts.index(info.name) if info.name in matrix.transcripts else -1
        here: BoolArray = np.asarray(matrix.transcript == number)
        who = tuple(
            name
            for k, name in enumerate(matrix.coders)
            if here.any() and matrix.scope[k][here].any()
        )
        if len(who) > 1:
            continue
        if who:
            made[info.name] = "a person", who, found[here].sum(axis=0).astype(np.float64)
        elif run is not None and info.id in run.transcripts:
            counted = np.zeros(len(matrix.codes))
            for _, code in {(s.segment, s.code) for s in suggestions(store, run.id, info.id)}:
                if code in place:
                    counted[place[code]] += 1
            made[info.name] = "the run", (), counted
        else:
            made[info.name] = "the average", (), rate * info.segments
    return made
