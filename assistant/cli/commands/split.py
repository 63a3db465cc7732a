"""``secondcoder split``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import json_option, note, opened, print_json, table

__all__ = ["split"]


@click.command()
@click.option("--test", type=int, help="Transcripts to keep for the test. Default: half of them.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="A number to draw by: the same one draws the same split.",
)
@click.option("--draw", is_flag=True, help="Draw it with the defaults (--test and --seed do too).")
@json_option
@click.pass_obj
def split(folder: Path, test: int | None, seed: int | None, draw: bool, as_json_: bool) -> None:
    """Keep coded transcripts for a test that nothing is chosen by; show which.

    Drawn once, at random, so that codes and coders divide evenly. From then on examples, prompts
    and codebook are chosen on the development part, and only figures from the others count towards
    verdicts. Below 20 coded transcripts you do not need it.

    Example: secondcoder split --test 12 --seed 5
    """
    from assistant.errors import UserError
    from assistant.guide.words import explained
    from eval.sampling.splitting import draw_split, stored_split

    with opened(folder) as (study, store):
        if draw or test is not None or seed is not None:
            found = draw_split(study, store, test=test, seed=seed)
        else:
            there = stored_split(study, store)
            if there is None:
                raise UserError(
                    "The study's transcripts are not split.",
                    hint="Below 20 coded transcripts that is as it should be. To draw a split: "
                    "secondcoder split --draw.",
                )
            found = there
    if as_json_:
        print_json(found)
        return
    click.echo(explained(f"Drawn {found.drawn_at[:10]} with seed {found.seed}.", "seed"))
    click.echo(f"Development ({len(found.development)}): {', '.join(found.development)}")
    click.echo(f"Test ({len(found.test)}): {', '.join(found.test)}")
    if found.unassigned:
        click.echo(f"Coded since, in neither part: {', '.join(found.unassigned)}")
    table(
        ["", "name", "development", "test"],
        [(r.kind, r.name, r.development, r.test) for r in found.rows],
        title="Passages of each code, transcripts of each coder",
    )
    for remark in found.notes:
        note(f"Note: {remark}")
