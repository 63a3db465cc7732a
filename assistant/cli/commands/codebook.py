"""``secondcoder codebook …``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import agreed, counted, json_option, note, opened, print_json, table

if TYPE_CHECKING:
    from assistant.codebook.findings import Finding
    from assistant.codebook.records import Code
    from assistant.guide.incoming import Incoming, Way
    from assistant.interchange.study_codebook.beside_codings import Checked, Derived
    from assistant.interchange.study_codebook.history import History, Recoding, Step

__all__ = ["codebook"]

_SHORT = 12


@click.group()
def codebook() -> None:
    """Show, check, derive and compare codebooks.

    Example: secondcoder codebook check
    """


@codebook.command("show")
@click.argument("code", default="")
@click.option("--version", default="", help="A stored version: the beginning of its hash.")
@json_option
@click.pass_obj
def show_(folder: Path, code: str, version: str, as_json_: bool) -> None:
    """Show the codebook, or one CODE (id, name or alias) in full.

    Example: secondcoder codebook show cost-worry
    """
    from assistant.interchange.study_codebook.beside_codings import show_codebook

    with opened(folder) as (study, store):
        found = show_codebook(study, store, code, version)
    if as_json_:
        print_json(found)
    elif code:
        _print_code(found.codes[0], found.used[found.codes[0].id])
    else:
        book = found.codebook
        click.echo(f"{book.name}, version {book.version}, {found.sha256}")
        table(
            ["code", "family", "kind", "used", "definition"],
            [
                (c.id, book.family_of(c.id) or "–", c.kind, found.used[c.id], c.definition or "–")
                for c in found.codes
            ],
        )


def _print_code(code: Code, used: int) -> None:
    click.echo(f"{code.id}   used {counted(used, 'time')} by people")
    for name, value in code.model_dump().items():
        if name in ("id", "examples") or not value:
            continue
        said = ", ".join(value) if isinstance(value, (list, tuple)) else value
        click.echo(f"  {name.replace('_', ' ')}: {said}")
    for example in code.examples:
        what = "example" if example.applies else "not this code"
        click.echo(f"  {what}: “{example.text}” ({example.transcript or 'made up'})")


@codebook.command("check")
@json_option
@click.pass_obj
def check_(folder: Path, as_json_: bool) -> int:
    """Find mistakes in the codebook, and names that people used and it does not know.

    Ends with 4 when there is an error, with 0 when there are only warnings and notes.

    Example: secondcoder codebook check
    """
    from assistant.interchange.study_codebook.beside_codings import check_study

    with opened(folder) as (study, store):
        found = check_study(study, store)
    if as_json_:
        print_json({"ok": not found.errors, **vars(found)})
    else:
        _print_checked(found)
    return 4 if found.errors else 0


def _print_checked(found: Checked) -> None:
    click.echo(
        f"{counted(found.codes, 'code')} in the codebook; "
        f"{counted(found.codings, 'coding')} by people."
    )
    titles = {"error": "Errors", "warning": "Warnings", "note": "Notes"}
    for severity, title in titles.items():
        here = [f for f in found.findings if f.severity == severity]
        if here:
            click.echo(f"\n{title} ({len(here)})")
            _print_findings(here)
    if found.unknown:
        click.echo(
            f"\nNot in the codebook: {counted(len(found.unknown), 'name')} that people used, "
            f"{counted(sum(use.codings for use in found.unknown), 'coding')}."
        )
    if not found.findings:
        click.echo("Nothing to mend.")


def _print_findings(findings: list[Finding]) -> None:
    """Those with the same advice stand together, and advice and file are said once."""
    by_hint: dict[str, list[Finding]] = {}
    for finding in findings:
        by_hint.setdefault(finding.hint, []).append(finding)
    files = {f.where.split(", line ")[0] for f in findings if f.where}
    one_file = next(iter(files)) if len(files) == 1 else ""
    if one_file:
        click.echo(f"In {one_file}:")
    for hint, alike in by_hint.items():
        for finding in alike:
            place = finding.where.removeprefix(one_file).removeprefix(", ")
            click.echo(f"- {place}{': ' if place else ''}{finding.what}")
        if hint:
            click.echo(f"    {hint}")


@codebook.command("derive")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. Default: the study's codebook.",
)
@click.option("--force", is_flag=True, help="Replace a codebook that has codes already.")
@json_option
@click.pass_obj
def derive_(folder: Path, output: Path | None, force: bool, as_json_: bool) -> None:
    """Make a first codebook from the codes that people have applied.

    Example: secondcoder codebook derive --output codebook/derived.yaml
    """
    from assistant.interchange.study_codebook.beside_codings import derive_study

    with opened(folder) as (study, store):
        made = derive_study(study, store, output, force=force)
    if as_json_:
        print_json(made)
    else:
        _print_derived(made)


def _print_derived(made: Derived) -> None:
    table(
        ["code", "codings", "transcripts"],
        [(use.code, use.codings, use.transcripts) for use in made.counts],
    )
    for proposal in made.proposals:
        click.echo(
            f"Proposed: “{proposal.alias}” is another spelling of “{proposal.of}” "
            f"(differs in {proposal.difference})."
        )
    click.echo(
        f"{counted(made.codes, 'code')} from {counted(made.codings, 'coding')} by "
        f"{counted(made.coders, 'person', 'people')} in "
        f"{counted(made.transcripts, 'transcript')}, written to {made.file}."
    )
    note(
        "The file holds participants' words: keep it as safe as the transcripts.\n"
        "Next: write the definitions, decide on the proposals, then `secondcoder codebook check`."
    )


@codebook.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Take it in place of the codebook that is there.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def import_(folder: Path, file: Path, replace: bool, yes: bool, as_json_: bool) -> int:
    """Take a codebook from FILE: YAML, .qdc, or a table with columns code and definition.

    Tables are CSV, XLSX or the first one of a Word document. What was understood is shown first.
    Where the study has codes, only those that it lacks are added, and what the file says of codes
    that have no definition in the study.

    Example: secondcoder codebook import codes.csv
    """
    from assistant.guide.incoming import incoming_codebook, take
    from assistant.interchange.imports.no_interview import set_aside
    from assistant.store.trail.events import person

    with opened(folder) as (study, store):
        found = incoming_codebook(study, store, file.name, file.read_bytes())
        if found.error is not None:
            raise found.error
        if not as_json_:
            _print_incoming(found)
        whole = replace or not found.there
        if not whole and not (found.missing or found.undefined):
            note(
                "The study's codebook has all these codes, and a definition wherever the file has "
                "one; nothing was changed."
                + ("" if found.same else " To take the file in its place: --replace.")
            )
            return 0
        how = _what_to_take(found, whole)
        if not yes and not agreed(f"{how}?"):
            note("Nothing was taken.")
            return 3
        way: Way = "replace" if whole else "add"
        if file.resolve().is_relative_to(study.transcripts_folder.resolve()):
            set_aside(store, [file])  # else it would be asked about as an interview for ever
        saved = take(study, store, found.text, way, person(), seen=found.seen, name=file.name)
    if as_json_:
        print_json({"codes": len(saved.codebook.codes), "notes": found.notes})
    else:
        click.echo(f"The codebook has {counted(len(saved.codebook.codes), 'code')} now.")
    return 0


def _what_to_take(found: Incoming, whole: bool) -> str:
    """What saying yes would do, without a question mark."""
    if whole:
        wanted = f"Take {counted(found.codes, 'code')}"
        if not found.there:
            return wanted
        for step in found.steps:
            touched = counted(step.codings, "coding") + " by people"
            note(
                f"{counted(len(step.codes), 'code')} {step.words}"
                + (f" ({touched})" if step.codings else "")
                + f": {', '.join(step.codes)}."
            )
        return f"{wanted} in place of those that are there"
    parts = [counted(len(found.missing), "code")] if found.missing else []
    if found.undefined:
        parts.append(
            f"the {'definition' if len(found.undefined) == 1 else 'definitions'} of "
            f"{counted(len(found.undefined), 'code')} that "
            f"{'has' if len(found.undefined) == 1 else 'have'} none"
        )
    return f"Add {' and '.join(parts)} to the {found.there} that are there"


def _print_incoming(found: Incoming) -> None:
    from assistant.codebook.loading import read_codebook_text

    click.echo(f"{found.file}: {found.what}, {counted(found.codes, 'code')}.")
    table(
        ["code", "definition", "include", "exclude", "examples"],
        [
            (c.label, c.definition or "–", c.include or "–", c.exclude or "–", len(c.examples))
            for c in read_codebook_text(found.text, found.file).codebook.codes
        ],
    )
    for said in found.notes:
        note(said)


@codebook.command("history")
@click.option(
    "--declare",
    multiple=True,
    metavar="CHANGE",
    help="Say what the last change means, such as `rename old -> new: why`. Can be repeated.",
)
@click.option(
    "--from",
    "declared_from",
    default="",
    metavar="VERSION",
    help="With --declare: the version that the change leads from, by the beginning of its hash. "
    "Default: the one before that in force, which is what the file holds.",
)
@json_option
@click.pass_obj
def history_(folder: Path, declare: tuple[str, ...], declared_from: str, as_json_: bool) -> None:
    """List the versions, what leads from each to the next, and which codings need recoding.

    The working copy is recorded as a version when it is new. What two files cannot tell, such as a
    split, is declared.

    Example: secondcoder codebook history --declare "split wide -> narrow-one, narrow-two: too wide"
    """
    from assistant.interchange.study_codebook.history import history

    with opened(folder) as (study, store):
        found = history(study, store, declare, declared_from)
    if as_json_:
        print_json(found)
    else:
        _print_history(found)


def _print_history(found: History) -> None:
    if not found.versions:
        click.echo("No version yet: the study has no codebook with codes.")
    for number, version in enumerate(found.versions):
        if number:
            _print_operations(found.steps[number - 1])
        now = version.sha256 == found.working_copy
        mark = " — the working copy" + (", recorded now" if found.recorded_now else "")
        click.echo(
            f"{number + 1}. {version.sha256.removeprefix('sha256:')[:_SHORT]}  "
            f"{version.recorded_at[:16]}  "
            f"{version.name}, version {version.version}, {counted(version.codes, 'code')}"
            f"{mark if now else ''}"
        )
    for step in found.further:
        old, new = (h.removeprefix("sha256:")[:_SHORT] for h in (step.old, step.new))
        click.echo(f"\nDeclared from {old} to {new}:")
        _print_operations(step)
    if found.recoding:
        click.echo("\nNeeds recoding (these codings count for nothing until then):")
        _print_recoding(found.recoding)
    if found.retired:
        click.echo("\nThe code is gone (kept, in no figure):")
        _print_recoding(found.retired)
    if found.versions and not found.recoding:
        click.echo("\nNo coding by people needs recoding.")


def _print_operations(step: Step) -> None:
    for operation in step.operations:
        into = f" -> {', '.join(operation.into)}" if operation.into else ""
        why = f"   ({operation.why})" if operation.why else ""
        click.echo(f"    {operation.op} {', '.join(operation.codes)}{into}{why}")


def _print_recoding(rows: tuple[Recoding, ...]) -> None:
    table(
        ["transcript", "coder", "code", "codings", "choose from"],
        [(r.transcript, r.coder, r.code, r.codings, ", ".join(r.choose_from) or "–") for r in rows],
    )
