"""``secondcoder evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import json_option, note, opened, progress_bar, table

if TYPE_CHECKING:
    from eval.evaluation.results import Evaluation

__all__ = ["evaluate"]


@click.command()
@click.option("--run", "run_id", type=int, help="Measure this run. Without: people only.")
@click.option(
    "--unit",
    type=click.Choice(["segment", "exchange"]),
    default="segment",
    show_default=True,
    help="What is compared: passages, or questions with their answers.",
)
@click.option("--with-adjudicated", is_flag=True, help="Measure adjudicated versions too.")
@click.option("--all", "every", is_flag=True, help="Measure and list further coefficients too.")
@click.option("--all-codes", is_flag=True, help="List all codes, also those that nobody used.")
@click.option(
    "--details", is_flag=True, help="Further tables: by transcript, baselines, why each lane."
)
@json_option
@click.pass_obj
def evaluate(
    folder: Path,
    run_id: int | None,
    unit: str,
    with_adjudicated: bool,
    every: bool,
    all_codes: bool,
    details: bool,
    as_json_: bool,
) -> None:
    """Measure how well people agree, and a run beside them; decide each code's lane.

    The answer comes first: who agrees how well with whom, then the lanes, then the codes. Square
    brackets hold what these transcripts allow (an interval of 95%).

    Example: secondcoder evaluate --run 1
    """
    from assistant.store.measured.evidence import standing_verdicts
    from eval.evaluation.serialising import evaluation_to_json
    from eval.evaluation.studying import STEPS, evaluate_study

    if not as_json_:
        note("Measuring … a dozen interviews take seconds, many take minutes.")
    with (
        opened(folder) as (study, store),
        progress_bar(STEPS, "Measuring", quiet=as_json_) as advance,
    ):
        first_lanes = not standing_verdicts(store)
        made = evaluate_study(
            study,
            store,
            run_id=run_id,
            unit=unit,  # type: ignore[arg-type]
            with_adjudicated=with_adjudicated,
            every_coefficient=every,
            tell=advance,
        )
    if as_json_:
        click.echo(evaluation_to_json(made.evaluation))
        return
    _print(made.evaluation, all_codes, first_lanes=first_lanes)
    if details:
        from assistant.cli.commands.evaluate_details import print_details

        print_details(made.evaluation, all_codes)
    if made.evaluation.more is not None and (details or every):
        from assistant.cli.commands.evaluate_further import print_more

        print_more(made.evaluation.more, made.evaluation.code_names)
    _notes(made.evaluation)
    click.echo(
        f"\nEvaluation {made.id} is stored. "
        + ("" if details else "--details shows more here; ")
        + "`secondcoder report` writes every table and figure as a page."
    )


def _print(found: Evaluation, all_codes: bool, *, first_lanes: bool) -> None:
    """``first_lanes``: nothing has spoken of lanes in this study before."""
    from assistant.guide.words import explained
    from eval.report.short import short_answer

    short = short_answer(found, every_code=all_codes)
    click.echo(short.heading)
    if short.answer is not None:
        table(short.answer.columns, short.answer.rows)
    for sentence in short.said:
        of_lanes = first_lanes and sentence.startswith("Lanes of ")
        click.echo(explained(sentence, "lane") if of_lanes else sentence)
    if short.codes is not None:
        table(short.codes.columns, short.codes.rows)
    for sentence in short.below:
        click.echo(sentence)


def _notes(found: Evaluation) -> None:
    from eval.report.left_out import lacking_in_words

    for remark in (*found.notes, *filter(None, [lacking_in_words(found)])):
        note(f"Note: {remark}")
