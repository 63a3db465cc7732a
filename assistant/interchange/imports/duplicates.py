"""One person's coding that stands in two files is one coding.

A researcher often has the same coded interview twice, as PDF and as text. Within one coder and
code, a coding of a second file that overlaps one of a first is the same coding; each coding of a
first file can stand for only one of each later file. The file whose spans are finest comes first.

That is for prints and texts, where nobody can see to the character what was marked. Projects and
tables give exact positions: between two of these only the same span is the same coding, and what
overlaps is two codings, both kept and said (`other_borders`). So no order of files decides.

What stands twice on one text of a project was meant. Where a project came twice and called a text
otherwise the second time (a table's cells, set right), a coding of the one is that of the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.store.records import DocumentCoding, DocumentRow

__all__ = ["Kept", "OtherBorders", "other_borders", "without_duplicates"]

Span = tuple[int, int]
Kept = tuple[DocumentRow, str, Span, int]
"""(document, code, span in the transcript, number among equals): one coding of the transcript."""

_EXACT = frozenset(("refi-qda", "taguette", "qualcoder", "dedoose-word", "word-comments", "table"))
"""Formats that say to the character what was marked."""


def _coarse(row: DocumentRow) -> int:
    """Underlined spans of a print are finer than whole paragraphs of a text export."""
    return 0 if row.format in _EXACT else 1 if row.format == "delve-pdf" else 2


class OtherBorders(NamedTuple):
    """Two codings of one code by one coder that overlap, in two files with exact positions."""

    row: DocumentRow
    other: DocumentRow
    code: str
    span: Span
    """In the transcript, like the other."""
    other_span: Span


def without_duplicates(
    carried: Sequence[tuple[DocumentRow, list[DocumentCoding], list[Span]]],
) -> tuple[
    list[tuple[DocumentRow, list[DocumentCoding], list[tuple[Span, int]]]],
    list[Kept],
]:
    """Mark codings that stand in another file of the same coder too.

    ``carried`` holds, for each document, its codings and their spans in the transcript. Returns
    the same with marks, and with each span its number among equal codings; and the codings that
    are left.
    """
    kept: list[Kept] = []
    places: dict[_Place, _Alike] = defaultdict(lambda: defaultdict(list))
    results = []
    # Counted over all files of a coder, so that no two codings get the same number.
    numbers: Counter[tuple[str, str, str, Span]] = Counter()
    ordered = sorted(carried, key=lambda c: (_coarse(c[0]), c[0].file_sha256))
    for row, found, spans in ordered:
        used: Counter[_Group] = Counter()
        marked: list[DocumentCoding] = []
        spans_: list[tuple[Span, int]] = []
        mine: list[tuple[Kept, bool]] = []
        for coding, span in zip(found, spans, strict=True):
            if coding.carried in ("failed", "corrected"):
                marked.append(coding)
                spans_.append((span, 0))
                continue
            sure = row.format in _EXACT and coding.carried == "exact"
            twin = _twin(places, sure, used, row, coding.code, span)
            if twin is not None:
                group, index = twin
                used[group] += 1
                first = kept[index]
                marked.append(
                    replace(
                        coding,
                        carried="same-as-another-file",
                        why=f"the same coding stands in {first[0].name}",
                    )
                )
                spans_.append((span, -1))
                continue
            equal = (row.coder_kind, row.coder, coding.code, span)
            number = numbers[equal]
            numbers[equal] += 1
            marked.append(coding)
            spans_.append((span, number))
            mine.append(((row, coding.code, span, number), sure))
        results.append((row, marked, spans_))
        for one, sure in mine:
            for place in _places(row, one[1], one[2]):
                places[place][_group(row, one[1], one[2], sure)].append(len(kept))
            kept.append(one)
    return results, kept


def other_borders(kept: Sequence[Kept], new: Collection[str]) -> list[OtherBorders]:
    """Codings of new files that overlap one of another file and were not taken for it.

    ``new``: hashes of the new files. Of a coding that overlaps several the first is named.
    """
    found: list[OtherBorders] = []
    # By file and span: however many codings a file has in one place, its own are not gone through.
    places: dict[_Place, dict[str, dict[Span, int]]] = defaultdict(lambda: defaultdict(dict))
    for number, (row, code, span, _) in enumerate(kept):
        if row.format in _EXACT:
            for place in _places(row, code, span):
                places[place][_file(row)].setdefault(span, number)
    for row, code, span, _ in kept:
        if row.file_sha256 not in new or row.format not in _EXACT:
            continue
        near: set[int] = set()
        for place in _places(row, code, span):
            for file, spans in places[place].items():
                if file != _file(row):
                    near.update(index for there, index in spans.items() if _overlap(there, span))
        for index in sorted(near):
            other, _, there, _ = kept[index]
            # Of two new files the one with the smaller hash tells.
            told = other.file_sha256 in new and other.file_sha256 < row.file_sha256
            if there != span and not told:
                found.append(OtherBorders(row, other, code, span, there))
                break
    return found


def _file(row: DocumentRow) -> str:
    """Texts of one project are one file: what a person marked twice there, she meant."""
    return row.project_sha256 or row.file_sha256


def _one_text(one: DocumentRow, project: str, name: str) -> bool:
    """Whether both are the same text of the same project, apart by what its coder had seen."""
    return bool(one.project_sha256) and (one.project_sha256, one.name) == (project, name)


_Place = tuple[str, str, str, int]
_Group = tuple[tuple[str, str, str], str, Span, bool]
_Alike = dict[_Group, list[int]]
"""Codings that differ in nothing that is asked for here, in their order: looked at as one, since a
file may hold thousands of them on one passage."""
_STRETCH = 4096


def _places(row: DocumentRow, code: str, span: Span) -> list[_Place]:
    """The stretches of the text that a coding touches, so that few have to be compared."""
    first, last = span[0] // _STRETCH, max(span[0], span[1] - 1) // _STRETCH
    return [(row.coder_kind, row.coder, code, number) for number in range(first, last + 1)]


def _group(row: DocumentRow, code: str, span: Span, sure: bool) -> _Group:
    return (row.project_sha256, row.name, row.file_sha256), code, span, sure


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _twin(
    places: dict[_Place, _Alike],
    sure: bool,
    used: Counter[_Group],
    row: DocumentRow,
    code: str,
    span: Span,
) -> tuple[_Group, int] | None:
    """The coding of this code in another file that overlaps most and is not taken yet.

    ``sure``: between this and another that is sure of its place only the same span counts.
    """
    best: tuple[int, int, _Group] | None = None
    for place in _places(row, code, span):
        for group, indices in places.get(place, {}).items():
            (project, name, _), _, there, exact = group
            if used[group] == len(indices) or _one_text(row, project, name):
                continue
            if sure and exact and there != span:
                continue
            found = -_overlap(there, span), indices[used[group]]
            if found[0] and (best is None or found < best[:2]):
                best = (*found, group)
    return None if best is None else (best[2], best[1])
