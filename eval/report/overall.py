"""All codes together, and whatever one number would hide: averages, worst cases, single pairs."""

from __future__ import annotations

from collections.abc import Sequence

from eval.evaluation.figures import Summary
from eval.evaluation.results import ModelResult, PeopleResult
from eval.report.agreement import LABELS, by_row_chart, only_columns
from eval.report.behind import behind_kappas, worst_cell
from eval.report.charts import BASELINE, MODEL, PEOPLE, mark
from eval.report.document import Block, Cell, Column, Section, Table, Text
from eval.report.person_by_person import each_pair
from eval.report.view import View, used
from eval.report.wording import count, figure, measured, order_of_pairs, pair_names

__all__ = ["overall"]

_OF_PEOPLE = ("kappa", "ac1", "alpha", "f1", "negative_agreement", "agreement")
_OF_MODEL = ("kappa", "ac1", "alpha", "f1", "agreement", "precision", "recall", "over_coding")


def overall(view: View) -> tuple[Section, ...]:
    found = view.evaluation
    blocks: list[Block] = []
    if found.model is not None:
        blocks.append(
            _together(
                view, "model-overall", "The model with people", found.model.summary, _OF_MODEL
            )
        )
    if found.people is not None:
        blocks += _people(view, found.people)
    if not blocks:
        return ()
    sections = [Section("overall", "All codes together", tuple(blocks))]
    if found.model is not None:
        sections.append(_baselines(view, found.model))
    families = _families(view)
    if families:
        sections.append(Section("families", "Families of codes", families, level=3))
    sections.append(each_pair(view))
    return tuple(sections)


def _together(view: View, name: str, title: str, summary: Summary, keys: Sequence[str]) -> Table:
    """Pooled, mean over codes, worst code and worst transcript, never one without the others."""
    codes = {summary.macro_codes[key] for key in keys}
    over = f"{min(codes)} to {max(codes)}" if len(codes) > 1 else str(codes.pop())
    several = len(summary.pairs) > 1
    rows = [
        (
            Cell("all codes together", under="mean over pairs" if several else ""),
            *(figure(summary.pooled.values[key]) for key in keys),
        ),
        *(
            [
                (
                    Cell("all codes together", under="all pairs' units in one table"),
                    *(figure(summary.together.values[key]) for key in keys),
                )
            ]
            if several
            else []
        ),
        (
            Cell("mean over codes", under=f"{over} with a figure"),
            *(figure(summary.macro[key]) for key in keys),
        ),
        (Cell("worst code"), *(worst_cell(view, summary, key, "code") for key in keys)),
        (Cell("worst transcript"), *(worst_cell(view, summary, key, "transcript") for key in keys)),
    ]
    return Table(
        name,
        f"{title}: pooled figure, average and worst cases, with {view.evaluation.level:.0%} "
        "intervals where there is one",
        (Column("Over"), *(Column(LABELS[key], numeric=True) for key in keys)),
        tuple(rows),
    )


def _people(view: View, people: PeopleResult) -> list[Block]:
    units = f"every two people's {view.evaluation.coverage.unit}s in one table"
    return [
        _together(
            view, "people-overall", f"People with each other, {units}", people.together, _OF_PEOPLE
        ),
        Text(
            f"Mean over pairs of people instead: kappa "
            f"{measured(people.by_pair.pooled.values['kappa'])}, F1 "
            f"{measured(people.by_pair.pooled.values['f1'])}. Krippendorff's alpha of all people "
            f"at once: {measured(people.alpha)}. Whether a {view.evaluation.coverage.unit} is "
            f"worth any code at all: kappa {measured(people.any_code)}"
            + (f", F1 {measured(people.any_code_f1)}." if people.any_code_f1 else ".")
        ),
    ]


# --- baselines -------------------------------------------------------------------------------


