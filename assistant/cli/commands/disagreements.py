"""``secondcoder disagreements``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import counted, json_option, note, opened, print_json, table

__all__ = ["disagreements"]


@click.command()
@click.option("--run", "run_id", type=int, help="With this run's suggestions. Without: people.")
@click.option(
    "--between",
    nargs=2,
    metavar="A B",
    help="Only two coders; `model` stands for the run.",
)
@click.option("--code", "codes", multiple=True, help="Only this code; may be given again.")
@click.option("--transcript", "names", multiple=True, help="Only there; may be given again.")
@click.option("--without-quotes", is_flag=True, help="No words of participants, no rationales.")
@click.option("--hide-sides", is_flag=True, help="Who is who stays closed until opened.")
@click.option("--with-adjudicated", is_flag=True, help="Adjudicated versions too.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write into. Default: a folder in runs/reports/ of the study.",
)
@click.option("--open/--no-open", "open_it", default=False, help="Show it in the browser.")
@json_option
@click.pass_obj
def disagreements(
    folder: Path,
    run_id: int | None,
    between: tuple[str, str] | None,
    codes: tuple[str, ...],
    names: tuple[str, ...],
    without_quotes: bool,
    hide_sides: bool,
    with_adjudicated: bool,
    out: Path | None,
    open_it: bool,
    as_json_: bool,
) -> None:
    """Write where coders disagree, sorted by who agrees with whom, as pages that open offline.

    People with people, or with a run. Needs no model and shows no coefficient. The pages hold
    participants' words, unless --without-quotes is given.

    Example: secondcoder disagreements --run 1 --open
    """
    from collections import Counter

    from assistant.guide.disagreeing import disagreements_in_study
    from eval.disagreements import Wanted
    from eval.disagreements.document import only_people
    from eval.disagreements.places import at_passages, how_many_at
    from eval.disagreements.records import KIND_WORDS, WHO, WHO_WORDS

    with opened(folder) as (study, store):
        wanted = Wanted(
            between=between or (),
            codes=codes,
            transcripts=names,
            interviewers=study.config.units.interviewers,
            count_interviewers=study.config.units.count_interviewers,
            with_adjudicated=with_adjudicated,
        )
        made = disagreements_in_study(
            study,
            store,
            wanted,
            run_id=run_id,
            quotes=not without_quotes,
            hide_sides=hide_sides,
            out=out,
        )
    found = made.gathered.disagreements
    classes = Counter((d.who, d.kind) for d in found)
    if as_json_:
        print_json(
            {
                "disagreements": len(found),
                "passages": how_many_at(found),
                "by_class": [
                    {"who": who, "kind": kind, "count": n} for (who, kind), n in classes.items()
                ],
                "files": made.files,
            }
        )
    else:
        for remark in (*made.gathered.study.notes, *filter(None, [only_people(made.gathered)])):
            note(f"Note: {remark}")
        table(
            ["who agrees with whom", "kind", "disagreements"],
            [
                (WHO_WORDS[who], KIND_WORDS[kind], n)
                for (who, kind), n in sorted(classes.items(), key=lambda i: WHO.index(i[0][0]))
            ],
        )
        click.echo(
            f"{at_passages(found)} in "
            f"{counted(len({d.transcript for d in found}), 'transcript')}. Written:"
        )
        for what, path in (
            ("page", made.files.html),
            ("Markdown", made.files.markdown),
            ("table", made.files.csv),
            ("JSON", made.files.json),
        ):
            click.echo(f"  {what:9} {path}")
        if made.files.codes:
            click.echo(f"  codes/    a page for each code ({len(made.files.codes)})")
    if open_it:
        click.launch(made.files.html.resolve().as_uri())
