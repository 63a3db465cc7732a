"""``secondcoder runs``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import as_json, counted, json_option, note, opened, print_json, table
from assistant.counting import decimals
from assistant.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.coding.summary import Ranking, RunDetails, RunSummary, UnplacedItem
    from assistant.store.model.reply_records import Suggestion

__all__ = ["OUTCOMES", "runs"]

OUTCOMES = {
    "chunks": "pieces of text",
    "uncoded": "noticed where no code fits",
    "unplaced": "not placed",
    "coded-empty": "without a code",
    "not-coded": "without words",
    "ranked": "only ranked (no suggestions without calibration)",
    "not-asked": "not asked about (the interviewer speaks, or too short)",
    "exact": "quoted word for word",
    "close": "quoted nearly so",
    "folded": "quoted with other spaces, signs or capitals",
    "cut": "with a quote cut from the text",
    "unanchored": "whose quote is not in the text",
    "ambiguous": "whose quote stands in several places",
    "unknown-code": "with a code that the codebook lacks",
}
"""Stored words of a run's outcomes, as people would say them. Not here: said as stored."""

_WORDS_SHOWN = 14
"""Of a passage, in the list for people; JSON has all of it."""


@click.command()
@click.argument("number", type=int, required=False)
@click.option("--suggestions", "list_suggestions", is_flag=True, help="List the suggestions.")
@click.option(
    "--withheld",
    is_flag=True,
    help="List suggestions of codes in the lane `withhold` too, which are hidden otherwise.",
)
@click.option("--unplaced", "list_unplaced", is_flag=True, help="List what could not be placed.")
@click.option("--failed", "list_failed", is_flag=True, help="List segments that were not coded.")
@click.option(
    "--ranking",
    "list_ranking",
    is_flag=True,
    help="List the codes that `judge` ranked for each passage, best first; no suggestions.",
)
@json_option
@click.pass_obj
def runs(
    folder: Path,
    number: int | None,
    list_suggestions: bool,
    withheld: bool,
    list_unplaced: bool,
    list_failed: bool,
    list_ranking: bool,
    as_json_: bool,
) -> None:
    """List runs, or show what became of every call, segment and suggestion of run NUMBER.

    The options list more of one run; where the study has a single one, NUMBER can be left out.

    Example: secondcoder runs 1 --unplaced
    """
    from assistant.coding.summary import all_runs, only_run, ranking, run_details
    from assistant.coding.under_preparation import under_preparation
    from assistant.decisions.standing import lanes_if_measured, without_withheld
    from assistant.store.finding import find_run

    asked = {
        "--suggestions": list_suggestions,
        "--withheld": withheld,
        "--unplaced": list_unplaced,
        "--failed": list_failed,
        "--ranking": list_ranking,
    }
    of_one = [option for option, wanted in asked.items() if wanted]
    if list_ranking and len(of_one) > 1:
        raise UserError(
            "--ranking lists codes that are no suggestions, so it stands alone.",
            hint=f"Ask twice: once with --ranking, once with {' '.join(of_one[:-1])}.",
        )
    with opened(folder) as (study, store):
        if number is None and of_one:
            number = only_run(store, of_one)
            note(f"Run {number}, the only one of this study:")
        if number is None:
            listed = all_runs(store)
            ahead = under_preparation(study)
            if not as_json_ and ahead is not None:
                click.echo(f"{ahead.in_words}.")
            if listed or ahead is None or as_json_:
                _list(listed, as_json_)
            return
        if list_ranking:
            ranked = ranking(store, number)
            if as_json_:
                print_json(ranked)
            else:
                _print_ranking(ranked)
            return
        found = run_details(store, number)
        lanes = lanes_if_measured(study, store, find_run(store, number))
    shown = found.suggestions if withheld else without_withheld(found.suggestions, lanes)
    hidden = len(found.suggestions) - len(shown)
    if as_json_:
        shown_now = [{**as_json(s), "lane": lanes.get(s.code, "")} for s in shown]
        print_json({**as_json(found), "suggestions": shown_now, "withheld": hidden})
        return
    _print_run(found, lanes)
    if list_suggestions:
        _print_suggestions(shown, lanes)
        if hidden:
            click.echo(
                f"Not listed: {counted(hidden, 'suggestion')} of codes in the lane withhold "
                f"(secondcoder runs {number} --suggestions --withheld)."
            )
    if list_unplaced:
        _print_unplaced(found.unplaced)
    if list_failed:
        if not found.not_coded:
            click.echo("No segment was left uncoded.")
        for o in found.not_coded:
            click.echo(f"{o.transcript}, segment {o.segment + 1}: {o.status}: {o.why}")


