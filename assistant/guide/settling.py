"""Settling for one side what two studies say differently.

A chosen side takes effect where something here can follow it: a decision on a suggestion, what a
coder had seen, consent. What cannot (two texts of one name, a run made twice) is recorded alone.
Both sides stay on record; a later word replaces an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.decisions.kept_back import kept_back
from assistant.errors import UserError
from assistant.guide.conflict_words import ShownConflict, Words, key_by_hash, scope_here
from assistant.interchange.sharing.merge import find_conflict, settle
from assistant.interchange.transcripts import change_transcripts
from assistant.store.database import Store
from assistant.store.decided.decisions import add_decision, decisions
from assistant.store.decided.reviewing import hold
from assistant.store.people.codings import set_scope_columns
from assistant.store.sharing.conflicts import Conflict, conflicts, suggestion_in
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study

__all__ = ["ShownConflict", "settle_for", "shown_conflicts"]


def shown_conflicts(
    study: Study, store: Store, who: str, *, kind: str = "", settled: bool | None = None
) -> tuple[ShownConflict, ...]:
    """What ``who`` may be shown, open ones first: nothing about codes of a transcript that she is
    still to code blind. ``settled``: only those that are, or are not."""
    back = kept_back(store, who)
    words = Words(study, store)
    found = [words.of(c) for c in conflicts(store) if kind in ("", c.kind)]
    kept = [
        c
        for c in found
        if not (c.kind in ("decision", "adjudication") and c.transcript_id in back)
        and (settled is None or bool(c.settled) == settled)
    ]
    return tuple(sorted(kept, key=lambda c: bool(c.settled)))


def settle_for(
    study: Study,
    store: Store,
    identity: str,
    side: int | None,
    note: str,
    who: str,
    *,
    seen: str | None = None,
) -> Conflict:
    """Settle a conflict for one side (its index), or with a note alone (``side`` None).

    ``seen``: what had settled it when the page was made. Raises `UserError` for a conflict or side
    that is not there, and when somebody settled it meanwhile; nothing is stored then.
    """
    with store.transaction():
        hold(store)
        found = find_conflict(store, identity)
        if seen is not None and seen != found.settled:
            raise UserError(
                f"This was settled meanwhile. {found.settled}",
                hint="Look at it again; you can still say something else.",
            )
        if side is None:
            return settle(store, found.identity, note, who=who)
        if not 0 <= side < len(found.sides):
            raise UserError("There is no such side.", hint=f"Choose 1 to {len(found.sides)}.")
        shown = Words(study, store).of(found)
        _apply(store, found, found.sides[side], shown.sides[side].holds, note, who)
        word = f"{shown.sides[side].words}: that holds" + (f". {note.strip()}" if note else "")
        return settle(store, found.identity, word, who=who, side=side)


def _apply(
    store: Store, found: Conflict, side: Mapping[str, Any], holds: bool, note: str, who: str
) -> None:
    if holds:
        return
    if found.kind == "decision" and (key := suggestion_in(store, found)) is not None:
        theirs = [d for d in decisions(store, key) if d.reviewer == side["who"]]
        last = next((d for d in theirs[::-1] if d.decision == side["decision"]), None)
        if last is None:
            raise UserError(
                f"{side['who']}'s decision is not in this study.",
                hint="Decide on the suggestion itself, on the page of its transcript.",
            )
        # The same coding stands for it again where she had coded differently.
        add_decision(store, key, last.decision, who, reason=note, coding_id=last.coding_id)
    elif found.kind == "consent":
        if name := _name_by_hash(store, str(found.about["transcript"])):
            change_transcripts(store, [name], consent=str(side["consent"]))
    elif found.kind == "scope":
        wanted = str(side["exposure"])
        here = scope_here(store, found)
        if here.get("exposure") in _SEEN and wanted not in _SEEN and not note.strip():
            raise UserError(
                f"By this study {found.about['coder']} had seen others' codes "
                f"({here['exposure']}). To say that it is not so makes these codes evidence.",
                hint="Write into the note how you know.",
            )
        key = key_by_hash(store, str(found.about["transcript"]))
        if key is not None and here:
            set_scope_columns(store, str(found.about["coder"]), key, side)


_SEEN = ("after-model", "adjudicated")
"""Exposures that say that somebody's codes had been seen."""


def _name_by_hash(store: Store, sha256: str) -> str:
    return next((i.name for i in transcript_infos(store) if i.sha256 == sha256), "")
