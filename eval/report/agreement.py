"""Agreement code by code: counts first, several coefficients, and people beside the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.evaluation.difference import Difference
from eval.evaluation.figures import Row, Summary
from eval.evaluation.results import ModelResult, PeopleResult
from eval.report.charts import MODEL, PEOPLE, Chart, Mark, Series, mark
from eval.report.document import Block, Cell, Column, Note, Section, Table, Text
from eval.report.view import FEW, View, used
from eval.report.wording import (
    count,
    figure,
    how_many,
    listed,
    order_of_pairs,
    pair_names,
)
from eval.statistics.values import is_defined

__all__ = ["LABELS", "agreement", "by_row_chart", "only_columns", "people_table"]

LABELS: dict[str, str] = {
    "prevalence": "Prevalence",
    "bias_index": "Bias index",
    "agreement": "Percent agreement",
    "positive_agreement": "Agreement on yes",
    "negative_agreement": "Agreement on no",
    "kappa": "Kappa",
    "ac1": "AC1",
    "alpha": "Alpha",
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "over_coding": "Over-coding",
}
_MAIN = ("ac1", "alpha", "f1")
_OTHER = (
    *("prevalence", "bias_index", "agreement", "negative_agreement"),
    *("precision", "recall", "over_coding"),
)


def agreement(view: View) -> Section:
    found = view.evaluation
    blocks: list[Block] = [
        Text(
            "Codes that people use most come first. The rarer a code, the nearer AC1 and percent "
            "agreement come to 1 whatever the coders do, and the lower kappa and alpha fall for "
            "the same slips: read them together, and the counts before all of them."
        )
    ]
    if found.model is not None:
        blocks += _model(view, found.model)
    if found.people is not None:
        blocks += _people(view, found.people, beside_model=found.model is not None)
    if len(blocks) == 1:
        blocks.append(Note("There is no pair of coders on the same transcript."))
    return Section("codes", "Agreement, code by code", tuple(blocks))


# --- the model -------------------------------------------------------------------------------


def _model(view: View, model: ModelResult) -> list[Block]:
    rows = sorted((r for r in model.summary.codes if used(r)), key=lambda r: -r.positives)
    blocks: list[Block] = [
        _main_table(view, rows, model.difference, model.beside),
        *_few(view, rows),
        _kappa_chart(view, rows, model.difference),
        _other_table(view, rows),
        *_unused(view, [r for r in model.summary.codes if not used(r)], "people or the model"),
    ]
    return [block for block in blocks if not isinstance(block, Chart) or block.marks]


def _same_cells_differ(rows: Sequence[Row], difference: Difference) -> bool:
    """Whether the model's figure is another on the units that two people coded."""
    for row in rows:
        one, other = row.values["kappa"].estimate, difference.row(row.name).model_person.estimate
        if is_defined(one) and is_defined(other) and abs(one - other) >= 0.005:
            return True
    return False


def _main_table(
    view: View,
    rows: Sequence[Row],
    difference: Difference | None,
    more: Mapping[str, Difference],
) -> Table:
    again = difference is not None and _same_cells_differ(rows, difference)
    columns = [
        Column("Code"),
        *(Column(t, numeric=True) for t in ("Both", "Only person", "Only model", "Neither")),
        Column("Kappa", numeric=True),
    ]
    if difference is not None:
        if again:
            columns.append(Column("Kappa, same units", numeric=True))
        columns += [
            Column("Kappa, people", numeric=True),
            Column("Model less people", numeric=True),
        ]
    columns += [Column(LABELS[key], numeric=True) for key in _MAIN]
    columns += [Column(f"{LABELS[key]}, people", numeric=True) for key in _MAIN if key in more]
    made: list[tuple[Cell, ...]] = []
    for row in rows:
        cells = [
            Cell(view.label(row.name)),
            *(count(n) for n in row.counts),
            figure(row.values["kappa"]),
        ]
        if difference is not None:
            beside = difference.row(row.name)
            if again:
                cells.append(figure(beside.model_person))
            cells += [figure(beside.person_person), figure(beside.difference, sign=True)]
        cells += [figure(row.values[key]) for key in _MAIN]
        cells += [figure(more[key].row(row.name).person_person) for key in _MAIN if key in more]
        made.append(tuple(cells))
    same = (
        " People's figures and the difference are of units that two people and the model coded, "
        "where all three have a figure" + ("; so is “Kappa, same units”." if again else ".")
    )
    return Table(
        "model-codes",
        f"The model with people, by code. Counts are {_unit(view)}s, summed over pairs of a person "
        f"and the model; coefficients are means over these pairs, with {_level(view)} intervals."
        + (same if difference is not None else ""),
        tuple(columns),
        tuple(made),
    )


def _other_table(view: View, rows: Sequence[Row]) -> Table:
    best = view.best_baseline
    columns = [Column("Code"), *(Column(LABELS[key], numeric=True) for key in _OTHER)]
    if best is not None:
        columns.append(Column(f"Kappa above {best.name}", numeric=True))
    made: list[tuple[Cell, ...]] = []
    for row in rows:
        cells = [
            Cell(view.label(row.name)),
            *(figure(row.values[key], sign=key == "bias_index") for key in _OTHER),
        ]
        if best is not None:
            over = best.over.get(row.name)
            cells.append(
                figure(over, sign=True) if over else Cell("–", why="the baseline was not measured")
            )
        made.append(tuple(cells))
    return Table(
        "model-codes-more",
        "The same codes, further figures. Precision: of what the model suggests, the share that "
        "the person found too. Recall: of what the person found, the share that the model "
        "suggests. Over-coding: the model's yes as a multiple of the person's. Bias index: above 0 "
        "where the model gives the code more often than the person.",
        tuple(columns),
        tuple(made),
    )


