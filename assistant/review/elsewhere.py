"""What models of another study said of a passage: codings that came in a file, with the note that
came with each (rationale, run, figures, what was decided).

They are no suggestions: nobody decides on them here. They stand beside the passage, and whoever is
shown them has seen a model's codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.codebook.records import Codebook
from assistant.review.desk import Asked
from assistant.store.database import Store
from assistant.store.people.coding_notes import coding_notes
from assistant.store.people.codings import codings
from assistant.store.people.openings import record_openings

if TYPE_CHECKING:
    from eval.disagreements.records import Disagreement

__all__ = ["Elsewhere", "elsewhere", "show_elsewhere"]


@dataclass(frozen=True)
class Elsewhere:
    coder: str
    coder_id: int
    code: str
    """Id in the codebook; as it was written where the codebook does not know it."""
    label: str
    start: int
    end: int
    note: str
    """For people, of several lines; empty: the file said nothing more."""


def elsewhere(store: Store, book: Codebook | None, transcript_id: int) -> tuple[Elsewhere, ...]:
    """In the order of the text."""
    there = codings(store, transcript_id, "model")
    notes = coding_notes(store, transcript_id) if there else {}
    found = []
    for c in there:
        key = (book.resolve(c.code) if book else None) or c.code
        known = book.by_id.get(key) if book else None
        found.append(
            Elsewhere(
                c.coder.name,
                c.coder.id,
                key,
                known.label if known else c.code,
                c.start,
                c.end,
                notes.get((c.coder.id, c.code, c.start, c.end), ""),
            )
        )
    return tuple(found)


def show_elsewhere(
    asked: Asked, store: Store, book: Codebook, d: Disagreement, place: str
) -> tuple[Elsewhere, ...]:
    """What such models said there about the codes in dispute; that it is shown is on record."""
    found = tuple(
        one
        for one in elsewhere(store, book, d.transcript_id)
        if one.code in d.codes and one.start < d.end and d.start < one.end
    )
    shown = {one.coder_id for one in found}
    record_openings(store, asked.who, d.transcript_id, model=shown, place=place)
    return found
