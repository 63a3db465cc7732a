"""In which order the projects of one import come: what comes last corrects what came before.

By their own dates, where they have any. Names say nothing: “June” stands before “May”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from assistant.interchange.imports.correcting import Corrected
from assistant.interchange.projects.readers import ProjectReader
from assistant.interchange.projects.records import Project

__all__ = ["Found", "in_order", "not_told_apart", "order_in_words"]


@dataclass(frozen=True)
class Found:
    path: Path
    reader: ProjectReader
    at: datetime | None = None
    """When it was last worked on, as it says itself."""
    project: Project | None = None
    """Where it was read before its turn."""


def in_order(found: Sequence[Found]) -> list[Found]:
    """The earliest first; those that have no date stay where they were."""
    ordered = list(found)
    places = [n for n, one in enumerate(found) if one.reader.format == "refi-qda"]
    if len(places) > 1:
        from assistant.interchange.refi.dating import last_date

        for n in places:
            ordered[n] = replace(ordered[n], at=last_date(ordered[n].path))
    dated = [(one.at, n) for n, one in enumerate(ordered) if one.at is not None]
    earliest = [ordered[n] for _, n in sorted(dated)]
    for (_, n), one in zip(dated, earliest, strict=True):
        ordered[n] = one
    return ordered


def not_told_apart(one: Found, before: Sequence[Found]) -> frozenset[str]:
    """File names of those of ``before`` that ``one`` is not known to be later than."""
    same = {b.path.name for b in before if one.at is None or b.at is None or b.at == one.at}
    return frozenset(same)


def order_in_words(name: str, corrected: Sequence[Corrected], unsure: frozenset[str]) -> str:
    """That no date says whether project ``name`` is later than those that it corrects; or empty."""
    others = sorted(
        one for one in unsure if any(c.before.startswith(f"{one}: ") for c in corrected)
    )
    if not others:
        return ""
    those = ", ".join(f"“{one}”" for one in others)
    return (
        f"“{name}” was taken for later than {those}, which came in the same import: they have no "
        "dates of their own that say which is the later one, so they came in the order in which "
        "you gave them, or of their names. If it is the other way round, export the later one "
        "again and import it: what is imported last counts."
    )
