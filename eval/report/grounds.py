"""What the figures rest on: units, coders, the choice of unit, decisions, looks and withdrawals.

Nothing is left out in silence: participants who withdrew and decisions against the evidence stand
here, also where there are none; what no figure counts stands in `eval.report.left_out`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from eval.evaluation.results import Evaluation
from eval.intervals.resampling import Interval
from eval.report.agreement import by_row_chart
from eval.report.behind import behind_under
from eval.report.charts import MODEL, PEOPLE, mark
from eval.report.coders import coders
from eval.report.document import Block, Bullets, Cell, Column, Note, Section, Table, Text
from eval.report.left_out import lacking, left_out
from eval.report.view import View
from eval.report.wording import (
    count,
    figure,
    how_many,
    listed,
    looked_at,
    short_hash,
)

__all__ = ["grounds"]


def grounds(view: View) -> tuple[Section, ...]:
    found = view.evaluation
    return (
        Section("grounds", "What this rests on", _units(found)),
        Section("coders", "Coders, and what counts as evidence", coders(found), level=3),
        Section("left-out", "What was left out, and why", left_out(view), level=3),
        Section("lacking", "Codes that the codebook lacks", lacking(found), level=3),
        Section("sensitivity", "How far the choice of unit matters", _sensitivity(view), level=3),
        Section("overrides", "Decisions against the evidence", _overrides(view), level=3),
        Section("notes", "Looks at the evidence, withdrawals and notes", _notes(view), level=3),
    )


def _units(found: Evaluation) -> tuple[Block, ...]:
    rests = found.coverage
    spoken = Counter(rests.languages.get(name, "") for name in rests.transcripts)
    languages = listed(
        f"{language or 'an unknown language'} ({how_many(n, 'transcript')})"
        for language, n in spoken.most_common()
    )
    asking = (
        "What interviewers say counts as well."
        if rests.interviewers_counted
        else f"What interviewers say is left out "
        f"({how_many(rests.left_out.interviewer_segments, 'segment')})."
    )
    blocks: list[Block] = [
        Bullets(
            (
                f"{how_many(len(rests.transcripts), 'transcript')}: {listed(rests.transcripts)}.",
                f"{how_many(rests.units, rests.unit)} in all. {asking}",
                f"A coded passage counts in a {rests.unit} when it covers {rests.rule}.",
                "“No” is data only where a coder looked: units outside a coder's scope are "
                "missing, not negative.",
                f"Languages: {languages}.",
            )
        )
    ]
    blocks += [Note(text) for text in _mixed(found)]
    return tuple(blocks)


def _mixed(found: Evaluation) -> list[str]:
    """Which pooled figures are of several languages: those alone that rest on such transcripts."""
    said = []
    for who, result in (("the model with people", found.model), ("people", found.people)):
        names = {p.transcript for p in result.each} if result is not None else set()
        if len({found.coverage.languages.get(name, "") for name in names}) > 1:
            said.append(f"Pooled figures of {who} mix languages.")
    return said


# --- sensitivity -----------------------------------------------------------------------------


def _sensitivity(view: View) -> tuple[Block, ...]:
    found = view.evaluation
    rows = found.sensitivity
    if not rows:
        return (Text("No other unit or rule was tried."),)

    def cell(one: Interval | None) -> Cell:
        return Cell("–", why="no pair of coders") if one is None else figure(one)

    with_model = found.model is not None
    # Evaluations of older versions have kappa alone.
    with_f1 = any(row.people_f1 is not None or row.model_f1 is not None for row in rows)
    made: list[tuple[str, list[Interval | None]]] = []
    if with_model:
        made.append(("Model with people, kappa", [row.model for row in rows]))
        if with_f1:
            made.append(("Model with people, F1", [row.model_f1 for row in rows]))
    made.append(("People with each other, kappa", [row.people for row in rows]))
    if with_f1:
        made.append(("People with each other, F1", [row.people_f1 for row in rows]))
    table = Table(
        "sensitivity-table",
        "All codes together under other units and rules. Where the rows differ much, the choice of "
        "unit matters more than the coders do.",
        (Column("Unit and rule"), *(Column(title, numeric=True) for title, _ in made)),
        tuple(
            (Cell(row.what), *(cell(figures[i]) for _, figures in made))
            for i, row in enumerate(rows)
        ),
    )
    marks = [mark(row.what, MODEL, row.model) for row in rows if row.model is not None]
    marks += [mark(row.what, PEOPLE, row.people) for row in rows if row.people is not None]
    chart = by_row_chart(
        "plot-sensitivity",
        "Kappa under other units and rules",
        [row.what for row in rows],
        (MODEL, PEOPLE) if with_model else (PEOPLE,),
        marks,
        f"{found.level:.0%}",
        "units and rules",
    )
    behind = behind_under(
        "sensitivity-behind",
        view,
        [
            (
                row.what,
                (
                    ("model with people", row.model_behind),
                    ("people with each other", row.people_behind),
                ),
            )
            for row in rows
        ],
    )
    return (table, *([chart] if chart.marks else []), *behind)


# --- decisions and notes ---------------------------------------------------------------------


def _overrides(view: View) -> tuple[Block, ...]:
    rows = view.evaluation.overrides
    if not rows:
        return (Text("None: no bulk decision of this study went against the evidence."),)
    return (
        Text("Suggestions that were accepted many at a time although their lane did not allow it."),
        Table(
            "overrides-table",
            "Bulk decisions against the evidence, with the reason that was given",
            (
                Column("Code"),
                Column("Run", numeric=True),
                Column("Suggestions", numeric=True),
                Column("Because", long=True),
                Column("Decided by"),
                Column("When"),
                Column("Stands"),
            ),
            tuple(
                (
                    view.code(row.code),
                    count(row.run),
                    count(row.suggestions),
                    Cell(row.because),
                    Cell(row.reviewer),
                    Cell(row.at),
                    Cell("undone", symbol="✕", kind="no")
                    if row.undone
                    else Cell("stands", symbol="✓", kind="yes"),
                )
                for row in rows
            ),
        ),
    )


def _notes(view: View) -> tuple[Block, ...]:
    found = view.evaluation
    again = (
        "This was the first look at evidence of this codebook."
        if found.looks == 0
        else f"Evidence of this codebook had been looked at {_times(found.looks)} "
        f"before{_what(found.looks_by_kind)}. The more often one looks and changes something, the "
        "more a good figure may be "
        "luck."
    )
    gone = []
    if view.withdrawn_since:
        gone.append(
            f"Withdrawn since this was measured: {listed(view.withdrawn_since)}. Their words are "
            "erased, and these figures still rest on them."
        )
    if view.withdrawn_before:
        gone.append(
            f"Withdrawn before, and in no figure here: {listed(view.withdrawn_before)}. Their "
            "words are erased."
        )
    # The same fact stands in the notes of the evaluation.
    told = [note for note in found.notes if not (gone and note.startswith("Withdrawn"))]
    gone = gone or ["No participant has withdrawn."]
    items = [again, *gone, *told]
    if found.model is not None:
        provisional = {v.evidence.provisional for v in found.model.verdicts}
        items += [f"Provisional, counts towards no verdict: {t}." for t in sorted(provisional) if t]
    return (Bullets(tuple(items)), *_looks(found))


def _looks(found: Evaluation) -> tuple[Block, ...]:
    """Each earlier look, as far as they are kept one by one."""
    if not found.looks_before:
        return ()
    blocks: list[Block] = [
        Table(
            "looks-table",
            "Earlier looks at evidence of this codebook, the latest first",
            (
                Column("When"),
                Column("Who"),
                Column("What"),
                Column("Recipe", code=True),
                Column("Codebook"),
            ),
            tuple(
                (
                    Cell(look.at[:16].replace("T", " ")),
                    Cell(look.who or "–"),
                    Cell(
                        looked_at({look.kind: 1}).removeprefix("1 ").capitalize()
                        + (f" {look.evaluation}" if look.evaluation is not None else "")
                    ),
                    Cell(short_hash(look.recipe_sha256) or "people alone"),
                    Cell(look.lineage),
                )
                for look in found.looks_before
            ),
        )
    ]
    if (earlier := found.looks - len(found.looks_before)) > 0:
        blocks.append(Note(f"{how_many(earlier, 'earlier look')}: counted, and not listed."))
    return tuple(blocks)


def _what(kinds: Mapping[str, int]) -> str:
    return f" ({looked_at(kinds)})" if kinds else ""


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
