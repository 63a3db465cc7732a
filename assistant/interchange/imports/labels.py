"""Which lines are code labels, decided once for all files of an import.

A label that stands once in one file may stand ten times in another: what is recognised in one of
the files, or known in the study, counts in all of them. Nothing that looks like a label is lost
without a word: it is taken, left out and listed, or read as words and listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path

from assistant.interchange.imports.codes_ahead import may_be_labels
from assistant.interchange.imports.reports import ImportOptions, LabelSeen
from assistant.store.database import Store
from assistant.store.texts.documents import codes_in_files
from assistant.transcripts.records import Document, Skipped

__all__ = ["as_words", "codes_of_study", "settle_labels"]

Read = Callable[[Path, Collection[str], Collection[str]], Document]
"""(file, labels for certain, what looks like labels elsewhere) -> the file read so."""


def codes_of_study(store: Store) -> tuple[str, ...]:
    """Names of codes that files brought into the study; none that could name a speaker."""
    return may_be_labels(codes_in_files(store))


def settle_labels(
    documents: Mapping[Path, Document], read: Read, options: ImportOptions
) -> tuple[dict[Path, Document], tuple[LabelSeen, ...]]:
    """Files as they are read by what all of them show, and what looked like labels."""
    found = dict(documents)
    pool: set[str] = set()
    while new := _recognised(found) - pool:
        pool |= new
        for path, document in found.items():
            if as_words(document):
                found[path] = read(path, (), pool)
    seen = _seen(found, pool)
    taken: set[str] = set()
    if options.trust_guesses:
        taken = set(pool)
    elif seen and options.confirm_labels is not None:
        taken = pool & set(options.confirm_labels(seen))
    for path, document in found.items():
        if any(line.what in taken for line in document.lookalikes):
            found[path] = read(path, taken, pool - taken)
    return found, tuple(replace(one, taken=one.label in taken) for one in seen)


def as_words(document: Document) -> tuple[Skipped, ...]:
    """Lines that have the shape of a label and were read as words, with the reason."""
    return tuple(
        line.model_copy(
            update={
                "why": "looks like a code label; read as words of the interview, because it stands "
                + (line.why or "once and beside no other")
            }
        )
        for line in document.lookalikes
        if line.what not in document.guessed_labels
    )


def _recognised(documents: Mapping[Path, Document]) -> set[str]:
    """By the rule in one file, or because it stands in files of two interviews.

    Files of one interview are copies of each other: what is said once stands in each of them.
    """
    found = {label for document in documents.values() for label in document.guessed_labels}
    titles: dict[str, set[str]] = defaultdict(set)
    for document in documents.values():
        for line in document.lookalikes:
            if not line.why:
                titles[line.what].add(document.title)
    return found | {label for label, where in titles.items() if len(where) > 1}


def _seen(documents: Mapping[Path, Document], pool: Collection[str]) -> tuple[LabelSeen, ...]:
    lines: dict[str, list[tuple[Path, Skipped]]] = {label: [] for label in pool}
    for path, document in documents.items():
        for line in document.lookalikes:
            if line.what in pool:
                lines[line.what].append((path, line))
    seen = [
        LabelSeen(
            label,
            len(at),
            tuple(dict.fromkeys(str(path) for path, _ in at)),
            at[0][1].where,
        )
        for label, at in lines.items()
    ]
    return tuple(sorted(seen, key=lambda one: (-one.times, one.label)))
