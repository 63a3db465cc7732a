"""One text of a project on its way into the study."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from assistant.interchange.imports.placing import Item, Placed
from assistant.interchange.projects.coders import Named
from assistant.interchange.projects.comparing import Seen
from assistant.interchange.projects.records import ProjectCoding, Source
from assistant.interchange.projects.reports import NotPlaced, SourceReport
from assistant.interchange.projects.texts import SourceText
from assistant.store.database import Store
from assistant.store.people.codings import codings
from assistant.transcripts.records import Exposure, SourceCoding

__all__ = [
    "Taken",
    "by_coder",
    "coding_guids",
    "count_corrected",
    "count_fates",
    "exposure_apart",
    "source_report",
]


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


def exposure_apart(coding: ProjectCoding, usual: Exposure) -> Exposure | None:
    """What its coder had seen, where that is not so for all that she coded of this text."""
    if coding.exposure is None or coding.exposure in (usual, "unknown"):
        return None
    return coding.exposure


def by_coder(
    spans: Mapping[tuple[str, Exposure | None], list[SourceCoding]], coders: Mapping[str, Named]
) -> dict[tuple[Named | None, Exposure | None], list[SourceCoding]]:
    """By coder of the study: two users of the file may be one."""
    merged: dict[tuple[Named | None, Exposure | None], list[SourceCoding]] = defaultdict(list)
    for (key, exposure), found in spans.items():
        who = coders.get(key)
        if who is not None and who.kind == "model":
            who, exposure = Named(who.name, "model", who.recipe_sha256), None
        merged[who, exposure] += found
    return merged


def count_fates(
    one: Taken, item: Item, placed: Placed, made: Counter[tuple[str, str]]
) -> list[NotPlaced]:
    """Add what became of a document to its text and (``made``) its coder; what has no place."""
    one.transcript = placed.transcript
    listed: list[NotPlaced] = []
    for coding in placed.carried[item.document.file_sha256]:
        one.fates[coding.carried] += 1
        if coding.carried in ("exact", "partial"):
            made[item.kind, item.coder] += 1
        elif coding.carried == "failed":
            one.not_placed += 1
            why = f"not carried over to the transcript: {coding.why}"
            place = (coding.code, coding.start, coding.end)
            listed.append(NotPlaced(one.source.name, item.coder, *place, why))
    again = min(placed.again[item.kind, item.coder], one.fates["exact"])
    placed.again[item.kind, item.coder] -= again
    one.fates["exact"] -= again
    one.fates["same-as-another-file"] += again
    made[item.kind, item.coder] -= again
    return listed


def coding_guids(store: Store, transcripts: Collection[int]) -> frozenset[str]:
    """Of people's codings of these transcripts."""
    return frozenset(c.guid for one in transcripts for c in codings(store, one))


def count_corrected(
    owner: Mapping[str, Taken],
    placed: Placed,
    before: Collection[str],
    made: Counter[tuple[str, str]],
) -> None:
    """What was corrected is no new coding: take it off, unless it had counted as one that was there
    or is counted off already. ``owner``: hash of a document -> its text; ``before``: GUIDs."""
    for key, number, coder in {(c.file_sha256, c.number, c.coder) for c in placed.corrected}:
        now, fates = placed.carried[key][number], owner[key].fates
        if now.coding_guid and now.coding_guid not in before and fates[now.carried]:
            made["human", coder] -= 1
            fates[now.carried] -= 1
