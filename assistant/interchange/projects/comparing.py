"""A project that comes again: what of its earlier file was corrected in it, and what is gone.

Nothing is erased because a later file lacks it: a file may be an older copy, or hold one person's
part. It is named, and people decide.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.counting import counted_many
from assistant.interchange.imports.correcting import Corrected
from assistant.interchange.names.renaming import how_to_correct
from assistant.interchange.projects.records import Project
from assistant.interchange.projects.reports import NotPlaced
from assistant.store.database import Store
from assistant.store.records import DocumentRow
from assistant.store.texts.documents import document_codings, documents, documents_of_project
from assistant.transcripts.records import SourceCoding

__all__ = ["Seen", "corrected_in_words", "no_longer_there", "whose_already"]

_LISTED = 10


@dataclass(frozen=True)
class Seen:
    """One coding of a source as the file has it now, in the text of its transcript."""

    coder: str
    code: str
    start: int
    end: int


def no_longer_there(
    store: Store,
    project: Project,
    source: str,
    transcript_id: int,
    text: str,
    seen: Collection[Seen],
) -> tuple[NotPlaced, ...]:
    """People's codings that an earlier file of this project has on a text, and this one has not.

    An earlier file of it has its name, or codings with the same identifiers. ``source`` is the
    text's name in the file; ``seen`` what the file has there now, in ``text``. Where the earlier
    file has another text and no identifiers, nothing can be told.
    """
    guids = {coding.guid for coding in project.codings if coding.guid}
    named = f"{project.name}: {source}"
    gone: list[NotPlaced] = []
    for row in documents(store, transcript_id):
        if row.project_sha256 in ("", project.file_sha256) or row.coder_kind != "human":
            continue
        mine = document_codings(store, row.id)
        ours = {guid for c in mine for guid in (c.file_guid, c.coding_guid) if guid}
        if row.name != named and not guids & ours:
            continue
        for c in mine:
            if c.carried not in ("exact", "partial") or guids & {c.file_guid, c.coding_guid}:
                continue
            if row.text != text and not (c.file_guid and guids & ours):
                continue
            if row.text == text and Seen(row.coder, c.code, c.start, c.end) in seen:
                continue
            why = f"in {row.name}, imported on {row.imported_at[:10]}"
            gone.append(NotPlaced(source, row.coder, c.code, c.start, c.end, why))
    return tuple(gone)


def hers_already(
    store: Store, project: Project, source: str, codings: Sequence[SourceCoding], coder: str
) -> DocumentRow | None:
    """The document that has all these codings as ``coder``'s, from the same file.

    A file is known by its bytes and the name that its coder had. Where that name was corrected
    since, it comes under another, and its codings are hers all the same.
    """
    for row in documents_of_project(store, project.file_sha256):
        if (row.name, row.coder, row.coder_kind) == (source, coder, "human"):
            there = {(c.code, c.start, c.end) for c in document_codings(store, row.id)}
            if {(c.code, c.start, c.end) for c in codings} == there:
                return row
    return None


def whose_already(
    store: Store, project: Project, codings: Sequence[SourceCoding], coder: str
) -> str:
    """Why these codings of ``coder`` are not taken: the same file was imported with all of them as
    somebody else's, and two people never agree to the byte. Empty where it was not."""
    others: dict[tuple[str, int, int], str] = {}
    mine: set[tuple[str, int, int]] = set()
    at = ""
    for row in documents_of_project(store, project.file_sha256):
        if row.coder_kind == "human" and row.coder:
            found = [(c.code, c.start, c.end) for c in document_codings(store, row.id)]
            if row.coder == coder:
                mine |= set(found)
            else:
                others |= dict.fromkeys(found, row.coder)
                at = row.imported_at[:10]
    new = {(c.code, c.start, c.end) for c in codings} - mine
    if not new or not new <= set(others):
        return ""
    people = sorted({others[one] for one in new})
    said = (
        f"The same file, byte for byte, was imported on {at}: these are {' and '.join(people)}'s "
        f"codings. Nothing was recorded for {coder}. If {coder} coded too, have {coder}'s own file "
        "exported."
    )
    if len(people) > 1:
        return said
    command = how_to_correct(store, people[0], coder)
    return said + (
        f" If “{people[0]}” is a wrong name for {coder}, correct it: {command}" if command else ""
    )


def corrected_in_words(found: Sequence[Corrected]) -> str:
    """Empty where there are none."""
    if not found:
        return ""
    listed = "; ".join(
        f"“{one.code}” {one.span[0]}–{one.span[1]} is "
        + (f"“{one.now_code}” " if one.now_code != one.code else "")
        + f"{one.now_span[0]}–{one.now_span[1]} now ({one.coder})"
        for one in found[:_LISTED]
    )
    more = f"; and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    return (
        f"{counted_many(len(found), 'codings')} corrected since the earlier file; what was there "
        f"before stays on record and counts no more: {listed}{more}."
    )
