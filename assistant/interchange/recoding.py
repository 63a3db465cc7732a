"""What a changed definition makes people look at again, by whom, and about how long it takes.

Who coded with another definition says neither yes nor no: her passages with the code are as much in
doubt as the transcripts where she did not use it. Both are listed, and nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from statistics import median

from assistant.codebook.lineage import Silences
from assistant.codebook.records import Codebook
from assistant.store.codings import codings, scopes
from assistant.store.database import Store
from assistant.store.decisions import decisions
from assistant.store.looked_again import looked_again
from assistant.store.transcripts import transcript, transcript_infos
from assistant.store.versions import recorded_versions

__all__ = [
    "Again",
    "Stale",
    "ToRecode",
    "passages_to_recode",
    "recoding_counts",
    "stale_transcripts",
]

_NEVER_REFERENCE = ("after-model", "adjudicated")
_LEAST = 10
"""Decisions whose median says something."""
_WORDS_A_MINUTE = 100
"""Reading with care and deciding; half of quiet reading (about 200 to 250 words a minute)."""


@dataclass(frozen=True)
class Again:
    """One passage that counts for nothing until somebody has looked at it again."""

    transcript_id: int
    transcript: str
    start: int
    end: int
    quote: str
    written: str


@dataclass(frozen=True)
class Stale:
    """One transcript of which a person says nothing about the code until she has looked again."""

    transcript_id: int
    transcript: str
    passages: int
    """With the code; where there is none, her silence is of the other definition too."""
    words: int
    """Of what she coded; read once for all codes that she looks for again."""


@dataclass(frozen=True)
class ToRecode:
    coder: str
    passages: tuple[Again, ...]
    transcripts: tuple[Stale, ...]
    minutes: float
    """For the passages with the code alone."""
    basis: str
    """What the estimate rests on, as a sentence."""

    @property
    def words(self) -> int:
        return sum(one.words for one in self.transcripts)


def passages_to_recode(
    store: Store,
    book: Codebook,
    code: str,
    leave_out: Collection[int] = (),
    *,
    if_it_changed: bool = False,
) -> tuple[ToRecode, ...]:
    """What people have to look at again for one code, by coder: transcripts that they coded with
    another definition of it, and their passages with it there.

    ``if_it_changed``: what it would be, were the definition changed now. Adjudicated and
    after-model codings are left out, samples of audits, and the transcripts ``leave_out``.
    """
    silences = _silences(store, book)
    infos = [i for i in transcript_infos(store) if not i.withdrawn and i.id not in leave_out]
    names = {i.id: i.name for i in infos}
    concerned = {
        (s.coder.id, s.transcript_id)
        for s in scopes(store)
        if s.transcript_id in names
        and s.coder.kind == "human"
        and s.segments is None
        and s.exposure not in _NEVER_REFERENCE
        and (
            if_it_changed
            or silences.of(s.coder.id, s.transcript_id).get(code) == "older definition"
        )
    }
    found: dict[str, list[Again]] = {}
    for c in codings(store):
        if (c.coder.id, c.transcript_id) not in concerned:
            continue
        if c.exposure in _NEVER_REFERENCE:
            continue
        if silences.resolve(c.coder.id, c.transcript_id, c.code) != code:
            continue
        found.setdefault(c.coder.name, []).append(
            Again(c.transcript_id, names[c.transcript_id], c.start, c.end, c.quote, c.code)
        )
    transcripts: dict[str, list[Stale]] = {}
    for s in scopes(store):
        if (s.coder.id, s.transcript_id) in concerned:
            n = sum(p.transcript_id == s.transcript_id for p in found.get(s.coder.name, ()))
            words = _words(store, s.transcript_id, s.first_segment, s.last_segment)
            transcripts.setdefault(s.coder.name, []).append(
                Stale(s.transcript_id, names[s.transcript_id], n, words)
            )
    return tuple(
        ToRecode(coder, tuple(mine), tuple(stale), *_minutes(store, coder, mine))
        for coder, stale in sorted(transcripts.items())
        for mine in [found.get(coder, [])]
        if mine or not if_it_changed
    )


def recoding_counts(
    store: Store, book: Codebook, codes: Collection[str], leave_out: Collection[int] = ()
) -> dict[str, int]:
    """Code -> passages that `passages_to_recode` lists, the most first; only where there are any
    passages, or transcripts to read for it."""
    found = {}
    for code in codes:
        if rows := passages_to_recode(store, book, code, leave_out):
            found[code] = sum(len(row.passages) for row in rows)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def stale_transcripts(store: Store, book: Codebook, coder: str, code: str = "") -> tuple[str, ...]:
    """Transcripts that a person coded with another definition: of ``code``, or of any code."""
    silences = _silences(store, book)
    names = {i.id: i.name for i in transcript_infos(store) if not i.withdrawn}
    found = []
    for s in scopes(store):
        if s.coder.name != coder or s.transcript_id not in names or s.segments is not None:
            continue
        if s.exposure in _NEVER_REFERENCE:
            continue
        stale = {
            one
            for one, why in silences.of(s.coder.id, s.transcript_id).items()
            if why == "older definition"
        }
        if (code in stale) if code else stale:
            found.append(names[s.transcript_id])
    return tuple(found)


def _silences(store: Store, book: Codebook) -> Silences:
    return Silences.among(
        recorded_versions(store), scopes(store), codings(store), book, looked_again(store)
    )


def _words(store: Store, transcript_id: int, first: int | None, last: int | None) -> int:
    text = transcript(store, transcript_id)
    inside = text.segments[first or 0 : None if last is None else last + 1]
    return sum(len(re.findall(r"\w+", text.text[s.start : s.end])) for s in inside)


def _minutes(store: Store, coder: str, passages: Collection[Again]) -> tuple[float, str]:
    seconds: dict[str, list[float]] = {}
    for d in decisions(store):
        if d.seconds is not None and d.bulk_id is None:
            seconds.setdefault(d.reviewer, []).append(d.seconds)
    everybody = [s for mine in seconds.values() for s in mine]
    mine = seconds.get(coder, [])
    words = sum(len(re.findall(r"\w+", p.quote)) for p in passages)
    if len(mine) >= _LEAST:
        each = median(mine)
        basis = f"the median of {coder}'s own {len(mine)} decisions, {each:.0f} seconds each"
        return len(passages) * each / 60, basis
    if len(everybody) >= _LEAST:
        each = median(everybody)
        basis = f"the median of everybody's {len(everybody)} decisions, {each:.0f} seconds each"
        return len(passages) * each / 60, basis
    return words / _WORDS_A_MINUTE, (
        f"{words} words at {_WORDS_A_MINUTE} a minute, since too few decisions were timed"
    )
