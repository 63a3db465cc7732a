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
@click.option(
    "--no-interview",
    is_flag=True,
    help="It never was an interview: take it out, if nothing rests on it, and count nobody.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def withdraw(
    folder: Path, transcript: str, reason: str, no_interview: bool, yes: bool, as_json_: bool
) -> int:
    """Erase a participant's words for good: text, quotes, prompts, replies, database copies.

    Figures stay, and every report says which of them had used the transcript. A file that was taken
    for an interview by mistake is no participant: --no-interview.

    Example: secondcoder withdraw "Interview 4" --reason "asked by the participant"
    """
    from assistant.interchange.withdrawal.withdrawing import is_withdrawn, withdraw_transcript

    if no_interview:
        return _no_interview(folder, transcript, yes, as_json_)
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
        + ", ".join(_of(n, what) for what, n in done.erased.items() if n)
        + "."
    )
    if done.files_that_remain:
        click.echo("These files of yours still hold its words; delete them yourself:")
        for name in done.files_that_remain:
            click.echo(f"  {name}")
    if done.others_have_it:
        click.echo(
            "Its words were shared with another study, or came from one. Tell your colleagues: "
            "they withdraw it too, or take in a share file that you write now with `secondcoder "
            "merge FILE --withdraw`."
        )
    return 0


def _no_interview(folder: Path, transcript: str, yes: bool, as_json_: bool) -> int:
    from assistant.interchange.imports.no_interview import check_no_interview, take_out

    with opened(folder) as (_, store):
        name = check_no_interview(store, transcript)
        if not yes and not agreed(
            f"Take “{name}” out of this study, since it never was an interview? Its words are "
            "erased from the study; your file stays."
        ):
            note("Nothing was taken out.")
            return 3
        done = take_out(store, name)
    if as_json_:
        print_json(done)
    else:
        click.echo(done.said)
    return 0


_ONE = {
    "suggestions": "suggestion",
    "codings": "coding",
    "files": "file",
    "replies": "reply",
    "names": "name",
    "examples": "example",
    "memos": "memo",
    "quote": "quotes",
    "evaluations": "evaluation",
    "rows": "row",
    "copies": "copy",
}


def _of(count: int, what: str) -> str:
    """``1 name on the list of pseudonyms``, ``2 codings``."""
    words = what.split()
    return f"{count} {' '.join(_ONE.get(w, w) for w in words) if count == 1 else what}"


def _deleted(study: Study, store: Store, name: str) -> str:
    """The part of the question that says which files go too."""
    from assistant.interchange.withdrawal.withdrawing import to_be_deleted

    files = to_be_deleted(study, store, name)
    said = []
    if files.reports:
        said.append(f"{counted(files.reports, 'file')} of reports (of all transcripts)")
    if files.audit_files:
        said.append(f"{counted(files.audit_files, 'file')} of audits")
    return f"{' and '.join(said)} will be deleted too. " if said else ""
