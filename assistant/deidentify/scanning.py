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
from assistant.deidentify.occurrences import Occurrences, as_it_leaves, small_words
from assistant.deidentify.patterns import find_patterns
from assistant.deidentify.proposing import propose
from assistant.deidentify.records import Pseudonym
from assistant.deidentify.veil import Veil
from assistant.transcripts.records import Transcript

__all__ = ["LIMITS", "Left", "scan"]

LIMITS = (
    "This is no all-clear: rules see capital letters, not names. They cannot find a name that only "
    "begins sentences or follows a colon, one in small letters, misspelt or spelled out, one that "
    "is an ordinary word too (Rose, May), in German a single name without a title, and almost none "
    "in languages without capital letters. People are known by what they tell as well."
)
"""Said with every result, so that none is taken for an all-clear."""

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
    transcripts: Sequence[Transcript],
    veil: Veil,
    known: Sequence[Pseudonym],
    study: Sequence[Transcript] = (),
) -> tuple[Left, ...]:
    """What a veil leaves in these transcripts, most frequent first in each sort.

    ``study``: all its transcripts; a word that stands in small letters in one of them is a word.
    """
    counts: Counter[tuple[str, str]] = Counter()
    where: dict[tuple[str, str], set[str]] = {}

    def found(what: str, text: str, name: str, times: int = 1) -> None:
        counts[what, text] += times
        where.setdefault((what, text), set()).add(name)

    stems = [w for t in veil.terms for w in words_of(t.term) if len(w) >= _SHORTEST]
    own = {w for t in veil.terms for w in words_of(t.replacement)}
    seen = tuple(veil.transcript(text) for text in transcripts)
    for text in seen:
        shown = as_it_leaves(text)
        for hit in find_patterns(shown):
            found(hit.kind, hit.text, text.name)
        for word in set(_WORD.findall(shown)):
            plain = fold(word).text
            if plain not in own and any(stem in plain for stem in stems):
                times = len(re.findall(rf"\b{re.escape(word)}\b", shown))
                found("inside a longer word", word, text.name, times)
    decided = {words_of(p.term): p.status for p in known}
    for term, names in _looking_like_names(seen, known, study).items():
        status = decided.get(words_of(term))
        if status == "refused" or set(words_of(term)) <= own:
            continue
        what = "not decided" if status == "proposed" else "looks like a name"
        for name, times in names.items():
            found(what, term, name, times)
    return tuple(
        Left(what, text, counts[what, text], tuple(sorted(where[what, text])))
        for what, text in sorted(counts, key=lambda key: (key[0], -counts[key], key[1]))
    )


def _looking_like_names(
    texts: Sequence[Transcript], known: Sequence[Pseudonym], study: Sequence[Transcript]
) -> dict[str, Counter[str]]:
    """Term -> transcript -> how often it stands there, where a sentence begins included.

    Looked at one by one and together (what comes again in another one), and what was proposed once
    and stands there still.
    """
    ordinary = {word.casefold() for word in small_words(study)}
    found: dict[str, Counter[str]] = {}
    together = [p.pseudonym for p in propose(texts, ordinary=ordinary).proposals]
    for text in texts:
        there = Occurrences([text])
        alone = {p.pseudonym for p in propose([text], ordinary=ordinary).proposals}
        for term in {*together, *alone, *known}:
            hits = there.of(term).times if term.status == "proposed" else 0
            if hits or term in alone:
                found.setdefault(term.term, Counter())[text.name] = max(hits, 1)
    return found
