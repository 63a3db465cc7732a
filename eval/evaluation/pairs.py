"""People with people, and a model with people, on matrices of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from eval.evaluation.ceiling import (
    NO_ALPHA,
    model_person,
    people_alpha,
    people_alphas,
    person_person,
)
from eval.evaluation.figures import NO_CODE, Summary, lowest, over_codes, pooled, summarise
from eval.evaluation.results import PairInTranscript, PeopleResult
from eval.intervals.resampling import Interval, Resampling, intervals
from eval.statistics.agreement import STATISTICS, measure, why_undefined
from eval.statistics.counts import PairCounts
from eval.statistics.values import is_defined, value_of
from eval.units.building import build_units
from eval.units.loading import LoadedStudy
from eval.units.records import CodedTranscript, UnitMatrix, UnitPlan, to_families

__all__ = [
    "any_code_matrix",
    "compare_people",
    "each_pair",
    "looked_at",
    "model_pairs",
    "pooled_f1",
    "pooled_kappa",
    "summarise_together",
    "together",
]


def together(pairs: Sequence[PairCounts], first: str, second: str) -> PairCounts:
    """All pairs' units in one table, as if two people had coded everything."""
    cells = np.sum([pair.cells for pair in pairs], axis=0)
    return PairCounts(first, second, pairs[0].transcripts, pairs[0].codes, cells)


def summarise_together(
    pairs: Sequence[PairCounts], matrix: UnitMatrix, people: Sequence[str], settings: Resampling
) -> Summary:
    """All pairs in one table, with the alpha of all people at once instead of the table's own.

    The table counts a unit once for every two people who looked at it, and takes chance from
    "one" and "another" person, who are nobody. Alpha needs neither.
    """
    found = summarise(
        [together(pairs, "one person", "another person")],
        settings=settings,
        both_ways=True,
        merged=True,
    )
    by_code, pooled_one = people_alphas(matrix, people)
    codes, everything = people_alpha(matrix, people, settings)
    place = {code: codes[c] for c, code in enumerate(matrix.codes)}
    each = pooled_one.compute(np.eye(len(matrix.transcripts)))
    here = {
        name: value_of(float(x), NO_ALPHA) for name, x in zip(matrix.transcripts, each, strict=True)
    }
    rows = tuple(replace(r, values={**r.values, "alpha": place[r.name]}) for r in found.codes)
    return replace(
        found,
        codes=rows,
        pooled=replace(found.pooled, values={**found.pooled.values, "alpha": everything}),
        together=replace(found.together, values={**found.together.values, "alpha": everything}),
        macro={
            **found.macro,
            "alpha": intervals(over_codes(by_code), settings).at((), NO_CODE),
        },
        macro_codes={
            **found.macro_codes,
            "alpha": sum(is_defined(figure.estimate) for figure in codes),
        },
        worst_code={
            **found.worst_code,
            "alpha": lowest((r.name, r.values["alpha"].estimate) for r in rows),
        },
        worst_transcript={**found.worst_transcript, "alpha": lowest(here.items())},
        transcripts=tuple(
            replace(t, values={**t.values, "alpha": here[t.name]}) for t in found.transcripts
        ),
    )


def pooled_kappa(
    pairs: Sequence[PairCounts], settings: Resampling, *, one_table: bool = False
) -> Interval | None:
    """Kappa of all codes' units together: mean over pairs, or of one table of all pairs."""
    return _pooled_figure("kappa", pairs, settings, one_table)


def pooled_f1(
    pairs: Sequence[PairCounts], settings: Resampling, *, one_table: bool = False
) -> Interval | None:
    """The same of F1, so that kappa need not stand alone."""
    return _pooled_figure("f1", pairs, settings, one_table)


def _pooled_figure(
    key: str, pairs: Sequence[PairCounts], settings: Resampling, one_table: bool
) -> Interval | None:
    if not pairs:
        return None
    used = [together(pairs, "one", "other")] if one_table else list(pairs)
    cells = np.stack([pair.cells for pair in used], axis=1)
    why = why_undefined(cells.sum(axis=(0, 1, 2))).reason
    return intervals(pooled(cells, STATISTICS[key]), settings).at((), why)


def units_of(matrix: UnitMatrix, pairs: Sequence[PairCounts]) -> int:
    """Units that both of some pair looked at, for any code: what the pairs' figures rest on."""
    looked = np.zeros(len(matrix.words), dtype=bool)
    for pair in pairs:
        first, second = (matrix.scope[matrix.coder(name)] for name in (pair.first, pair.second))
        looked |= (first & second).any(axis=1)
    return int(looked.sum())


