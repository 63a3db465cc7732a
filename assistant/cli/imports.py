"""``secondcoder import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import (
    counted,
    json_option,
    note,
    opened,
    print_json,
    progress_bar,
    table,
)
from assistant.errors import UserError

if TYPE_CHECKING:
    from assistant.interchange.importing import ImportReport

__all__ = ["import_"]


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--coder", default="", help="Who coded these files, whatever they say themselves.")
@click.option(
    "--same-coder",
    multiple=True,
    metavar="USER=CODER",
    help="A user of another tool's project is this coder of the study. Can be repeated.",
)
@click.option(
    "--exposure",
    type=click.Choice(["independent", "blind", "after-model", "adjudicated", "unknown"]),
    default="unknown",
    help="What these coders had seen when coding. Only `independent` (without seeing other codes) "
    "counts as evidence; change it later with `transcripts`.",
)
@click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with one code label a line, to find labels in text exports.",
)
@click.option("--trust-labels", is_flag=True, help="Take lines that look like labels for labels.")
@click.option(
    "--take",
    multiple=True,
    type=click.Choice(["cases", "sentiment", "automatic"]),
    help="Take also what other tools keep beside codes. Can be repeated.",
)
@click.option(
    "--codebook",
    "codebook_out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the codes of another tool's project to this new codebook file.",
)
@click.option(
    "--columns",
    default="",
    help="What the columns of a table of codings mean, by letter or name: "
    "`transcript=A,quote=C,code=Theme,coder=B`. Needed only where their names do not tell.",
)
@click.option(
    "--reader",
    default="auto",
    help="Read files as this format, whatever they hold: `word` reads a Word document whose "
    "comments are no codes, `plain` a text without speakers on lines of their own.",
)
@click.option("--language", default="", help="Language of the interviews (en, fr, …).")
@click.option("--dry-run", is_flag=True, help="Read and report; store nothing.")
@json_option
@click.pass_obj
def import_(
    folder: Path,
    paths: tuple[Path, ...],
    coder: str,
    same_coder: tuple[str, ...],
    take: tuple[str, ...],
    codebook_out: Path | None,
    exposure: str,
    labels: Path | None,
    trust_labels: bool,
    columns: str,
    reader: str,
    language: str,
    dry_run: bool,
    as_json_: bool,
) -> int:
    """Bring in transcripts and people's codes, from files or from other tools' projects.

    PATHS are files or folders; without any, the study's transcripts/ folder. Files and projects of
    the same words become one transcript with several coders. Projects are those of NVivo,
    ATLAS.ti, MAXQDA and others as REFI-QDA (.qdpx, .qde; codebooks .qdc), and what else
    docs/interchange.md lists. Nothing is stored with --dry-run.

    Example: secondcoder import interviews/ --exposure independent
    """
    from assistant.cli.import_projects import asked, print_projects, same_coders
    from assistant.interchange.importing import ImportOptions, import_files
    from assistant.interchange.labels import known_codes, read_labels

    with opened(folder) as (study, store):
        options = ImportOptions(
            coder=coder,
            exposure=exposure,  # type: ignore[arg-type]
            known_codes=known_codes(study.codebook_file),
            labels=read_labels(labels) if labels else (),
            language=language,
            reader=reader,
            columns=_columns(columns),
            ask_coder=_ask if sys.stdin.isatty() and not as_json_ else None,
            confirm_labels=_confirm if sys.stdin.isatty() and not as_json_ else None,
            trust_guesses=trust_labels,
            dry_run=dry_run,
            same_coder=same_coders(same_coder),
            take=take,  # type: ignore[arg-type]
            codebook_file=study.codebook_file,
            study=study.config.name,
            write_codebook=codebook_out,
            ask=(lambda question: str(click.prompt(question))) if asked(as_json_) else None,
            ask_take=click.confirm if asked(as_json_) else None,
        )
        wanted = list(paths) or [study.transcripts_folder]
        total = sum(
            1 for p in wanted for f in ([p] if p.is_file() else p.rglob("*")) if f.is_file()
        )
        with progress_bar(total, "Reading", quiet=as_json_) as advance:
            count = [0]

            def step(name: str) -> None:
                advance(count[0], f"now {name}")
                count[0] += 1

            report = import_files(store, wanted, options, step)
            advance(total, "")
    if as_json_:
        print_json(report)
    else:
        print_projects(report.projects, dry_run)
        if report.files or not report.projects:
            _print(report, dry_run)
        _say_exposure(report, dry_run, exposure)
    if not report.files and not report.projects:
        note("No files were found there.")
        return 2
    refused = len(report.refused) + len(report.refused_projects)
    if refused == len(report.files) + len(report.projects):
        return 2
    in_part = any(s.status == "refused" for p in report.projects for s in p.sources)
    return 3 if refused or in_part else 0


def _columns(given: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for part in filter(str.strip, given.split(",")):
        role, equals, column = part.partition("=")
        if not equals or not column.strip():
            raise UserError(
                f"--columns does not understand {part.strip()!r}.",
                hint="Write pairs such as transcript=A,quote=C,code=D.",
            )
        found.append((role.strip().casefold(), column.strip()))
    return tuple(found)


def _ask(path: Path) -> str:
    return str(click.prompt(f"{path.name} holds codes. Who coded it?"))


def _confirm(path: Path, labels: tuple[str, ...]) -> bool:
    return click.confirm(
        f"{path.name}: these lines look like code labels: {', '.join(labels)}. Are they?"
    )


def _print(report: ImportReport, dry_run: bool) -> None:
    done = [file for file in report.files if file.status != "refused"]
    if done:
        table(
            ["transcript", "file", "read as", "coder", "codes", "what became of them"],
            [
                (
                    file.transcript,
                    Path(file.path).name,
                    ", ".join(x for x in (file.format, file.encoding, file.language) if x),
                    file.coder or "–",
                    file.codings or "–",
                    _fate(file.status, file.exact, file.partial, file.same, len(file.failed)),
                )
                for file in sorted(done, key=lambda f: (f.transcript, f.coder, f.path))
            ],
        )
    for file in (*done, *report.earlier):
        for failed in file.failed:
            note(
                f"{Path(file.path).name}: “{failed.code}” at {failed.start}–{failed.end} could "
                f"not be carried over to the transcript: {failed.why}"
            )
        for remark in file.notes:
            note(f"{Path(file.path).name}: {remark}")
    skipped = [(file, skip) for file in done for skip in file.skipped]
    if skipped:
        note(f"\nLeft out because it is not interview text ({len(skipped)}):")
        for file, skip in skipped:
            place = f", {skip.where}" if skip.where else ""
            note(f"  {Path(file.path).name}{place}: “{skip.what}” ({skip.why})")
    for file in report.refused:
        note(f"\nNot imported: {file.path}\n{file.error}")
    if report.files:
        there = len({file.transcript for file in done})
        verb = "would belong" if dry_run else "belong"
        click.echo(
            (
                f"\n{len(done)} of {counted(len(report.files), 'file')} {verb} to "
                f"{counted(there, 'transcript')}."
                if done
                else f"\nNone of {counted(len(report.files), 'file')} was imported."
            )
            + (" Nothing was stored (dry run)." if dry_run else "")
        )
    guessed = [
        file for file in done if any("nobody has confirmed" in skip.why for skip in file.skipped)
    ]
    if guessed:
        click.echo(
            f"Lines in {counted(len(guessed), 'file')} look like codes, and were taken for no "
            "codes because nobody said that they are. If they are, import the same files again "
            "with --trust-labels, or name the codes with --labels FILE."
        )


def _say_exposure(report: ImportReport, dry_run: bool, exposure: str) -> None:
    coded = any(file.coder for file in report.files if file.status != "refused") or any(
        coder.kind == "human" and coder.codings
        for project in report.projects
        if not project.knows_exposure
        for coder in project.coders
    )
    if exposure == "unknown" and coded and not dry_run:
        click.echo(
            "What the coders had seen is recorded as unknown: their codes are measured, but count "
            "towards no verdict. If they coded without seeing other codes, say so:\n"
            "  secondcoder transcripts --set-exposure independent [--coder NAME] [TRANSCRIPT …]"
        )


def _fate(status: str, exact: int, partial: int, same: int, failed: int) -> str:
    if status == "already there":
        return "already there"
    parts = [
        f"{count} {what}"
        for count, what in (
            (exact, "placed"),
            (partial, "placed in part"),
            (same, "stand in another file too"),
            (failed, "NOT placed"),
        )
        if count
    ]
    return ", ".join(parts) or "no codes"
