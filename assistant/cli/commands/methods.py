"""``secondcoder methods``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import json_option, opened

__all__ = ["methods"]


@click.command()
@click.option("--run", "run_id", type=int, help="About this run. Default: the last one measured.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write into. Default: runs/reports/methods/ of the study.",
)
@json_option
@click.pass_obj
def methods(folder: Path, run_id: int | None, out: Path | None, as_json_: bool) -> None:
    """Write the paragraph and the table that a paper needs.

    Only what the database holds is said; what the program cannot know, such as the training of
    coders, stands as a marked gap. Written as a page, Markdown and JSON.

    Example: secondcoder methods --run 2
    """
    from eval.methods.facts import gather
    from eval.methods.page import methods_document
    from eval.methods.sentences import paragraphs
    from eval.methods.writing import facts_json
    from eval.report.files import write_page

    with opened(folder) as (study, store):
        facts = gather(study, store, run_id)
        place = out or study.folder / "runs" / "reports" / "methods"
    said = paragraphs(facts)
    content = facts_json(facts, said)
    files = write_page(methods_document(facts), content, place, "methods")
    if as_json_:
        click.echo(content)
        return
    click.echo("\n\n".join(said))
    for remark in facts.remarks:
        click.echo(f"\nNote: {remark}")
    if facts.measured is None:
        click.echo("\nNothing was measured yet: `secondcoder evaluate` does it.")
    click.echo(f"\nWritten: {files.html}")