def _baselines(view: View, model: ModelResult) -> Section:
    keys = ("ac1", "f1", "precision", "recall", "over_coding")
    itself = Cell("–", why="it is the model itself")
    rows: list[tuple[Cell, ...]] = [
        (
            Cell("the model"),
            figure(model.summary.pooled.values["kappa"]),
            itself,
            *(figure(model.summary.pooled.values[key]) for key in keys),
        )
    ]
    marks = [mark("the model", MODEL, model.summary.pooled.values["kappa"])]
    if model.difference is not None:
        between = model.difference.pooled
        other = "two people have no order; see “People with each other”"
        rows.append(
            (
                Cell("people with each other", under="same units"),
                figure(between.person_person),
                figure(between.difference, sign=True),
                *(
                    figure(model.beside[key].pooled.person_person)
                    if key in model.beside
                    else Cell("–", why=other)
                    for key in keys
                ),
            )
        )
        marks.append(mark("people with each other", PEOPLE, between.person_person))
    for baseline in model.baselines:
        values = baseline.summary.pooled.values
        rows.append(
            (
                Cell(baseline.name, under=baseline.what),
                figure(values["kappa"]),
                figure(baseline.over_pooled, sign=True),
                *(figure(values[key]) for key in keys),
            )
        )
        marks.append(mark(baseline.name, BASELINE, values["kappa"]))
    table = Table(
        "baselines-table",
        "The model, people and what needs no understanding, on the units that the model coded, "
        "all codes together",
        (
            Column("Who"),
            Column("Kappa", numeric=True),
            Column("Model less this", numeric=True),
            *(Column(LABELS[key], numeric=True) for key in keys),
        ),
        tuple(rows),
    )
    chart = by_row_chart(
        "plot-baselines",
        "The model, people and baselines",
        [row[0].text for row in rows],
        (MODEL, PEOPLE, BASELINE) if model.difference is not None else (MODEL, BASELINE),
        marks,
        f"{view.evaluation.level:.0%}",
        "rows",
        offset=False,
    )
    said = Text(
        "A figure means little until it is set beside what could be had without a model. Whatever "
        "a baseline learns, it learns from the other transcripts."
    )
    return Section(
        "baselines", "Beside baselines", (said, table, chart, *behind_kappas(view, model)), level=3
    )


# --- families --------------------------------------------------------------------------------


def _families(view: View) -> tuple[Block, ...]:
    found = view.evaluation
    if found.model is not None:
        summary, series, who, order = found.model.families, MODEL, ("person", "model"), ""
    elif found.people is not None:
        pairs = found.people.by_pair.pairs
        summary, series, who = found.people.families, PEOPLE, pair_names(pairs)
        order = order_of_pairs(pairs)
    else:
        return ()
    rows = sorted((row for row in summary.codes if used(row)), key=lambda row: -used(row))
    codes = found.code_names
    if not rows or all(row.name in codes for row in rows):
        return ()
    keys = ("kappa", "ac1", "alpha", "f1")
    people = {row.name: row for row in found.people.families.codes} if found.people else {}
    beside = found.model is not None and bool(people)
    made: list[tuple[Cell, ...]] = []
    for row in rows:
        cells = [Cell(row.name), *(count(n) for n in row.counts)]
        cells += [figure(row.values[key]) for key in keys]
        if beside:
            other = people.get(row.name)
            cells += [
                figure(other.values[key])
                if other
                else Cell("–", why="no two people coded the same transcript")
                for key in keys
            ]
        made.append(tuple(cells))
    table = Table(
        "families-table",
        "Families: a unit has a family where it has any of its codes."
        + (" People's figures are of everything that two people coded." if beside else "")
        + (f" {order}" if order else ""),
        (
            Column("Family"),
            *only_columns(who),
            *(Column(LABELS[key], numeric=True) for key in keys),
            *(Column(f"{LABELS[key]}, people", numeric=True) for key in keys if beside),
        ),
        tuple(made),
    )
    marks = [mark(row.name, series, row.values["kappa"]) for row in rows]
    if beside:
        marks += [
            mark(row.name, PEOPLE, people[row.name].values["kappa"])
            for row in rows
            if row.name in people
        ]
    chart = by_row_chart(
        "plot-families",
        "Kappa by family",
        [row.name for row in rows],
        (MODEL, PEOPLE) if beside else (series,),
        marks,
        f"{found.level:.0%}",
        "families",
    )
    return (table, chart)
