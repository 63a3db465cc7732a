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
)
from assistant.errors import UserError

if TYPE_CHECKING:
    from assistant.interchange.imports.importing import ImportReport
    from assistant.interchange.imports.reports import LabelSeen

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
    "--same-as",
    multiple=True,
    metavar="[FILE=]TRANSCRIPT",
    help="The file (of a project or a table, the text) is this interview of the study, though less "
    "than 99% of the words are the same: cleaned, or transcribed again. Can be repeated.",
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
    "--gathers",
    multiple=True,
    metavar="CODE",
    help="This code of another tool's project only gathers the codings of the codes below it: they "
    "are not counted twice. Needed only where the report asks. Can be repeated.",
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
@click.option(
    "--encoding",
    default="",
    help="Encoding of plain texts, where accents come out wrong: Windows-1250, ISO-8859-2, …",
)
@click.option(
    "--speaker",
    "speakers",
    multiple=True,
    help="A speaker's name that is not recognised as one; can be given several times.",
)
@click.option(
    "--set-aside",
    "aside",
    is_flag=True,
    help="These files are no interviews: do not bring them in, and ask no more about them.",
)
@click.option("--dry-run", is_flag=True, help="Read and report; store nothing.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="List every line that was left out and every remark, file by file.",
)
@json_option
@click.pass_obj
def import_(
    folder: Path,
    paths: tuple[Path, ...],
    coder: str,
    same_coder: tuple[str, ...],
    same_as: tuple[str, ...],
    take: tuple[str, ...],
    gathers: tuple[str, ...],
    codebook_out: Path | None,
    exposure: str,
    labels: Path | None,
    trust_labels: bool,
    columns: str,
    reader: str,
    language: str,
    encoding: str,
    speakers: tuple[str, ...],
    aside: bool,
    dry_run: bool,
    everything: bool,
    as_json_: bool,
) -> int:
    """Bring in transcripts and people's codes, from files or from other tools' projects.

    PATHS are files or folders; without any, the study's transcripts/ folder. Files and projects of
    the same words become one transcript with several coders. Interviews are text, Markdown,
    Word (.docx), ODT, RTF, PDF with a text layer, or subtitles (.vtt, .srt). Projects are those
    of NVivo, ATLAS.ti, MAXQDA and others as REFI-QDA (.qdpx, .qde; codebooks .qdc), of Taguette
    (.sqlite3) and QualCoder (the .qda folder, or that folder zipped); codings come also from
    Word with codes as comments, Dedoose's Word export, and tables (.csv, .xlsx). Nothing is stored
    with --dry-run.

    Example: secondcoder import interviews/ --exposure independent
    """
    from assistant.cli.commands.import_projects import (
        asked,
        print_projects,
        same_coders,
        same_interview,
    )
    from assistant.cli.commands.import_saying import print_report
    from assistant.interchange.imports.asked import labels_answered
    from assistant.interchange.imports.files_meant import files_meant
    from assistant.interchange.imports.importing import ImportOptions, import_files
    from assistant.interchange.imports.known_codes import known_codes, read_labels

    if aside:
        from assistant.interchange.imports.no_interview import set_aside

        with opened(folder) as (_, store):
            click.echo(set_aside(store, paths))
        return 0
    with opened(folder) as (study, store):
        options = ImportOptions(
            coder=coder,
            exposure=exposure,  # type: ignore[arg-type]
            known_codes=known_codes(study.codebook_file),
            labels=read_labels(labels) if labels else (),
            language=language,
            reader=reader,
            encoding=encoding,
            speakers=speakers,
            columns=_columns(columns),
            ask_coder=_ask if sys.stdin.isatty() and not as_json_ else None,
            confirm_labels=_confirm if sys.stdin.isatty() and not as_json_ else None,
            trust_guesses=trust_labels,
            dry_run=dry_run,
            same_coder=same_coders(same_coder),
            same_as=same_interview(same_as),
            take=take,  # type: ignore[arg-type]
            gathers=gathers,
            codebook_file=study.codebook_file,
            study=study.config.name,
            write_codebook=codebook_out,
            ask=_ask_likely if asked(as_json_) else None,
            ask_take=click.confirm if asked(as_json_) else None,
        )
        wanted = list(paths) or [study.transcripts_folder]
        total = sum(1 for _ in files_meant(wanted))
        with progress_bar(total, "Reading", quiet=as_json_) as advance:
            count = [0]

            def step(name: str) -> None:
                advance(count[0], f"now {name}")
                count[0] += 1

            report = import_files(store, wanted, options, step)
            if not dry_run and (trust_labels or options.confirm_labels is not None):
                labels_answered(study, store, report)
            advance(total, "")
    if as_json_:
        print_json(report)
    else:
        brought = report.codebook.sources if report.codebook else ()
        print_projects(report.projects, dry_run, everything, brought)
        if report.files or not report.projects:
            print_report(report, dry_run, everything)
        _say_codebook(report, dry_run)
        for name in report.not_named:
            note(
                f"--same-as: no file or text named “{name}” is among these; nothing was done with "
                "it. Write the name as the report does, without a folder, and import again."
            )
        _say_exposure(report, dry_run)
    if not report.files and not report.projects:
        note(
            "No files were found there. Name the files or their folder: `secondcoder import PATH`. "
            "Hidden files are passed over, and in a study's own folder its codebook, prompts and "
            "reports."
        )
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


def _ask_likely(question: str, likely: str) -> str:
    return str(click.prompt(question, default=likely or None))


def _confirm(seen: tuple[LabelSeen, ...]) -> tuple[str, ...]:
    """One question for all files."""
    from assistant.cli.commands.import_saying import how_often

    click.echo("These lines look like code labels:")
    for one in seen:
        click.echo(f"  {how_often(one)}")
    question = "Are all of them code labels? (No: they are left out, and make no codes.)"
    return tuple(one.label for one in seen) if click.confirm(question) else ()


def _say_codebook(report: ImportReport, dry_run: bool) -> None:
    """What stands in a codebook that several files made."""
    book = report.codebook
    if book is None or len(book.sources) == 1:
        return
    verb = "would hold" if dry_run else "holds"
    listed = ", ".join(f"{count} of {file}" for file, count in book.sources if count)
    click.echo(f"The new codebook {book.file} {verb} {counted(book.codes, 'code')}: {listed}.")
    for code, file in book.other_definitions:
        note(f"- “{code}” has another definition in {file}; the one that came first was written.")


def _say_exposure(report: ImportReport, dry_run: bool) -> None:
    if report.unknown and not dry_run:
        click.echo(
            f"What the coders had seen is recorded as unknown ({', '.join(report.unknown)}): their "
            "codes are measured, but count towards no verdict. If they coded without seeing other "
            "codes, say so:\n"
            "  secondcoder transcripts --set-exposure independent [--coder NAME] [TRANSCRIPT …]"
        )
