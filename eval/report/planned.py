"""What to double-code next: chances of a good model, and the transcripts that teach most."""

from __future__ import annotations

from dataclasses import replace

from assistant.counting import decimals
from eval.report.charts import Chart, Mark, Series
from eval.report.document import Block, Cell, Column, Note, Section, Table, Text
from eval.report.view import View
from eval.report.wording import bracket, how_many, listed, value
from eval.statistics.values import show
from eval.verdicts.planning import ENOUGH, CodePlan, Planning, kappa_below

__all__ = ["planned"]

DISAGREED = (
    "People do not agree on them (in brackets the kappa of two of them, whose whole interval is "
    "below what is needed): a model as good as a colleague would not pass. Work on the definitions "
    "before coding more."
)
NOT_SHOWN = (
    "People are not shown to agree on them (in brackets the kappa of two of them). If these "
    "figures are the truth, a model as good as a colleague would not pass; more doubly coded "
    "transcripts would tell. Look at the definitions and where people differ."
)
_NOW = Series("with what there is", "people")


def planned(view: View) -> tuple[Section, ...]:
    more = view.evaluation.more
    found = more.planning if more else None
    if found is None or not found.codes:
        return ()
    blocks: list[Block] = [
        Text(
            f"{how_many(found.doubly_coded, 'transcript')} "
            f"{'was' if found.doubly_coded == 1 else 'were'} coded by two or more people "
            "independently; where more than two did, the two who read most of it are taken here. "
            "For each code that is not accepted yet: would this evidence show a good model to be "
            "good? A model that agrees with these two as they do with each other was simulated "
            f"{found.simulations} times on transcripts drawn from these (seed {found.seed})."
        )
    ]
    if not found.doubly_coded:
        blocks.append(
            Note(
                "No transcript was coded by two or more people independently, so nothing can be "
                "simulated. Have a second person code one that is coded already, without seeing "
                "the codes."
            )
        )
    hopeful = [p for p in found.codes if any(c.chance > 0 for c in p.chances)]
    rest = [p for p in found.codes if p not in hopeful]
    if hopeful:
        blocks += _chances(view, found, hopeful)
    if rest:
        blocks.append(
            Table(
                "planned-rest",
                "Codes of which no model as good as a colleague would pass, by what is known now",
                (Column("Why", long=True), Column("Codes", long=True)),
                tuple(
                    (Cell(why), Cell(listed(_with_kappa(view, p) for p in alike)))
                    for why, alike in _by_advice(rest)
                ),
            )
        )
    if found.transcripts:
        blocks.append(_transcripts(view, found))
    blocks.append(
        Note(
            "The rule about word statistics is not simulated, so chances are a little too high. "
            f"All simulations draw from {how_many(found.doubly_coded, 'transcript')}, so chances "
            "can be far off: a standard error (±) of 0.2 means that 0.5 may as well be 0.1 or 0.9. "
            "They are for planning, not for proof."
        )
    )
    return (Section("next", "What to double-code next", tuple(blocks), level=3),)


def _with_kappa(view: View, plan: CodePlan) -> str:
    label = view.label(plan.code)
    if plan.people_kappa is None:
        return label
    if plan.people is None or plan.needed is None:  # of an older version
        return f"{label} ({show(plan.people_kappa)})"
    text = kappa_below(plan.people_kappa, plan.needed)
    return f"{label} ({f'{text} {bracket(plan.people)}'.strip()})"


def _by_advice(codes: list[CodePlan]) -> list[tuple[str, list[CodePlan]]]:
    """Codes with the same advice in one row, the most common advice first."""
    found: dict[str, list[CodePlan]] = {}
    for plan in codes:
        why = plan.advice
        if plan.people_kappa is not None:
            why = DISAGREED if plan.disagreed else NOT_SHOWN
        found.setdefault(why, []).append(plan)
    return sorted(found.items(), key=lambda item: -len(item[1]))


def _rough(cell: Cell, error: float | None) -> Cell:
    return cell if error is None else replace(cell, under=f"± {max(error, 0.01):.2f}")


def _chances(view: View, found: Planning, codes: list[CodePlan]) -> list[Block]:
    sizes = [c.transcripts for c in codes[0].chances]
    later = [i for i, n in enumerate(sizes) if n != found.doubly_coded]
    table = Table(
        "planned-codes",
        "Chance that a model as good as a colleague would come out as “accept”, by number of "
        f"doubly coded transcripts. “Enough”: a chance of {ENOUGH:.0%}. “±”: standard error, from "
        "leaving out some of the transcripts and simulating again",
        (
            Column("Code"),
            Column(f"Now ({found.doubly_coded})", numeric=True),
            *(Column(str(sizes[i]), numeric=True) for i in later),
            Column("Enough", numeric=True),
            Column("Missing"),
        ),
        tuple(
            (
                Cell(view.label(p.code)),
                _rough(value(p.now), p.rough_now),
                *(
                    _rough(
                        Cell(decimals(p.chances[i].chance)),
                        p.rough_most if i == len(sizes) - 1 else None,
                    )
                    for i in later
                ),
                Cell(f"over {sizes[-1]}" if p.enough is None else str(p.enough)),
                Cell(listed(p.missing) or "–"),
            )
            for p in codes
        ),
    )
    then = Series(f"with {sizes[-1]} doubly coded transcripts", "model")
    marks = []
    for p in codes:
        if isinstance(p.now, float):
            marks.append(Mark(view.label(p.code), _NOW.name, p.now))
        marks.append(Mark(view.label(p.code), then.name, p.chances[-1].chance))
    chart = Chart(
        "plot-planned",
        "Chance of a good model to pass",
        f"Chance for {len(codes)} codes, now and with {sizes[-1]} doubly coded transcripts. The "
        "numbers are in the table above.",
        "chance",
        tuple(view.label(p.code) for p in codes),
        (_NOW, then),
        tuple(marks),
        lowest=0.0,
        highest=1.0,
    )
    return [table, chart]


def _transcripts(view: View, found: Planning) -> Table:
    return Table(
        "planned-transcripts",
        "Transcripts to double-code next, those that would teach most first: each needs codes of "
        "two people who code independently, and has those of whom the table names",
        (
            Column("Transcript"),
            Column("Coded independently by"),
            Column("Passages expected", numeric=True),
            Column("Known from"),
            Column("Teaches about"),
        ),
        tuple(
            (
                Cell(t.transcript),
                Cell(listed(t.coded_by) or "nobody"),
                Cell(f"{t.passages:.0f}"),
                Cell(t.known_from),
                Cell(listed(view.label(c) for c in t.codes) or "no code that could pass"),
            )
            for t in found.transcripts[:20]
        ),
    )
