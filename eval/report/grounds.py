"""What the figures rest on, and everything that they leave out, with its reason.

Nothing is left out in silence: people whose codes do not count, codes that the codebook lacks,
segments that failed, participants who withdrew and decisions against the evidence all stand here,
also where there are none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from assistant.store.nothing_suggested import nothing_suggested
from eval.evaluation.results import Coverage, Evaluation
from eval.intervals.resampling import Interval
from eval.report.agreement import by_row_chart
from eval.report.charts import BASELINE, MODEL, PEOPLE, Chart, Mark, mark
from eval.report.coders import coders
from eval.report.document import Block, Bullets, Cell, Column, Note, Section, Table, Text
from eval.report.view import View
from eval.report.wording import (
    count,
    figure,
    how_many,
    listed,
    looked_at,
    measured,
    share,
    short_hash,
)

__all__ = ["grounds"]


def grounds(view: View) -> tuple[Section, ...]:
    found = view.evaluation
    return (
        Section("grounds", "What this rests on", _units(found)),
        Section("coders", "Coders, and what counts as evidence", coders(found), level=3),
        Section("left-out", "What was left out, and why", _left_out(view), level=3),
        Section("lacking", "Codes that the codebook lacks", _lacking(found), level=3),
        Section("sensitivity", "How far the choice of unit matters", _sensitivity(found), level=3),
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


# --- left out --------------------------------------------------------------------------------


def _left_out(view: View) -> tuple[Block, ...]:
    rests = view.evaluation.coverage
    out = rests.left_out
    items: list[str] = []
    if out.interviewer_segments:
        items.append(f"{how_many(out.interviewer_segments, 'segment')} of interviewers.")
    if out.only_interviewer:
        items.append(f"{how_many(out.only_interviewer, 'coding')} wholly within them.")
    if out.too_small:
        items.append(
            f"{how_many(out.too_small, 'coding')} covering too little of any {rests.unit} to count."
        )
    if out.out_of_scope:
        items.append(
            f"{how_many(out.out_of_scope, 'coding')} outside what the coder is said to have "
            "looked at."
        )
    if out.unknown_codes:
        codings = sum(n for _, n in out.unknown_codes)
        items.append(
            f"{how_many(codings, 'coding')} with a code that is not measured: "
            + listed(f"{code} ({n})" for code, n in out.unknown_codes)
            + "."
        )
    items += [
        f"{how_many(n, rests.unit)} that {coder} did not look at: missing, not “no”."
        for coder, n in out.units_unseen
        if n
    ]
    items += [f"{name}: {why}." for name, why in out.transcripts]
    items += _not_measured(rests)
    if view.evaluation.model is not None:
        items += _of_the_model(view)
    if not items:
        return (Text("Nothing."),)
    return (Bullets(tuple(items)),)


def _not_measured(rests: Coverage) -> list[str]:
    found: list[str] = []
    for why in ("ignored", "structural or attribute"):
        codes = [c for c in rests.left_out_codes if c.why == why]
        if codes:
            said = "set aside by the codebook" if why == "ignored" else "structural or attribute"
            found.append(
                f"{how_many(len(codes), 'code')} {said}, imported but never measured: "
                + listed(f"{c.code} ({c.codings})" for c in codes)
                + "."
            )
    older = [c for c in rests.left_out_codes if c.why == "older definition"]
    if older:
        found.append(
            f"{how_many(len(older), 'code')} coded under another definition than the one measured, "
            "so these codings count neither as yes nor as no: "
            + listed(f"{c.code} ({c.codings}, {listed(c.coders)})" for c in older)
            + "."
        )
    return found


def _of_the_model(view: View) -> list[str]:
    model = view.evaluation.model
    assert model is not None
    found = [
        f"The model: {how_many(model.suggestions, 'suggestion')} with a place in the text; "
        f"{model.not_placed} not placed, because the quoted words are not in the passage, are "
        "there several times, or the code does not exist. They are kept and counted, and are in "
        "no figure.",
        f"The model: {how_many(model.failed_segments, 'segment')} failed. Failed segments are "
        "missing data, never “no code”.",
    ]
    run = view.evaluation.run
    found += nothing_suggested(run.without_suggestions if run else {})
    if model.not_in_scope:
        found.append(
            f"{how_many(len(model.not_in_scope), 'transcript')} that the model coded and no "
            f"measured person did: {listed(model.not_in_scope)}."
        )
    return found


# --- codes that the codebook lacks -----------------------------------------------------------


def _lacking(found: Evaluation) -> tuple[Block, ...]:
    codes = [c for c in found.coverage.left_out_codes if c.why == "not in the codebook"]
    if not codes:
        return (Text("None: every code of the people measured is in the codebook."),)
    codings = sum(c.codings for c in codes)
    blocks: list[Block] = [
        Text(
            f"{how_many(len(codes), 'code')} of people {'is' if len(codes) == 1 else 'are'} not in "
            f"the codebook: {how_many(codings, 'coding')}, on "
            f"{share(found.coverage.missing_share)} of the coded passages. No model can find them."
        ),
        Table(
            "lacking-table",
            "Codes that the codebook lacks",
            (Column("Code"), Column("Codings", numeric=True), Column("Used by")),
            tuple((Cell(c.code), count(c.codings), Cell(listed(c.coders))) for c in codes),
        ),
        Chart(
            "plot-lacking",
            "Codings with codes that the codebook lacks",
            f"Number of codings of {how_many(len(codes), 'code')} that the codebook lacks. The "
            "numbers are in the table above.",
            "codings",
            tuple(c.code for c in codes),
            (BASELINE,),
            tuple(Mark(c.code, BASELINE.name, c.codings) for c in codes),
            kind="bars",
        ),
    ]
    if found.people is not None:
        blocks.append(
            Text(
                f"People agree with each other at kappa "
                f"{measured(found.people.together.pooled.values['kappa'])} without these codes and "
                f"{measured(found.people.with_missing_codes)} with them."
            )
        )
    return tuple(blocks)


# --- sensitivity -----------------------------------------------------------------------------


def _sensitivity(found: Evaluation) -> tuple[Block, ...]:
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
    return (table, chart) if chart.marks else (table,)


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
