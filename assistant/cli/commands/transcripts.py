"""``secondcoder transcripts``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, json_option, note, opened, print_json, table
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
@click.option(
    "--set-coder-name",
    metavar="NAME",
    help="Rename a coder: correct a misspelled coder's name, or the one that an import gave. "
    "--coder says whose it is; it holds in the whole study.",
)
@click.option(
    "--same-person",
    is_flag=True,
    help="With --set-coder-name: that name is in the study already, and both are one person.",
)
@click.option(
    "--set-name",
    metavar="NAME",
    help="Give the transcript another name. Its old one stays in notes and on record.",
)
@click.option("--dry-run", is_flag=True, help="With --set-name: only say what would be done.")
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
    set_coder_name: str | None,
    same_person: bool,
    set_name: str | None,
    dry_run: bool,
    set_language: str | None,
    set_consent: str | None,
    as_json_: bool,
) -> int:
    """List transcripts with their coders, or change what is known about them.

    NAMES limit it to these transcripts. A transcript is renamed by "OLD NAME" --set-name "NEW
    NAME", a coder by --coder "NAME" --set-coder-name "RIGHT NAME".

    Example: secondcoder transcripts --set-exposure independent --coder Ana
    """
    from assistant.interchange.transcripts import UNDER_WAY, change_transcripts, overview
    from assistant.transcripts.records import ADJUDICATED

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
    if same_person and set_coder_name is None:
        raise UserError(
            "--same-person says that two names are one person's, so it needs both.",
            hint='secondcoder transcripts --coder "ONE" --set-coder-name "OTHER" --same-person',
        )
    if set_coder_name is not None and (not coder or names):
        raise UserError(
            "A name is corrected in the whole study, and --coder says whose it is.",
            hint='secondcoder transcripts --coder "NAME AS IT IS" --set-coder-name "RIGHT NAME"',
        )
    if set_name is not None:
        if len(names) != 1:
            raise UserError(
                "One transcript is given another name at a time.",
                hint='secondcoder transcripts "OLD NAME" --set-name "NEW NAME"',
            )
        if any((set_exposure, set_scope, looked_again, set_coder_name, set_language, set_consent)):
            raise UserError("--set-name goes by itself.", hint="Make one change after the other.")
        return _set_name(folder, names[0], set_name, dry_run, as_json_)
    if dry_run:
        raise UserError(
            "--dry-run belongs to --set-name.",
            hint='secondcoder transcripts "OLD NAME" --set-name "NEW NAME" --dry-run',
        )
    with opened(folder) as (study, store):
        said: list[str] = []
        if set_coder_name is not None:
            from assistant.interchange.names.renaming import correct_name

            said.append(correct_name(store, coder, set_coder_name, same_person=same_person))
            coder = set_coder_name.strip()
        if (set_exposure, set_language, set_consent) != (None, None, None):
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
        return 0
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
                    [
                        *(
                            f"{c.name}: {counted(c.codings, 'coding')} "
                            f"({c.exposure}{'; ' + c.part if c.part else ''}"
                            f"{': ' + ', '.join(c.beside) if c.beside else ''})"
                            for c in row.coders
                        ),
                        *(
                            f"{name}: {counted(n, 'coding')} (added while reading)"
                            for name, n in row.added
                        ),
                        *(f"{name}: {UNDER_WAY}" for name in row.blind),
                    ]
                )
                or "–",
            )
            for row in rows
        ],
    )
    if any(row.added or "adjudicated" in (c.exposure for c in row.coders) for row in rows):
        note(f"Never the measure of anything: what is adjudicated ({ADJUDICATED}).")
    return 0


def _set_name(folder: Path, old: str, new: str, dry_run: bool, as_json_: bool) -> int:
    from assistant.interchange.names.told import in_words
    from assistant.interchange.names.transcript_names import rename_transcript

    with opened(folder) as (study, store):
        done = rename_transcript(study, store, old, new, dry_run=dry_run)
    if as_json_:
        print_json(done)
    else:
        click.echo("\n".join(in_words(done, dry_run=dry_run)))
    return 0


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
    from assistant.interchange.study_codebook.history import present_version
    from assistant.interchange.transcripts import named
    from assistant.store.versions import codebook

    book = codebook(store, present_version(study, store))
    found = state_looked_again(store, named(store, names), book, coder=coder, codes=codes)
    return found.sentences(codes)
