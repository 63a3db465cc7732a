"""One person's coding that stands in two files is one coding.

A researcher often has the same coded interview twice, as PDF and as text. Within one coder and
code, a coding of a second file that overlaps one of a first is the same coding; each coding of a
first file can stand for only one of each later file. The file whose spans are finest comes first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from assistant.store.records import DocumentCoding, DocumentRow

__all__ = ["Kept", "without_duplicates"]

Span = tuple[int, int]
Kept = tuple[DocumentRow, str, Span, int]
"""(document, code, span in the transcript, number among equals): one coding of the transcript."""

# Underlined spans of a print are finer than whole paragraphs of a text export.
_FINE = {"delve-pdf": 0}


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
    places: dict[_Place, list[int]] = defaultdict(list)
    results = []
    # Counted over all files of a coder, so that no two codings get the same number.
    numbers: Counter[tuple[str, str, str, Span]] = Counter()
    ordered = sorted(carried, key=lambda c: (_FINE.get(c[0].format, 1), c[0].file_sha256))
    for row, found, spans in ordered:
        used: set[int] = set()
        marked: list[DocumentCoding] = []
        spans_: list[tuple[Span, int]] = []
        mine: list[Kept] = []
        for coding, span in zip(found, spans, strict=True):
            if coding.carried == "failed":
                marked.append(coding)
                spans_.append((span, 0))
                continue
            twin = _twin(kept, places, used, row, coding.code, span)
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
            mine.append((row, coding.code, span, number))
        results.append((row, marked, spans_))
        for one in mine:
            for place in _places(row, one[1], one[2]):
                places[place].append(len(kept))
            kept.append(one)
    return results, kept


_Place = tuple[str, str, str, int]
_STRETCH = 4096


def _places(row: DocumentRow, code: str, span: Span) -> list[_Place]:
    """The stretches of the text that a coding touches, so that few have to be compared."""
    first, last = span[0] // _STRETCH, max(span[0], span[1] - 1) // _STRETCH
    return [(row.coder_kind, row.coder, code, number) for number in range(first, last + 1)]


def _twin(
    kept: Sequence[Kept],
    places: dict[_Place, list[int]],
    used: set[int],
    row: DocumentRow,
    code: str,
    span: Span,
) -> int | None:
    """The coding of this code in another file that overlaps most and is not taken yet.

    Texts of one project of another tool are one file: what a person marked twice there, she meant.
    """
    best: tuple[int, int] | None = None
    for place in _places(row, code, span):
        for index in places.get(place, ()):
            other, _, (start, end), _ = kept[index]
            if index in used or (row.project_sha256 and other.project_sha256 == row.project_sha256):
                continue
            overlap = min(end, span[1]) - max(start, span[0])
            if overlap > 0 and (best is None or (-overlap, index) < best):
                best = (-overlap, index)
    return None if best is None else best[1]
