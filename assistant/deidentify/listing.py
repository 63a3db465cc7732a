"""The study's list of names, as commands and pages use it: propose, add, confirm, refuse, look.

Invariant: no replacement holds a term of the list, so that what is replaced once is never replaced
again, and no event names a term.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.counting import counted
from assistant.deidentify.matching import Matcher, words_of
from assistant.deidentify.occurrences import Occurrences, as_it_leaves
from assistant.deidentify.proposing import Proposal, in_order, propose
from assistant.deidentify.records import KINDS, Kind, Pseudonym, Status
from assistant.errors import UserError
from assistant.meant import did_you_mean, meant
from assistant.store.database import Store
from assistant.store.texts.pseudonyms import pseudonyms, put_pseudonyms, set_pseudonym_status
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.trail.events import record_event
from assistant.transcripts.records import Transcript

__all__ = [
    "Listed",
    "ProposeResult",
    "add_term",
    "decide",
    "how_often",
    "listed",
    "propose_terms",
    "texts_of",
]

_WORD = re.compile(r"[^\W\d_][\w'’-]*")

_NAMES: dict[Kind, str] = {
    "person": "Person",
    "place": "Place",
    "organisation": "Organisation",
    "other": "Name",
}


@dataclass(frozen=True)
class Listed:
    """A term with how often it stands in the study's transcripts."""

    pseudonym: Pseudonym
    times: int
    transcripts: int
    small: int
    """Of these, how often in small letters throughout: another word, perhaps."""


@dataclass(frozen=True)
class ProposeResult:
    new: tuple[Proposal, ...]
    remarks: tuple[str, ...]


def texts_of(store: Store) -> tuple[Transcript, ...]:
    """Every transcript that still has its words."""
    return tuple(transcript(store, i.id) for i in transcript_infos(store) if not i.withdrawn)


def propose_terms(store: Store) -> ProposeResult:
    """Add what looks like a name to the list, as proposals; nothing is replaced by that."""
    while True:
        texts, known = texts_of(store), pseudonyms(store)
        done = propose(texts, known)
        there = Occurrences(texts)
        # Proposed by where a capital says something; told is how often it would be replaced.
        found = [(p, there.of(p.pseudonym)) for p in done.proposals]
        proposals = in_order(
            replace(p, times=t.times, transcripts=len(t.by), small=t.small) for p, t in found
        )
        with store.transaction():
            if pseudonyms(store) != known:
                # Reading takes a while. What somebody has put on the list since is not to be a
                # mere proposal again, nor its replacement to stand for two names.
                continue
            put_pseudonyms(store, [p.pseudonym for p in done.proposals])
            if done.proposals:
                record_event(store, "pseudonyms", f"{_names(len(done.proposals))} proposed")
        return ProposeResult(proposals, done.remarks)


def _names(number: int) -> str:
    return counted(number, "name")


def listed(store: Store, status: Status | None = None) -> tuple[Listed, ...]:
    """The list with counts, in the order in which the terms came."""
    terms = pseudonyms(store, status)
    there = Occurrences(texts_of(store))
    # Each by itself, so that a part of a longer name is counted too.
    found = [(term, there.of(term)) for term in terms]
    return tuple(
        Listed(term, t.times, len(t.by), 0 if term.term.islower() else t.small) for term, t in found
    )


def how_often(store: Store, term: str) -> tuple[int, str]:
    """How often a name stands in the study's transcripts; where it stands nowhere, also what is
    written there with a capital and is nearly it (or "")."""
    texts = texts_of(store)
    there = Occurrences(texts).of(Pseudonym(term=term, kind="other", replacement=""))
    if there.times:
        return there.times, ""
    words = (w for text in texts for w in _WORD.findall(as_it_leaves(text)))
    capitals = dict.fromkeys(w for w in words if w[0].isupper())
    near = " ".join(meant(word, capitals) or word for word in term.split())
    return 0, near if near.casefold() != term.casefold() else ""


