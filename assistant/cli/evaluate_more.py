"""What ``secondcoder evaluate`` prints besides the headline: passages, planning, ``--all``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, table

if TYPE_CHECKING:
    from eval.further.coefficients import Further
    from eval.further.results import More
    from eval.further.spans import SpanResult
    from eval.verdicts.planning import Planning

__all__ = ["print_more"]

SHOWN = 10


def print_more(more: More) -> None:
    for title, spans in (
        ("Marked passages, model with people", more.model_spans),
        ("Marked passages, people with each other", more.people_spans),
    ):
        if spans is not None:
            _spans(title, spans)
    for title, found in (("The model with people", more.model), ("People", more.people)):
        if found is not None:
            _further(title, found)
    if more.substitute is not None:
        s = more.substitute
        click.echo(
            f"Alternative annotator test: wins against {s.winning_rate} of people, "
            f"{'passed' if s.passed else 'not passed'} (epsilon {s.epsilon})."
        )
    if more.planning is not None:
        _planning(more.planning)


def _spans(title: str, found: SpanResult) -> None:
    row = found.together
    at = ", ".join(f"{share} {value}" for share, value in row.matched.items())
    click.echo(
        f"{title}: character F1 {row.character_f1}, common share {row.iou}, F1 of passages matched "
        f"at {at}; u-alpha {row.u_alpha}, |u-alpha {found.binary}, cu-alpha {found.common}."
    )


def _further(title: str, found: Further) -> None:
    table(
        ["coefficient", "value", "what it asks"],
        [
            *(
                ("Scott's pi" if k == "pi" else "Brennan-Prediger", str(v), "by code and unit")
                for k, v in found.together.items()
            ),
            *((c.name, str(c.value), c.asks) for c in (*found.sets, *found.numbers)),
        ],
        title=f"{title}: further coefficients, all codes",
    )


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