def _list(listed: Sequence[RunSummary], as_json_: bool) -> None:
    if as_json_:
        print_json(listed)
    elif not listed:
        click.echo("No run yet. `secondcoder code` makes one.")
    else:
        heads = ("run", "model coder", "status", "transcripts", "calls", "suggestions")
        table(
            [*heads, "not placed", "started"],
            [
                (
                    r.id,
                    r.coder,
                    r.status,
                    ", ".join(r.transcripts),
                    r.calls,
                    r.suggestions,
                    r.unplaced,
                    r.started_at[:16].replace("T", " "),
                )
                for r in listed
            ],
        )


def _print_run(found: RunDetails, lanes: Mapping[str, str]) -> None:
    from assistant.recipe import embedding_of

    click.echo(f"Run {found.summary.id}: {found.summary.status}. {found.summary.why}".rstrip())
    click.echo(f"Model coder: {found.summary.coder}")
    for remark in found.notes:
        click.echo(f"  {remark}")
    if found.withdrawn:
        click.echo(f"  {found.withdrawn}")
    for name, counts in found.outcomes.items():
        said = ", ".join(f"{n} {OUTCOMES.get(what, what)}" for what, n in counts.items() if n)
        click.echo(f"  {OUTCOMES.get(name, name)}: {said or 'none'}")
    vectors, address = embedding_of(found.header)
    if vectors:
        click.echo(
            f"  Passages and codes as vectors: {vectors} at {address} "
            f"({counted(int(found.usage.get('embedding_calls') or 0), 'call')}, "
            f"{counted(int(found.usage.get('embedding_texts') or 0), 'text')}; what was there "
            "already was not sent again)"
        )
    if found.outcomes["calls"] or found.usage.get("embedding_calls"):
        _print_usage(found.usage)
    elif not vectors:
        click.echo("  No call was made: nothing was asked of a model.")
    if found.by_code:
        table(
            ["code", "lane", "suggested", "open", "accepted", "rejected", "amended"],
            [(row[0], lanes.get(row[0], "–"), *row[1:]) for row in found.by_code],
        )
    else:
        click.echo("No code was suggested.")
    if found.outcomes["segments"].get("ranked"):
        click.echo(f"What was ranked instead: secondcoder runs {found.summary.id} --ranking")


def _print_suggestions(shown: Sequence[Suggestion], lanes: Mapping[str, str]) -> None:
    table(
        ["number", "transcript", "segment", "code", "lane", "p", "quote", "decision"],
        [
            (
                s.id,
                s.transcript,
                s.segment + 1,
                s.code,
                lanes.get(s.code, "–"),
                "–" if s.probability is None else decimals(s.probability),
                s.quote,
                s.decision,
            )
            for s in shown
        ],
    )


def _print_unplaced(unplaced: Sequence[UnplacedItem]) -> None:
    for u in unplaced:
        click.echo(
            f"{u.transcript}, segment {'?' if u.segment is None else u.segment + 1}: "
            f"{u.code_written}: "
            f"“{u.reply_quote}”\n    {u.why}"
        )
        if u.nearest:
            click.echo(f"    nearest passage: “{u.nearest}”")
    if not unplaced:
        click.echo("All that the model said was placed.")


def _print_usage(used: dict[str, float | int | None]) -> None:
    cost = used.get("cost")
    click.echo(
        f"  tokens: {used.get('tokens_in') or 0} in, {used.get('tokens_out') or 0} out, "
        f"{used.get('tokens_cached') or 0} of them cached; cost: "
        + ("not known" if cost is None else f"{cost:.4f}")
    )


def _print_ranking(found: Ranking) -> None:
    click.echo(f"Codes ranked by run {found.run}, best first. {found.what}")
    answered = any(row.log_odds is not None for row in found.rows)
    table(
        [
            "transcript",
            "segment",
            "code",
            "score",
            *(["model says"] if answered else []),
            "passage",
        ],
        [
            (
                row.transcript,
                row.segment + 1,
                row.code,
                decimals(row.score, 3),
                *([_said(row.log_odds)] if answered else []),
                _begin(row.passage),
            )
            for row in found.rows
        ],
    )


def _said(log_odds: float | None) -> str:
    if log_odds is None:
        return "–"
    return f"{'yes' if log_odds > 0 else 'no'} ({log_odds:+.1f})"


def _begin(passage: str) -> str:
    words = passage.split()
    return " ".join(words[:_WORDS_SHOWN]) + (" …" if len(words) > _WORDS_SHOWN else "")
