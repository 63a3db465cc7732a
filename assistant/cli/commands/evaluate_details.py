"""The tables of ``secondcoder evaluate --details``: every figure that fits into a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, table

if TYPE_CHECKING:
    from eval.evaluation.figures import Row
    from eval.evaluation.results import Evaluation, ModelResult, PeopleResult

__all__ = ["print_details"]


def print_details(found: Evaluation, all_codes: bool) -> None:
    """People with people and the run with people: by transcript, by code, baselines, lanes."""
    rests = found.coverage
    click.echo(
        f"\nA span counts in a {rests.unit} if it covers {rests.rule}. Intervals "
        f"({found.level:.0%}) come from whole transcripts.\n"
    )
    if found.people is not None:
        _people(found.people, all_codes and found.model is None)
    if found.model is not None:
        _model(found, found.model, all_codes)


def _people(people: PeopleResult, all_codes: bool) -> None:
    from eval.statistics.agreement import measure
    from eval.statistics.values import show

    table(
        [
            *("transcript", "people", "both", "only first", "only second"),
            *("kappa", "F1", "AC1", "evidence"),
        ],
        [
            (
                p.transcript,
                f"{p.first} and {p.second}",
                p.both,
                p.only_first,
                p.only_second,
                show(p.kappa),
                show(p.f1),
                show(measure("ac1", p.cells)),
                "yes" if p.counts_as_evidence else "no",
            )
            for p in people.each
        ],
        title="People with people, by transcript (all codes)",
    )
    _codes(people, all_codes)
    values = people.together.pooled.values
    by_pair = people.by_pair.pooled.values
    pairs = (
        f"; mean over pairs of people: kappa {by_pair['kappa']}, F1 {by_pair['f1']}"
        if len(people.by_pair.pairs) > 1
        else ""
    )
    click.echo(
        f"All codes' units in one table: kappa {values['kappa']}, F1 {values['f1']}, AC1 "
        f"{values['ac1']}, alpha {values['alpha']}{pairs}.\n"
        f"Mean over {counted(people.together.macro_codes['kappa'], 'code')}, each in one table of "
        f"all pairs: kappa "
        f"{people.together.macro['kappa']}, F1 {people.together.macro['f1']}; with the codes that "
        f"the codebook lacks: kappa {people.with_missing_codes}, F1 "
        f"{people.with_missing_codes_f1 or '–'}; is a unit worth any code: kappa "
        f"{people.any_code}, F1 {people.any_code_f1 or '–'}."
    )


def _codes(people: PeopleResult, all_codes: bool) -> None:
    from eval.report.wording import order_of_pairs, pair_names

    rows, pairs = people.together.codes, people.by_pair.pairs

    def used(row: Row) -> int:
        both, first, second, _ = row.counts
        return both + first + second

    kept = sorted((row for row in rows if all_codes or used(row)), key=lambda row: -used(row))
    table(
        [
            *("code", "both", *(f"only {name}" for name in pair_names(pairs))),
            *("kappa", "AC1", "F1"),
        ],
        [
            (
                row.name,
                *row.counts[:3],
                str(row.values["kappa"]),
                str(row.values["ac1"]),
                str(row.values["f1"]),
            )
            for row in kept
        ],
        title="People with people, by code",
    )
    if order := order_of_pairs(pairs):
        click.echo(order)


def _model(found: Evaluation, model: ModelResult, all_codes: bool) -> None:
    from eval.statistics.agreement import STATISTICS, measure
    from eval.statistics.values import show

    assert found.run is not None
    table(
        ["transcript", "person", "both", "only person", "only model", "kappa", "F1", "AC1"],
        [
            (
                *(p.transcript, p.first, p.both, p.only_first, p.only_second),
                *(show(p.kappa), show(p.f1), show(measure("ac1", p.cells))),
            )
            for p in model.each
        ],
        title=f"Run {found.run.id} ({found.run.coder}) with people, by transcript",
    )
    values = model.summary.pooled.values
    rows = [("this run", values)] + [
        (f"baseline: {b.name}", b.summary.pooled.values) for b in model.baselines
    ]
    if model.difference is not None:
        for key, one in {"kappa": model.difference, **model.beside}.items():
            people = one.pooled
            click.echo(
                f"On the same units, {STATISTICS[key].label}: model with people "
                f"{people.model_person}, people with each other {people.person_person}, difference "
                f"{people.difference}."
            )
    keys = ("kappa", "f1", "ac1", "precision", "recall", "over_coding")
    table(
        ["all codes", "kappa", "F1", "AC1", "precision", "recall", "over-coding"],
        [(name, *(str(v[k]) for k in keys)) for name, v in rows],
    )
    beaten = next(b for b in model.baselines if b.name == model.best_baseline)
    click.echo(f"Above the best baseline ({beaten.name}): kappa {beaten.over_pooled}.")
    shown = [v for v in model.verdicts if all_codes or v.evidence.positives]
    table(
        ["code", "lane", "why", "also: what the rules for other lanes would say"],
        [
            (
                v.code,
                v.lane,
                "; ".join(r.text for r in v.reasons if r.lane == v.lane),
                "; ".join(r.text for r in v.reasons if r.lane != v.lane),
            )
            for v in shown
        ],
        title="Lanes",
    )
    hidden = len(model.verdicts) - len(shown)
    if hidden:
        click.echo(
            f"Unproven, since no person used them here: {counted(hidden, 'more code')} "
            "(--all-codes)."
        )
