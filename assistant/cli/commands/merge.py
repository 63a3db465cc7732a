"""``secondcoder merge``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, json_option, note, opened, print_json, progress_bar, table

if TYPE_CHECKING:
    from assistant.guide.settling import ShownConflict
    from assistant.interchange.sharing.merge import MergeReport

__all__ = ["merge"]


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--withdraw", is_flag=True, help="Carry out withdrawals of the other study here too.")
@click.option("--conflicts", "show", is_flag=True, help="List what two studies say differently.")
@click.option("--settle", default="", metavar="ID", help="Record that a conflict is settled.")
@click.option("--side", type=int, help="With --settle: which side holds, 1, 2, …; it takes effect.")
@click.option("--open", "open_", default="", metavar="TRANSCRIPT", help="Show its sealed codes.")
@click.option("--because", default="", help="With --settle and --open: how, or why.")
@json_option
@click.pass_obj
def merge(
    folder: Path,
    file: Path | None,
    withdraw: bool,
    show: bool,
    settle: str,
    side: int | None,
    open_: str,
    because: str,
    as_json_: bool,
) -> int:
    """Take in a FILE that somebody shared from a study of the same interviews.

    Nothing is overwritten. What is said differently is listed as conflicts, with both sides.
    Another person's blind codes stay sealed until both have finished. Without FILE: opens what
    may be seen by now, and says what is sealed or in conflict.

    Example: secondcoder merge ana.share.zip
    """
    from assistant.errors import UserError

    if sum((file is not None, show, bool(settle), bool(open_))) > 1:
        raise UserError(
            "FILE, --conflicts, --settle and --open are different things to do; nothing was done.",
            hint="Do one after the other.",
        )
    if settle:
        return _settle(folder, settle, side, because, as_json_)
    if open_:
        return _open(folder, open_, because, as_json_)
    if file is None:
        return _standing(folder, as_json_)
    return _merge(folder, file, withdraw, as_json_)


def _merge(folder: Path, file: Path, withdraw: bool, as_json_: bool) -> int:
    from assistant.interchange.sharing.counts import in_words
    from assistant.interchange.sharing.merge import merge_file
    from assistant.interchange.sharing.package import open_share

    with opened(folder) as (study, store):
        with open_share(file) as share:
            rows = sum(entry.rows for entry in share.manifest.tables.values())
        with progress_bar(rows, "Taking in rows", quiet=as_json_) as advance:

            def told(done: int, table: str) -> None:
                advance(done, f"({in_words(table)})" if table else "")

            done = merge_file(study, store, file, withdraw=withdraw, progress=told)
    if as_json_:
        print_json(done)
    else:
        _print(done)
    return 0


def _stay(count: int) -> str:
    return "stays" if count == 1 else "stay"


def _rest(count: int) -> str:
    return "rests" if count == 1 else "rest"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _print(done: MergeReport) -> None:
    if done.unchanged and not done.new_conflicts:
        click.echo("Everything in this file was here already. Nothing changed.")
    else:
        _print_counts(done)
    if done.codebook:
        click.echo(f"This study had no codes yet: the shared codebook is in {done.codebook}.")
    for name in done.withdrawn:
        click.echo(f"“{name}” was withdrawn in the other study, and now here.")
    for name, here, there in done.kept:
        click.echo(
            f"Consent for “{name}” stays “{here}”, as it was settled; the file says “{there}”."
        )
    for said in done.names.said:
        click.echo(said)
    for coder, count in done.sealed.items():
        click.echo(
            f"{counted(count, 'blind coding')} of {coder} {_stay(count)} sealed until {coder} "
            "and another person have finished their transcripts."
        )
    for one in done.waiting:
        click.echo(f"Of {one.coder} on “{one.transcript}”: {one.why}. {one.until}")
    for coder, count in done.opened.items():
        click.echo(
            f"{counted(count, 'blind coding')} of {coder} can be seen now: everybody has finished."
        )
    if done.one_login and not done.unchanged:
        note(
            f"The file was made under the login “{done.one_login}”, which is the one here too. If "
            "you are two people, what both decide counts as one person's, and no difference "
            'between you is seen. Each says once who she is: secondcoder who "Your Name"'
        )
    for what, count in _passed_over(done).items():
        note(
            f"{counted(count, 'row')} ({what}) {_rest(count)} on something that the file "
            "does not have."
        )
    if done.conflicts:
        click.echo(
            f"What the two studies say differently: {counted(len(done.conflicts), 'conflict')} "
            f"{_are(len(done.conflicts))} open, {done.new_conflicts} of them new. Both sides are "
            "kept; to see and settle them: secondcoder merge --conflicts"
        )
    elif not done.unchanged:
        click.echo("Nothing is said differently in the two studies.")


def _passed_over(done: MergeReport) -> dict[str, int]:
    from assistant.interchange.sharing.counts import in_words

    found: Counter[str] = Counter()
    for name, count in done.passed_over.items():
        found[in_words(name)] += count
    return dict(found)


def _print_counts(done: MergeReport) -> None:
    """Every row of the file once: each line adds up, and so does each column."""
    from assistant.interchange.sharing.counts import RowCounts, grouped, in_words

    groups = grouped(done.counts)
    total = sum(groups.values(), RowCounts(0, 0, 0, 0, 0))
    heads = ["what", "in the file", "new here", "here already"]
    heads += ["sealed"] if total.sealed else []
    heads += ["left out"] if total.left_out else []
    table(
        heads,
        [
            (
                *(name, str(c.in_file), str(c.new), str(c.there)),
                *([str(c.sealed)] if total.sealed else []),
                *([str(c.left_out)] if total.left_out else []),
            )
            for name, c in (*groups.items(), ("together", total))
        ],
    )
    completed = sum(done.filled.values())
    if completed:
        what = ", ".join(f"{n} of {in_words(t)}" for t, n in done.filled.items())
        click.echo(
            f"Of what was here already, {counted(completed, 'row')} {_were(completed)} completed "
            f"or made stricter by the file: {what}."
        )


def _standing(folder: Path, as_json_: bool) -> int:
    from assistant.guide.settling import shown_conflicts
    from assistant.interchange.sharing.opening import open_ready, waiting
    from assistant.store.sharing.conflicts import conflicts
    from assistant.store.trail.events import person

    with opened(folder) as (study, store):
        done = open_ready(store)
        found, sealed = conflicts(store), waiting(store)
        shown = shown_conflicts(study, store, person())
    if as_json_:
        print_json({"conflicts": found, "sealed": sealed, "opened": done.codings})
        return 0
    for coder, count in done.codings.items():
        click.echo(
            f"{counted(count, 'blind coding')} of {coder} can be seen now: everybody has finished."
        )
    if found:
        _print_conflicts(shown, len(found) - len(shown))
    else:
        click.echo("No two studies have said anything differently.")
    for one in sealed:
        click.echo(
            f"Sealed: {one.coder} on “{one.transcript}”, {counted(one.rows, 'row')}: {one.why}."
            + f" {one.until}" * bool(one.until)
        )
    return 0


def _print_conflicts(shown: Sequence[ShownConflict], held_back: int) -> None:
    """What differs, whose word it is, what each side says, and the command that decides it."""
    from textwrap import shorten

    open_ = sum(not one.settled for one in shown)
    settled = len(shown) - open_
    click.echo(
        f"What two studies say differently: {open_} open{f', {settled} settled' * bool(settled)}. "
        "Both sides are kept."
    )
    for one in shown:
        where = f", passage {one.segment + 1}" if one.segment is not None else ""
        click.echo(f"\n{_capital(one.kind_words)}: {one.about}{where}")
        if one.quote:
            click.echo(f"  “{shorten(one.quote, 100, placeholder=' …')}”")
        for number, side in enumerate(one.sides, 1):
            more = f" ({', '.join(side.more)})" if side.more else ""
            click.echo(f"  {number}. {side.words}{more}{'; holds here now' * side.holds}")
        if one.settled:
            click.echo(f"  Settled. {one.settled}")
        else:
            click.echo(f"  {one.until}")
            choices = " or ".join(str(n) for n in range(1, len(one.sides) + 1))
            click.echo(f"  To decide: secondcoder merge --settle {one.identity} --side 1")
            click.echo(f'  ({choices} is the side that holds; or, changing nothing, --because "…")')
    if held_back:
        click.echo(
            f"\n{held_back} more not shown: about codes of a transcript that you are "
            "still to code blind."
        )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _settle(folder: Path, identity: str, side: int | None, because: str, as_json_: bool) -> int:
    from assistant.guide.settling import settle_for
    from assistant.store.trail.events import person

    with opened(folder) as (study, store):
        number = None if side is None else side - 1
        done = settle_for(study, store, identity, number, because, person())
    if as_json_:
        print_json(done)
    else:
        click.echo(f"Conflict {done.identity} is settled: {done.settled}")
    return 0


def _open(folder: Path, name: str, because: str, as_json_: bool) -> int:
    from assistant.interchange.sharing.opening import open_by_hand

    with opened(folder) as (_, store):
        done = open_by_hand(store, name, because)
    if as_json_:
        print_json(done)
    else:
        said = ", ".join(f"{counted(n, 'coding')} of {who}" for who, n in done.codings.items())
        click.echo(f"Opened: {said or 'nothing was sealed'}.")
    return 0
