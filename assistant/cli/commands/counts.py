"""``secondcoder counts``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import counted, json_option, opened, print_json, table

__all__ = ["counts"]


@click.command()
@click.option("--run", "run_id", type=int, required=True, help="The run that coded everything.")
@click.option("--code", "codes", multiple=True, help="Only this code. Can be repeated.")
@json_option
@click.pass_obj
def counts(folder: Path, run_id: int, codes: tuple[str, ...], as_json_: bool) -> None:
    """How often does each code occur: a model's numbers, corrected by a random part people coded.

    The random part is the sample of an audit (`secondcoder audit draw`), coded blind. Where people
    coded what they chose, the numbers cannot be corrected, and this is refused.

    Example: secondcoder counts --run 2 --code tools
    """
    from eval.sampling.counting import count_study

    with opened(folder) as (study, store):
        found = count_study(study, store, run_id, codes)
    if as_json_:
        print_json(found)
        return
    click.echo(
        f"{counted(found.passages, 'passage')} in "
        f"{counted(len(found.transcripts), 'transcript')} of run {found.run}; "
        f"{found.sampled} of them, drawn at random by audit {found.audit}, were coded by "
        f"{', '.join(found.people)}."
    )
    table(
        ["code", "the model's number", "corrected", f"{found.level:.0%} from", "to", "share"],
        [
            (
                c.code,
                c.naive,
                round(c.estimate),
                round(c.low),
                round(c.high),
                "under 0.1%" if 0 < c.share < 0.001 else f"{c.share:.1%}",
            )
            for c in found.codes
        ],
    )
    click.echo("Corrected: passages that people would have marked, had they coded all of it.")
    for c in found.codes:
        if c.naive and not c.judged:
            click.echo(
                f"Of “{c.name}” no passage that the model marked came into the sample: "
                f"{'it is' if c.naive == 1 else f'the {c.naive} are'} counted as right, and the "
                f"range as if {'it' if c.naive == 1 else 'each'} could be wrong."
            )
    for name, why in found.left_out.items():
        click.echo(f"Not corrected: “{name}”, since {why}.")
