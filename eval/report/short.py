"""The answer on one screen, for the command line: a few of the report's figures.

First who agrees how well with whom, each figure with its counts and its interval; then what may
happen to suggestions; then the codes, those first that may be used most. What is left out is
counted, never dropped silently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from eval.evaluation.results import (
    Coverage,
    Evaluation,
    ModelResult,
    PairInTranscript,
    PeopleResult,
)
from eval.intervals.resampling import Interval
from eval.report.answer import limits
from eval.report.beside import behind_difference, behind_summary, on_common_codes
from eval.report.holding import in_a_few_words
from eval.report.lanes import for_all_codes
from eval.report.short_lines import figure, line, more, others, what_next, without_interval
from eval.report.sides import least_for, shown_above, side_of
from eval.report.view import LANE_ORDER, LANE_SYMBOLS, View, used
from eval.report.wording import how_many, listed, number
from eval.statistics.agreement import measure
from eval.statistics.values import is_defined

__all__ = ["SCREEN", "Grid", "Short", "short_answer"]

HOW_TO_READ = (
    "kappa: 1 always the same, 0 no better than chance; in brackets what these transcripts allow "
    "({level})."
)
SHOWN, FEWEST = 10, 5
"""At most so many codes are listed unless all are asked for; fewer where the screen is full."""
SCREEN = 32
"""Lines of a usual terminal, less those of the prompt."""
PEOPLES = ("people's kappa", "F1")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of plain text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Short:
    """In the order in which it is read."""

    heading: str
    answer: Grid | None
    """None where nothing could be measured."""
    said: tuple[str, ...]
    """What the answer means, one sentence each."""
    codes: Grid | None
    """One line a code."""
    below: tuple[str, ...]
    """What the table of codes leaves out, and what to do next."""

    @property
    def lines(self) -> int:
        """As the command prints it: four lines around each table, two at the end."""
        grids = sum(len(g.rows) + 4 for g in (self.answer, self.codes) if g is not None)
        return 1 + grids + len(self.said) + len(self.below) + 2


def short_answer(found: Evaluation, *, every_code: bool = False) -> Short:
    """``every_code``: list all codes, also those that nobody used."""
    for most in range(SHOWN, FEWEST - 1, -1):
        short = _short(View(found), None if every_code else most)
        if every_code or short.lines <= SCREEN:
            break
    return short


def _short(view: View, most: int | None) -> Short:
    """With ``most`` codes; None: with all, also those that nobody used."""
    found = view.evaluation
    rests = found.coverage
    if found.model is not None:
        return _of_model(view, found.model, most)
    if found.people is not None:
        return _of_people(view, found.people, most)
    return Short(
        f"{_coded(rests)}; none was coded by two people.",
        None,
        (
            "Nothing can be said about agreement yet. Have a second person code some transcripts "
            "independently, then evaluate again.",
        ),
        None,
        (),
    )


def _coded(rests: Coverage) -> str:
    return (
        f"{how_many(rests.units, rests.unit)} of {how_many(len(rests.transcripts), 'transcript')}"
    )


def _part(rests: Coverage, units: int | None) -> str:
    """The units that figures rest on, where people coded others too; empty where they did not."""
    if units is None or units == rests.units:
        return ""
    there = how_many(len(rests.transcripts), "transcript")
    return f"{how_many(units, rests.unit)}; people coded {rests.units:,} of {there}"


# --- people with people --------------------------------------------------------------------------


def _of_people(view: View, people: PeopleResult, most: int | None) -> Short:
    together, rests = people.together, view.evaluation.coverage
    unit = rests.unit
    rows = [
        line(f"{_who(view)} with each other", together.pooled),
        (
            "  mean over pairs of people",
            "",
            "",
            *(figure(people.by_pair.pooled.values["kappa"]), *others(people.by_pair.pooled.values)),
        ),
        (
            f"  is {'an' if unit[0] in 'aeiou' else 'a'} {unit} worth any code?",
            "",
            "",
            figure(people.any_code),
            number(people.any_code_f1.estimate) if people.any_code_f1 else "",
            "",
        ),
    ]
    if len(people.each) > 1:
        ranked = sorted(
            (p for p in people.each if is_defined(p.kappa)),
            key=lambda p: p.kappa if is_defined(p.kappa) else 0.0,
        )
        if ranked:
            rows += [_transcript("least", ranked[0]), _transcript("best", ranked[-1])]
    kept = sorted(
        (row for row in together.codes if most is None or used(row)),
        key=lambda row: (-used(row), row.name),
    )
    listed_codes = kept[:most]
    shown = shown_above(r.values["kappa"] for r in kept if used(r))
    said = [
        HOW_TO_READ.format(level=_level(view, len(view.people_transcripts))),
        *_behind([("All codes", behind_summary(together, view.label))]),
        f"Of {how_many(len([r for r in kept if used(r)]), 'code')} that they used, "
        f"{shown or 'none'} {'are' if shown > 1 else 'is'} shown to be agreed on more than by "
        "chance (lower end above 0, controlled for how many codes are looked at).",
    ]
    return Short(
        f"How well people agree on {how_many(len(view.people_transcripts), 'transcript')} that two "
        f"coded ({_part(rests, people.units) or _coded(rests)})",
        Grid(("all codes", "both", "only one", "kappa", "F1", "AC1"), tuple(rows)),
        (*said, *limits(view)),
        Grid(
            ("code", "both", "only one", "kappa", "F1", "AC1"),
            tuple(line(view.label(row.name), row) for row in listed_codes),
        )
        if listed_codes
        else None,
        (
            *without_interval(row.values["kappa"] for row in listed_codes),
            *more(len(kept) - len(listed_codes)),
            *what_next(view),
        ),
    )


def _transcript(which: str, pair: PairInTranscript) -> tuple[str, ...]:
    return (
        f"  {which}: {pair.transcript} ({pair.first} and {pair.second})",
        f"{pair.both:,}",
        f"{pair.only_first + pair.only_second:,}",
        number(pair.kappa),
        number(pair.f1),
        number(measure("ac1", pair.cells)),
    )


# --- a run with people ---------------------------------------------------------------------------


def _of_model(view: View, model: ModelResult, most: int | None) -> Short:
    run = view.evaluation.run
    who = f"run {run.id}" if run else "the model"
    rows = [line(f"{who} with {_who(view)}", model.summary.pooled)]
    beside = [(who.capitalize(), behind_summary(model.summary, view.label))]
    said: list[str] = []
    if model.difference is None:
        said.append(
            f"No two people coded what {who} coded, so nothing says how well people agree there."
        )
    else:
        apart = model.difference.pooled
        rows += [
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
                *others(
                    {key: one.pooled.difference for key, one in model.beside.items()}, sign=True
                ),
            ),
        ]
        beside.append(("People", behind_difference(model.difference, view.label)))
        said.append(
            _side(
                apart.difference,
                f"{who.capitalize()} agrees with people more than they do with each other.",
                f"{who.capitalize()} agrees with people less than they do with each other.",
                "Whether the run or people agree better cannot be told from these transcripts.",
            )
        )
    common = [on_common_codes(model.difference, model.summary, who)] if model.difference else []
    best = view.best_baseline
    if best is not None:
        rows += [
            line(f"best baseline: {best.name}", best.summary.pooled),
            ("  run less baseline", "", "", figure(best.over_pooled, sign=True), "", ""),
        ]
        beside.append((best.name.capitalize(), behind_summary(best.summary, view.label)))
        said.append(
            _side(
                best.over_pooled,
                f"It is better than the best baseline ({best.name}).",
                f"It is worse than the best baseline ({best.name}).",
                f"It is not shown to be better than the best baseline ({best.name}).",
            )
        )
    verdicts = view.verdicts
    listed_ones = [
        v
        for v in verdicts
        if most is None or v.evidence.positives or view.yes(v.code) or v.lane != "unproven"
    ]
    kept = listed_ones[:most]
    by_code = {row.name: row for row in model.summary.codes}
    model_name = f" ({run.model})" if run else ""
    rests = view.evaluation.coverage
    on = _part(rests, model.units) or f"{_coded(rests)} were coded by people"
    return Short(
        f"How well {who}{model_name} agrees with people on "
        f"{how_many(len(view.model_transcripts), 'transcript')} ({on})",
        Grid(("all codes", "both", "only one", "kappa", "F1", "AC1"), tuple(rows)),
        (
            HOW_TO_READ.format(level=_level(view, len(view.model_transcripts))),
            *_behind(beside),
            *filter(None, common),
            " ".join(said),
            *_lanes(view),
            *limits(view),
        ),
        Grid(
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
        if kept
        else None,
        (
            *without_interval(
                one
                for v in kept
                for one in (by_code[v.code].values["kappa"], v.evidence.person_person)
            ),
            *more(len(verdicts) - len(kept)),
            *what_next(view),
        ),
    )


def _behind(beside: Iterable[tuple[str, str]]) -> list[str]:
    """A line for each pooled figure that has any code behind it."""
    return [f"{who}, kappa: {said}." for who, said in beside if said]


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


def _level(view: View, transcripts: int) -> str:
    return in_a_few_words(transcripts, view.evaluation.method, view.evaluation.level)


def _who(view: View) -> str:
    people = view.measured_people
    return listed(people) if len(people) < 5 else f"{len(people)} people"
