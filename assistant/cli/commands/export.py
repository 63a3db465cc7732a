"""``secondcoder export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import json_option, opened, print_json, progress_bar

if TYPE_CHECKING:
    from assistant.interchange.export.records import Choice, Written

__all__ = ["export"]

_FORMATS = ("qdpx", "qdc", "xlsx", "csv", "docx", "html")
_LANES = ("unproven", "withhold", "vague", "accept", "review")


@click.command()
@click.argument("format", type=click.Choice(_FORMATS), metavar="|".join(_FORMATS))
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="File to write, or folder for docx and html. Default: exports/ in the study.",
)
@click.option("--coder", "coders", multiple=True, help="Only this coder; can be given often.")
@click.option("--people", is_flag=True, help="Only people's codings.")
@click.option("--models", is_flag=True, help="Only models' suggestions.")
@click.option("--accepted", is_flag=True, help="Suggestions that were accepted (the default).")
@click.option("--open", "open_", is_flag=True, help="Suggestions that nobody has decided on.")
@click.option("--rejected", is_flag=True, help="Suggestions that were rejected.")
@click.option(
    "--lane",
    "lanes",
    multiple=True,
    type=click.Choice(_LANES),
    help="Only suggestions whose code is in this lane; can be given often.",
)
@click.option("--run", "runs", multiple=True, type=int, help="Only suggestions of this run.")
@click.option("--transcript", "transcripts", multiple=True, help="Only this transcript.")
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@json_option
@click.pass_obj
def export(
    folder: Path,
    format: str,
    to: Path | None,
    coders: tuple[str, ...],
    people: bool,
    models: bool,
    accepted: bool,
    open_: bool,
    rejected: bool,
    lanes: tuple[str, ...],
    runs: tuple[int, ...],
    transcripts: tuple[str, ...],
    force: bool,
    as_json_: bool,
) -> None:
    """Take codings to another program: NVivo, ATLAS.ti, MAXQDA, a spreadsheet, Word, a browser.

    Without a choice: people's codings and the suggestions that were accepted. --open takes those
    that nobody has decided on instead; --open --accepted takes both.

    Examples:

      secondcoder export qdpx

      secondcoder export xlsx --people --to codings.xlsx

      secondcoder export docx --transcript "Interview 4" --open --accepted
    """
    from assistant.guide.exporting import export_with_agreement
    from assistant.interchange.transcripts import named

    choice = _choice(coders, people, models, accepted, open_, rejected, lanes, runs, transcripts)
    with opened(folder) as (study, store):
        texts = len(named(store, transcripts))
        with progress_bar(texts, "Writing", quiet=as_json_) as advance:
            written = export_with_agreement(
                study,
                store,
                format,
                choice,
                to=to,
                force=force,
                progress=lambda done, total, remark: advance(done * texts // total, remark),
            )
    if as_json_:
        print_json(written)
    else:
        _say(written)


def _choice(
    coders: tuple[str, ...],
    people: bool,
    models: bool,
    accepted: bool,
    open_: bool,
    rejected: bool,
    lanes: tuple[str, ...],
    runs: tuple[int, ...],
    transcripts: tuple[str, ...],
) -> Choice:
    from assistant.interchange.export.records import Choice

    asked = {"accept": accepted, "open": open_, "reject": rejected}
    decisions = tuple(name for name, wanted in asked.items() if wanted) or ("accept",)
    kinds = ("human",) * people + ("model",) * models or ("human", "model")
    return Choice(coders, kinds, decisions, lanes, runs, transcripts)  # type: ignore[arg-type]


def _say(written: Written) -> None:
    from assistant.cli.common import table
    from assistant.counting import counted_many

    if len(written.files) == 1:
        click.echo(f"Written: {written.files[0]}")
    else:
        click.echo(f"Written: {len(written.files)} files in {written.files[0].parent}")
    table(["What", "Number"], [(what, count) for what, count in written.counts.items() if count])
    for one in written.left_out:
        click.echo(f"Left out: {counted_many(one.count, one.what)}: {one.why}.")
    for remark in written.notes:
        click.echo(f"Note: {remark}")
    if written.format != "qdc":
        click.echo(
            "This file holds participants’ words. Nothing was sent anywhere; keep it as you keep "
            "the interviews."
            if len(written.files) == 1
            else "These files hold participants’ words. Nothing was sent anywhere; keep them as "
            "you keep the interviews."
        )
