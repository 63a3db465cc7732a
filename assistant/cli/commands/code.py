"""``secondcoder code``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.commands.runs import OUTCOMES
from assistant.cli.common import (
    agreed,
    counted,
    json_option,
    note,
    opened,
    print_json,
    progress_bar,
)

if TYPE_CHECKING:
    from assistant.coding.coding import Preview, RunResult

__all__ = ["code"]


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--prompt", default="", help="Prompt version in prompts/. Default: the strategy's own."
)
@click.option(
    "--strategy", type=click.Choice(["list", "judge"]), help="Default: judge for small models."
)
@click.option(
    "--model",
    default="",
    help="Model at the endpoint, or `none`: ask no model, go by what people's codes teach alone.",
)
@click.option(
    "--repeat",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Repeat number: a second pass is 2.",
)
@click.option(
    "--repeats",
    type=click.IntRange(1, 20),
    default=1,
    show_default=True,
    help="Passes, numbered from --repeat on: what differs between them is noise (`compare`).",
)
@click.option(
    "--reorder",
    type=click.IntRange(0),
    help="Show the codes in another order, drawn with this number: what differs is noise too.",
)
@click.option("--max-calls", type=click.IntRange(0), help="Stop before more calls than this.")
@click.option(
    "--max-cost", type=click.FloatRange(0), help="Stop before it could cost more than this."
)
@click.option("--dry-run", is_flag=True, help="Say what would be asked; send nothing.")
@click.option("--show-payload", is_flag=True, help="With --dry-run: print the first request.")
@click.option("--yes", is_flag=True, help="Do not ask before words leave this computer.")
@json_option
@click.pass_obj
def code(
    folder: Path,
    names: tuple[str, ...],
    prompt: str,
    strategy: str | None,
    model: str,
    repeat: int,
    repeats: int,
    reorder: int | None,
    max_calls: int | None,
    max_cost: float | None,
    dry_run: bool,
    show_payload: bool,
    yes: bool,
    as_json_: bool,
) -> int:
    """Let the model suggest codes for NAMES (default: all that a model may be given).

    Stopped or cut off, the same command goes on where it was; what is there is not asked again.

    Example: secondcoder code "Interview 4" "Interview 5"
    """
    from assistant.coding.coding import CodeOptions, code_transcripts, plan_run, to_prepare
    from assistant.coding.consent import all_but_refused
    from assistant.coding.under_preparation import being_prepared
    from assistant.guide.overview import after_run
    from assistant.interchange.transcripts import named
    from assistant.store.model.runs import run

    results: list[RunResult] = []
    with opened(folder) as (study, store):
        chosen = named(store, names)
        if not names:
            chosen, left_out = all_but_refused(store, chosen)
            if left_out:
                note(left_out)
        for number in range(repeat, repeat + repeats):
            options = CodeOptions(
                transcripts=chosen,
                repeat=number,
                prompt=prompt,
                strategy=strategy or "",
                model=model,
                reorder=reorder,
                max_calls=max_calls,
                max_cost=max_cost,
            )
            ahead_of_it = to_prepare(study, store, options)
            if ahead_of_it and not as_json_:
                note(f"Preparing a run: reading {counted(ahead_of_it, 'transcript')} …")
            with (
                progress_bar(ahead_of_it, "Preparing", quiet=as_json_) as tell,
                nullcontext() if dry_run else being_prepared(study, ahead_of_it) as others,
            ):

                def told(done: int, remark: str) -> None:
                    tell(done, remark)
                    if others is not None:
                        others(done, remark)

                planned = plan_run(study, store, options, told)
            ahead = planned.preview
            if number == repeat and (not as_json_ or dry_run):
                _print_preview(ahead, show_payload, as_json_)
                if repeats > 1 and not as_json_:
                    note(f"  All of it {repeats} times.")
            if dry_run:
                return 0
            if not ahead.local and not yes and not ahead.asked_before and number == repeat:
                sent = counted(len(ahead.transcripts), "transcript")
                if not agreed(
                    f"The words of {sent} will be sent to {ahead.endpoint}"
                    f"{f', {repeats} times' if repeats > 1 else ''}. Send them?"
                ):
                    note("Nothing was sent.")
                    return 3
            with progress_bar(ahead.calls, "Coding", quiet=as_json_) as advance:
                result = code_transcripts(study, store, options, advance, planned)
            results.append(result)
            if not as_json_:
                new = [n for n in result.notes if n not in ahead.notes]
                _print_result(result, new, after_run(store, run(store, result.run_id)))
            if result.status != "complete":
                break
    if as_json_:
        print_json(result if repeats == 1 else results)
    if result.stopped_by is not None and not result.outcomes["segments"].get("coded", 0) + (
        result.outcomes["segments"].get("coded-empty", 0)
    ):
        raise result.stopped_by
    return 0 if result.status == "complete" else 3


def _print_preview(ahead: Preview, show_payload: bool, as_json_: bool) -> None:
    if as_json_:
        print_json(ahead)
        return
    there = counted(len(ahead.transcripts), "transcript")
    where = "on this computer" if ahead.endpoint == "embedded" else f"at {ahead.endpoint}"
    cost = "" if ahead.max_cost is None else f" At most {ahead.max_cost:.2f} {ahead.currency}."
    if ahead.calls or ahead.model != "none":
        note(
            f"{there}, {counted(ahead.calls, 'call')}, about {ahead.input_tokens} tokens in"
            f"{'' if ahead.exact else ' (an over-estimate)'}, at most {ahead.max_output_tokens} "
            f"out; model {ahead.model} {where}, strategy {ahead.strategy}, prompt "
            f"{ahead.prompt}.{cost}"
        )
    else:
        note(f"{there}, no calls.")
    if ahead.calibration:
        note(
            f"  The model is asked about {', '.join(ahead.calibration)} too, which people have "
            "coded, so that its answers can be calibrated. Nothing is suggested there."
        )
    for remark in ahead.notes:
        note(f"  {remark}")
    if show_payload:
        click.echo(ahead.first_payload)


def _print_result(result: RunResult, notes: Sequence[str], then: str) -> None:
    counts = result.outcomes
    if result.unchanged:
        click.echo(f"Run {result.run_id} was complete already: no call was made, nothing changed.")
    else:
        click.echo(
            f"Run {result.run_id}: {result.status}. {result.sent} calls sent, {result.reused} "
            "replies used again."
        )
    segments = counts["segments"]
    said = [
        f"{segments.get('coded', 0)} with codes",
        f"{segments.get('coded-empty', 0)} coded and found empty",
        *(f"{segments[w]} {OUTCOMES[w]}" for w in ("ranked", "not-asked") if w in segments),
        f"{segments.get('failed', 0)} failed",
        f"{segments.get('not-coded', 0)} without words",
    ]
    click.echo(f"Segments: {', '.join(said)}.")
    placed = sum(counts["suggestions"].values())
    lost = counts["unplaced"]
    why = ", ".join(f"{n} {OUTCOMES.get(what, what)}" for what, n in lost.items())
    click.echo(
        f"Suggestions: {placed}; not placed: {sum(lost.values())}"
        + (f" ({why})" if lost else "")
        + "."
    )
    for remark in notes:
        click.echo(remark)
    if result.why:
        click.echo(result.why)
    if result.status != "complete":
        click.echo("Run the same command again to go on.")
    elif then:
        click.echo(f"Next: {then}")
