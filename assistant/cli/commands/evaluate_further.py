"""What ``secondcoder evaluate`` prints beside the headline: passages, planning, ``--all``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, table
from assistant.counting import per_cent

if TYPE_CHECKING:
    from eval.further.coefficients import Further
    from eval.further.results import More
    from eval.further.spans import SpanResult
    from eval.statistics.alternative_annotator import AlternativeAnnotator
    from eval.verdicts.planning import Planning

__all__ = ["print_more"]

SHOWN = 10


def print_more(more: More, names: Mapping[str, str]) -> None:
    """``names``: code -> how people call it."""
    for title, spans in (
        ("Marked passages, model with people", more.model_spans),
        ("Marked passages, people with each other", more.people_spans),
    ):
        if spans is not None:
            _spans(title, spans, names)
    for title, found in (("The model with people", more.model), ("People", more.people)):
        if found is not None:
            _further(title, found)
    if more.substitute is not None:
        _substitute(more.substitute)
    if more.planning is not None:
        _planning(more.planning)


def _substitute(found: AlternativeAnnotator) -> None:
    from eval.statistics.values import is_defined

    if not is_defined(found.winning_rate):
        click.echo(f"Alternative annotator test: not made, {found.winning_rate.reason}.")
        return
    click.echo(
        f"Alternative annotator test: wins against {per_cent(found.winning_rate)} of people, "
        f"{'passed' if found.passed else 'not passed'} (epsilon {found.epsilon})."
    )


def _spans(title: str, found: SpanResult, names: Mapping[str, str]) -> None:
    from eval.report.beside import behind, behind_rows
    from eval.report.short_lines import figure, without_interval

    row = found.together
    at = ", ".join(f"{share} {figure(value)}" for share, value in row.matched.items())
    click.echo(
        f"{title}: character F1 {figure(row.character_f1)}, common share {figure(row.iou)}, "
        f"F1 of passages matched at {at}; u-alpha {figure(row.u_alpha)}, "
        f"|u-alpha {figure(found.binary)}, cu-alpha {figure(found.common)}."
    )

    def label(code: str) -> str:
        return names.get(code, code)

    used = ((one.code, one.character_f1.estimate) for one in found.codes if one.first + one.second)
    said = {"the character F1": behind_rows(used, label)}
    if found.behind:
        said = {
            what: behind(one.macro.estimate, one.codes, one.worst_code, one.worst_transcript, label)
            for what, one in (
                ("the character F1", found.behind["character_f1"]),
                ("u-alpha", found.behind["u_alpha"]),
            )
        }
    for what, one in said.items():
        if one:
            click.echo(f"Behind {what} of all codes together: {one}.")
    alphas = (row.u_alpha, found.binary, found.common)
    for why in without_interval((row.character_f1, row.iou, *row.matched.values(), *alphas)):
        click.echo(why)


def _further(title: str, found: Further) -> None:
    from eval.report.short_lines import figure, without_interval

    others = (*found.sets, *found.numbers)
    table(
        ["coefficient", "value", "what it asks"],
        [
            *(
                (
                    "Scott's pi" if k == "pi" else "Brennan-Prediger",
                    figure(v),
                    "by code and unit, mean over pairs of coders",
                )
                for k, v in found.together.items()
            ),
            *((c.name, figure(c.value), c.asks) for c in others),
        ],
        title=f"{title}: further coefficients, all codes",
    )
    for why in without_interval((*found.together.values(), *(c.value for c in others))):
        click.echo(why)


def _planning(found: Planning) -> None:
    known = [p for p in found.codes if isinstance(p.now, float)]
    if not known:
        return
    table(
        ["code", "what more double-coding would do"],
        [(p.code, p.advice) for p in known[:SHOWN]],
        title="What to double-code next (coded by two or more people so far: "
        f"{counted(found.doubly_coded, 'transcript')})",
    )
    if len(known) > SHOWN:
        click.echo(f"In the report: {counted(len(known) - SHOWN, 'more code')}.")
    best = [t for t in found.transcripts if t.gain > 0][:3]
    if best:
        said = [f"{t.transcript} (coded by {' and '.join(t.coded_by) or 'nobody'})" for t in best]
        click.echo(f"These transcripts would teach most: {', '.join(said)}.")
