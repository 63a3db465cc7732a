"""``secondcoder compare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, json_option, note, opened, print_json, table

if TYPE_CHECKING:
    from eval.compare.records import Comparison

__all__ = ["compare"]


@click.command()
@click.argument("first", type=int)
@click.argument("second", type=int)
@click.option(
    "--noise",
    multiple=True,
    type=int,
    help="A run that should say the same as FIRST: codebook in another order, prompt in other "
    "words. May be given again. Repeats are found without it.",
)
@click.option("--anyway", is_flag=True, help="Also across changed definitions: drift only.")
@click.option("--without-quotes", is_flag=True, help="No words of participants, no rationales.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write into. Default: runs/reports/compare-A-B/ of the study.",
)
@click.option("--open/--no-open", "open_it", default=False, help="Show it in the browser.")
@json_option
@click.pass_obj
def compare(
    folder: Path,
    first: int,
    second: int,
    noise: tuple[int, ...],
    anyway: bool,
    without_quotes: bool,
    out: Path | None,
    open_it: bool,
    as_json_: bool,
) -> None:
    """Is run SECOND better than run FIRST? What did it fix, break and change?

    On the same passages, under one set of definitions. Where a definition changed between the two
    it refuses and lists the passages to code again.

    Example: secondcoder compare 1 2 --open
    """
    from assistant.guide.comparing import compare_in_study

    with opened(folder) as (study, store):
        made = compare_in_study(
            study,
            store,
            first,
            second,
            noise=noise,
            anyway=anyway,
            quotes=not without_quotes,
            out=out,
        )
    if as_json_:
        from eval.compare.writing import comparison_json

        print_json({"files": made.files, **comparison_json(made.comparison, quotes=False)})
    else:
        _print(made.comparison)
        for what, path in (
            ("page", made.files.html),
            ("Markdown", made.files.markdown),
            ("JSON", made.files.json),
        ):
            click.echo(f"  {what:9} {path}")
    if open_it:
        click.launch(made.files.html.resolve().as_uri())


def _print(found: Comparison) -> None:
    from collections import Counter

    from eval.compare.document import behind_each, of_few, the_same, title
    from eval.compare.fallen import fallen_out, without

    click.echo(title(found))
    for remark in found.notes:
        note(f"Note: {remark}")
    if found.same:
        click.echo(the_same(found))
    elif found.answers is not None:
        coded = found.answers.together.difference["kappa"].transcripts
        click.echo(
            f"On {counted(len(found.transcripts), 'transcript')}"
            + (f"; figures with people rest on {coded}" if coded < len(found.transcripts) else "")
            + "."
        )
        rows = [found.answers.together, *found.answers.codes]
        table(
            ["code", "answer", "kappa, first", "kappa, second", "difference", "in F1", "why"],
            [
                (
                    found.code_names.get(r.name, r.name),
                    r.answer,
                    str(r.first["kappa"]),
                    str(r.second["kappa"]),
                    str(r.difference["kappa"]),
                    str(r.difference["f1"]),
                    "; ".join(x for x in (r.why, without(found, r.name)) if x),
                )
                for r in rows
            ],
        )
    for sentence in (*behind_each(found), *fallen_out(found), *of_few(found)):
        click.echo(sentence)
    if found.same:
        click.echo("Written:")
        return
    happened = Counter(c.happened for c in found.changed)
    click.echo(
        f"{happened['fixed']} fixed, {happened['broken']} broken, {happened['changed']} changed. "
        "Written:"
    )
