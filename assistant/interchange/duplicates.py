"""One person's coding that stands in two files is one coding.

A researcher often has the same coded interview twice, as PDF and as text. Within one coder and
code, a coding of a second file that overlaps one of a first is the same coding; each coding of a
first file can stand for only one of each later file. The file whose spans are finest comes first.
"""

from __future__ import annotations

from collections import Counter
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
    results = []
    # Counted over all files of a coder, so that no two codings get the same number.
    numbers: Counter[tuple[str, str, Span]] = Counter()
    ordered = sorted(carried, key=lambda c: (_FINE.get(c[0].format, 1), c[0].file_sha256))
    for row, found, spans in ordered:
        earlier = [k for k in kept if k[0].coder == row.coder]
        used: set[int] = set()
        marked: list[DocumentCoding] = []
        places: list[tuple[Span, int]] = []
        for coding, span in zip(found, spans, strict=True):
            if coding.carried == "failed":
                marked.append(coding)
                places.append((span, 0))
                continue
            twin = _twin(earlier, used, coding.code, span)
            if twin is not None:
                used.add(twin)
                first = earlier[twin]
                marked.append(
                    replace(
                        coding,
                        carried="same-as-another-file",
                        why=f"the same coding stands in {first[0].name}",
                    )
                )
                places.append((span, -1))
                continue
            number = numbers[row.coder, coding.code, span]
            numbers[row.coder, coding.code, span] += 1
            marked.append(coding)
            places.append((span, number))
            kept.append((row, coding.code, span, number))
        results.append((row, marked, places))
    return results, kept


def _twin(earlier: Sequence[Kept], used: set[int], code: str, span: Span) -> int | None:
    """The earlier coding of this code that overlaps most and is not taken yet."""
    best: tuple[int, int] | None = None
    for index, (_, other, (start, end), _) in enumerate(earlier):
        if other != code or index in used:
            continue
        overlap = min(end, span[1]) - max(start, span[0])
        if overlap > 0 and (best is None or overlap > best[0]):
            best = (overlap, index)
    return None if best is None else best[1]
