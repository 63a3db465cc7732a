"""``secondcoder status``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import counted, json_option, opened, print_json

__all__ = ["status"]


@click.command()
@json_option
@click.pass_obj
def status(folder: Path, as_json_: bool) -> None:
    """Where the study stands and what to do next.

    Example: secondcoder status
    """
    from assistant.guide.overview import overview

    with opened(folder) as (study, store):
        found = overview(study, store)
    if as_json_:
        print_json(found)
        return
    echo = click.echo
    echo(f"{found.study} ({found.folder})")
    echo(
        f"  Transcripts: {found.transcripts}; coded by people: {found.coded_by_people}; by two or "
        f"more independent people: {found.double_coded}"
    )
    echo(f"  People's codings: {found.codings} by {', '.join(found.coders) or 'nobody yet'}")
    echo(
        f"  Codebook: {counted(found.codes, 'code')}"
        + (f" (problem: {found.codebook_problem})" if found.codebook_problem else "")
    )
    if found.recode:
        said = ", ".join(f"{code} {n}" for code, n in found.recode.items())
        echo(f"  To be looked at again, since the definition was changed: {said}")
    if found.policy_problem:
        echo(f"  Policy: problem: {found.policy_problem}")
    echo(f"  Model: {found.model}")
    echo(f"  Runs: {found.runs}" + (f"; last: {found.last_run}" if found.last_run else ""))
    for remark in found.last_notes:
        echo(f"    {remark}")
    if found.preparing:
        echo(f"    {found.preparing}")
    if found.suggestions:
        past = {"accept": "accepted", "reject": "rejected", "amend": "amended"}
        said = ", ".join(
            f"{n} {past.get(what, what)}" for what, n in sorted(found.suggestions.items())
        )
        echo(f"  Its suggestions: {said}")
    if found.lanes:
        said = ", ".join(f"{n} {lane}" for lane, n in sorted(found.lanes.items()))
        echo(f"  Lanes of the codes: {said}")
    if found.open_conflicts:
        echo(f"  Open conflicts of merged studies: {found.open_conflicts}")
    if found.not_imported:
        echo(f"  In transcripts/ and not imported: {counted(len(found.not_imported), 'file')}")
    if found.no_text:
        named = ", ".join(found.no_text[:3]) + (" and others" if len(found.no_text) > 3 else "")
        echo(f"  In transcripts/ and without text: {counted(len(found.no_text), 'file')} ({named})")
    if found.proposed_names:
        echo(f"  Names proposed, neither confirmed nor refused: {found.proposed_names}")
    echo("What to do next:")
    for number, step in enumerate(found.next_steps, 1):
        echo(f"  {number}. {step}")
