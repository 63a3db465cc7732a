"""``secondcoder pseudonyms …``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import json_option, note, opened, print_json, table
from assistant.counting import counted

if TYPE_CHECKING:
    from assistant.deidentify.listing import Listed

__all__ = ["pseudonyms"]

_KINDS = click.Choice(["person", "place", "organisation", "other"])


@click.group()
def pseudonyms() -> None:
    """Names that are replaced in what leaves this computer.

    Example: secondcoder pseudonyms propose
    """


@pseudonyms.command("propose")
@json_option
@click.pass_obj
def propose_(folder: Path, as_json_: bool) -> None:
    """Look for names in all transcripts and put them on the list, as proposals.

    Nothing is replaced before you confirm it.

    Example: secondcoder pseudonyms propose
    """
    from assistant.deidentify.listing import propose_terms

    with opened(folder) as (_, store):
        done = propose_terms(store)
    if as_json_:
        print_json(done)
        return
    for remark in done.remarks:
        note(remark)
    if not done.new:
        click.echo("Nothing new was found.")
        return
    table(
        ["name", "kind", "would become", "times", "transcripts", "in small letters", "why"],
        [
            (
                p.pseudonym.term,
                p.pseudonym.kind,
                p.pseudonym.replacement,
                p.times,
                p.transcripts,
                p.small,
                p.why,
            )
            for p in done.new
        ],
    )
    click.echo(
        f"{counted(len(done.new), 'name')} proposed. Confirm or refuse: secondcoder pseudonyms "
        "confirm NAME …, "
        "refuse NAME …, or confirm --all."
    )


@pseudonyms.command("list")
@click.option(
    "--status", type=click.Choice(["proposed", "confirmed", "refused"]), help="Only these."
)
@json_option
@click.pass_obj
def list_(folder: Path, status: str | None, as_json_: bool) -> None:
    """Show the list, with how often each name stands in the transcripts.

    Example: secondcoder pseudonyms list --status proposed
    """
    from typing import cast

    from assistant.deidentify.listing import listed
    from assistant.deidentify.records import Status

    with opened(folder) as (study, store):
        found = listed(store, cast("Status | None", status))
    if as_json_:
        print_json({"setting": study.config.privacy, "list": found})
        return
    _print_list(found)
    setting = study.config.privacy
    click.echo(
        f"Replaced: {setting.pseudonyms}. E-mail addresses, telephone numbers and the like: "
        f"{'replaced too' if setting.patterns else 'left as they are'}. (study.toml, [privacy])"
    )


def _print_list(found: tuple[Listed, ...]) -> None:
    if not found:
        click.echo("The list is empty. Begin with: secondcoder pseudonyms propose")
        return
    table(
        ["name", "kind", "becomes", "status", "times", "transcripts", "in small letters"],
        [
            (
                one.pseudonym.term,
                one.pseudonym.kind,
                one.pseudonym.replacement,
                one.pseudonym.status,
                one.times,
                one.transcripts,
                "stays" if one.pseudonym.keep_lower else one.small,
            )
            for one in found
        ],
    )


@pseudonyms.command("add")
@click.argument("term")
@click.option("--kind", type=_KINDS, default="person", show_default=True, help="What it names.")
@click.option("--as", "replacement", default="", help='Default: the next free "Person 1" ….')
@click.option("--keep-lower", is_flag=True, help="Leave the word alone in small letters (Rose).")
@json_option
@click.pass_obj
def add_(
    folder: Path, term: str, kind: str, replacement: str, keep_lower: bool, as_json_: bool
) -> None:
    """Put TERM on the list, confirmed.

    Case, accents and the s of a genitive do not matter; a name of several words is found as a
    whole. Give the parts of a name the same replacement.

    Example: secondcoder pseudonyms add "Ana Brook" --kind person --as "Person 1"
    """
    from assistant.deidentify.listing import add_term, how_often

    with opened(folder) as (_, store):
        done = add_term(store, term, kind, replacement, keep_lower=keep_lower)
        times, near = how_often(store, done.term)
    if as_json_:
        print_json({**done.model_dump(), "times": times})
    else:
        click.echo(f"“{done.term}” becomes “{done.replacement}” in what leaves this computer.")
    if not times:
        note(
            f"Warning: “{done.term}” stands nowhere in the transcripts, so nothing is replaced by "
            "it as yet."
            + (
                f" Did you mean “{near}”? Then: secondcoder pseudonyms refuse “{done.term}”, and "
                "add the other."
                if near
                else ""
            )
        )


@pseudonyms.command("confirm")
@click.argument("terms", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that are proposed.")
@json_option
@click.pass_obj
def confirm_(folder: Path, terms: tuple[str, ...], everything: bool, as_json_: bool) -> None:
    """Confirm TERMS of the list: from now on they are replaced.

    Example: secondcoder pseudonyms confirm "Ana Brook" Millbury
    """
    _decide(folder, terms, everything, "confirmed", as_json_)


@pseudonyms.command("refuse")
@click.argument("terms", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that are proposed.")
@json_option
@click.pass_obj
def refuse_(folder: Path, terms: tuple[str, ...], everything: bool, as_json_: bool) -> None:
    """Refuse TERMS of the list: they are no names, and are not proposed again.

    Example: secondcoder pseudonyms refuse Ramadan
    """
    _decide(folder, terms, everything, "refused", as_json_)


def _decide(
    folder: Path, terms: tuple[str, ...], everything: bool, status: str, as_json_: bool
) -> None:
    from typing import cast

    from assistant.deidentify.listing import decide
    from assistant.deidentify.records import Status
    from assistant.errors import UserError

    if bool(terms) == everything:
        raise UserError("Name what you mean, or say --all.", hint="Not both, and not neither.")
    with opened(folder) as (_, store):
        done = decide(store, terms, cast(Status, status))
    if as_json_:
        print_json(done)
    else:
        click.echo(f"{counted(len(done), 'name')} {status}.")


@pseudonyms.command("preview")
@click.argument("transcript")
@click.option("--chunk", default=0, help="Only this request, from 1. Default: all.")
@click.option("--payload", is_flag=True, help="The whole request as JSON, with its schema.")
@json_option
@click.pass_obj
def preview_(folder: Path, transcript: str, chunk: int, payload: bool, as_json_: bool) -> None:
    """Show exactly what would leave about TRANSCRIPT if the model were elsewhere. Sends nothing.

    Example: secondcoder pseudonyms preview "Interview 4"
    """
    from assistant.coding.leaving import what_would_leave
    from assistant.interchange.transcripts import first_or_named

    with opened(folder) as (study, store):
        found = what_would_leave(study, store, first_or_named(store, transcript), chunk)
    if as_json_:
        print_json(found)
        return
    replaced = ", ".join(f"{n} {kind}" for kind, n in found.replaced.items()) or "nothing"
    note(f"{found.transcript}: replaced {replaced}. {found.remark}\n")
    if not found.requests and not found.vectors:
        click.echo(found.text)
    for sent in found.vectors:
        if payload:
            click.echo(sent.request)
            continue
        which = f"request for vectors {sent.number} of {sent.requests}"
        click.echo(f"--- {which}: to {sent.endpoint}, model {sent.model} ---")
        for number, text in enumerate(sent.texts, start=1):
            click.echo(f"[{number}] {text}")
        click.echo("")
    for one in found.requests:
        if payload:
            click.echo(one.request)
        else:
            click.echo(f"--- request {one.chunk} of {one.chunks}: system ---\n{one.system}\n")
            click.echo(f"--- request {one.chunk} of {one.chunks}: user ---\n{one.user}\n")


@pseudonyms.command("check")
@click.argument("transcripts", nargs=-1)
@json_option
@click.pass_obj
def check_(folder: Path, transcripts: tuple[str, ...], as_json_: bool) -> int:
    """Scan what is left in TRANSCRIPTS (default: all) after everything is replaced.

    Named are capitalised words inside sentences that are on no list, names inside longer words,
    numbers and addresses. Ends with 4 when something is found. Nothing found is no all-clear: a
    rule sees capital letters, not names, so read a preview too.

    Example: secondcoder pseudonyms check
    """
    from assistant.coding.leaving import what_is_left
    from assistant.deidentify.scanning import LIMITS
    from assistant.interchange.transcripts import named

    with opened(folder) as (study, store):
        found = what_is_left(study, store, named(store, transcripts))
    if as_json_:
        print_json({"ok": not found, "left": found, "limits": LIMITS})
        return 4 if found else 0
    if not found:
        click.echo("Nothing that a rule can find is left.")
    else:
        table(
            ["what", "as it stands", "times", "transcripts"],
            [(one.what, one.text, one.times, ", ".join(one.transcripts)) for one in found],
        )
    click.echo(f"{LIMITS} Read what would leave: secondcoder pseudonyms preview TRANSCRIPT")
    return 4 if found else 0
