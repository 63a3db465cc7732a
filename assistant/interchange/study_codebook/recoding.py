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
from assistant.store.database import Store
from assistant.store.decided.decisions import decisions
from assistant.store.people.coded_so_far import coded_so_far
from assistant.store.records import Coding
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.transcripts.records import NEVER_REFERENCE

__all__ = [
    "WORDS_A_MINUTE",
    "Again",
    "Recoding",
    "Stale",
    "ToRecode",
    "passages_to_recode",
    "recoding_counts",
    "stale_transcripts",
]

_LEAST = 10
"""Decisions whose median says something."""
WORDS_A_MINUTE = 100
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

    @property
    def reading_minutes(self) -> float:
        """For what she coded otherwise: her silence there is of the other definition too. It is
        read once for all codes that she looks for again."""
        rest = self.words - sum(_count(one.quote) for one in self.passages)
        return max(0, rest) / WORDS_A_MINUTE

    @property
    def all_minutes(self) -> float:
        return self.minutes + self.reading_minutes


class Recoding:
    """What has to be looked at again in a study as it is now, for any number of codes.

    The study's rows are read once, and once is found which coder says nothing about which code:
    whoever asks for several codes, or for several things of one, makes one of these.
    """

    def __init__(self, store: Store, book: Codebook) -> None:
        self._store = store
        coded = coded_so_far(store)
        self._scopes, self._codings = coded.scopes, coded.codings
        self._silences = Silences.among(coded, book)
        self._names = {i.id: i.name for i in transcript_infos(store) if not i.withdrawn}
        self._asked = tuple(
            s
            for s in self._scopes
            if s.transcript_id in self._names
            and s.coder.kind == "human"
            and s.segments is None
            and s.exposure not in NEVER_REFERENCE
        )
        """Whose codes of what can have to be looked at again at all."""
        self._stale = {
            (s.coder.id, s.transcript_id): frozenset(
                code
                for code, why in self._silences.of(s.coder.id, s.transcript_id).items()
                if why == "older definition"
            )
            for s in self._asked
        }
        self._words: dict[tuple[int, int | None, int | None], int] = {}

    def passages(
        self, code: str, leave_out: Collection[int] = (), *, if_it_changed: bool = False
    ) -> tuple[ToRecode, ...]:
        """As `passages_to_recode`."""
        concerned = [
            s
            for s in self._asked
            if s.transcript_id not in leave_out
            and (if_it_changed or code in self._stale[s.coder.id, s.transcript_id])
        ]
        keys = {(s.coder.id, s.transcript_id) for s in concerned}
        found: dict[str, list[Again]] = {}
        for c in self._codings:
            if (c.coder.id, c.transcript_id) not in keys or self._meant(c) != code:
                continue
            name = self._names[c.transcript_id]
            found.setdefault(c.coder.name, []).append(
                Again(c.transcript_id, name, c.start, c.end, c.quote, c.code)
            )
        transcripts: dict[str, list[Stale]] = {}
        for s in concerned:
            n = sum(p.transcript_id == s.transcript_id for p in found.get(s.coder.name, ()))
            words = self._words_of(s.transcript_id, s.first_segment, s.last_segment)
            transcripts.setdefault(s.coder.name, []).append(
                Stale(s.transcript_id, self._names[s.transcript_id], n, words)
            )
        return tuple(
            ToRecode(coder, tuple(mine), tuple(stale), *_minutes(self._store, coder, mine))
            for coder, stale in sorted(transcripts.items())
            for mine in [found.get(coder, [])]
            if mine or not if_it_changed
        )

    def counts(self, codes: Collection[str], leave_out: Collection[int] = ()) -> dict[str, int]:
        """As `recoding_counts`: every coding is looked at once, whatever the number of codes."""
        stale = {key: codes for key, codes in self._stale.items() if key[1] not in leave_out}
        asked = set().union(*stale.values())
        found = {code: 0 for code in codes if code in asked}
        for c in self._codings:
            mine = stale.get((c.coder.id, c.transcript_id))
            if mine and (code := self._meant(c)) in mine and code in found:
                found[code] += 1
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def transcripts_of(self, coder: str, code: str = "") -> tuple[str, ...]:
        """As `stale_transcripts`."""
        return tuple(
            self._names[s.transcript_id]
            for s in self._asked
            if s.coder.name == coder
            for stale in [self._stale[s.coder.id, s.transcript_id]]
            if ((code in stale) if code else stale)
        )

    def _meant(self, coding: Coding) -> str | None:
        """The code that a coding is of now; None too where it counts for nothing in any case."""
        if coding.exposure in NEVER_REFERENCE:
            return None
        return self._silences.resolve(coding.coder.id, coding.transcript_id, coding.code)

    def _words_of(self, transcript_id: int, first: int | None, last: int | None) -> int:
        key = (transcript_id, first, last)
        if key not in self._words:
            text = transcript(self._store, transcript_id)
            inside = text.segments[first or 0 : None if last is None else last + 1]
            self._words[key] = sum(_count(text.text[s.start : s.end]) for s in inside)
        return self._words[key]


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
    return Recoding(store, book).passages(code, leave_out, if_it_changed=if_it_changed)


def recoding_counts(
    store: Store, book: Codebook, codes: Collection[str], leave_out: Collection[int] = ()
) -> dict[str, int]:
    """Code -> passages that `passages_to_recode` lists, the most first; only where there are any
    passages, or transcripts to read for it."""
    return Recoding(store, book).counts(codes, leave_out)


def stale_transcripts(store: Store, book: Codebook, coder: str, code: str = "") -> tuple[str, ...]:
    """Transcripts that a person coded with another definition: of ``code``, or of any code."""
    return Recoding(store, book).transcripts_of(coder, code)


def _count(words: str) -> int:
    return len(re.findall(r"\w+", words))


def _minutes(store: Store, coder: str, passages: Collection[Again]) -> tuple[float, str]:
    seconds: dict[str, list[float]] = {}
    for d in decisions(store):
        if d.seconds is not None and d.bulk_id is None:
            seconds.setdefault(d.reviewer, []).append(d.seconds)
    everybody = [s for mine in seconds.values() for s in mine]
    mine = seconds.get(coder, [])
    words = sum(_count(p.quote) for p in passages)
    if len(mine) >= _LEAST:
        each = median(mine)
        basis = f"the median of {coder}'s own {len(mine)} decisions, {each:.0f} seconds each"
        return len(passages) * each / 60, basis
    if len(everybody) >= _LEAST:
        each = median(everybody)
        basis = f"the median of everybody's {len(everybody)} decisions, {each:.0f} seconds each"
        return len(passages) * each / 60, basis
    return words / WORDS_A_MINUTE, (
        f"{words} words at {WORDS_A_MINUTE} a minute, since too few decisions were timed"
    )
