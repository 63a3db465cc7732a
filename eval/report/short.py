"""The answer on one screen, for the command line: a few of the report's figures.

First who agrees how well with whom, each figure with its counts and its interval; then what may
happen to suggestions; then the codes, those first that may be used most. What is left out is
counted, never dropped silently.
"""

from __future__ import annotations

from eval.evaluation.results import Evaluation, PairInTranscript, PeopleResult
from eval.report.answer import limits
from eval.report.beside import behind_summary
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
from eval.report.short_run import short_of_run
from eval.report.sides import shown_above
from eval.report.view import View, used
from eval.report.wording import how_many, number
from eval.statistics.agreement import measure
from eval.statistics.values import is_defined

__all__ = ["SCREEN", "short_answer"]

SHOWN, FEWEST = 10, 5
"""At most so many codes are listed unless all are asked for; fewer where the screen is full."""
SCREEN = 32
"""Lines of a usual terminal, less those of the prompt."""


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
        return short_of_run(view, found.model, most)
    if found.people is not None:
        return _of_people(view, found.people, most)
    return Short(
        f"{coded(rests)}; none was coded by two people.",
        None,
        (
            "Nothing can be said about agreement yet. Have a second person code some transcripts "
            "independently, then evaluate again.",
        ),
        None,
        (),
    )


def _of_people(view: View, people: PeopleResult, most: int | None) -> Short:
    together, rests = people.together, view.evaluation.coverage
    unit = rests.unit
    by_pair = people.by_pair.pooled.values
    mean = ("  mean over pairs of people", "", "", figure(by_pair["kappa"]), *others(by_pair))
    rows = [
        line(f"{who_coded(view)} with each other", together.pooled),
        *([mean] if len(people.by_pair.pairs) > 1 else []),
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
        how_to_read(view, len(view.people_transcripts)),
        *behind([("All codes", behind_summary(together, view.label))]),
        f"Of {how_many(len([r for r in kept if used(r)]), 'code')} that they used, "
        f"{shown or 'none'} {'are' if shown > 1 else 'is'} shown to be agreed on more than by "
        "chance (lower end above 0, controlled for how many they are; intervals below are not).",
    ]
    return Short(
        f"How well people agree on {how_many(len(view.people_transcripts), 'transcript')} that two "
        f"coded ({part(rests, people.units) or coded(rests)})",
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
            *not_counted(view),
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
