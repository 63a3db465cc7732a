"""What was brought in, by kinds of files as a person calls them."""

from __future__ import annotations

from collections import Counter

from assistant.counting import counted
from assistant.interchange.imports.reports import ImportReport

__all__ = ["brought_said", "kind_of"]

_KINDS = {
    "refi-qda": ("REFI-QDA project", "REFI-QDA projects"),
    "taguette": ("Taguette project", "Taguette projects"),
    "taguette-highlights": ("list of Taguette's highlights", "lists of Taguette's highlights"),
    "taguette-document": ("document with Taguette's tags", "documents with Taguette's tags"),
    "qualcoder": ("QualCoder project", "QualCoder projects"),
    "dedoose-word": ("Word file of Dedoose", "Word files of Dedoose"),
    "word-comments": ("Word file with codes", "Word files with codes"),
    "table": ("table of codings", "tables of codings"),
    "database": ("database", "databases"),
}
"""Format of a file of another tool -> what one is called, and several."""


def kind_of(format: str) -> str:
    """What a file of this format is, for people: ``Table of codings``."""
    one = _KINDS.get(format, ("file of another tool", ""))[0]
    return one[0].upper() + one[1:]


def brought_said(report: ImportReport, yet: str = "") -> str:
    """``5 Word files with codes; 1 of 2 tables of codings brought in; 6 transcripts.``

    ``yet``: ends what is said of files that were not taken: " yet" where something is asked.
    """
    parts: list[str] = []
    if report.files:
        taken = len(report.files) - len(report.refused)
        parts.append(_of(taken, len(report.files), "file", "files", yet))
    every = Counter(project.format for project in report.projects)
    refused = Counter(project.format for project in report.refused_projects)
    for kind, total in every.items():
        one, several = _KINDS.get(kind, ("file of another tool", "files of other tools"))
        parts.append(_of(total - refused[kind], total, one, several, yet))
    return "; ".join([*parts, counted(len(report.transcripts), "transcript")]) + "."


def _of(taken: int, total: int, one: str, several: str, yet: str) -> str:
    named = f"{total:,} {one if total == 1 else several}"
    if taken == total:
        return named
    return f"{taken:,} of {named} brought in{yet}" if taken else f"{named} not brought in{yet}"
