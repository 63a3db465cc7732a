"""``secondcoder report``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import json_option, opened, print_json

__all__ = ["report"]


@click.command()
@click.option(
    "--evaluation", "number", type=int, help="Its number. Default: the last one made in this study."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write into. Default: runs/reports/evaluation-N/ of the study.",
)
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="Further coefficients too; measure them with `evaluate --all`.",
)
@click.option("--open/--no-open", "open_it", default=False, help="Show it in the browser.")
@json_option
@click.pass_obj
def report(
    folder: Path,
    number: int | None,
    out: Path | None,
    every: bool,
    open_it: bool,
    as_json_: bool,
) -> None:
    """Write an evaluation as a page, as Markdown and as JSON.

    The page opens without a network and holds no words of participants.

    Example: secondcoder report --evaluation 3 --open
    """
    from assistant.errors import UserError
    from eval.evaluation.studying import (
        last_evaluation,
        last_with_further,
        of_people_after_a_run,
        remarks,
    )
    from eval.report import write_report

    with opened(folder) as (study, store):
        found = last_evaluation(store, number)
        said = remarks(store, found.id)
        place = out or study.folder / "runs" / "reports" / f"evaluation-{found.id}"
        more = found.evaluation.more
        if every and (more is None or not more.further):
            hint = "Make one with them: `secondcoder evaluate --all`."
            if (there := last_with_further(store)) is not None:
                command = f"secondcoder report --all --evaluation {there}"
                hint = f"Evaluation {there} has them: `{command}`. {hint}"
            raise UserError(
                f"Evaluation {found.id} was made without the further coefficients.", hint=hint
            )
        other = of_people_after_a_run(store, found) if number is None else ""
    written = write_report(found.evaluation, found.id, place, every=every, remarks=said)
    if as_json_:
        told = [*said, *([other] if other else [])]
        print_json({"evaluation": found.id, "files": written, "remarks": told})
    else:
        click.echo(f"Evaluation {found.id} is written:")
        for what, path in (
            ("page", written.html),
            ("Markdown", written.markdown),
            ("JSON", written.json),
        ):
            click.echo(f"  {what:9} {path}")
        for remark in (*said, other):
            if remark:
                click.echo(f"Note: {remark}")
    if open_it:
        click.launch(written.html.resolve().as_uri())
