"""``secondcoder runs``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import json_option, opened, print_json, table

__all__ = ["OUTCOMES", "runs"]

OUTCOMES = {
    "chunks": "pieces of text",
    "uncoded": "noticed where no code fits",
    "unplaced": "not placed",
    "coded-empty": "without a code",
    "not-coded": "without words",
    "exact": "quoted word for word",
    "close": "quoted nearly so",
    "folded": "quoted with other spaces, signs or capitals",
    "cut": "with a quote cut from the text",
    "unanchored": "whose quote is not in the text",
    "ambiguous": "whose quote stands in several places",
    "unknown-code": "with a code that the codebook lacks",
}
"""Stored words of a run's outcomes, as people would say them. Not here: said as stored."""


@click.command()
@click.argument("number", type=int, required=False)
@click.option("--suggestions", "list_suggestions", is_flag=True, help="List the suggestions.")
@click.option("--unplaced", "list_unplaced", is_flag=True, help="List what could not be placed.")
@click.option("--failed", "list_failed", is_flag=True, help="List segments that were not coded.")
@json_option
@click.pass_obj
def runs(
    folder: Path,
    number: int | None,
    list_suggestions: bool,
    list_unplaced: bool,
    list_failed: bool,
    as_json_: bool,
) -> None:
    """List runs, or show what became of every call, segment and suggestion of run NUMBER.

    Example: secondcoder runs 1 --unplaced
    """
    from assistant.coding.summary import all_runs, run_details

    with opened(folder) as (_, store):
        if number is None:
            listed = all_runs(store)
            if as_json_:
                print_json(listed)
            elif not listed:
                click.echo("No run yet. `secondcoder code` makes one.")
            else:
                table(
                    [
                        "run",
                        "model coder",
                        "status",
                        "transcripts",
                        "calls",
                        "suggestions",
                        "not placed",
                        "started",
                    ],
                    [
                        (
                            r.id,
                            r.coder,
                            r.status,
                            ", ".join(r.transcripts),
                            r.calls,
                            r.suggestions,
                            r.unplaced,
                            r.started_at[:16].replace("T", " "),
                        )
                        for r in listed
                    ],
                )
            return
        found = run_details(store, number)
    if as_json_:
        print_json(found)
        return
    click.echo(f"Run {found.summary.id}: {found.summary.status}. {found.summary.why}".rstrip())
    click.echo(f"Model coder: {found.summary.coder}")
    for name, counts in found.outcomes.items():
        said = ", ".join(f"{n} {OUTCOMES.get(what, what)}" for what, n in counts.items() if n)
        click.echo(f"  {OUTCOMES.get(name, name)}: {said or 'none'}")
    used = found.usage
    click.echo(
        f"  tokens: {used.get('tokens_in') or 0} in, {used.get('tokens_out') or 0} out, "
        f"{used.get('tokens_cached') or 0} of them cached; cost: "
        + (f"{used['cost']:.4f}" if used.get("cost") is not None else "not known")
    )
    table(["code", "suggested", "open", "accepted", "rejected", "amended"], found.by_code)
    if list_suggestions:
        table(
            ["number", "transcript", "segment", "code", "p", "quote", "decision"],
            [
                (
                    s.id,
                    s.transcript,
                    s.segment,
                    s.code,
                    "–" if s.probability is None else f"{s.probability:.2f}",
                    s.quote,
                    s.decision,
                )
                for s in found.suggestions
            ],
        )
    if list_unplaced:
        for u in found.unplaced:
            click.echo(
                f"{u.transcript}, segment {u.segment}: {u.code_written}: "
                f"“{u.reply_quote}”\n    {u.why}"
            )
            if u.nearest:
                click.echo(f"    nearest passage: “{u.nearest}”")
    if list_unplaced and not found.unplaced:
        click.echo("All that the model said was placed.")
    if list_failed:
        if not found.not_coded:
            click.echo("No segment was left uncoded.")
        for o in found.not_coded:
            click.echo(f"{o.transcript}, segment {o.segment}: {o.status}: {o.why}")
