"""``secondcoder review``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import json_option, note, print_json

__all__ = ["review"]


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: a free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@json_option
@click.pass_obj
def review(folder: Path, port: int, no_browser: bool, as_json_: bool) -> None:
    """Read, review and code in the browser. Serves this computer only; Control-C ends it.

    Works in a folder without a study too, and offers to make one there.

    Example: secondcoder review
    """
    from assistant.review.serving import Serving, serve

    def say(made: Serving) -> None:
        if as_json_:
            print_json({"address": made.address(), "port": made.port})
            return
        click.echo(f"Second Coder is open at\n\n  {made.address()}\n")
        click.echo("Only this computer can reach it. End it with Control-C; nothing is lost.")

    serve(folder, port, browser=not no_browser, say=say)
    note("\nEnded. Every decision was stored when it was made.")
