"""An option that takes one value and is given twice is refused: one of the two would be lost.

`--coder Ana --coder Ben` would otherwise be done for Ben alone, without a word.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

__all__ = ["refuse_twice"]


def refuse_twice(command: click.Command, name: str, parent: click.Context, args: list[str]) -> None:
    """Read the words of ``command`` as it will, and raise `click.UsageError` for a lost value.

    Anything else that is wrong with them is left to the command itself.
    """
    ctx = click.Context(command, info_name=name, parent=parent)
    try:
        _, rest, order = command.make_parser(ctx).parse_args(list(args))
    except click.UsageError:
        return
    _check(order, ctx)
    if isinstance(command, click.Group) and rest:
        below = command.get_command(ctx, rest[0])
        if below is not None:
            refuse_twice(below, rest[0], ctx, rest[1:])


def _check(order: Sequence[click.Parameter], ctx: click.Context) -> None:
    seen: set[str] = set()
    for one in order:
        if not isinstance(one, click.Option) or one.multiple or one.is_flag or one.count:
            continue
        name = max(one.opts, key=len)
        if name in seen:
            raise click.UsageError(
                f"{name} takes one value here and was given more than once; nothing was done. "
                "Give the command once for each.",
                ctx,
            )
        seen.add(name)