def add_term(
    store: Store, term: str, kind: str, replacement: str = "", *, keep_lower: bool = False
) -> Pseudonym:
    """Put a term on the list, confirmed. Without a replacement the next free one is taken.

    Raises `UserError` for a term without letters and for a replacement that holds a term.
    """
    term, replacement = " ".join(term.split()), " ".join(replacement.split())
    if not words_of(term):
        raise UserError(
            "A name to be replaced needs at least one letter or digit.",
            hint='Write it as it stands in the transcripts: secondcoder pseudonyms add "Ana Brook"',
        )
    chosen = next((k for k in KINDS if k == kind), None)
    if chosen is None:
        raise UserError(f"“{kind}” is not a kind of name.", hint=f"Choose: {', '.join(KINDS)}.")
    with store.transaction():
        known = pseudonyms(store)
        same = next((p for p in known if words_of(p.term) == words_of(term)), None)
        new = Pseudonym(
            term=same.term if same else term,
            kind=chosen,
            replacement=replacement
            or (same.replacement if same and same.kind == chosen else _next(chosen, known)),
            keep_lower=keep_lower,
        )
        in_force = [p for p in known if p.status == "confirmed" and p.term != new.term]
        _refuse_circles([*in_force, new])
        put_pseudonyms(store, [new])
        record_event(store, "pseudonyms", f"A name ({chosen}) was put on the list")
    return new


def decide(store: Store, terms: Sequence[str], status: Status) -> tuple[Pseudonym, ...]:
    """Confirm or refuse terms of the list; without terms, all that are proposed.

    Raises `UserError` for terms that are not there, and decides on none of the others then.
    """
    with store.transaction():
        known = pseudonyms(store)
        of = {words_of(p.term): p for p in known}
        missing = [term for term in terms if words_of(term) not in of]
        if missing:
            raise _not_listed(missing, [t for t in terms if t not in missing], known, status)
        chosen = [of[words_of(term)] for term in terms]
        if not terms:
            chosen = [p for p in known if p.status == "proposed"]
        if status == "confirmed":
            there = [p for p in known if p.status == "confirmed" and p not in chosen]
            _refuse_circles([*there, *chosen])
        set_pseudonym_status(store, [p.term for p in chosen], status)
        if chosen:
            record_event(store, "pseudonyms", f"{_names(len(chosen))} of the list {status}")
    return tuple(p.model_copy(update={"status": status}) for p in chosen)


def _not_listed(
    missing: Sequence[str], others: Sequence[str], known: Sequence[Pseudonym], status: Status
) -> UserError:
    """Says which are not on the list, and that the others were not decided on either."""
    what = f"{_quoted(missing)} {'is' if len(missing) == 1 else 'are'} not on the list."
    hint = "".join(did_you_mean(term, (p.term for p in known)) for term in missing)
    hint += "`secondcoder pseudonyms list` shows it; `secondcoder pseudonyms add` adds to it."
    if others:
        what += f" So none was {status}, {_quoted(others)} neither."
        verb = "confirm" if status == "confirmed" else "refuse"
        again = " ".join(f'"{term}"' if " " in term else term for term in others)
        hint += f" Without it: secondcoder pseudonyms {verb} {again}"
    return UserError(what, hint=hint)


def _quoted(terms: Sequence[str]) -> str:
    return ", ".join(f"“{term}”" for term in terms)


def _next(kind: Kind, known: Sequence[Pseudonym]) -> str:
    taken = {p.replacement for p in known}
    number = 1
    while f"{_NAMES[kind]} {number}" in taken:
        number += 1
    return f"{_NAMES[kind]} {number}"


def _refuse_circles(terms: Sequence[Pseudonym]) -> None:
    """A replacement that holds a term would be replaced again, or give the name away."""
    matcher = Matcher(terms)
    for term in terms:
        if not term.replacement:
            raise UserError(f"Nothing would stand for “{term.term}”.", hint='Use --as "…".')
        for hit in matcher.find(term.replacement):
            raise UserError(
                f"“{term.replacement}”, which is to stand for “{term.term}”, holds “"
                f"{hit.term.term}”, which is on the list itself.",
                hint='Choose another with --as, such as "Person 7".',
            )
