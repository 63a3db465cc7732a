"""Names that were corrected in this study: files still have the old one, and mean the same person.

The record of the correction is what is read. Whoever has the old name in the study today is
somebody else, who came by it later, and keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from assistant.interchange.projects.records import Project
from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.people.coders import coders
from assistant.store.people.coding_guids import spelled_guid
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import events

__all__ = ["NameNow", "corrected_names", "corrections", "present_names", "with_present_guids"]


@dataclass(frozen=True)
class NameNow:
    old: str
    new: str
    at: str
    """When it was corrected."""
    same_person: bool = False
    """Whether both were names in the study, and somebody said that they are one person's."""

    @property
    def in_words(self) -> str:
        return (
            f"“{self.old}” is “{self.new}” here since {self.at[:10]}, when the name was corrected: "
            f"these codings are hers. If it is somebody else: "
            f'`--same-coder "{self.old}={self.old}"`.'
        )


def corrections(said: Iterable[tuple[str, Mapping[str, object]]]) -> dict[str, NameNow]:
    """Old name -> the last one, by (time, details) of statements in their order."""
    now: dict[str, NameNow] = {}
    for at, details in said:
        old, new = details.get("old"), details.get("new")
        if not isinstance(old, str) or not isinstance(new, str):
            continue
        old, new = nfc(old), nfc(new)
        for earlier, found in list(now.items()):
            if found.new == old:
                now[earlier] = NameNow(earlier, new, at, found.same_person)
        now[old] = NameNow(old, new, at, details.get("same_person") is True)
        now.pop(new, None)
    return now


def present_names(now: Mapping[str, NameNow], people: Collection[str]) -> tuple[NameNow, ...]:
    """Those corrections that hold among these people: the new name is there, the old one is not."""
    return tuple(n for n in now.values() if n.old not in people and n.new in people)


def corrected_names(store: Store, stated: Mapping[str, str] | None = None) -> dict[str, NameNow]:
    """Old name -> what the person is called now. ``stated``: who users of the file are, as
    somebody says for this import; that holds whatever is on record."""
    now = corrections((event.at, event.details) for event in events(store, "statement"))
    if not now:
        return {}
    held = (stated or {}).values()
    people = {coder.name for coder in coders(store, "human")}
    return {found.old: found for found in present_names(now, people) if found.old not in held}


def with_present_guids(store: Store, project: Project) -> Project:
    """The project with codings that left this study before a name was corrected under the GUIDs
    that they have here now: these are made from the name."""
    names = corrected_names(store)
    wanted = {coding.guid for coding in project.codings if coding.guid} if names else set()
    if not wanted:
        return project
    texts = {info.id: info.sha256 for info in transcript_infos(store)}
    now: dict[str, str] = {}
    for coding in codings(store):
        for found in names.values() if coding.origin == "import" else ():
            if found.new != coding.coder.name:
                continue
            here, then = (found.new, coding.code), (found.old, coding.code)
            said = (texts[coding.transcript_id], "human", (coding.start, coding.end))
            if before := spelled_guid(coding.guid, [here], then, *said):
                now[before] = coding.guid
    return project.model_copy(
        update={
            "codings": tuple(
                one.model_copy(update={"guid": now[one.guid]}) if one.guid in now else one
                for one in project.codings
            )
        }
    )
