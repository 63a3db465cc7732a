"""Small evaluations for tests: real figures of invented coders, put together without a database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from assistant.store.measured.looks import Look
from eval.baselines.simple import BASELINES, with_baselines
from eval.evaluation.behind import behind_pairs
from eval.evaluation.ceiling import model_person, people_alpha, person_person
from eval.evaluation.difference import difference
from eval.evaluation.figures import summarise
from eval.evaluation.gain import gain
from eval.evaluation.pairs import any_code_matrix, pooled_kappa, summarise_together
from eval.evaluation.results import (
    BaselineResult,
    Coverage,
    Evaluation,
    ModelResult,
    OverrideRow,
    PairInTranscript,
    PeopleResult,
    RunFacts,
    Sensitivity,
)
from eval.intervals.resampling import Resampling
from eval.statistics.agreement import measure
from eval.units.loading import LeftOutCode, Person
from eval.units.records import LeftOut, UnitMatrix, to_families
from eval.verdicts.evidence import BESIDE, gather_evidence
from eval.verdicts.lanes import decide
from eval.verdicts.policy import Policy
from tests.eval.matrices import matrix_of

PEOPLE = ("Ann", "Ben")
CODES = ("Frost", "Water", "Rules", "Never-seen")
FAMILIES = {"Frost": "Weather", "Water": "Weather", "Rules": "People"}
SETTINGS = Resampling()


def matrix(transcripts: int = 9, model_error: float = 0.01, seed: int = 4) -> UnitMatrix:
    """Two people and a model; one code is used once, and one by nobody."""
    rng = np.random.default_rng(seed)
    units = 30
    truth = rng.random((transcripts * units, len(CODES))) < (0.2, 0.15, 0.0, 0.0)
    errors = [(0.01, 0.08, 0.0, 0.0)] * 2 + [(model_error, 0.05, 0.0, 0.0)]
    yes = np.stack([truth ^ (rng.random(truth.shape) < error) for error in errors])
    yes[0, 3, 2] = True
    return matrix_of(
        yes,
        transcript=np.repeat(np.arange(transcripts), units),
        coders=(*PEOPLE, "model"),
        codes=CODES,
    )


def _each(found: UnitMatrix, pairs: list[tuple[str, str]]) -> tuple[PairInTranscript, ...]:
    rows = []
    for t, name in enumerate(found.transcripts):
        for first, second in pairs:
            cells = found.pair(first, second).cells[t].sum(axis=0)
            both, one, other, _ = (int(n) for n in cells)
            kappa, f1 = measure("kappa", cells), measure("f1", cells)
            total = int(cells.sum())
            rows.append(
                PairInTranscript(name, first, second, total, both, one, other, kappa, f1, True)
            )
    return tuple(rows)


def people_result(found: UnitMatrix) -> PeopleResult:
    pairs = person_person(found, PEOPLE)
    in_families = to_families(found, FAMILIES)
    families = person_person(in_families, PEOPLE)
    pooled = pooled_kappa(pairs, SETTINGS, one_table=True)
    any_code = pooled_kappa(person_person(any_code_matrix(found), PEOPLE), SETTINGS)
    assert pooled is not None
    assert any_code is not None
    return PeopleResult(
        each=_each(found, [("Ann", "Ben")]),
        together=summarise_together(pairs, found, PEOPLE, SETTINGS),
        by_pair=summarise(pairs, settings=SETTINGS, both_ways=True),
        alpha=people_alpha(found, PEOPLE, SETTINGS)[1],
        families=summarise_together(families, in_families, PEOPLE, SETTINGS),
        with_missing_codes=pooled,
        any_code=any_code,
    )


def model_result(found: UnitMatrix, people: tuple[str, ...] = PEOPLE) -> ModelResult:
    pairs = model_person(found, people, "model")
    wide = with_baselines(found, people, [""] * len(found.words), seed=1)
    baselines = []
    for name in BASELINES:
        above = gain(wide, people, "model", name, settings=SETTINGS)
        baselines.append(
            BaselineResult(
                name,
                f"what {name} does",
                summarise(model_person(wide, people, name), settings=SETTINGS),
                {row.name: row.difference for row in above.codes},
                above.pooled.difference,
            )
        )
    evidence = gather_evidence(
        wide, people, "model", Policy(), kinds=dict.fromkeys(CODES, "semantic")
    )
    return ModelResult(
        each=_each(found, [(person, "model") for person in people]),
        summary=summarise(pairs, settings=SETTINGS),
        families=summarise(
            model_person(to_families(found, FAMILIES), people, "model"), settings=SETTINGS
        ),
        difference=difference(found, people, "model", settings=SETTINGS)
        if len(people) > 1
        else None,
        baselines=tuple(baselines),
        best_baseline="word statistics",
        verdicts=tuple(decide(one, Policy()) for one in evidence),
        suggestions=123,
        not_placed=4,
        failed_segments=0,
        not_in_scope=(),
        beside={
            key: difference(found, people, "model", statistic=key, settings=SETTINGS)
            for key in BESIDE
            if len(people) > 1
        },
    )


def run_facts(transcripts: tuple[str, ...]) -> RunFacts:
    return RunFacts(
        id=7,
        coder="small (judge-v1, abcd1234)",
        model="small-model",
        endpoint="",
        strategy="judge",
        prompt="judge-v1",
        status="complete",
        why="",
        recipe_sha256="sha256:" + "1" * 64,
        started_at="2026-01-02T03:04:05Z",
        transcripts=transcripts,
        calibrated_on={transcripts[0]: transcripts[1:3]},
        notes=("Replies are invented.",),
    )


def evaluation(found: UnitMatrix | None = None, **change: Any) -> Evaluation:
    """A run beside two people, with something in every section."""
    found = matrix() if found is None else found
    names = found.transcripts
    people = people_result(found)
    model = model_result(found)
    pooled = model.summary.pooled.values["kappa"]
    made = Evaluation(
        study="Allotments",
        made_at="2026-01-02T03:04:05Z",
        codebook="Plots",
        codebook_version="3",
        codebook_sha256="sha256:" + "2" * 64,
        policy_sha256="sha256:" + "3" * 64,
        method=SETTINGS.method,
        level=SETTINGS.level,
        resamples=SETTINGS.resamples,
        seed=SETTINGS.seed,
        coverage=Coverage(
            transcripts=names,
            units=len(found.words),
            unit="segment",
            rule=str(found.rule),
            interviewers_counted=False,
            left_out=LeftOut(interviewer_segments=41, only_interviewer=3, too_small=2),
            left_out_codes=(
                LeftOutCode("tabular", "not in the codebook", 5, PEOPLE),
                LeftOutCode("Q1", "ignored", 2, ("Ann",)),
            ),
            missing_share=0.034,
            people=(
                *(Person(t, name, "reference", 12, 11) for t in names for name in PEOPLE),
                Person(names[0], "Team", "adjudicated", 14, 14),
            ),
            languages=dict.fromkeys(names, "en"),
        ),
        people=people,
        model=model,
        run=run_facts(names),
        sensitivity=(
            Sensitivity(
                "segments, a span counts if it covers any word",
                people.alpha,
                pooled,
                people.together.pooled.values["f1"],
                model.summary.pooled.values["f1"],
                behind_pairs(person_person(found, PEOPLE), SETTINGS),
                behind_pairs(model_person(found, PEOPLE, "model"), SETTINGS),
            ),
            Sensitivity("exchanges", people.any_code, None),
        ),
        looks=3,
        looks_before=(
            Look("2026-01-01T10:20:30Z", "Ben", "compare", "Plots", "sha256:" + "4" * 64, None),
            Look("2026-01-01T09:00:00Z", "Ann", "evaluation", "Plots", "", 2),
        ),
        overrides=(
            OverrideRow("Water", 6, 31, "the grant ends", "Ben", "2026-01-01T00:00:00Z", False),
        ),
        withdrawn=("t99",),
        notes=("Left out: Team (made from others' codings, so never part of the ceiling).",),
        code_names={**{c: c for c in CODES}, "Rules": "Rules and | committee"},
        definitions=dict.fromkeys(CODES, ""),
    )
    return replace(made, **change)


def people_only(found: UnitMatrix | None = None) -> Evaluation:
    return replace(
        evaluation(found),
        model=None,
        run=None,
        overrides=(),
        withdrawn=(),
        looks=0,
        looks_before=(),
    )
