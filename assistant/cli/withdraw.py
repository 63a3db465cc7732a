"""``secondcoder withdraw``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import agreed, counted, json_option, note, opened, print_json

if TYPE_CHECKING:
    from assistant.store.database import Store
    from assistant.study import Study

__all__ = ["withdraw"]


@click.command()
@click.argument("transcript")
@click.option("--reason", default="", help="Why, for the record (no participant's name).")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def withdraw(folder: Path, transcript: str, reason: str, yes: bool, as_json_: bool) -> int:
    """Erase a participant's words for good: text, quotes, prompts, replies, database copies.

    Figures stay, and every report says which of them had used the transcript.

    Example: secondcoder withdraw "Interview 4" --reason "asked by the participant"
    """
    from assistant.interchange.withdrawing import is_withdrawn, withdraw_transcript

    with opened(folder) as (study, store):
        # A misspelt name is refused, and what is gone is said, before the question is asked.
        gone = is_withdrawn(store, transcript)
        too = _deleted(study, store, transcript)
        if not (gone or yes) and not agreed(
            f"Erase all words of “{transcript}” from this study? {too}This cannot be undone."
        ):
            note("Nothing was erased.")
            return 3
        done = withdraw_transcript(study, store, transcript, reason)
    if as_json_:
        print_json(done)
        return 0
    click.echo(
        f"“{done.transcript}” is withdrawn: "
        + ", ".join(f"{n} {what}" for what, n in done.erased.items() if n)
        + "."
    )
    if done.files_that_remain:
        click.echo("These files of yours still hold its words; delete them yourself:")
        for name in done.files_that_remain:
            click.echo(f"  {name}")
    return 0


def _deleted(study: Study, store: Store, name: str) -> str:
    """The part of the question that says which files go too."""
    from assistant.interchange.withdrawing import to_be_deleted

    files = to_be_deleted(study, store, name)
    said = []
    if files.reports:
        said.append(f"{counted(files.reports, 'file')} of reports (of all transcripts)")
    if files.audit_files:
        said.append(f"{counted(files.audit_files, 'file')} of audits")
    return f"{' and '.join(said)} will be deleted too. " if said else ""
