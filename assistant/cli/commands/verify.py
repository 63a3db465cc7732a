"""``secondcoder verify``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import json_option, opened, print_json
from assistant.counting import counted, counted_many

__all__ = ["verify"]


@click.command()
@json_option
@click.pass_obj
def verify(folder: Path, as_json_: bool) -> int:
    """Check every hash, quote and rule of the study. Changes nothing.

    Example: secondcoder verify
    """
    from assistant.store.verify import verify as check

    with opened(folder) as (_, store):
        result = check(store)
    if as_json_:
        print_json({"ok": result.ok, "checked": result.checked, "findings": result.findings})
        return 0 if result.ok else 4
    click.echo(
        "Checked: " + ", ".join(counted_many(n, what) for what, n in result.checked.items()) + "."
    )
    for finding in result.findings:
        click.echo(f"BROKEN: {finding.rule}. {finding.where}: {finding.what}.")
    click.echo(
        "All is as it should be." if result.ok else f"{counted(len(result.findings), 'finding')}."
    )
    return 0 if result.ok else 4
