"""``secondcoder transcripts``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, json_option, opened, print_json, table
from assistant.errors import UserError

if TYPE_CHECKING:
    from assistant.store.database import Store
    from assistant.study import Study

__all__ = ["transcripts"]


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--set-exposure",
    type=click.Choice(["independent", "blind", "after-model", "adjudicated", "unknown"]),
    help="State what the coders had seen when coding.",
)
@click.option(
    "--set-scope",
    metavar="all|FIRST-LAST",
    help="State what the coder coded: `all`, or the first and last passage, as 1-40. With --code: "
    "only these codes. Needs --coder.",
)
@click.option(
    "--looked-again",
    is_flag=True,
    help="State that the coders have looked at their codes again, with the codebook as it is now.",
)
@click.option(
    "--code",
    "codes",
    multiple=True,
    help="With --looked-again or --set-scope: for this code only. Can be repeated.",
)
@click.option("--coder", default="", help="Only this person's codes.")
@click.option("--set-language", help="Correct the language (en, fr, …).")
@click.option(
    "--set-consent",
    help="Who may be given the text: `none` (no model), `local` (models on this computer), or the "
    "names of processors, separated by commas.",
)
@json_option
@click.pass_obj
def transcripts(
    folder: Path,
    names: tuple[str, ...],
    set_exposure: str | None,
    set_scope: str | None,
    looked_again: bool,
    codes: tuple[str, ...],
    coder: str,
    set_language: str | None,
    set_consent: str | None,
    as_json_: bool,
) -> None:
    """List transcripts with their coders, or change what is known about them.

    NAMES limit it to these transcripts.

    Example: secondcoder transcripts --set-exposure independent --coder Ana
    """
    from assistant.interchange.transcripts import change_transcripts, overview

    if codes and not looked_again and set_scope is None:
        raise UserError(
            "--code says which code was looked for again, so it needs --looked-again, or which "
            "codes were looked for at all, then it needs --set-scope.",
            hint="secondcoder transcripts --looked-again --code CODE --coder NAME",
        )
    if looked_again and set_scope is not None:
        raise UserError(
            "--looked-again and --set-scope are two statements.", hint="Make one after the other."
        )
    with opened(folder) as (study, store):
        said: list[str] = []
        if set_exposure or set_language or set_consent:
            said += change_transcripts(
                store,
                names,
                exposure=set_exposure,  # type: ignore[arg-type]
                coder=coder,
                language=set_language,
                consent=set_consent,
            )
        if set_scope is not None:
            said += _set_scope(study, store, names, set_scope, codes, coder)
        if looked_again:
            said += _looked_again(study, store, names, codes, coder)
        if said and not as_json_:
            click.echo("\n".join(said))
        rows = overview(store, names)
    if as_json_:
        print_json(rows)
        return
    table(
        ["transcript", "segments", "words", "language", "consent", "coded by (what they had seen)"],
        [
            (
                row.name,
                row.segments,
                row.words,
                row.language or "–",
                "withdrawn" if row.withdrawn else row.consent,
                ", ".join(
                    f"{c.name}: {counted(c.codings, 'coding')} "
                    f"({c.exposure}{'; ' + c.part if c.part else ''}"
                    f"{': ' + ', '.join(c.beside) if c.beside else ''})"
                    for c in row.coders
                )
                or "–",
            )
            for row in rows
        ],
    )


def _set_scope(
    study: Study,
    store: Store,
    names: tuple[str, ...],
    passages: str,
    codes: tuple[str, ...],
    coder: str,
) -> list[str]:
    from dataclasses import replace

    from assistant.codebook.loading import load_codebook
    from assistant.interchange.coded_parts import read_passages, state_part
    from assistant.interchange.transcripts import named

    part = replace(read_passages(passages), codes=codes or None)
    book = load_codebook(study.codebook_file)
    return state_part(store, book, named(store, names), coder, part)


def _looked_again(
    study: Study, store: Store, names: tuple[str, ...], codes: tuple[str, ...], coder: str
) -> list[str]:
    from assistant.decisions.looking_again import state_looked_again
    from assistant.interchange.codebook_history import present_version
    from assistant.interchange.transcripts import named
    from assistant.store.versions import codebook

    book = codebook(store, present_version(study, store))
    found = state_looked_again(store, named(store, names), book, coder=coder, codes=codes)
    return found.sentences(codes)
