"""Transcripts that turn out to be one interview become one: what is kept of each, and what is said.

Either a new file has the words of both, or somebody says so (`--same-as`). Nobody's consent
gets wider by it, and it is on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.store.database import Store
from assistant.store.people.coding_notes import NotePlace, coding_notes, move_coding_notes
from assistant.store.texts.documents import state_documents
from assistant.store.texts.transcripts import merge_transcripts, stays, transcript
from assistant.store.trail.events import record_event
from assistant.transcripts.aligning import Carried, align
from assistant.transcripts.records import Transcript

__all__ = ["Joined", "join", "place_notes"]


@dataclass(frozen=True)
class Joined:
    key: int = 0
    """Id of the one transcript; 0: there is none yet."""
    names: tuple[str, ...] = ()
    """Of the transcripts that are part of it now."""
    consent: str = ""
    """What became of their consents, as a sentence; empty where they were the same."""
    notes: tuple[tuple[str, dict[NotePlace, str]], ...] = field(default=(), repr=False)
    """(text, notes on codings in it) of every one, as they were before."""


def join(store: Store, keys: Sequence[int], *, stated: bool, on_record: bool = True) -> Joined:
    """Make the transcripts of these ids one. ``stated``: somebody says that they belong to the
    first. ``on_record``: it is an event of this study.

    Two that runs, decisions or placed memos rest on stay two; else the first that something rests
    on is kept.
    """
    if not keys:
        return Joined()
    fixed = [key for key in keys if stays(store, key)]
    kept = keys[0] if stated else (fixed or list(keys))[0]
    before = transcript(store, kept)
    others = [transcript(store, key) for key in keys if key != kept and key not in fixed]
    notes = tuple((t.text, coding_notes(store, t.id)) for t in (before, *others))
    for one in others:
        if stated:
            state_documents(store, one.id)
        merge_transcripts(store, kept, one.id)
    consent = _consent(before.name, transcript(store, kept).consent, [before, *others])
    if others and on_record:
        names = " and ".join(f"“{one.name}”" for one in others)
        why = "as somebody said" if stated else "as a file showed that has the words of both"
        record_event(
            store,
            "statement",
            f"{names} became part of “{before.name}”, {why}. {consent}".strip(),
            transcripts=[before.name],
        )
    return Joined(kept, tuple(one.name for one in others), consent, notes)


def _consent(name: str, now: str, parts: Sequence[Transcript]) -> str:
    if len({one.consent for one in parts}) == 1:
        return ""
    said = ", ".join(f"“{one.consent}” for “{one.name}”" for one in parts)
    return f"Consent was {said}; the stricter holds for “{name}” now: “{now}”."


def place_notes(store: Store, joined: Joined, text: str) -> None:
    """Carry notes on codings to the transcript's text, as their codings were carried there."""
    for before, notes in joined.notes:
        if not notes:
            continue
        carried = align(before, text)
        moved = []
        for (coder, code, start, end), said in notes.items():
            at = carried.carry(start, end)
            if isinstance(at, Carried):
                moved.append(((coder, code, at.start, at.end), said))
        move_coding_notes(store, joined.key, moved)
