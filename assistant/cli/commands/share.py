"""``secondcoder share``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import counted, json_option, opened, print_json

__all__ = ["share"]


@click.command()
@click.option(
    "--to",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write. Default: a new one, exports/STUDY-PERSON-DATE.share.zip of the study.",
)
@click.option("--person", default="", help="Only this person's rows. Default: everybody's.")
@click.option("--force", is_flag=True, help="With --to: replace the file that is there.")
@json_option
@click.pass_obj
def share(folder: Path, target: Path | None, person: str, force: bool, as_json_: bool) -> None:
    """Write one file with this study's rows, for somebody who has a study of the same interviews.

    The file holds the transcripts' words: send it as you would send them.

    Example: secondcoder share --person Ana --to ana.share.zip
    """
    from assistant.interchange.sharing.share import share as share_study

    with opened(folder) as (study, store):
        done = share_study(study, store, target, person=person, force=force)
    if as_json_:
        print_json(done)
        return
    kinds = ("transcript", "coding", "run", "suggestion", "decision", "memo")
    held = {kind: counted(done.rows.get(f"{kind}s", 0), kind) for kind in kinds}
    if done.taken_back:
        held["coding"] += f" ({done.taken_back} of a decision that was taken back)"
    said = ", ".join(held[kind] for kind in kinds if done.rows.get(f"{kind}s"))
    click.echo(f"{done.file}: {done.megabytes:.1f} MB. {said}.")
    click.echo("It holds participants' words. The other person runs: secondcoder merge FILE")
