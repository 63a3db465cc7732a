"""Codes of an import's projects and tables, looked up before its texts are read.

In a text a code is a line like any other, and is told from words because its name is known. What is
known must not depend on which file of an import came first, so all of them are asked before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from assistant.errors import SecondCoderError
from assistant.interchange.imports.reports import ImportOptions
from assistant.interchange.projects.first_codebook import codebook_there
from assistant.interchange.projects.gathering import parents_of
from assistant.interchange.projects.ordering import Found
from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import Project
from assistant.spelling import nfc
from assistant.transcripts.records import Document
from assistant.transcripts.speaker_labels import is_role

__all__ = ["codes_ahead", "codes_of_others", "may_be_labels", "may_hold_labels"]

_LAID_OUT = ("delve-pdf", "subtitles", "pdf")
"""Formats in which no line is a label because its name is known."""


def may_be_labels(codes: Iterable[str]) -> tuple[str, ...]:
    """None that could name a speaker, or that would be a pattern."""
    return tuple(
        dict.fromkeys(code for code in codes if not is_role(code) and not set(code) & set("*?["))
    )


def codes_ahead(
    found: Sequence[Found], options: ImportOptions, of_study: Sequence[str] = ()
) -> tuple[list[Found], tuple[str, ...]]:
    """The same, with what was read of them kept, and the names of their codes: of all that they
    apply, and of those that this import brings into the study. ``of_study``: what it has already.

    A file that cannot be read says so when its turn comes.
    """
    kept: list[Found] = []
    names: list[str] = []
    first = _writes_first(options)
    for one in found:
        known = (*options.known_codes, *options.labels, *of_study)
        read = ReadOptions(options.coder, columns=options.columns, codes=known)
        try:
            codes = one.reader.codes(one.path, read)
            if codes is None:
                project = one.reader.read(one.path, read)
                one = replace(one, project=project)
                codes = _named(project, first=first)
        except SecondCoderError:
            codes = ()
        kept.append(one)
        names += codes
    return kept, may_be_labels(names)


def _named(project: Project, *, first: bool) -> tuple[str, ...]:
    """Codes that it applies; and those that it only has, where it is nothing but a codebook or
    (``first``) the study's is written from it, as they would be known from then on."""
    by_key = {code.key: code for code in project.codes}
    found = [
        coding.written or by_key[coding.code].name
        for coding in project.codings
        if coding.written or (coding.code in by_key and not by_key[coding.code].kind)
    ]
    if first or not project.sources:
        found += [
            name
            for code in project.codes
            if not any(one.kind for one in (code, *parents_of(code, by_key)))
            for name in (code.id, code.name)
        ]
    return tuple(dict.fromkeys(nfc(name) for name in found if name))


def _writes_first(options: ImportOptions) -> bool:
    """Whether the study's codebook has no codes yet and gets those of the projects."""
    if options.codebook_file is None or options.write_codebook is not None:
        return False
    there = codebook_there(options.codebook_file)
    return there is not None and not there.codes


def codes_of_others(documents: Iterable[Document], known: Collection[str]) -> tuple[str, ...]:
    """Codes that stand in files of an import for certain, such as prints, and that nobody named."""
    codes = may_be_labels(c.code for document in documents for c in document.codings)
    return tuple(code for code in codes if code not in known)


def may_hold_labels(document: Document) -> bool:
    """Whether a line of it is a label because its name is known."""
    return document.format not in _LAID_OUT
