"""What ``import`` prints: what became of each file, and once for all of them what was left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, note, table
from assistant.interchange.imports.own_words import NO_MORE, NOT_THERE, ONLY_HERE

if TYPE_CHECKING:
    from assistant.interchange.imports.importing import ImportReport
    from assistant.interchange.imports.reports import FileReport, LabelSeen
    from assistant.transcripts.records import Skipped

__all__ = ["how_often", "print_report"]

_EXAMPLES = 3
_MANY = 20
"""So many lines that may be codes are shown each."""
_SPEAKERS = "Speakers (turns): "
_QUOTED = re.compile(r"“[^”]*”|\b\d+\b")
_TO_SEE_ALL = "Import with --all (and --dry-run, if nothing is to be stored) to see each of them."


def print_report(report: ImportReport, dry_run: bool, everything: bool) -> None:
    done = [file for file in report.files if file.status != "refused"]
    if done:
        table(
            ["transcript", "file", "read as", "coder", "codes", "what became of them"],
            [
                (
                    file.transcript,
                    Path(file.path).name,
                    ", ".join(x for x in (file.format, file.encoding, file.language) if x),
                    file.coder or "–",
                    file.codings or "–",
                    _fate(file.status, file.exact, file.partial, file.same, len(file.failed)),
                )
                for file in sorted(done, key=lambda f: (f.transcript, f.coder, f.path))
            ],
        )
    for file in done:
        if file.said:
            note(f"{Path(file.path).name}: {file.said}")
        if file.near:
            note(f"{Path(file.path).name}: {file.near}")
    for file in (*done, *report.earlier):
        for failed in file.failed:
            note(
                f"{Path(file.path).name}: “{failed.code}” at {failed.start}–{failed.end} could "
                f"not be carried over to the transcript: {failed.why}"
            )
    _remarks(done, everything)
    _labels([one for one in report.labels if one.taken])
    lines = [(file, line) for file in done for line in file.as_words]
    _listed("Looks like a code label and was read as words of the interview", lines, everything)
    _own_lines([(file, line) for file in done for line in file.own_lines], everything)
    _left_out([(file, line) for file in done for line in file.skipped], everything)
    for file in report.refused:
        note(f"\nNot imported: {file.path}\n{file.error}")
    if report.files:
        there = len({file.transcript for file in done})
        verb = "would belong" if dry_run else "belong"
        click.echo(
            (
                f"\n{len(done)} of {counted(len(report.files), 'file')} {verb} to "
                f"{counted(there, 'transcript')}."
                if done
                else f"\nNone of {counted(len(report.files), 'file')} was imported."
            )
            + (" Nothing was stored (dry run)." if dry_run else "")
        )
    _unconfirmed([one for one in report.labels if not one.taken])


def how_often(one: LabelSeen) -> str:
    return f"{one.label} ({counted(one.times, 'time')} in {counted(len(one.files), 'file')})"


def _labels(taken: Sequence[LabelSeen]) -> None:
    if taken:
        times = counted(sum(one.times for one in taken), "line")
        files = counted(len({file for one in taken for file in one.files}), "file")
        note(
            f"\nTaken for code labels ({len(taken)} labels on {times} of {files}): "
            if len(taken) > 1
            else f"\nTaken for a code label ({times} of {files}): "
        )
        for one in taken:
            note(f"  {how_often(one)}")


def _unconfirmed(left: Sequence[LabelSeen]) -> None:
    if left:
        files = {file for one in left for file in one.files}
        click.echo(
            f"Lines in {counted(len(files), 'file')} look like codes, and were taken for no "
            f"codes because nobody said that they are: {', '.join(map(how_often, left))}. If they "
            "are, import the same files again with --trust-labels, or name the codes with "
            "--labels FILE."
        )


def _remarks(done: Sequence[FileReport], everything: bool) -> None:
    """Remarks on files, those that many files share once."""
    remarks = [(Path(file.path).name, remark) for file in done for remark in file.notes]
    if everything or len(done) <= _EXAMPLES:
        for name, remark in remarks:
            note(f"{name}: {remark}")
        return
    alike: dict[str, list[tuple[str, str]]] = defaultdict(list)
    speakers: Counter[str] = Counter()
    for name, remark in remarks:
        if remark.startswith(_SPEAKERS):
            listed = remark.removeprefix(_SPEAKERS).rstrip(".").split(", ")
            speakers.update({one.rsplit(" (", 1)[0] for one in listed})
        else:
            alike[_QUOTED.sub("…", remark)].append((name, remark))
    if speakers:
        names = [f"{name} ({number})" for name, number in speakers.most_common(_MANY)]
        more = len(speakers) - len(names)
        note(
            f"Speakers (files): {', '.join(names)}{f' and {more} more' if more else ''}. With "
            "their turns, file by file: --all."
        )
    for same in alike.values():
        for name, remark in same[:_EXAMPLES]:
            note(f"{name}: {remark}")
        if len(same) > _EXAMPLES:
            note(f"  … and the like of {counted(len(same) - _EXAMPLES, 'more file')}.")


def _left_out(lines: Sequence[tuple[FileReport, Skipped]], everything: bool) -> None:
    """By kind; what may be a code is shown line by line."""
    if not lines:
        return
    kinds: dict[str, list[tuple[FileReport, Skipped]]] = defaultdict(list)
    for file, line in lines:
        kinds[line.why].append((file, line))
    note(f"\nLeft out because it is not interview text ({len(lines)}):")
    cut = False
    for why, same in sorted(kinds.items(), key=lambda kind: (-len(kind[1]), kind[0])):
        if everything or len(kinds) == len(lines) or len(lines) <= _EXAMPLES:
            for file, line in same:
                note(f"  {_place(file, line)}: “{line.what}” ({why})")
            continue
        most = _MANY if "label" in why or "code" in why else _EXAMPLES
        shown = "; ".join(f"{_place(file, line)}: “{line.what}”" for file, line in same[:most])
        cut = cut or len(same) > most
        note(f"  {why} ({len(same)}): {shown}{'; …' if len(same) > most else ''}")
    if cut:
        note(_TO_SEE_ALL)


def _listed(title: str, lines: Sequence[tuple[FileReport, Skipped]], everything: bool) -> None:
    if not lines:
        return
    note(f"\n{title} ({len(lines)}):")
    for file, line in lines if everything else lines[:_MANY]:
        against = line.why.partition("because ")[2]
        note(f"  {_place(file, line)}: “{line.what}” ({against})")
    if not everything and len(lines) > _MANY:
        note(f"  … {_TO_SEE_ALL}")
    note("If they are codes, name them with --labels FILE and import the same files again.")


def _own_lines(lines: Sequence[tuple[FileReport, Skipped]], everything: bool) -> None:
    """What one file has and the others of its interview have not, first what may be codes."""
    for where, title in (
        (NOT_THERE, "Lines that are not in the transcript, and were left out"),
        (ONLY_HERE, "Lines that no other file of the interview has, and are words of it now"),
        (NO_MORE, "Lines that were words of the interview and are not in the text taken now"),
    ):
        mine = [(file, line) for file, line in lines if line.why.startswith(where)]
        mine.sort(key=lambda one: one[1].why == where)
        if not mine:
            continue
        note(f"\n{title} ({len(mine)}):")
        for file, line in mine if everything else mine[:_MANY]:
            _, _, what = line.why.removeprefix(where).partition("it may be ")
            note(f"  {_place(file, line)}: “{line.what}”{what and f', may be {what}'}")
        if not everything and len(mine) > _MANY:
            note(f"  … {_TO_SEE_ALL}")
        if any(line.why.endswith("a code label") for _, line in mine):
            note("If they are codes, name them with --labels FILE and import the same files again.")


def _place(file: FileReport, line: Skipped) -> str:
    return f"{Path(file.path).name}{f', {line.where}' if line.where else ''}"


def _fate(status: str, exact: int, partial: int, same: int, failed: int) -> str:
    if status == "already there":
        return "already there"
    parts = [
        f"{count} {what}"
        for count, what in (
            (exact, "placed"),
            (partial, "placed in part"),
            (same, "stand in another file too"),
            (failed, "NOT placed"),
        )
        if count
    ]
    return ", ".join(parts) or "no codes"
