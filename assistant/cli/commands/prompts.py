"""``secondcoder prompts …``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import json_option, note, opened, print_json, table

if TYPE_CHECKING:
    from assistant.coding.previewing import RequestShown
    from assistant.prompts.comparing import PromptDifference

__all__ = ["prompts"]


@click.group()
def prompts() -> None:
    """List, check, preview and compare prompt versions.

    Example: secondcoder prompts list
    """


@prompts.command("list")
@json_option
@click.pass_obj
def list_(folder: Path, as_json_: bool) -> None:
    """List the prompts of the study, and versions that runs used and no file holds now.

    Example: secondcoder prompts list
    """
    from assistant.coding.previewing import listed_prompts

    with opened(folder) as (study, store):
        found = listed_prompts(study, store)
    if as_json_:
        print_json(found)
    elif not found:
        click.echo(f"There is no prompt in {study.prompts_folder}.")
    else:
        table(
            ["prompt", "strategy", "runs", "hash", "file", "purpose"],
            [(p.id, p.strategy, p.runs, p.sha256[7:19], p.file or "–", p.purpose) for p in found],
        )


@prompts.command("show")
@click.argument("name")
@json_option
@click.pass_obj
def show_(folder: Path, name: str, as_json_: bool) -> None:
    """Show prompt NAME: its source, the variables it uses, its hash.

    NAME is an id, a file, or the beginning of the hash of a version that a run used.

    Example: secondcoder prompts show list-v1
    """
    from assistant.coding.previewing import find_prompt, variables_of

    with opened(folder) as (study, store):
        prompt = find_prompt(study, store, name)
    if as_json_:
        print_json({**prompt.model_dump(), "variables": variables_of(prompt)})
        return
    note(f"{prompt.id} ({prompt.strategy}), {prompt.sha256}")
    note(f"Variables: {', '.join(variables_of(prompt)) or 'none'}\n")
    click.echo(prompt.source)


@prompts.command("check")
@json_option
@click.pass_obj
def check_(folder: Path, as_json_: bool) -> int:
    """Load every prompt of the study and say what is wrong. Ends with 4 when something is.

    Example: secondcoder prompts check
    """
    from assistant.coding.previewing import check_prompts
    from assistant.study import open_study

    found = check_prompts(open_study(folder))
    wrong = [p for p in found if p.mistakes]
    if as_json_:
        print_json({"ok": not wrong, "prompts": found})
    else:
        for prompt in found:
            click.echo(f"{prompt.file}: {'MISTAKE' if prompt.mistakes else 'good'}")
            for mistake in prompt.mistakes:
                click.echo("    " + mistake.replace("\n", "\n    "))
        click.echo(f"{len(found)} prompts, {len(wrong)} with mistakes.")
    return 4 if wrong else 0


@prompts.command("preview")
@click.argument("name")
@click.option("--transcript", default="", help="Default: the first of the study.")
@click.option("--chunk", default=1, show_default=True, help="Which request, from 1.")
@click.option("--payload", is_flag=True, help="Print the whole request as JSON, with its schema.")
@json_option
@click.pass_obj
def preview_(
    folder: Path, name: str, transcript: str, chunk: int, payload: bool, as_json_: bool
) -> None:
    """Show what would be sent with prompt NAME for one chunk, and how many tokens it is.

    Example: secondcoder prompts preview list-v2 --transcript "Interview 4" --chunk 2
    """
    from assistant.coding.previewing import preview_request
    from assistant.interchange.transcripts import first_or_named

    with opened(folder) as (study, store):
        key = first_or_named(store, transcript)
        found = preview_request(study, store, name, key, chunk)
    if as_json_:
        print_json(found)
    else:
        _print_preview(found, payload)


def _print_preview(found: RequestShown, payload: bool) -> None:
    note(
        f"{found.transcript}, chunk {found.chunk} of {found.chunks} (segments "
        f"{found.first_segment}–{found.last_segment}), prompt {found.prompt}: "
        f"{found.input_tokens} tokens{'' if found.exact else ' at most (an over-estimate)'}, "
        f"request {found.sha256}. Nothing was sent.\n"
    )
    if payload:
        click.echo(found.request)
    else:
        click.echo(f"--- system ---\n{found.system}\n\n--- user ---\n{found.user}")


@prompts.command("diff")
@click.argument("old")
@click.argument("new")
@json_option
@click.pass_obj
def diff_(folder: Path, old: str, new: str, as_json_: bool) -> None:
    """Show what differs between prompts OLD and NEW, word by word.

    Words that went stand in [-…-], words that came in {+…+}.

    Example: secondcoder prompts diff list-v1 list-v2
    """
    from assistant.coding.previewing import find_prompt
    from assistant.prompts.comparing import difference

    with opened(folder) as (study, store):
        found = difference(find_prompt(study, store, old), find_prompt(study, store, new))
    if as_json_:
        print_json({"same": found.same, **vars(found)})
    else:
        _print_difference(found)


def _print_difference(found: PromptDifference) -> None:
    if found.same:
        click.echo(f"“{found.old}” and “{found.new}” are the same version ({found.new_sha256}).")
        return
    for line in found.lines:
        click.echo(f"{line.line:4}  {line.text}")
    click.echo(
        f"From {found.old} to {found.new}: {found.words_gone} words went, {found.words_come} came."
    )
