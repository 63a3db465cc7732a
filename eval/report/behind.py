"""What stands behind pooled kappas: each code weighing the same, and the worst cases.

Two means over codes can be set beside each other only on the codes of which both sides have a
figure; which these are depends on the run, and the table says how many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.evaluation.behind import Behind
from eval.evaluation.difference import Difference
from eval.evaluation.figures import NOT_BETTER_WHEN_HIGH, Summary, Worst, lowest
from eval.evaluation.results import ModelResult
from eval.report.document import Block, Cell, Column, Note, Table
from eval.report.view import View
from eval.report.wording import count, figure, how_many, value

__all__ = ["behind_kappas", "behind_under", "rows_behind", "worst_cell"]


def behind_kappas(view: View, model: ModelResult) -> tuple[Block, ...]:
    """The model, people and every baseline, and what the means leave out."""
    kappas = [_behind_kappa("the model", view, model.summary)]
    if model.difference is not None:
        kappas += _behind_people(view, model.difference)
    kappas += [_behind_kappa(b.name, view, b.summary) for b in model.baselines]
    table = Table(
        "baselines-behind",
        "What stands behind these kappas: each code weighing the same, and the worst cases",
        (
            Column("Who"),
            Column("Codes", numeric=True),
            Column("Mean over codes", numeric=True),
            Column("Worst code", numeric=True),
            Column("Worst transcript", numeric=True),
        ),
        tuple(kappas),
    )
    return (table, *_fell_out(model))


def rows_behind(
    view: View, keys: Sequence[str], behind: Mapping[str, Behind]
) -> list[tuple[Cell, ...]]:
    """Mean over codes, worst code and worst transcript, a column for each of ``keys``."""
    found = [behind[key] for key in keys]
    numbers = {one.codes for one in found if one.codes}
    over = f"{min(numbers)} to {max(numbers)}" if len(numbers) > 1 else f"{max(numbers, default=0)}"
    return [
        (
            Cell("mean over codes", under=f"{over} with a figure"),
            *(figure(one.macro) for one in found),
        ),
        (
            Cell("worst code"),
            *(_named(one.worst_code, view.label(one.worst_code.name)) for one in found),
        ),
        (
            Cell("worst transcript"),
            *(_named(one.worst_transcript, one.worst_transcript.name) for one in found),
        ),
    ]


def behind_under(
    name: str, view: View, rows: Sequence[tuple[str, Sequence[tuple[str, Behind | None]]]]
) -> tuple[Table, ...]:
    """What stands behind kappas that were measured in several ways; ``rows``: way -> who -> what.
    Empty where nothing is known, as in evaluations of older versions."""
    made = [
        (
            Cell(way, under=who),
            count(found.codes),
            figure(found.macro),
            _named(found.worst_code, view.label(found.worst_code.name)),
            _named(found.worst_transcript, found.worst_transcript.name),
        )
        for way, each in rows
        for who, found in each
        if found is not None
    ]
    if not made:
        return ()
    return (
        Table(
            name,
            "What stands behind these kappas: each code weighing the same, and the worst cases",
            (
                Column("Unit and rule"),
                Column("Codes", numeric=True),
                Column("Mean over codes", numeric=True),
                Column("Worst code", numeric=True),
                Column("Worst transcript", numeric=True),
            ),
            tuple(made),
        ),
    )


def worst_cell(view: View, summary: Summary, key: str, of: str) -> Cell:
    if key in NOT_BETTER_WHEN_HIGH:
        return Cell("–", why="neither more nor less of it is better")
    worst = (summary.worst_code if of == "code" else summary.worst_transcript)[key]
    return _named(worst, view.label(worst.name) if of == "code" else worst.name)


def _named(worst: Worst, name: str) -> Cell:
    cell = value(worst.value)
    return cell if cell.why else Cell(cell.text, under=name)


def _behind_kappa(name: str, view: View, summary: Summary) -> tuple[Cell, ...]:
    return (
        Cell(name),
        count(summary.macro_codes["kappa"]),
        figure(summary.macro["kappa"]),
        worst_cell(view, summary, "kappa", "code"),
        worst_cell(view, summary, "kappa", "transcript"),
    )


def _behind_people(view: View, apart: Difference) -> list[tuple[Cell, ...]]:
    """On the units that the model coded too, as their pooled figure is; then both sides on the
    codes of which all have a figure, which alone can be set beside each other."""
    theirs = [(row.name, row.person_person.estimate) for row in apart.codes]
    its = [(row.name, row.model_person.estimate) for row in apart.codes]
    code = apart.alone.worst if apart.alone else lowest(theirs)
    transcript = lowest((t.name, t.person_person) for t in apart.transcripts)
    rows: list[tuple[Cell, ...]] = [
        (
            Cell("people with each other", under="same units"),
            count(apart.alone.codes if apart.alone else apart.common),
            figure(apart.alone.macro if apart.alone else apart.macro.person_person),
            _named(code, view.label(code.name)),
            _named(transcript, transcript.name),
        )
    ]
    if not apart.alone or not apart.common:
        return rows
    again = Cell("–", why="pooled figures do not depend on which codes have one: see above")
    for name, found, each in (
        ("the model", apart.macro.model_person, its),
        ("people with each other", apart.macro.person_person, theirs),
    ):
        worst = lowest(each)
        rows.append(
            (
                Cell(name, under="same units, codes of which all have a figure"),
                count(apart.common),
                figure(found),
                _named(worst, view.label(worst.name)),
                again,
            )
        )
    return rows


def _fell_out(model: ModelResult) -> list[Block]:
    """What the two means that can be set beside each other leave out, and that it hangs on the
    run."""
    apart = model.difference
    if apart is None or apart.alone is None or not apart.common:
        return []
    own, theirs = model.summary.macro_codes["kappa"], apart.alone.codes
    return [
        Note(
            f"A mean over codes is of the codes of which that side has a figure: "
            f"{how_many(own, 'code')} for the model, {theirs} for people. Only the rows on the "
            f"{how_many(apart.common, 'code')} of which all have one can be set beside each other; "
            f"{own - apart.common} of the model's codes and {theirs - apart.common} of people's "
            "are not in them: somebody and the model, or two people, never used them here. Which "
            "codes these are depends on the run too, so that beside another run the same people "
            "have another mean there."
        )
    ]
