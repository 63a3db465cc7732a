"""``secondcoder inspect``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import counted, json_option, note, opened, table

__all__ = ["inspect"]


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write into. Default: runs/reports/inspect/ of the study.",
)
@click.option("--open/--no-open", "open_it", default=False, help="Show the page in the browser.")
@json_option
@click.pass_obj
def inspect(folder: Path, out: Path | None, open_it: bool, as_json_: bool) -> None:
    """Look at what people coded, before any model is asked.

    Who coded what, having seen what; two names that may be one person's; codes never or hardly
    used, nearly alike, without definition, or used by one person only; codings of a word or of
    pages; passages coded twice; coders who may have stopped half-way; agreement where two people
    coded. Written as a page, Markdown and JSON, without participants' words. The agreement is
    stored, as `evaluate` stores it.

    Example: secondcoder inspect --open
    """
    from eval.inspect.looking import inspect_study
    from eval.inspect.page import by_two, findings_in_words, inspect_document
    from eval.inspect.sections import agreement_of
    from eval.inspect.writing import inspected_json
    from eval.report.beside import behind_summary
    from eval.report.files import write_page

    with opened(folder) as (study, store):
        if not as_json_:
            note("Looking at people's codes …")
        found = inspect_study(study, store)
        place = out or study.folder / "runs" / "reports" / "inspect"
    content = inspected_json(found)
    files = write_page(inspect_document(found), content, place, "inspect")
    if as_json_:
        click.echo(content)
    else:
        click.echo(
            f"{found.coded} of {counted(found.transcripts, 'transcript')} coded, "
            f"{by_two(found)}; "
            f"{counted(len(found.coders), 'person', 'people')}, "
            f"{counted(sum(c.codings for c in found.coders), 'coding')}."
        )
        table(
            ["person", "transcripts", "codings", "codes", "median words", "had seen"],
            [
                (
                    c.name,
                    c.transcripts,
                    c.codings,
                    c.codes,
                    round(c.median_words),
                    ", ".join(f"{kind} in {n}" for kind, n in c.exposures.items()),
                )
                for c in found.coders
            ],
        )
        for sentence in findings_in_words(found):
            click.echo(f"- {sentence}")
        if found.people is not None:
            values = found.people.together.pooled.values
            click.echo(
                f"Agreement of {agreement_of(found)}, all codes: kappa {values['kappa']}, "
                f"F1 {values['f1']}."
            )
            names = {c.code: c.name for c in found.codes}
            beside = behind_summary(found.people.together, lambda code: names.get(code, code))
            if beside:
                click.echo(f"Behind that kappa: {beside}.")
            for text in found.notes:
                note(f"Note: {text}")
        else:
            click.echo(f"Agreement: {found.no_agreement}")
        if found.evaluation is not None:
            click.echo(
                f"\nEvaluation {found.evaluation}, of people with each other, is stored: looking "
                "at agreement counts as a look at the evidence."
            )
        click.echo(f"\nWritten: {files.html}")
    if open_it:
        click.launch(files.html.resolve().as_uri())
