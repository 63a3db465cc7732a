"""What every command shares: opening the study, JSON, tables, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assistant.cli.harmless import beneath, harmless
from assistant.counting import counted, decimals

if TYPE_CHECKING:
    from assistant.store.database import Store
    from assistant.study import Study

__all__ = [
    "agreed",
    "as_json",
    "counted",
    "json_option",
    "note",
    "opened",
    "print_json",
    "progress_bar",
    "table",
]

_F = TypeVar("_F", bound=Callable[..., Any])


def json_option(command: _F) -> _F:
    """Adds ``--json``: the same result for programs, on standard output alone."""
    return click.option("--json", "as_json_", is_flag=True, help="Print the result as JSON.")(
        command
    )


def agreed(question: str) -> bool:
    """Whether the user says yes. No answer, as without a terminal or with Ctrl-C, is a no."""
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        note("")  # the question's line is still open
        return False


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Study, Store]]:
    """The study in ``folder`` and its database; says when the database was upgraded."""
    from assistant.store.database import open_store
    from assistant.study import open_study

    study = open_study(folder)
    store, upgraded = open_store(study.database)
    if upgraded:
        note(upgraded)
    with store:
        yield study, store


def as_json(value: Any) -> Any:
    """Records, dataclasses and paths as plain JSON values."""
    from dataclasses import fields, is_dataclass

    from pydantic import BaseModel

    from assistant.errors import SecondCoderError

    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_json(inner) for inner in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, SecondCoderError):
        return {"what": value.what, "where": value.where, "hint": value.hint}
    return value


def print_json(value: Any) -> None:
    click.echo(json.dumps(as_json(value), ensure_ascii=False, indent=2))


def note(text: str) -> None:
    """A remark for people; never on standard output, so that ``--json`` stays clean."""
    click.echo(text, err=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> None:
    """A plain table; numbers to the right. Nothing is cut off, in a terminal or in a pipe."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    numeric = [
        all(_is_number(row[i]) or row[i] in ("", "–") for row in rows) for i in range(len(columns))
    ]
    made = Table(
        title=harmless(title) or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for index, column in enumerate(columns):
        made.add_column(column, justify="right" if numeric[index] else "left", overflow="fold")
    for row in rows:
        made.add_row(*[_cell(cell) for cell in row])
    out = beneath()
    console = Console(file=out, width=None if out.isatty() else 160, highlight=False, markup=False)
    console.print(made)


def _is_number(value: object) -> bool:
    """``12``, ``-0.5`` and what is written so: ``1,204``, ``>0.9999``."""
    if isinstance(value, str):
        return value.lstrip("<>").removeprefix("-").replace(",", "").replace(".", "").isdigit()
    return isinstance(value, (int, float))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return decimals(value)
    return harmless(str(value))


@contextmanager
def progress_bar(
    total: int, what: str, *, quiet: bool = False
) -> Iterator[Callable[[int, str], None]]:
    """Progress with an estimate of the time left, on standard error.

    Yields ``advance(done, remark)``. Where standard error is no terminal a line is printed now and
    then instead of a bar.
    """
    if quiet or total <= 0:
        yield lambda done, remark: None
        return
    if not sys.stderr.isatty():
        last = [0]

        def line(done: int, remark: str) -> None:
            if done == total or done - last[0] >= max(1, total // 10):
                last[0] = done
                note(f"{what}: {done} of {total} {remark}".rstrip())

        yield line
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[remark]}"),
        console=Console(file=beneath(sys.stderr)),
        transient=True,
    ) as bars:
        task = bars.add_task(harmless(what), total=total, remark="")
        yield lambda done, remark: bars.update(task, completed=done, remark=harmless(remark))
