"""``secondcoder init``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import json_option, print_json

__all__ = ["init"]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="", help="Name of the study. Default: the folder's name.")
@json_option
def init(folder: Path, name: str, as_json_: bool) -> None:
    """Make a new study in FOLDER. Asks nothing and overwrites nothing.

    Example: secondcoder init "My interviews"
    """
    from assistant.study import create_study

    study = create_study(folder, name=name)
    if as_json_:
        print_json({"folder": study.folder, "name": study.config.name})
        return
    click.echo(
        f"The study “{study.config.name}” is ready in {study.folder}.\n"
        "What to do next:\n"
        f'  1. cd "{folder}"\n'
        "  2. secondcoder import PATH …        bring in transcripts and coded files\n"
        "  3. secondcoder codebook derive      or put your codebook in codebook/codebook.yaml\n"
        "  4. secondcoder status               says at any time what comes next"
    )
