"""The parts of the documents that are made from the program: help texts, tables, settings.

Used by the cog blocks in ``docs/``. ``python -m tests.docs.making`` writes them again;
``test_docs.py`` fails where a page is not what would be written.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import click
from pydantic import BaseModel

__all__ = ["DOCS", "PAGES", "commands", "help_texts", "rendered", "settings", "tables"]

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("cli.md", "schema.md", "settings.md")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, the groups before what they hold."""
    from assistant.cli.main import cli

    def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                assert found is not None
                yield from walk(f"{name} {inner}", found)

    return walk("secondcoder", cli)


def help_texts() -> str:
    """Every command's help as it is printed, 88 columns wide."""
    parts = []
    for name, command in commands():
        parent = click.Context(click.Group(), info_name=name.rpartition(" ")[0] or None)
        context = click.Context(
            command,
            info_name=name.rpartition(" ")[2],
            parent=parent if parent.info_name else None,
            terminal_width=88,
            max_content_width=88,
            color=False,
            help_option_names=["-h", "--help"],
        )
        text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
        parts.append(f"## {name}\n\n```\n{text}\n```\n")
    return "\n".join(parts)


def tables(said: Mapping[str, str]) -> str:
    """The tables and views of a new database with their columns; ``said`` explains each."""
    import sqlite_utils

    from assistant.store.schema import MIGRATIONS

    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db)
    names = [n for n in db.table_names() if not n.startswith(("_", "sqlite_"))]
    views = db.view_names()
    _same(said, {*names, *views}, "tables and views")
    parts = ["## Tables\n"]
    for name in (*names, *views):
        if views and name == views[0]:
            parts.append("## Views\n")
        columns = ", ".join(f"`{column.name}`" for column in db[name].columns)
        parts.append(f"**`{name}`**: {said[name]}\n\n{columns}\n")
    return "\n".join(parts)


def settings(said: Mapping[str, str]) -> str:
    """Every setting of study.toml with its default; ``said`` explains each by its full name."""
    from assistant.study import StudyConfig

    found = dict(_fields(StudyConfig(), ""))
    _same(said, set(found), "settings")
    lines = ["| Setting | Default | What it does |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {default} | {said[name]} |" for name, default in found.items()]
    return "\n".join(lines)


def _fields(section: BaseModel, before: str) -> Iterator[tuple[str, str]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from _fields(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", _toml(value)


def _toml(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{item}"' for item in value) + "]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def _same(said: Mapping[str, str], there: set[str], what: str) -> None:
    if set(said) != there:
        raise ValueError(
            f"{what} not explained: {sorted(there - set(said))}; explained and not there: "
            f"{sorted(set(said) - there)}"
        )


def rendered(page: str) -> str:
    """The page as cog would write it."""
    from cogapp import Cog  # type: ignore[import-untyped]

    out, said = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(said):
        status = Cog().main(["cog", str(DOCS / page)])
    if status:
        raise ValueError(f"{page}: {said.getvalue()}")
    return out.getvalue()


def _write() -> None:
    for page in PAGES:
        text = rendered(page)
        (DOCS / page).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write()
