"""``secondcoder watch``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import counted, json_option, note, opened, print_json, table

__all__ = ["watch"]


@click.command()
@click.argument("run_id", metavar="RUN", type=int)
@click.option("--open/--no-open", "open_it", default=False, help="Show it in the browser.")
@json_option
@click.pass_obj
def watch(folder: Path, run_id: int, open_it: bool, as_json_: bool) -> None:
    """See how unlike the evidence a run's new interviews are, and whether people accept less there.

    An interview that lies outside is not accepted at once, whatever its codes' lanes.

    Example: secondcoder watch 2
    """
    from eval.statistics.values import show
    from eval.watching.drift import DISTANCE, FIGURES, said, watch_run
    from eval.watching.page import write_watch

    with opened(folder) as (study, store):
        found = watch_run(study, store, run_id)
        page = write_watch(found, study.reports_folder / f"watch-run-{run_id}")
    if as_json_:
        print_json({**_plain(found), "outside": dict(found.outside), "page": page})
        return
    if found.cannot_tell:
        note(f"Note: whether new interviews are unusual cannot be told: {found.cannot_tell}.")
    if not found.new:
        click.echo(f"Run {run_id} has no new interview: people have coded all of them.")
    rows = (*found.new, *found.evidence)
    if rows:
        table(
            ["interview", "", *FIGURES, "outside"],
            [
                (
                    t.name,
                    "new" if t.new else "evidence",
                    *(
                        f"{said(f.name, f.value)} ({show(f.distance, 1, sign=True)})"
                        for f in t.figures
                    ),
                    "yes" if t.outside else "no",
                )
                for t in rows
            ],
            title="Each figure; in brackets its distance from the middle of the evidence",
        )
        click.echo(DISTANCE.format(threshold=found.threshold))
        for name, what in FIGURES.items():
            click.echo(f"  {name}: {what}")
    for name, why in found.outside.items():
        click.echo(f"“{name}” lies outside: {'; '.join(why)}.")
    if found.evidence:
        click.echo(
            f"By chance: seen as if they were new, {found.by_chance or 'none'} of the "
            f"{counted(len(found.evidence), 'interview')} of the evidence would lie outside."
        )
    click.echo(found.drop.sentence)
    click.echo(f"The same with a figure: {page}")
    if open_it:
        click.launch(page.resolve().as_uri())


def _plain(found: object) -> dict[str, object]:
    from assistant.cli.common import as_json

    plain: dict[str, object] = as_json(found)
    return plain
