"""What is left after the list and the patterns have done their work, for a person to look at.

Nobody can promise that a text names no one. This says what a rule can still see: names on the list
inside longer words, capitalised words that are on no list, proposals nobody has decided on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.deidentify.folding import fold
from assistant.deidentify.matching import words_of
from assistant.deidentify.patterns import find_patterns
from assistant.deidentify.proposing import propose
from assistant.deidentify.records import Pseudonym
from assistant.deidentify.veil import Veil
from assistant.transcripts.records import Transcript

__all__ = ["Left", "scan"]

_SHORTEST = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Left:
    """One thing that would leave as it stands."""

    what: str
    """``e-mail``, ``address``, ``telephone``, ``number``; ``inside a longer word``;
    ``not decided``; ``looks like a name``."""
    text: str
    times: int
    transcripts: tuple[str, ...]


def scan(
    transcripts: Sequence[Transcript], veil: Veil, known: Sequence[Pseudonym]
) -> tuple[Left, ...]:
    """What a veil leaves in these transcripts, most frequent first in each sort."""
    counts: Counter[tuple[str, str]] = Counter()
    where: dict[tuple[str, str], set[str]] = {}

    def found(what: str, text: str, name: str, times: int = 1) -> None:
        counts[what, text] += times
        where.setdefault((what, text), set()).add(name)

    stems = [w for t in veil.terms for w in words_of(t.term) if len(w) >= _SHORTEST]
    own = {w for t in veil.terms for w in words_of(t.replacement)}
    seen = tuple(veil.transcript(text) for text in transcripts)
    for text in seen:
        for hit in find_patterns(text.text):
            found(hit.kind, hit.text, text.name)
        for word in set(_WORD.findall(text.text)):
            plain = fold(word).text
            if plain not in own and any(stem in plain for stem in stems):
                times = len(re.findall(rf"\b{re.escape(word)}\b", text.text))
                found("inside a longer word", word, text.name, times)
    decided = {words_of(p.term): p.status for p in known}
    for text in seen:
        for proposal in propose([text]).proposals:
            term = proposal.pseudonym.term
            status = decided.get(words_of(term))
            if status == "refused" or set(words_of(term)) <= own:
                continue
            what = "not decided" if status == "proposed" else "looks like a name"
            found(what, term, text.name, proposal.times or 1)
    return tuple(
        Left(what, text, counts[what, text], tuple(sorted(where[what, text])))
        for what, text in sorted(counts, key=lambda key: (key[0], -counts[key], key[1]))
    )
