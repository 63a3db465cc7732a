"""Who coded what, having seen what, and whether it counts as evidence."""

from __future__ import annotations

from assistant.transcripts.records import ADJUDICATED
from eval.evaluation.results import Evaluation
from eval.report.charts import PEOPLE, Chart, Mark
from eval.report.document import Block, Bullets, Cell, Column, Table, Text
from eval.report.wording import count, listed, yes_no

__all__ = ["coders"]

_ROLES = {
    "reference": ("independent or blind", "coded without seeing other codes"),
    "unknown": ("unknown", "what the coder had seen is not known"),
    "adjudicated": ("adjudicated", f"{ADJUDICATED}, so it is no measure of anything"),
    "after-model": ("after the model", "made after seeing the model's suggestions"),
}


def coders(found: Evaluation) -> tuple[Block, ...]:
    people = found.coverage.people
    used = {
        (p.transcript, name)
        for result in (found.people, found.model)
        if result is not None
        for p in result.each
        for name in (p.first, p.second)
    }
    rows = tuple(
        (
            Cell(person.transcript),
            Cell(person.name),
            Cell(_ROLES[person.role][0]),
            count(person.codings),
            count(person.measured),
            yes_no((person.transcript, person.name) in used),
            yes_no(person.role == "reference"),
        )
        for person in people
    )
    reasons = {p.role for p in people if p.role != "reference"}
    table = Table(
        "coders-table",
        "Who coded what. Measured codings are those with a code that is measured; “in figures”: "
        "somebody else, or the model, coded the same transcript.",
        (
            Column("Transcript"),
            Column("Coder"),
            Column("Exposure"),
            Column("Codings", numeric=True),
            Column("Measured", numeric=True),
            Column("In figures"),
            Column("Evidence"),
        ),
        rows,
    )
    blocks: list[Block] = [table, _codings_chart(found)]
    if reasons:
        blocks.append(
            Bullets(
                tuple(
                    f"Not evidence: {_ROLES[role][0]} ("
                    f"{listed(sorted({p.name for p in people if p.role == role}))}), because "
                    f"{_ROLES[role][1]}."
                    for role in _ROLES
                    if role in reasons
                )
            )
        )
    else:
        blocks.append(Text("Everybody's codes count as evidence, as the study states."))
    alone = [
        p
        for p in people
        if p.role in ("reference", "unknown") and (p.transcript, p.name) not in used
    ]
    if alone:
        named = listed(f"{p.transcript} ({p.name})" for p in alone)
        blocks.append(Text(f"Coded, but compared with nobody's codes: {named}."))
    return tuple(blocks)


def _codings_chart(found: Evaluation) -> Chart:
    people = found.coverage.people
    names = sorted({p.name for p in people})
    total = {n: sum(p.measured for p in people if p.name == n) for n in names}
    return Chart(
        "plot-coders",
        "Measured codings by coder",
        "Number of measured codings of each coder over all transcripts, the sums of the table "
        "above: " + listed(f"{name} {n}" for name, n in total.items()) + ".",
        "codings",
        tuple(names),
        (PEOPLE,),
        tuple(Mark(name, PEOPLE.name, n) for name, n in total.items()),
        kind="bars",
    )