def looked_at(matrix: UnitMatrix, people: Sequence[str]) -> int:
    """Units that any of ``people`` looked at, for any code."""
    here = [matrix.coder(name) for name in people]
    return int(matrix.scope[here].any(axis=(0, 2)).sum())


def each_pair(
    matrix: UnitMatrix, pairs: Sequence[tuple[str, str]], study: LoadedStudy
) -> tuple[PairInTranscript, ...]:
    """Every pair in every transcript that both coded, in the transcripts' order."""
    rows: list[PairInTranscript] = []
    tables = [matrix.pair(first, second) for first, second in pairs]
    for t, name in enumerate(matrix.transcripts):
        for table in tables:
            cells = table.cells[t].sum(axis=0)
            if not cells.any():
                continue
            both, first, second, _ = (int(x) for x in cells)
            roles = [study.role(name, coder) for coder in (table.first, table.second)]
            rows.append(
                PairInTranscript(
                    name,
                    table.first,
                    table.second,
                    int(cells.sum()),
                    both,
                    first,
                    second,
                    measure("kappa", cells),
                    measure("f1", cells),
                    all(role in (None, "reference") for role in roles),
                )
            )
    return tuple(rows)


def any_code_matrix(matrix: UnitMatrix) -> UnitMatrix:
    """One code: "worth any code". No is data where the coder looked for every code."""
    return replace(
        to_families(matrix, dict.fromkeys(matrix.codes, "any code")), codes=("any code",)
    )


def _known_to_all(matrix: UnitMatrix, people: Sequence[str]) -> UnitMatrix:
    """Without codes that somebody never looked for: they were defined otherwise, or not there yet.

    Else no family that holds one of them, and not "any code", would ever be data.
    """
    known = np.ones(len(matrix.codes), bool)
    for name in people:
        looked = matrix.scope[matrix.coder(name)].any(axis=0)
        if looked.any():
            known &= looked
    if known.all() or not known.any():
        return matrix
    return replace(
        matrix,
        codes=tuple(code for code, kept in zip(matrix.codes, known, strict=True) if kept),
        positive=matrix.positive[:, :, known],
        scope=matrix.scope[:, :, known],
    )


def compare_people(
    study: LoadedStudy,
    matrix: UnitMatrix,
    plan: UnitPlan,
    family_of: Mapping[str, str],
    settings: Resampling,
    with_missing: Sequence[CodedTranscript],
    missing_codes: Sequence[str],
) -> PeopleResult | None:
    """Everything about people's agreement; None where no two people coded the same transcript.

    ``with_missing`` are the same transcripts with the codings of ``missing_codes``, which the
    codebook lacks.
    """
    people = list(study.coders)
    pairs = person_person(matrix, people)
    if not pairs:
        return None
    shared = _known_to_all(matrix, people)
    in_families = to_families(shared, family_of)
    families = person_person(in_families, people)
    wider = build_units(with_missing, replace(plan, codes=(*plan.codes, *missing_codes)))
    with_missing_codes = pooled_kappa(person_person(wider, people), settings, one_table=True)
    # Where no passage was looked at for all codes, there is no such figure, and it says so.
    nothing = [replace(pair, cells=np.zeros_like(pair.cells)) for pair in pairs]
    whether = person_person(any_code_matrix(shared), people) or nothing
    any_code = pooled_kappa(whether, settings, one_table=True)
    assert with_missing_codes is not None
    assert any_code is not None
    return PeopleResult(
        each=each_pair(matrix, list(combinations(people, 2)), study),
        together=summarise_together(pairs, matrix, people, settings),
        by_pair=summarise(pairs, settings=settings, both_ways=True),
        alpha=people_alpha(matrix, people, settings)[1],
        families=summarise_together(
            families or pairs, in_families if families else matrix, people, settings
        ),
        with_missing_codes=with_missing_codes,
        any_code=any_code,
        with_missing_codes_f1=pooled_f1(person_person(wider, people), settings, one_table=True),
        any_code_f1=pooled_f1(whether, settings, one_table=True),
        units=units_of(matrix, pairs),
    )


def model_pairs(matrix: UnitMatrix, study: LoadedStudy) -> tuple[PairCounts, ...]:
    """The model with each person, on what both coded."""
    return model_person(matrix, study.coders, study.model)
