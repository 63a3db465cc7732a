"""``secondcoder demo``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from assistant.cli.common import json_option, note, print_json

__all__ = ["demo"]


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--model", default="", help="`none`: without a language model, much quicker.")
@json_option
def demo(folder: Path | None, model: str, as_json_: bool) -> None:
    """Run the main job on the invented example study, offline: import, code, evaluate, report.

    Example: secondcoder demo --model none
    """
    from assistant.guide.demo import default_folder, run_demo

    last: list[Any] = ["", 0.0]

    def progress(what: str, done: int, total: int, remark: str) -> None:
        """A line every ten seconds, with an estimate."""
        if as_json_:
            return
        now = time.monotonic()
        if last[0] != what:
            last[0], last[1] = what, now
            starts[what] = (now, done)
        if now - last[1] < 10:
            return
        last[1] = now
        begun, first = starts[what]
        left = (now - begun) / max(1, done - first) * (total - done)
        note(f"  {what}: {done} of {total}, about {left:.0f} s left ({remark})")

    starts: dict[str, tuple[float, int]] = {}
    result = run_demo(
        folder or default_folder(), model, (lambda _: None) if as_json_ else click.echo, progress
    )
    if as_json_:
        print_json(result)
        return
    lanes = ", ".join(f"{n} {lane}" for lane, n in sorted(result.lanes.items()))
    click.echo(f"Lanes of the codes: {lanes}.")
    click.echo(f"It took {result.seconds:.0f} s after the set-up.")
    click.echo(f"The study:  {result.folder}")
    click.echo(f"The report: {result.report}")
    click.echo(f'Look further: cd "{result.folder}", then secondcoder status')
