"""Deciding on disagreements: the adjudicated version grows out of what people say.

Where a side is right, its marks become codings of a coder of their own, “Adjudicated (name)”, one
for each person who adjudicates. Exposure is `adjudicated`: never reference, never part of the
ceiling. What lost stays as it was. The version's "no" counts only in segments where everything in
dispute has been decided for a side; elsewhere it says nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.decided.adjudications import (
    Adjudication,
    Outcome,
    SaidSide,
    add_adjudication,
    adjudications,
)
from assistant.store.decided.reviewing import hold
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, codings, scopes, set_scope
from assistant.store.records import Coder, Coding, Scope
from assistant.store.texts.transcripts import transcript
from assistant.transcripts.records import Transcript, segment_body

__all__ = ["OUTCOMES", "Agreed", "InDispute", "adjudicate", "adjudicated_name"]

OUTCOMES: dict[Outcome, str] = {
    "this-side": "The first side is right",
    "that-side": "The other side is right",
    "both-defensible": "Both are defensible",
    "neither": "Neither is right",
    "border-only": "Only the borders differ",
    "codebook-unclear": "The codebook is unclear",
    "new-code-needed": "A new code is needed",
}
_SIDES = ("this-side", "that-side")


@dataclass(frozen=True)
class InDispute:
    """A disagreement as far as deciding on it goes."""

    key: str
    transcript_id: int
    first_segment: int
    last_segment: int
    codes: tuple[str, ...]
    sides: tuple[SaidSide, ...]


@dataclass(frozen=True)
class Agreed:
    """Everybody who looked gives this code to this segment."""

    segment: int
    code: str


def adjudicated_name(who: str) -> str:
    """Name of the coder that holds what ``who`` decided."""
    return f"Adjudicated ({who})"


def adjudicate(
    store: Store,
    dispute: InDispute,
    outcome: Outcome,
    who: str,
    *,
    chosen: int | None = None,
    slip: bool = False,
    note: str = "",
    known: Sequence[InDispute] = (),
    agreed: Sequence[Agreed] = (),
    seen: int | None = None,
    codebook_sha256: str = "",
) -> Adjudication:
    """Store what ``who`` says, in place of what she said before; others' words stay beside it.

    ``chosen``: index of the side that is right, for the outcomes `this-side` (0) and `that-side`
    (any other); ``slip``: the others overlooked it, which no definition would have changed (kept
    only where a side is right). ``known``: every disagreement of the transcript, ``agreed``: what
    nobody disputes; both decide where the adjudicated version may say "no". ``seen``: id of her own
    last word when the page was made; raises `UserError` when she has said something else since, in
    another window.
    ``codebook_sha256``: the version whose definitions she had before her, which the store holds;
    her version of the transcript stays of the one that she began it with. Empty: the newest.
    """
    if outcome not in get_args(Outcome):
        raise UserError(f"“{outcome}” is nothing that can be decided.")
    if outcome in _SIDES:
        chosen = (0 if outcome == "this-side" else 1) if chosen is None else chosen
        if not 0 <= chosen < len(dispute.sides):
            raise UserError("There is no such side.", hint="Open the disagreement again.")
        outcome = "this-side" if chosen == 0 else "that-side"
    else:
        chosen = None
    with store.transaction():
        hold(store)
        before = adjudications(store, key=dispute.key, who=who)
        last = before[-1] if before else None
        if seen is not None and seen != (last.id if last else 0):
            raise UserError(
                "You have decided on this in another window meanwhile.",
                hint="Look at it again, then decide.",
            )
        text = transcript(store, dispute.transcript_id)
        if not text.text:
            raise UserError(f"“{text.name}” was withdrawn: its words are gone.")
        coder = add_coder(store, adjudicated_name(who), "human")
        made = _codings(store, text, coder, dispute, chosen) if chosen is not None else []
        key = add_adjudication(
            store,
            key=dispute.key,
            transcript_id=text.id,
            segment=dispute.first_segment,
            codes=dispute.codes,
            sides=dispute.sides,
            outcome=outcome,
            chosen=chosen,
            made=[guid for guid, _ in made],
            coding_id=made[0][1] if made else None,
            slip=slip and chosen is not None,
            note=note.strip(),
            who=who,
            replaces=last.id if last else None,
        )
        _set_scope(store, text, coder, who, known or (dispute,), agreed, codebook_sha256)
    return next(a for a in adjudications(store, key=dispute.key, who=who) if a.id == key)


def _codings(
    store: Store, text: Transcript, coder: Coder, dispute: InDispute, chosen: int
) -> list[tuple[str, int]]:
    """(GUID, id) of the codings that the right side makes."""
    side = dispute.sides[chosen]
    wanted = {(c, a, b) for c, a, b in side.spans if c in side.codes}
    return [_add(store, text, coder, code, start, end) for code, start, end in sorted(wanted)]


def _add(
    store: Store, text: Transcript, coder: Coder, code: str, start: int, end: int
) -> tuple[str, int]:
    guid = str(uuid.uuid4())
    key = add_coding(
        store,
        Coding(
            0,
            guid,
            text.id,
            coder,
            code,
            start,
            end,
            text.text[start:end],
            "review",
            "adjudicated",
        ),
    )
    return guid, key


def _set_scope(
    store: Store,
    text: Transcript,
    coder: Coder,
    who: str,
    known: Sequence[InDispute],
    agreed: Sequence[Agreed],
    codebook_sha256: str,
) -> None:
    """Segments in which everything in dispute is settled, and what nobody disputes in them."""
    said = {a.key: a for a in adjudications(store, who=who, transcript_id=text.id)}
    decided = {key for key, a in said.items() if a.outcome in _SIDES}
    mine = [d for d in known if d.transcript_id == text.id]
    touched = {s for d in mine if d.key in decided for s in _segments(d)}
    unsettled = {s for d in mine if d.key not in decided for s in _segments(d)}
    settled = sorted(touched - unsettled)
    codes = tuple(sorted({c for d in mine if d.key in decided for c in d.codes}))
    there = [c for c in codings(store, text.id) if c.coder == coder]
    for one in agreed:
        if one.segment not in settled or one.code not in codes:
            continue
        start, end = segment_body(text.text, text.segments[one.segment])
        if not any(c.code == one.code and c.start < end and start < c.end for c in there):
            _add(store, text, coder, one.code, start, end)
    begun = [s.codebook_sha256 for s in scopes(store, text.id) if s.coder == coder]
    set_scope(
        store,
        Scope(
            coder,
            text.id,
            "adjudicated",
            codebook_sha256=begun[0] if begun else codebook_sha256,
            codes=codes or None,
            segments=tuple(settled),
        ),
    )


def _segments(dispute: InDispute) -> range:
    return range(dispute.first_segment, dispute.last_segment + 1)