def _kappa_chart(view: View, rows: Sequence[Row], difference: Difference | None) -> Chart:
    shown = [row for row in rows if row.positives >= FEW]
    marks = [mark(view.label(row.name), MODEL, row.values["kappa"]) for row in shown]
    series: tuple[Series, ...] = (MODEL,)
    if difference is not None:
        series = (MODEL, PEOPLE)
        marks += [
            mark(view.label(row.name), PEOPLE, difference.row(row.name).person_person)
            for row in shown
        ]
    return by_row_chart(
        "plot-codes",
        "Kappa by code",
        [view.label(row.name) for row in shown],
        series,
        marks,
        _level(view),
        "codes",
    )


# --- people ----------------------------------------------------------------------------------


def _people(view: View, people: PeopleResult, *, beside_model: bool) -> list[Block]:
    rows = sorted((r for r in people.together.codes if used(r)), key=lambda r: -used(r))
    # Of several pairs nobody is first or second, so that only a single pair has a bias.
    bias = people.by_pair if len(people.by_pair.pairs) == 1 else None
    table = people_table(
        view,
        rows,
        people.by_pair,
        "people-codes",
        f"People with each other, by code: {_unit(view)}s of every two people who coded a "
        "transcript, in one table"
        + (", also where the model coded nothing. " if beside_model else ". ")
        + f"{_level(view)} intervals. Two people have no order, so no precision or recall. Alpha "
        "is of all people at once, of every unit that two or more of them looked at."
        + (
            f" Bias index: above 0 where {bias.pairs[0][1]} gives the code more often than "
            f"{bias.pairs[0][0]}."
            if bias
            else ""
        ),
    )
    if beside_model:
        return [table]
    shown = [row for row in rows if used(row) >= FEW]
    chart = by_row_chart(
        "plot-codes",
        "Kappa by code",
        [view.label(row.name) for row in shown],
        (PEOPLE,),
        [mark(view.label(row.name), PEOPLE, row.values["kappa"]) for row in shown],
        _level(view),
        "codes",
    )
    few = [row for row in rows if used(row) < FEW]
    blocks: list[Block] = [table]
    if chart.marks:
        blocks.append(chart)
    if few:
        blocks.append(_few_note(len(few)))
    return blocks + _unused(view, [r for r in people.together.codes if not used(r)], "people")


def only_columns(who: tuple[str, str]) -> tuple[Column, ...]:
    """The four counts of a table of two coders, with who gave the code alone."""
    titles = ("Both", *(f"Only {name}" for name in who), "Neither")
    return tuple(Column(title, numeric=True) for title in titles)


def people_table(
    view: View, rows: Sequence[Row], by_pair: Summary, name: str, caption: str
) -> Table:
    """People with each other: counts, prevalence and every coefficient that needs no order.

    ``by_pair``: the same by pair of people, which says who is who, and has a bias where there is
    only one pair.
    """
    keys = ("kappa", "ac1", "alpha", "f1", "negative_agreement", "agreement", "prevalence")
    bias = by_pair if len(by_pair.pairs) == 1 else None
    beside = {row.name: row.values["bias_index"] for row in bias.codes} if bias else {}
    return Table(
        name,
        " ".join(filter(None, (caption, order_of_pairs(by_pair.pairs)))),
        (
            Column("Code"),
            *only_columns(pair_names(by_pair.pairs)),
            *(Column(LABELS[key], numeric=True) for key in keys),
            *([Column(LABELS["bias_index"], numeric=True)] if bias else []),
        ),
        tuple(
            (
                Cell(view.label(row.name)),
                *(count(n) for n in row.counts),
                *(figure(row.values[key]) for key in keys),
                *([figure(beside[row.name], sign=True)] if bias else []),
            )
            for row in rows
        ),
    )


# --- both ------------------------------------------------------------------------------------


def by_row_chart(
    name: str,
    title: str,
    rows: Sequence[str],
    series: tuple[Series, ...],
    marks: Sequence[Mark | None],
    level: str,
    what: str,
    *,
    offset: bool = True,
) -> Chart:
    """Kappa with intervals, a row each."""
    who = listed(s.name for s in series)
    drawn = tuple(m for m in marks if m is not None)
    with_ends = (
        " The line through a mark is its interval." if any(m.low is not None for m in drawn) else ""
    )
    return Chart(
        name,
        title,
        f"Cohen's kappa with {level} intervals of {len(rows)} {what}: {who}. A mark without a line "
        f"has no interval.{with_ends} The numbers are in the table above.",
        "Cohen's kappa",
        tuple(rows),
        series,
        drawn,
        offset=offset,
        highest=1.0,
    )


def _few(view: View, rows: Sequence[Row]) -> list[Block]:
    few = [row for row in rows if row.positives < FEW]
    return [_few_note(len(few))] if few else []


def _few_note(few: int) -> Note:
    return Note(
        f"{how_many(few, 'code')} with fewer than {FEW} positives {'is' if few == 1 else 'are'} in "
        "the table only: so few say almost nothing."
    )


def _unused(view: View, rows: Sequence[Row], who: str) -> list[Block]:
    if not rows:
        return []
    names = listed(view.label(row.name) for row in rows)
    return [
        Note(
            f"Not used by {who} in these transcripts, and so without agreement: "
            f"{how_many(len(rows), 'code')} ({names})."
        )
    ]


def _unit(view: View) -> str:
    return view.evaluation.coverage.unit


def _level(view: View) -> str:
    return f"{view.evaluation.level:.0%}"
