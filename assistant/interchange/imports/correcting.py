"""Codings that were corrected in the tool that they came from, and came again.

A coding keeps its identifier there when its border is moved or its code is changed. So the one of
the file that was imported last counts, and the earlier ones stay with their files, marked as
corrected: counted no more, and not lost. What was once corrected stays so, whenever its file was
imported elsewhere: in a study that was merged, the order may have been another. Without identifiers
nobody can tell a correction from a second coding, and both stand
(`assistant.interchange.imports.duplicates`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.store.records import DocumentCoding, DocumentRow

__all__ = ["Corrected", "Found", "mark_corrected"]

Span = tuple[int, int]
Found = tuple[DocumentRow, list[DocumentCoding], list[Span]]
"""A file, its codings, and their spans in the transcript."""
_Who = tuple[str, str]
_CORRECTED: Literal["corrected"] = "corrected"


@dataclass(frozen=True)
class Corrected:
    """One coding as it was and as it is now; spans in the transcript."""

    coder: str
    code: str
    span: Span
    before: str
    """Name of the file that has it as it was."""
    now_code: str
    now_span: Span
    file_sha256: str
    """Of the document that has it as it is now."""
    number: int
    """Of the coding that it is now, among that document's: several may be one now."""


def mark_corrected(
    carried: Sequence[Found], before: Mapping[int, Sequence[DocumentCoding]]
) -> tuple[list[Found], list[Corrected]]:
    """The same files, with ``corrected`` where a later file has the coding otherwise; and those
    codings of which that is new, once each.

    ``before``: id of a file -> its codings as they were. Of those that stand as corrected none is
    the last, unless all do: then two studies had it either way round, and the dates decide.

    A file's coding is known by the identifier that it has there, or by the study's own, where it
    left the study and came back. An identifier that one project has twice says nothing.
    """
    places = [(f, n) for f, (row, found, _) in enumerate(carried) for n in range(len(found))]
    in_project = Counter(
        (_project(carried[f][0]), carried[f][1][n].file_guid)
        for f, n in places
        if carried[f][1][n].file_guid
    )
    settled = {
        (row.id, *_in_file(c))
        for row, *_ in carried
        for c in before[row.id]
        if c.carried == _CORRECTED
    }
    was_gone = {
        (f, n) for f, n in places if (carried[f][0].id, *_in_file(carried[f][1][n])) in settled
    }
    known: dict[tuple[_Who, str], list[tuple[int, int]]] = defaultdict(list)
    for f, n in places:
        row, found, _ = carried[f]
        guid = found[n].file_guid
        if row.coder_kind == "human" and row.coder:
            own = guid if in_project[_project(row), guid] == 1 else ""
            for name in {found[n].coding_guid, own} - {""}:
                known[_who(row), name].append((f, n))
    gone: dict[tuple[int, int], tuple[int, int]] = {}
    moved: dict[tuple[_Who, str, Span], tuple[int, int]] = {}
    for (who, guid), held in known.items():
        # Only what a file says of itself corrects: the study's own name of a coding is its place.
        said = [(f, n) for f, n in held if carried[f][1][n].file_guid == guid]
        placed = [(f, n) for f, n in said if carried[f][1][n].carried != "failed"]
        if not placed:
            continue
        standing = [one for one in placed if one not in was_gone] or placed
        last = max(standing, key=lambda one: _age(carried[one[0]][0]))
        for one in held:
            earlier = _age(carried[one[0]][0]) < _age(carried[last[0]][0])
            if earlier or (one in was_gone and last not in was_gone):
                was, now = _what(carried, one), _what(carried, last)
                failed = carried[one[0]][1][one[1]].carried == "failed"
                if was != now and not failed:
                    gone[one] = last
                    moved[who, *was] = last
    for f, n in places:
        # The same coding in yet another file, which has no identifiers: it was that one.
        row, found, spans = carried[f]
        last_of = moved.get((_who(row), found[n].code, spans[n]))
        if last_of is not None and (f, n) not in gone and found[n].carried != "failed":
            later = _age(carried[last_of[0]][0])
            if (_age(row) < later or (f, n) in was_gone) and not found[n].file_guid:
                gone[f, n] = last_of
    return _marked(carried, gone, was_gone)


def _marked(
    carried: Sequence[Found],
    gone: dict[tuple[int, int], tuple[int, int]],
    was_gone: Collection[tuple[int, int]],
) -> tuple[list[Found], list[Corrected]]:
    marked: list[Found] = []
    corrected: dict[tuple[object, ...], Corrected] = {}
    for f, (row, found, spans) in enumerate(carried):
        mine = list(found)
        for n, coding in enumerate(found):
            if (f, n) not in gone:
                continue
            by = gone[f, n]
            later, (code, span) = carried[by[0]][0], _what(carried, by)
            mine[n] = replace(
                coding,
                carried=_CORRECTED,
                why=f"in {later.name}, imported later, it is “{code}” at {span[0]}–{span[1]}",
            )
            if (f, n) in was_gone:
                continue
            # It may stand in several earlier files.
            corrected.setdefault(
                (_who(row), coding.code, spans[n], by),
                Corrected(
                    *(row.coder, coding.code, spans[n], row.name),
                    *(code, span, later.file_sha256, by[1]),
                ),
            )
        marked.append((row, mine, list(spans)))
    return marked, list(corrected.values())


def _what(carried: Sequence[Found], one: tuple[int, int]) -> tuple[str, Span]:
    _, found, spans = carried[one[0]]
    return found[one[1]].code, spans[one[1]]


def _in_file(coding: DocumentCoding) -> tuple[str, int, int, str]:
    return coding.code, coding.start, coding.end, coding.file_guid


def _who(row: DocumentRow) -> _Who:
    return row.coder_kind, row.coder


def _project(row: DocumentRow) -> str:
    return row.project_sha256 or row.file_sha256


def _age(row: DocumentRow) -> tuple[str, str]:
    return row.imported_at, _project(row)
