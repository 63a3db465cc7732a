"""What making two names one person's would do, said before it is done: it cannot be undone.

It is done in a copy and looked at there, so that what is foretold is what happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.codebook.naming import near_people
from assistant.errors import UserError
from assistant.interchange.names.same_person import join_names, why_not_one
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings, unfinished_blind
from assistant.store.people.coders import acts_of, find_coder
from assistant.store.people.codings import scopes
from assistant.store.people.memos import memos
from assistant.store.texts.transcripts import transcript_infos

__all__ = ["Foretold", "UnderName", "foretell", "likely_one"]


@dataclass(frozen=True)
class UnderName:
    """What stands under one name."""

    name: str
    codings: int
    memos: int
    seen: tuple[tuple[str, str], ...]
    """(transcript, exposure) of all that was looked at under it, withdrawn ones left out."""
    acts: tuple[tuple[str, int], ...]
    """(what was done in this program under the name, how often); none while she codes blind."""


@dataclass(frozen=True)
class Foretold:
    goes: UnderName
    stays: UnderName
    after: UnderName
    """Under the name that stays, when it is done."""
    once: int
    """Codings that stand under both names now, and would be there once."""
    less_independent: tuple[tuple[str, str, str, str], ...]
    """(transcript, exposure under the name that goes, under the one that stays, afterwards); empty
    where she has no scope under a name. Only where something changes."""
    doubt: str = ""
    """Why they cannot be one person, a sentence; then nothing would be done."""


def foretell(store: Store, old: str, new: str) -> Foretold:
    """What `assistant.interchange.names.same_person.join_names` would do. Nothing is stored.

    Raises `UserError` where either name is nobody's, or both are one name.
    """
    one, two = find_coder(store, old, "human"), find_coder(store, new, "human")
    if one is None or two is None:
        raise UserError(
            f"Nobody here is called “{old if one is None else new}”.",
            hint="Choose two of the names that have codings in this study.",
        )
    if one == two:
        raise UserError("This is one name.", hint="Choose two names that are one person's.")
    goes, stays = _under(store, one.name), _under(store, two.name)
    if doubt := why_not_one(store, one.name, two.name):
        return Foretold(goes, stays, stays, 0, (), doubt)
    with store.rehearsal() as copy:
        once = join_names(copy, one.name, two.name).once
        after = _under(copy, two.name)
    was, is_, now = (dict(u.seen) for u in (goes, stays, after))
    changed = [
        (name, was.get(name, ""), is_.get(name, ""), exposure)
        for name, exposure in now.items()
        if any(name in held and held[name] != exposure for held in (was, is_))
    ]
    return Foretold(goes, stays, after, once, tuple(changed))


def _under(store: Store, name: str) -> UnderName:
    infos = {info.id: info.name for info in transcript_infos(store) if not info.withdrawn}
    blind = {key for who, key in unfinished_blind(store) if who == name}
    return UnderName(
        name,
        sum(c.coder.name == name and c.coder.kind == "human" for c in shown_codings(store)),
        sum(memo.who == name and memo.transcript_id not in blind for memo in memos(store)),
        tuple(
            sorted(
                (infos[s.transcript_id], s.exposure)
                for s in scopes(store)
                if s.coder.name == name and s.transcript_id in infos
            )
        ),
        () if blind else tuple(acts_of(store, name).items()),
    )


def likely_one(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of names that differ so little that one may be a slip of the pen for the other."""
    return tuple((pair.one, pair.other) for pair in near_people(names))
