"""What ``secondcoder import`` prints about projects of other tools."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, note, table

if TYPE_CHECKING:
    from assistant.interchange.projects.reports import ProjectReport
    from assistant.transcripts.records import Skipped

__all__ = ["asked", "print_projects", "same_coders", "same_interview"]

_SHOWN = 12
_LONGEST = 80
"""Characters of what was left out."""
_PLACES = re.compile(r"(“[^”]*”)|\d+(?:, (?:\d+|…))*")
"""Numbers, but for those of names."""


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


def print_projects(
    projects: Sequence[ProjectReport],
    dry_run: bool,
    everything: bool,
    brought: Sequence[tuple[str, int]] = (),
) -> None:
    """``everything``: each part that was left out, however many of a kind there are.
    ``brought``: of a codebook that was written, (file, codes that no file before it has)."""
    new: dict[str, list[int]] = {}
    for file, count in brought:
        new.setdefault(file, []).append(count)
    for project in projects:
        if project.status == "refused" and not project.sources:
            note(f"\nNot imported: {project.path}\n{project.error}")
            if project.skipped:
                note("\nLeft out:")
                _each(project.skipped, everything)
        else:
            own = new.get(Path(project.path).name) if project.codebook else None
            _print(project, dry_run, everything, own.pop(0) if own else None)


def _held(count: int, what: str) -> str:
    from assistant.counting import counted_many

    return counted_many(count, what)


def _print(project: ProjectReport, dry_run: bool, everything: bool, brought: int | None) -> None:
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
    _codebook(project, dry_run, brought)
    _remarks(project, everything)
    verb = "would be new" if dry_run else "are new"
    tail = " Nothing was stored (dry run)." if dry_run else ""
    new = f"{counted(project.codings, 'coding')} and {counted(project.memos, 'memo')}"
    lost = sum(source.not_placed for source in project.sources)
    missing = f" NOT placed: {counted(lost, 'coding')}, listed above." if lost else ""
    click.echo(f"{new} {verb}.{missing}{tail}")


def _each(parts: Sequence[Skipped], everything: bool) -> None:
    """The first of each reason, with their places; a table may have thousands of such rows."""
    from assistant.interchange.readers.nearest import NEAREST
    from assistant.interchange.readers.table_notes import without_places

    shown: Counter[str] = Counter()
    for skip in parts:
        why = without_places(skip.why.partition(NEAREST)[0])  # which is another in each row
        kind = _PLACES.sub(lambda found: found[1] or "…", why)
        shown[kind] += 1
        if everything or shown[kind] <= _SHOWN:
            place = f"{skip.where}, " if skip.where else ""
            what = skip.what if len(skip.what) <= _LONGEST else skip.what[:_LONGEST].rstrip() + "…"
            note(f"  {place}{what}: {skip.why}")
    for kind, count in shown.items():
        if count > _SHOWN and not everything:
            note(f"  and {count - _SHOWN} more ({kind}); --all lists them")


def _codebook(project: ProjectReport, dry_run: bool, brought: int | None) -> None:
    book = project.codebook
    if book is None:
        return
    colors = f" ({book.colors} colours have no place here and were left out)" if book.colors else ""
    if book.written:
        new = book.codes if brought is None else brought
        verb = "would be written" if dry_run else "was written" if new == 1 else "were written"
        if new == book.codes:
            click.echo(f"{counted(new, 'code')} {verb} to {book.written}{colors}.")
        else:
            click.echo(
                f"{new or 'None'} of its {counted(book.codes, 'code')} {verb} to {book.written}: "
                f"{'the others' if new else 'all'} come from other files of this import{colors}."
            )
    elif book.missing:
        shown = ", ".join(book.missing[:_SHOWN])
        more = f" and {len(book.missing) - _SHOWN} more" if len(book.missing) > _SHOWN else ""
        lost = ""
        if book.defined:
            rest = len(book.defined) - _SHOWN
            lost = (
                f" What the file says of {', '.join(book.defined[:_SHOWN])}"
                f"{f' and {rest} more' if rest > 0 else ''} (definitions) was not taken."
            )
        click.echo(
            f"{len(book.missing)} of its {counted(book.codes, 'code')} "
            f"{'is' if len(book.missing) == 1 else 'are'} not in the study's codebook: "
            f"{shown}{more}.{lost}\n"
            "To have them as a codebook file, import again with --codebook FILE."
        )
    else:
        click.echo(
            f"All its {book.codes} codes are in the study's codebook."
            if book.codes > 1
            else "Its code is in the study's codebook."
        )
    if book.undefined:
        rest = len(book.undefined) - _SHOWN
        click.echo(
            f"{counted(len(book.undefined), 'code')} "
            f"{'has a definition' if len(book.undefined) == 1 else 'have definitions'} that the "
            f"study's codebook lacks: {', '.join(book.undefined[:_SHOWN])}"
            f"{f' and {rest} more' if rest > 0 else ''}. To take what the file says of them, drop "
            "the file on the page of `secondcoder review`, or write it into the codebook."
        )


def _remarks(project: ProjectReport, everything: bool) -> None:
    for remark in project.notes:
        note(f"- {remark}")
    for source in project.sources:
        most = len(source.notes) if everything else _SHOWN
        for remark in source.notes[:most]:
            note(f"- {source.name}: {remark}")
        if len(source.notes) > most:
            note(f"- {source.name}: {len(source.notes) - most} more such remarks (--all).")
    errors: dict[str, list[str]] = {}
    for source in project.sources:
        if source.error:
            errors.setdefault(source.error, []).append(source.name)
    for error, names in errors.items():
        note(f"- Not taken: {', '.join(names)}. {error}")
    if project.skipped:
        note("\nLeft out:")
        _each(project.skipped, everything)
    if project.doubtful:
        note(f"\nTaken at another place than the file says ({len(project.doubtful)}):")
        _each(project.doubtful, everything)
    if project.not_placed:
        note(f"\nCodings that were not taken ({len(project.not_placed)}):")
        most = len(project.not_placed) if everything else _SHOWN
        for one in project.not_placed[:most]:
            note(
                f"  {one.source}, {one.coder or 'nobody'}: “{one.code}” at {one.start}–{one.end} "
                f"({one.why})"
            )
        rest = Counter(one.why for one in project.not_placed[most:])
        for why, count in rest.items():
            note(f"  and {count} more ({why}); --all lists them")
    if project.gone:
        note(
            f"\nNo longer in the file ({len(project.gone)}): codings that an earlier file of this "
            "project has and this one has not. They stay in the study:"
        )
        most = len(project.gone) if everything else _SHOWN
        for one in project.gone[:most]:
            note(f"  {one.source}, {one.coder}: “{one.code}” at {one.start}–{one.end} ({one.why})")
        if len(project.gone) > most:
            note(f"  and {len(project.gone) - most} more; --all lists them")
