"""What ``secondcoder import`` prints about projects of other tools."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, note, table

if TYPE_CHECKING:
    from assistant.interchange.projects.reports import ProjectReport

__all__ = ["asked", "print_projects", "same_coders", "same_interview"]

_SHOWN = 12
_LONGEST = 80
"""Characters of what was left out."""


def asked(as_json: bool) -> bool:
    """Whether there is somebody who can be asked."""
    return sys.stdin.isatty() and not as_json


def same_coders(given: Sequence[str]) -> dict[str, str]:
    """``USER=CODER`` as a mapping. Raises `UserError` for anything else."""
    from assistant.errors import UserError

    found: dict[str, str] = {}
    for one in given:
        user, equals, coder = one.partition("=")
        if not equals or not user.strip() or not coder.strip():
            raise UserError(
                f"--same-coder {one!r} was not understood.",
                hint='Write the name in the file, =, and the coder: --same-coder "admin=Ana"',
            )
        found[user.strip()] = coder.strip()
    return found


def same_interview(given: Sequence[str]) -> dict[str, str]:
    """``FILE=TRANSCRIPT`` as a mapping; without a file, of all files (``""``)."""
    found: dict[str, str] = {}
    for one in given:
        file, equals, name = one.rpartition("=")
        found[file.strip() if equals else ""] = name.strip()
    return found


def print_projects(projects: Sequence[ProjectReport], dry_run: bool) -> None:
    for project in projects:
        if project.status == "refused" and not project.sources:
            note(f"\nNot imported: {project.path}\n{project.error}")
        else:
            _print(project, dry_run)


def _held(count: int, what: str) -> str:
    from assistant.interchange.counting import counted

    return counted(count, what)


def _print(project: ProjectReport, dry_run: bool) -> None:
    by = f", written by {project.written_by}" if project.written_by else ""
    click.echo(f"\n{Path(project.path).name} ({project.format}{by})")
    held = ", ".join(_held(count, what) for what, count in project.counts)
    click.echo(f"In the file: {held or 'nothing'}.")
    if project.sources:
        table(
            ["text", "transcript", "language", "codings", "in part", "known", "NOT placed"],
            [
                (
                    source.name,
                    source.transcript or "not taken",
                    source.language or "–",
                    source.codings,
                    source.partial,
                    source.same + source.already,
                    source.not_placed,
                )
                for source in project.sources
            ],
        )
    if project.coders:
        table(
            ["coder", "kind", "in the file", "new codings"],
            [(c.name, c.kind, ", ".join(c.in_file) or "–", c.codings) for c in project.coders],
        )
    _codebook(project, dry_run)
    _remarks(project)
    verb = "would be new" if dry_run else "are new"
    tail = " Nothing was stored (dry run)." if dry_run else ""
    new = f"{counted(project.codings, 'coding')} and {counted(project.memos, 'memo')}"
    click.echo(f"{new} {verb}.{tail}")


def _left_out(project: ProjectReport) -> None:
    """The first of each reason, with their places; a table may have thousands of such rows."""
    shown: Counter[str] = Counter()
    for skip in project.skipped:
        shown[skip.why] += 1
        if shown[skip.why] <= _SHOWN:
            place = f"{skip.where}, " if skip.where else ""
            what = skip.what if len(skip.what) <= _LONGEST else skip.what[:_LONGEST].rstrip() + "…"
            note(f"  {place}{what}: {skip.why}")
    for why, count in shown.items():
        if count > _SHOWN:
            note(f"  and {count - _SHOWN} more ({why}); --json lists them")


def _codebook(project: ProjectReport, dry_run: bool) -> None:
    book = project.codebook
    if book is None:
        return
    colors = f" ({book.colors} colours have no place here and were left out)" if book.colors else ""
    if book.written:
        verb = (
            "would be written" if dry_run else "was written" if book.codes == 1 else "were written"
        )
        click.echo(f"{counted(book.codes, 'code')} {verb} to {book.written}{colors}.")
    elif book.missing:
        shown = ", ".join(book.missing[:_SHOWN])
        more = f" and {len(book.missing) - _SHOWN} more" if len(book.missing) > _SHOWN else ""
        click.echo(
            f"{len(book.missing)} of its {counted(book.codes, 'code')} "
            f"{'is' if len(book.missing) == 1 else 'are'} not in the study's codebook: "
            f"{shown}{more}.\nTo have them as a codebook file, import again with --codebook FILE."
        )
    else:
        click.echo(
            f"All its {book.codes} codes are in the study's codebook."
            if book.codes > 1
            else "Its code is in the study's codebook."
        )


def _remarks(project: ProjectReport) -> None:
    for remark in project.notes:
        note(f"- {remark}")
    for source in project.sources:
        for remark in source.notes[:_SHOWN]:
            note(f"- {source.name}: {remark}")
        if len(source.notes) > _SHOWN:
            note(f"- {source.name}: {len(source.notes) - _SHOWN} more such remarks (--json).")
        if source.error:
            note(f"- Not taken: {source.name}. {source.error}")
    if project.skipped:
        note("\nLeft out:")
        _left_out(project)
    if project.not_placed:
        note(f"\nCodings that were not taken ({len(project.not_placed)}):")
        for one in project.not_placed[:_SHOWN]:
            note(
                f"  {one.source}, {one.coder or 'nobody'}: “{one.code}” at {one.start}–{one.end} "
                f"({one.why})"
            )
        rest = Counter(one.why for one in project.not_placed[_SHOWN:])
        for why, count in rest.items():
            note(f"  and {count} more ({why}); --json lists them")
    if project.gone:
        note(
            f"\nNo longer in the file ({len(project.gone)}): codings that an earlier file of this "
            "project has and this one has not. They stay in the study:"
        )
        for one in project.gone[:_SHOWN]:
            note(f"  {one.source}, {one.coder}: “{one.code}” at {one.start}–{one.end} ({one.why})")
        if len(project.gone) > _SHOWN:
            note(f"  and {len(project.gone) - _SHOWN} more; --json lists them")
