"""How often a name stands in what would leave of some transcripts.

One way to count for every command: what is said, and the speaker's name before each passage, since
a request shows it there. Counted is where the veil replaces: by passage, with plurals and
genitives; a name that is part of a longer one counts too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.deidentify.matching import Matcher, Words
from assistant.deidentify.records import Pseudonym
from assistant.transcripts.records import Transcript

__all__ = ["Occurrences", "Times", "as_it_leaves", "small_words"]

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_BORDER = "\x01"
"""Between passages: no name runs over one."""


def as_it_leaves(text: Transcript) -> str:
    """A transcript's passages, each after its speaker's name; no name runs over a border."""
    return _BORDER.join(
        part for s in text.segments for part in (s.speaker, text.text[s.start : s.end]) if part
    )


@dataclass(frozen=True)
class Times:
    """Where one name stands in several transcripts."""

    by: dict[int, int]
    """Transcript -> times; only those where it stands."""
    small: int
    """Of these, how often in small letters throughout: another word, perhaps."""

    @property
    def times(self) -> int:
        return sum(self.by.values())


class Occurrences:
    """The words of some transcripts, to be asked for many names."""

    def __init__(self, texts: Iterable[Transcript]) -> None:
        self._texts = [(text.id, Words(as_it_leaves(text))) for text in texts]

    def of(self, term: Pseudonym) -> Times:
        """Where a term stands, in the order of the transcripts."""
        matcher = Matcher([term])
        found: Counter[int] = Counter()
        small = 0
        for number, words in self._texts:
            for hit in matcher.find_in(words):
                said = words.text[hit.start : hit.end]
                found[number] += 1
                small += said == said.lower() != said.upper()
        return Times(dict(found), small)


def small_words(transcripts: Iterable[Transcript]) -> Counter[str]:
    """How often each word stands in small letters: with a capital it is a word, not a name."""
    return Counter(w for t in transcripts for w in _WORD.findall(t.text) if w.islower())
