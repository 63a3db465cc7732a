"""``secondcoder trail``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import json_option, opened, print_json
from assistant.counting import counted

__all__ = ["trail"]


@click.command()
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write into. Default: runs/reports/trail/ of the study.",
)
@click.option("--with-quotes", is_flag=True, help="Also the participants' words.")
@click.option("--open/--no-open", "open_it", default=False, help="Show it in the browser.")
@json_option
@click.pass_obj
def trail(
    folder: Path, target: Path | None, with_quotes: bool, open_it: bool, as_json_: bool
) -> None:
    """Write down everything that happened: as a page, as JSON, as PROV-JSON, as Web Annotations.

    Example: secondcoder trail --to for-the-appendix
    """
    from assistant.interchange.trail.writing import write_trail

    with opened(folder) as (study, store):
        place = target or study.reports_folder / "trail"
        done = write_trail(study, store, place, with_quotes=with_quotes)
    if as_json_:
        print_json(done)
    else:
        click.echo(f"Written, {counted(done.entries, 'entry', 'entries')}:")
        for what, path in (
            ("page", done.page),
            ("JSON", done.json),
            ("PROV-JSON", done.prov),
            ("Web Annotations", done.annotations),
        ):
            click.echo(f"  {what:16} {path}")
        if with_quotes:
            click.echo("They hold participants' words.")
    if open_it:
        click.launch(done.page.resolve().as_uri())
