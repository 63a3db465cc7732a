"""One text of a project on its way into the study."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from assistant.interchange.placing import Item
from assistant.interchange.projects.comparing import Seen
from assistant.interchange.projects.records import Source
from assistant.interchange.projects.reports import SourceReport
from assistant.interchange.projects.texts import SourceText

__all__ = ["Taken", "source_report"]


@dataclass
class Taken:
    """One source on its way."""

    source: Source
    text: SourceText
    sha256: str
    items: dict[str, Item] = field(default_factory=dict)
    """By hash of the document."""
    same_bytes: list[str] = field(default_factory=list)
    """Documents of it that were imported before: their transcript's name."""
    already: int = 0
    not_placed: int = 0
    transcript: str = ""
    there: bool = False
    """The study has a transcript of exactly this text."""
    stated: int = 0
    """Id of the transcript that somebody says it belongs to."""
    error: str = ""
    notes: list[str] = field(default_factory=list)
    fates: Counter[str] = field(default_factory=Counter)
    seen: set[Seen] = field(default_factory=set)
    """Its codings, in its text."""


def source_report(one: Taken) -> SourceReport:
    new = one.fates["exact"] + one.fates["partial"]
    return SourceReport(
        one.source.name,
        one.source.kind,
        "imported" if one.items else "already there",
        one.transcript,
        one.text.language,
        one.source.position_rule,
        new,
        one.fates["partial"],
        one.fates["same-as-another-file"],
        one.already,
        one.not_placed,
        (*one.text.notes, *one.notes),
    )
