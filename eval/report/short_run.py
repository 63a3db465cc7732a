"""The answer on one screen about a run: beside people, beside the best baseline, code by code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from eval.evaluation.results import ModelResult
from eval.intervals.resampling import Interval
from eval.report.answer import limits
from eval.report.beside import behind_difference, behind_summary, on_common_codes
from eval.report.lanes import for_all_codes
from eval.report.short_lines import (
    figure,
    line,
    more,
    not_counted,
    others,
    what_next,
    without_interval,
)
from eval.report.short_record import Grid, Short, behind, coded, how_to_read, part, who_coded
from eval.report.sides import least_for, side_of
from eval.report.view import LANE_ORDER, LANE_SYMBOLS, View
from eval.report.wording import how_many, number
from eval.verdicts.lanes import Verdict

__all__ = ["short_of_run"]

PEOPLES = ("people's kappa", "F1")


@dataclass(frozen=True, slots=True)
class _Side:
    """One thing that the run is set beside."""

    rows: tuple[tuple[str, ...], ...]
    """In the table of all codes."""
    behind: tuple[tuple[str, str], ...]
    """Whose pooled figure it is, and what lies behind that."""
    said: str
    """Which of the two is better; empty where there is nothing to set it beside."""


def short_of_run(view: View, model: ModelResult, most: int | None) -> Short:
    """With ``most`` codes; None: with all, also those that nobody used."""
    run = view.evaluation.run
    who = f"run {run.id}" if run else "the model"
    people, baseline = _beside_people(view, model, who), _beside_baseline(view)
    rows = [line(f"{who} with {who_coded(view)}", model.summary.pooled)]
    own = (who.capitalize(), behind_summary(model.summary, view.label))
    common = [on_common_codes(model.difference, model.summary, who)] if model.difference else []
    verdicts = view.verdicts
    listed_ones = [
        v
        for v in verdicts
        if most is None or v.evidence.positives or view.yes(v.code) or v.lane != "unproven"
    ]
    kept = listed_ones[:most]
    model_name = f" ({run.model})" if run else ""
    rests = view.evaluation.coverage
    on = part(rests, model.units) or f"{coded(rests)} were coded by people"
    return Short(
        f"How well {who}{model_name} agrees with people on "
        f"{how_many(len(view.model_transcripts), 'transcript')} ({on})",
        Grid(
            ("all codes", "both", "only one", "kappa", "F1", "AC1"),
            (*rows, *people.rows, *baseline.rows),
        ),
        (
            how_to_read(view, len(view.model_transcripts)),
            *behind([own, *people.behind, *baseline.behind]),
            *filter(None, common),
            " ".join(filter(None, (people.said, baseline.said))),
            *_lanes(view),
            *limits(view),
        ),
        _codes(view, model, kept) if kept else None,
        (
            *_marks(model, kept),
            *not_counted(view),
            *more(len(verdicts) - len(kept)),
            *what_next(view),
        ),
    )


def _beside_people(view: View, model: ModelResult, who: str) -> _Side:
    if model.difference is None:
        said = f"No two people coded what {who} coded, so nothing says how well people agree there."
        return _Side((), (), said)
    apart = model.difference.pooled
    rows = (
        (
            "people with each other, same passages",
            "",
            "",
            figure(apart.person_person),
            *others({key: one.pooled.person_person for key, one in model.beside.items()}),
        ),
        (
            "  run less people",
            "",
            "",
            figure(apart.difference, sign=True),
            *others({key: one.pooled.difference for key, one in model.beside.items()}, sign=True),
        ),
    )
    said = _side(
        apart.difference,
        f"{who.capitalize()} agrees with people more than they do with each other.",
        f"{who.capitalize()} agrees with people less than they do with each other.",
        "Whether the run or people agree better cannot be told from these transcripts.",
    )
    return _Side(rows, (("People", behind_difference(model.difference, view.label)),), said)


def _beside_baseline(view: View) -> _Side:
    best = view.best_baseline
    if best is None:
        return _Side((), (), "")
    rows = (
        line(f"best baseline: {best.name}", best.summary.pooled),
        ("  run less baseline", "", "", figure(best.over_pooled, sign=True), "", ""),
    )
    said = _side(
        best.over_pooled,
        f"It is better than the best baseline ({best.name}).",
        f"It is worse than the best baseline ({best.name}).",
        f"It is not shown to be better than the best baseline ({best.name}).",
    )
    name = best.name.capitalize()
    return _Side(rows, ((name, behind_summary(best.summary, view.label)),), said)


def _side(apart: Interval, above: str, below: str, unclear: str) -> str:
    side = side_of(apart)
    if side == "too few":
        return (
            f"{unclear[:-1]}: {how_many(apart.transcripts, 'transcript')} cannot show it, at least "
            f"{least_for(apart)} are needed."
        )
    return {"above": above, "below": below, "unclear": unclear}[side]


def _lanes(view: View) -> list[str]:
    numbers = Counter(v.lane for v in view.verdicts)
    if not numbers:
        return ["No code has a lane."]
    said = ", ".join(
        f"{LANE_SYMBOLS[lane]} {numbers[lane]} {lane}" for lane in LANE_ORDER if numbers[lane]
    )
    lines = [f"Lanes of {how_many(len(view.verdicts), 'code')}: {said}."]
    if not numbers["accept"]:
        lines[0] += " Nothing may be accepted unread; decide one by one."
    shared = for_all_codes(view.verdicts, only_lane=True)
    if shared:
        lines.append(f"For every code: {'; '.join(shared)}.")
    return lines


def _codes(view: View, model: ModelResult, kept: list[Verdict]) -> Grid:
    by_code = {row.name: row for row in model.summary.codes}
    return Grid(
        ("code", "lane", "both", "only people", "only run", "kappa", "F1", "AC1", *PEOPLES),
        tuple(
            (
                view.label(v.code),
                f"{LANE_SYMBOLS[v.lane]} {v.lane}",
                *(f"{n:,}" for n in by_code[v.code].counts[:3]),
                figure(by_code[v.code].values["kappa"]),
                number(by_code[v.code].values["f1"].estimate),
                number(by_code[v.code].values["ac1"].estimate),
                figure(v.evidence.person_person),
                *others(v.evidence.people_beside)[:1],
            )
            for v in kept
        ),
    )


def _marks(model: ModelResult, kept: list[Verdict]) -> list[str]:
    """What the stars and dashes in the table of codes mean."""
    by_code = {row.name: row for row in model.summary.codes}
    return without_interval(
        one for v in kept for one in (by_code[v.code].values["kappa"], v.evidence.person_person)
    )
