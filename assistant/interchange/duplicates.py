"""One person's coding that stands in two files is one coding.

A researcher often has the same coded interview twice, as PDF and as text. Within one coder and
code, a coding of a second file that overlaps one of a first is the same coding; each coding of a
first file can stand for only one of each later file. The file whose spans are finest comes first.

That is for prints and texts, where nobody can see to the character what was marked. Projects and
tables give exact positions: between two of these only the same span is the same coding, and what
overlaps is two codings, both kept and said (`other_borders`). So no order of files decides.
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
    exact: list[bool] = []
    places: dict[_Place, list[int]] = defaultdict(list)
    results = []
    # Counted over all files of a coder, so that no two codings get the same number.
    numbers: Counter[tuple[str, str, str, Span]] = Counter()
    ordered = sorted(carried, key=lambda c: (_coarse(c[0]), c[0].file_sha256))
    for row, found, spans in ordered:
        used: set[int] = set()
        marked: list[DocumentCoding] = []
        spans_: list[tuple[Span, int]] = []
        mine: list[tuple[Kept, bool]] = []
        for coding, span in zip(found, spans, strict=True):
            if coding.carried in ("failed", "corrected"):
                marked.append(coding)
                spans_.append((span, 0))
                continue
            sure = row.format in _EXACT and coding.carried == "exact"
            twin = _twin(kept, exact if sure else (), places, used, row, coding.code, span)
            if twin is not None:
                used.add(twin)
                first = kept[twin]
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
                places[place].append(len(kept))
            kept.append(one)
            exact.append(sure)
    return results, kept


def other_borders(kept: Sequence[Kept], new: Collection[str]) -> list[OtherBorders]:
    """Codings of new files that overlap one of another file and were not taken for it.

    ``new``: hashes of the new files. Of a coding that overlaps several the first is named.
    """
    found: list[OtherBorders] = []
    places: dict[_Place, list[int]] = defaultdict(list)
    for number, (row, code, span, _) in enumerate(kept):
        if row.format in _EXACT:
            for place in _places(row, code, span):
                places[place].append(number)
    for row, code, span, _ in kept:
        if row.file_sha256 not in new or row.format not in _EXACT:
            continue
        near = {index for place in _places(row, code, span) for index in places[place]}
        for other, _, (start, end), _ in (kept[index] for index in sorted(near)):
            if _one_file(row, other) or (start, end) == span:
                continue
            # Of two new files the one with the smaller hash tells.
            told = other.file_sha256 in new and other.file_sha256 < row.file_sha256
            if not told and min(end, span[1]) > max(start, span[0]):
                found.append(OtherBorders(row, other, code, span, (start, end)))
                break
    return found


def _one_file(one: DocumentRow, other: DocumentRow) -> bool:
    """Texts of one project are one file: what a person marked twice there, she meant."""
    if one.project_sha256:
        return one.project_sha256 == other.project_sha256
    return one.file_sha256 == other.file_sha256


_Place = tuple[str, str, str, int]
_STRETCH = 4096


def _places(row: DocumentRow, code: str, span: Span) -> list[_Place]:
    """The stretches of the text that a coding touches, so that few have to be compared."""
    first, last = span[0] // _STRETCH, max(span[0], span[1] - 1) // _STRETCH
    return [(row.coder_kind, row.coder, code, number) for number in range(first, last + 1)]


def _twin(
    kept: Sequence[Kept],
    exact: Sequence[bool],
    places: dict[_Place, list[int]],
    used: set[int],
    row: DocumentRow,
    code: str,
    span: Span,
) -> int | None:
    """The coding of this code in another file that overlaps most and is not taken yet.

    ``exact``: for each of ``kept`` whether only the same span counts; empty: for none.
    """
    best: tuple[int, int] | None = None
    for place in _places(row, code, span):
        for index in places.get(place, ()):
            other, _, (start, end), _ = kept[index]
            if index in used or (row.project_sha256 and other.project_sha256 == row.project_sha256):
                continue
            if exact and exact[index] and (start, end) != span:
                continue
            overlap = min(end, span[1]) - max(start, span[0])
            if overlap > 0 and (best is None or (-overlap, index) < best):
                best = (-overlap, index)
    return None if best is None else best[1]
