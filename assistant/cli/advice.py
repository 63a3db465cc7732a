"""What to do about a command line that cannot be understood: what was probably meant.

Looks at the words as they were typed, since a shell has taken the quotation marks away.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from assistant.cli.other_words import in_other_words
from assistant.meant import meant

__all__ = ["advice"]


def advice(error: click.ClickException, arguments: Sequence[str] | None) -> str:
    """One line for people, or "" where nothing is better than what click says."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return ""
    if isinstance(error, click.NoSuchOption):
        return _belongs_before(error, error.ctx) or _belongs_after(error, error.ctx, given)
    if error.message.startswith("No such command"):
        wrong = next((word for word in given if repr(word) in error.message), "")
        return _called_otherwise(error.ctx, wrong)
    if "unexpected extra argument" in error.message:
        return _too_many(error.ctx, given)
    return ""


def _called_otherwise(ctx: click.Context, wrong: str) -> str:
    """Which command was meant by a word that is none, here or among all."""
    group = ctx.command
    known = group.list_commands(ctx) if isinstance(group, click.Group) else []
    said = "" if ctx.parent else in_other_words(wrong)
    near = "" if said else meant(wrong, known)
    return f"Did you mean: {ctx.command_path} {near}?" if near else said


def _belongs_before(error: click.NoSuchOption, ctx: click.Context) -> str:
    """What to do when an option of ``secondcoder`` itself stands behind a command."""
    of_all = {name for option in ctx.find_root().command.params for name in option.opts}
    command = ctx.command_path.removeprefix("secondcoder ")
    if error.option_name not in of_all or ctx.parent is None:
        return ""
    value = " FOLDER" if error.option_name == "--study" else ""
    return (
        f"What to do: {error.option_name} stands before the command: secondcoder "
        f"{error.option_name}{value}" + (f" {command} …" if value else "")
    )


def _belongs_after(error: click.NoSuchOption, ctx: click.Context, given: list[str]) -> str:
    """What to do when an option of a command stands before it: ``secondcoder --json status``."""
    if ctx.parent:
        return ""
    name, rest = error.option_name, [word for word in given if not word.startswith("-")]
    known: click.Command = ctx.command
    path: list[str] = []
    for word in rest:
        below = known.get_command(ctx, word) if isinstance(known, click.Group) else None
        if below is not None:
            known, path = below, [*path, word]
    if not path or name not in {option for one in known.params for option in one.opts}:
        return ""
    return f"What to do: {name} goes after the command: secondcoder {' '.join(path)} {name}"


def _too_many(ctx: click.Context, given: list[str]) -> str:
    """What to do about words too many: quotation marks around a name, or none of them."""
    command, name = ctx.command_path, ctx.info_name or ""
    words = given[given.index(name) + 1 :] if name in given else []
    taken = [one for one in ctx.command.params if isinstance(one, click.Argument)]
    free, value = _sorted_out(ctx.command, words, len(taken))
    if value:
        return _quote(f"{command} … {value[0]}", value[1:])
    if not taken:
        return (
            f"What to do: `{command}` takes no names, only options (`{command} --help`): leave out "
            + (" ".join(f"“{word}”" for word in free) or "the name")
            + "."
        )
    if len(taken) > 1 or len(free) < 2:
        return ""
    quoted = any(" " in word for word in free)
    if taken[0].type is click.STRING and not quoted:
        return _quote(command, free)
    if taken[0].type in (click.STRING, click.INT):
        one = f'"{free[0]}"' if " " in free[0] else free[0]
        return f"What to do: Give one at a time: {command} {one}"
    return ""


def _sorted_out(
    command: click.Command, words: list[str], arguments: int
) -> tuple[list[str], list[str]]:
    """Words that belong to no option; and an option with all the words behind it, where the value
    is a text of one word and all ``arguments`` stand before it: then the rest is its value too."""
    options = {name: one for one in command.params for name in one.opts}
    free: list[str] = []
    at = 0
    while at < len(words):
        option = options.get(words[at]) if words[at].startswith("-") else None
        if not isinstance(option, click.Option):
            free += [words[at]] if not words[at].startswith("-") else []
            at += 1
            continue
        begin, at = at, at + 1 + (0 if option.is_flag else option.nargs)
        behind = next((n for n, word in enumerate(words[at:]) if word.startswith("-")), None)
        more = words[at:] if behind is None else words[at : at + behind]
        text = option.type is click.STRING and option.nargs == 1 and not option.is_flag
        if text and more and len(free) >= arguments and " " not in words[begin + 1]:
            return free, [words[begin], words[begin + 1], *more]
    return free, []


def _quote(before: str, words: list[str]) -> str:
    return (
        f'What to do: Put a name of several words in quotation marks: {before} "{" ".join(words)}"'
    )
